# The fits of R's packages for benches/peers/run: Rscript peers.R FOLDER
# One line per fit: case, package, seconds (the shortest of several runs) and the answer.
folder <- commandArgs(TRUE)[1]
read <- function(name) {
  path <- file.path(folder, name)
  readBin(path, "double", file.size(path) / 8, endian = "little")
}
timed <- function(case, peer, package, times, work) {
  if (!suppressPackageStartupMessages(requireNamespace(package, quietly = TRUE))) {
    cat(case, peer, "skipped", sep = "\t")
    return(cat("\n"))
  }
  shortest <- Inf
  for (i in seq_len(times)) {
    start <- Sys.time()
    answer <- work()
    shortest <- min(shortest, as.numeric(Sys.time() - start, units = "secs"))
  }
  cat(case, peer, sprintf("%.17g", c(shortest, answer)), sep = "\t")
  cat("\n")
}
x <- matrix(read("small.x"), ncol = 8, byrow = TRUE)
y <- read("small.y")
wide <- cbind(1, x)
grades <- factor(read("small.grades"), ordered = TRUE)
frame <- data.frame(grades, y, x)
tight <- list(epsilon = 1e-14, maxit = 100)

timed("unpenalised 150x8", "R glm.fit", "stats", 20,
      function() glm.fit(wide, y, family = binomial(), control = tight)$coefficients)
timed("Firth 150x8", "R brglm2", "brglm2", 10, function() {
  brglm2::brglmFit(wide, y, family = binomial(),
                   control = list(type = "AS_mean", epsilon = 1e-10))$coefficients
})
timed("Firth 150x8", "R logistf", "logistf", 10, function() {
  control <- logistf::logistf.control(xconv = 1e-10, gconv = 1e-10, lconv = 1e-10)
  coef(logistf::logistf(y ~ . - grades, frame, pl = FALSE, control = control))
})
timed("proportional odds 150x8", "R MASS::polr", "MASS", 10, function() {
  m <- MASS::polr(grades ~ . - y, frame, control = list(reltol = 1e-15, maxit = 1000))
  c(m$zeta, coef(m))
})
timed("proportional odds 150x8", "R ordinal::clm", "ordinal", 10,
      function() coef(ordinal::clm(grades ~ . - y, data = frame, gradTol = 1e-9)))
scores <- read("scores.x")
outcome <- read("scores.y")
timed("C-statistic of 1,000,000", "R pROC", "pROC", 3,
      function() pROC::auc(outcome, scores, levels = c(0, 1), direction = "<", quiet = TRUE))
