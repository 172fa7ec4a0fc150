# Prints tests/reference/metrics.json: Rscript metrics.R > metrics.json, in this folder.
# R 4 with pROC, rms and jsonlite. Scores come with the numbers, so that no fit is compared here.
suppressMessages({library(pROC); library(rms); library(jsonlite)})
data <- read.csv("birthwt.csv")
y <- data$low
fit <- glm(low ~ age + lwt + smoke + ptl + ht + ui + ftv, binomial, data)
p <- unname(fitted(fit))
# Out of calibration on purpose: half the spread, and too low by 0.3 log-odds.
off <- plogis(qlogis(p) / 2 - 0.3)
ages <- -data$age       # integers: many ties
previous <- data$ptl    # four distinct values: mostly ties

measured <- function(estimate, se, interval) list(estimate = estimate, se = se, interval = interval)
delong <- function(score) {
  r <- roc(y, score, direction = "<", levels = c(0, 1), quiet = TRUE)
  measured(as.numeric(auc(r)), sqrt(var(r)), as.numeric(ci.auc(r))[c(1, 3)])
}
paired <- function(a, b) {
  r <- lapply(list(a, b), function(s) roc(y, s, direction = "<", levels = c(0, 1), quiet = TRUE))
  variance <- var(r[[1]]) + var(r[[2]]) - 2 * cov(r[[1]], r[[2]])
  test <- roc.test(r[[1]], r[[2]], method = "delong", paired = TRUE)
  measured(as.numeric(auc(r[[1]]) - auc(r[[2]])), sqrt(variance), as.numeric(test$conf.int))
}
average_precision <- function(score) {
  cuts <- sort(unique(score), decreasing = TRUE)
  caught <- sapply(cuts, function(t) sum(y[score >= t]))
  sum(diff(c(0, caught)) / sum(y) * caught / sapply(cuts, function(t) sum(score >= t)))
}
# Equal scores at the edge: their share of events.
capture <- function(score, k) {
  edge <- sort(score, decreasing = TRUE)[k]
  above <- score > edge
  sum(y[above]) + (k - sum(above)) * mean(y[score == edge])
}
within <- function(score, stratum) {
  pairs <- expand.grid(i = which(y == 1), j = which(y == 0))
  pairs <- pairs[stratum[pairs$i] == stratum[pairs$j], ]
  mean((score[pairs$i] > score[pairs$j]) + 0.5 * (score[pairs$i] == score[pairs$j]))
}
calibration <- function(p) {
  lp <- qlogis(p)
  line <- glm(y ~ lp, binomial, control = list(epsilon = 1e-14, maxit = 100))
  large <- glm(y ~ 1, binomial, offset = lp, control = list(epsilon = 1e-14, maxit = 100))
  # glm's own vcov has the weights of its last step but one: 8 digits.
  se <- function(f) {
    X <- model.matrix(f); v <- fitted(f) * (1 - fitted(f))
    unname(sqrt(diag(solve(t(X) %*% (X * v)))))
  }
  wilson <- as.numeric(prop.test(sum(y), length(y), correct = FALSE)$conf.int)
  smooth <- lowess(p, y, iter = 0)
  error <- abs(p - approx(smooth, xout = p, ties = mean)$y)
  list(slope = unname(coef(line)[2]), slope_se = se(line)[2],
       intercept = unname(coef(line)[1]), intercept_se = se(line)[1],
       in_the_large = unname(coef(large)), in_the_large_se = se(large),
       observed_expected = sum(y) / sum(p), observed_expected_interval = wilson / mean(p),
       val_prob = as.list(val.prob(p, y, pl = FALSE)[c("Emax", "E90", "Eavg")]),
       e50 = unname(quantile(error, 0.5)))
}
smoothed <- function(x, y) {
  s <- lowess(x, y, iter = 0)
  list(x = unique(s$x), y = s$y[!duplicated(s$x)])
}
isotonic <- function(score) {   # equal scores share their mean first
  m <- tapply(y, score, mean); n <- tapply(y, score, length)
  fitted <- isoreg(rep(m, n))$yf
  list(score = as.numeric(names(m)), fitted = unname(tapply(fitted, rep(seq_along(m), n), mean)))
}
curve <- function(p, thresholds) lapply(thresholds, function(t) {
  benefit <- function(flag) (sum(flag & y == 1) - sum(flag & y == 0) * t / (1 - t)) / length(y)
  model <- benefit(p >= t); all <- benefit(rep(TRUE, length(y)))
  list(threshold = t, model = model, all = all, avoided = 100 * (model - all) / (t / (1 - t)))
})

results <- list(
  note = "MASS::birthwt; ml is R's own maximum-likelihood fit; printed by metrics.R",
  versions = list(R = R.version.string, pROC = format(packageVersion("pROC")), rms = format(packageVersion("rms"))),
  y = y, ml = p, off = off,
  delong = list(ml = delong(p), ages = delong(ages), previous = delong(previous)),
  paired = list(ml_ages = paired(p, ages), ages_previous = paired(ages, previous)),
  average_precision = list(ml = average_precision(p), ages = average_precision(ages), previous = average_precision(previous)),
  capture = list(visits = c(1, 19, 38, 100), ml = sapply(c(1, 19, 38, 100), function(k) capture(p, k)),
                 previous = sapply(c(1, 19, 38, 100), function(k) capture(previous, k))),
  within_smoke = list(ml = within(p, data$smoke), ages = within(ages, data$smoke)),
  scores = list(brier = mean((off - y)^2), skill_at_0.25 = 1 - mean((off - y)^2) / mean((0.25 - y)^2),
                log_loss = -mean(ifelse(y == 1, log(off), log(1 - off)))),
  wilson = list(successes = c(0, 1, 21, 103), trials = c(10, 1, 103, 103),
                interval = lapply(list(c(0, 10), c(1, 1), c(21, 103), c(103, 103)),
                  function(v) as.numeric(suppressWarnings(prop.test(v[1], v[2], correct = FALSE))$conf.int))),
  calibration = list(ml = calibration(p), off = calibration(off)),
  lowess_ages_tenfold = smoothed(rep(data$age, each = 10), rep(y, each = 10)),
  isotonic_ages = isotonic(ages),
  net_benefit = curve(off, c(0.05, 0.2, 0.35))
)
# One line for each entry.
lines <- sapply(results, function(r) toJSON(r, digits = NA, auto_unbox = TRUE))
cat("{\n", paste0("\"", names(results), "\": ", lines, collapse = ",\n"), "\n}\n", sep = "")
