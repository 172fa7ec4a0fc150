# Proportional odds in R: Rscript ordinal.R > ordinal.json, in this folder; it also writes infert.csv.
#
# Unpenalised fits are ordinal::clm's (wine as in wine.json; the number of visits, 0, 1, 2 or more,
# of birthwt; the education of datasets::infert). Ridge fits, and the score test of proportionality
# with the observed information, differentiate the likelihood as it is defined, numerically
# (numDeriv); so does the likelihood ratio against slopes of each threshold's own, where there is a
# finite maximum. VGAM's vglm, cumulative(parallel = FALSE), has no step halving and reaches only
# that of infert on two columns: vgam.
suppressMessages({library(ordinal); library(numDeriv); library(jsonlite)})
probability <- function(x, y, theta, B) { # B: a column of slopes for each threshold
  eta <- sweep(-x %*% B, 2, theta, "+"); P <- cbind(0, plogis(eta), 1)
  P[cbind(seq_along(y), y + 1)] - P[cbind(seq_along(y), y)]
}
shared <- function(x, y, K, alpha) function(g) {
  t <- g[1:(K - 1)]; b <- g[-(1:(K - 1))]
  -sum(log(probability(x, y, t, matrix(b, length(b), K - 1)))) + alpha / 2 * sum(b^2)
}
full <- function(x, y, K) function(g) {
  G <- matrix(g, ncol = K - 1); -sum(log(probability(x, y, G[1, ], G[-1, , drop = FALSE])))
}
polish <- function(f, g) { for (i in 1:8) g <- g - solve(hessian(f, g), grad(f, g)); g }
best <- function(f, g, K) { # NULL where a slope runs off
  inside <- function(g) { v <- suppressWarnings(f(g)); if (is.finite(v)) v else 1e9 }
  for (i in 1:20) g <- optim(g, inside, method = "BFGS", control = list(
    maxit = 5000, reltol = 1e-15, parscale = pmax(abs(g), 0.01)))$par
  if (max(abs(matrix(g, ncol = K - 1)[-1, ])) < 8) g
}
case <- function(x, y, vars) {
  K <- max(y); d <- data.frame(y = factor(y, ordered = TRUE), x)
  m <- clm(reformulate(vars, "y"), data = d, control = clm.control(gradTol = 1e-11, maxIter = 500))
  f <- shared(x, y, K, 0); g <- unname(coef(m))
  G <- c(rbind(g[1:(K - 1)], matrix(g[-(1:(K - 1))], ncol(x), K - 1)))
  U <- grad(full(x, y, K), G); H <- hessian(full(x, y, K), G)
  o <- full(x, y, K); own <- best(o, G, K)
  ridge <- shared(x, y, K, 2); r <- polish(ridge, g)
  p <- predict(m, newdata = d[1:3, vars, drop = FALSE], type = "prob")$fit
  list(levels = K, coef = g, se = unname(sqrt(diag(vcov(m)))), loglik = as.numeric(logLik(m)),
       first3 = unname(p), score = sum(U * solve(H, U)), df = (K - 2) * ncol(x),
       likelihood_ratio = if (!is.null(own)) 2 * (-o(own) - as.numeric(logLik(m))),
       ridge = list(alpha = 2, coef = r, objective = ridge(r), se = sqrt(diag(solve(hessian(ridge, r))))))
}
w <- as.matrix(read.csv("wine.csv")); b <- as.matrix(read.csv("birthwt.csv"))
vgam <- function() {
  d <- data.frame(y = factor(as.integer(infert$education), ordered = TRUE), infert)
  f <- function(parallel) VGAM::logLik(VGAM::vglm(
    y ~ parity + spontaneous, VGAM::cumulative(parallel = parallel), d, maxit = 200, epsilon = 1e-12))
  suppressWarnings(2 * (f(FALSE) - f(TRUE)))
}
i <- with(infert, cbind(education = as.integer(education), age = age, parity = parity,
                        induced = induced, spontaneous = spontaneous))
write.csv(i, "infert.csv", row.names = FALSE)
cat(toJSON(list(wine = case(w[, -1], w[, 1], colnames(w)[-1]),
                birthwt = case(b[, 1:7], pmin(b[, "ftv"], 2) + 1, colnames(b)[1:7]),
                infert = case(i[, -1], i[, 1], colnames(i)[-1]), vgam = vgam()),
           digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
