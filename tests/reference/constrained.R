# Ridge logistic regression under sign constraints and with stated priors, in R:
# Rscript constrained.R > constrained.json, in this folder.
#
# Every set of coefficients held at 0 is fitted by Newton's method (all 2^d of them, d constrained);
# the constrained optimum is the best of those that keep the signs. Columns are standardised to
# mean 0 and population standard deviation 1.
suppressMessages(library(jsonlite))
newton <- function(X, y, w, a, c, free) {
  b <- rep(0, ncol(X))
  for (i in 1:200) {
    p <- plogis(drop(X %*% b)); g <- drop(crossprod(X, w * (p - y))) + a * (b - c)
    H <- crossprod(X, w * p * (1 - p) * X) + diag(a)
    b[free] <- b[free] - solve(H[free, free], g[free])
  }
  eta <- drop(X %*% b); p <- plogis(eta)
  list(b = b, f = sum(w * (log1p(exp(eta)) - y * eta)) + sum(a * (b - c)^2) / 2,
       g = drop(crossprod(X, w * (p - y))) + a * (b - c),
       V = solve(crossprod(X, w * p * (1 - p) * X) + diag(a)))
}
data <- function(file) {
  d <- as.matrix(read.csv(file)); x <- d[, -1]
  s <- sqrt(colMeans(sweep(x, 2, colMeans(x))^2))
  list(X = cbind(1, sweep(sweep(x, 2, colMeans(x)), 2, s, "/")), y = d[, 1])
}
constrained <- function(file, signs, alpha) {
  D <- data(file); d <- length(signs); best <- NULL
  for (k in 0:(2^d - 1)) {
    held <- which(bitwAnd(k, 2^(1:d - 1)) > 0)
    m <- newton(D$X, D$y, 1, c(0, rep(alpha, d)), 0, setdiff(1:(d + 1), held + 1))
    if (all(signs * m$b[-1] >= 0) && (is.null(best) || m$f < best$f)) best <- c(m, list(held = held))
  }
  list(signs = signs, alpha = alpha, coef = best$b, objective = best$f,
       held = I(best$held - 1), multipliers = I(abs(best$g[best$held + 1])))
}
prior <- function(file, centre, precision) {
  D <- data(file); a <- c(0, precision)
  m <- newton(D$X, D$y, 1, a, c(0, centre), seq_along(a))
  list(centre = centre, precision = precision, coef = m$b, objective = m$f, se = sqrt(diag(m$V)),
       effective = length(a) - sum(a * diag(m$V)))
}
balanced <- function(file, alpha) {
  D <- data(file); n <- length(D$y); k <- sum(D$y)
  w <- ifelse(D$y == 1, n / (2 * k), n / (2 * (n - k)))
  m <- newton(D$X, D$y, w, c(0, rep(alpha, ncol(D$X) - 1)), 0, seq_len(ncol(D$X)))
  list(alpha = alpha, coef = m$b)
}
effective <- function(file, alpha) {
  D <- data(file); a <- c(0, rep(alpha, ncol(D$X) - 1)); m <- newton(D$X, D$y, 1, a, 0, seq_along(a))
  p <- plogis(drop(D$X %*% m$b)); R <- sqrt(p * (1 - p)) * D$X
  sum(diag(R %*% m$V %*% t(R))) # the trace of the hat matrix itself
}
b <- "birthwt.csv"; e <- "endometrial.csv"
cat(toJSON(list(
  constrained = list(
    birthwt = list(constrained(b, rep(1, 7), 1), constrained(b, rep(-1, 7), 1),
                   constrained(b, c(1, 0, -1, 1, 0, -1, -1), 0.1)),
    endometrial = list(constrained(e, c(1, 1, 1), 1), constrained(e, c(-1, 1, -1), 0.1))),
  prior = list(
    birthwt = prior(b, c(0, -1, 0.5, 0, 1, 0, 0), c(0, 5, 20, 1, 3, 0.5, 100)),
    endometrial = prior(e, c(2, 0, -2), c(4, 1, 0.25))),
  effective = list(birthwt = effective(b, 10), endometrial = effective(e, 1)),
  balanced = list(birthwt = balanced(b, 1), endometrial = balanced(e, 1))),
  digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
