# Firth's logistic regression in R: Rscript firth.R > firth.json, in this folder.
#
# Coefficients and standard errors are brglm2's (0.9, Kosmidis); the profile of the penalised
# likelihood is maximised here by scoring on the free coefficients with the full design's penalty
# (logistf is not in Debian; EVIDENCE section 6 quotes its numbers, and this prints the same).
# FLIC and FLAC are glm's on an offset and on weighted copies (Puhr et al. 2017).
suppressMessages({library(brglm2); library(jsonlite)})
tight <- list(epsilon = 1e-13, maxit = 1000)
point <- function(X, y, w, b) {
  eta <- drop(X %*% b); p <- plogis(eta); I <- crossprod(X, w * p * (1 - p) * X)
  h <- w * p * (1 - p) * rowSums((X %*% solve(I)) * X)
  list(pl = sum(w * (y * eta - pmax(eta, 0) - log1p(exp(-abs(eta))))) + determinant(I)$modulus[1] / 2,
       U = drop(crossprod(X, w * (y - p) + h * (0.5 - p))), I = I, h = h, p = p)
}
held <- function(X, y, w, b, free) {
  for (i in 1:5000) {
    at <- point(X, y, w, b)
    if (!length(free) || max(abs(at$U[free])) < 1e-11) break
    step <- solve(at$I[free, free], at$U[free])
    repeat {
      new <- b; new[free] <- b[free] + step
      pl <- tryCatch(point(X, y, w, new)$pl, error = function(e) -Inf) # too far: singular
      if (pl >= at$pl - 1e-12) break
      step <- step / 2
    }
    b <- new
  }
  c(point(X, y, w, b), list(b = b))
}
fit <- function(X, y, w) {
  m <- suppressWarnings(glm(y ~ X - 1, binomial, weights = w, method = "brglmFit", type = "AS_mean",
                            control = list(epsilon = 1e-12, maxit = 5000)))
  b <- unname(coef(m)); at <- held(X, y, w, b, seq_along(b)); b <- at$b; d <- length(b)
  A <- crossprod(X, w * at$p * (1 - at$p) * (1 + at$h) * X)
  limit <- function(j, side) {
    se <- sqrt(solve(at$I)[j, j])
    f <- function(t) {
      s <- b; s[j] <- b[j] + side * t
      2 * (at$pl - held(X, y, w, s, setdiff(1:d, j))$pl) - qchisq(0.95, 1)
    }
    b[j] + side * uniroot(f, c(0.1 * se, 4 * se), extendInt = "upX", tol = 1e-11)$root
  }
  test <- function(fixed) {
    s <- b; s[fixed] <- 0; s[1] <- if (1 %in% fixed) 0 else qlogis(weighted.mean(y, w))
    if (length(fixed) < d - 1) s[-fixed] <- b[-fixed]
    2 * (at$pl - held(X, y, w, s, setdiff(1:d, fixed))$pl)
  }
  offset <- drop(X[, -1, drop = FALSE] %*% b[-1])
  flic <- suppressWarnings(glm(y ~ 1, binomial, weights = w, offset = offset, control = tight))
  XX <- rbind(X, X, X); g <- rep(0:1, c(nrow(X), 2 * nrow(X)))
  flac <- suppressWarnings(glm(c(y, y * 0 + 1, y * 0) ~ cbind(XX, g) - 1, binomial,
                               weights = c(w, at$h / 2, at$h / 2), control = tight))
  # FLAC's log-likelihood is that of the weighted copies, which stay as they are; as logistf's flac
  # has it (its source: logistf on the copies with firth = FALSE and the indicator as a column).
  Z <- cbind(XX, g); v <- c(w, at$h / 2, at$h / 2); z <- c(y, y * 0 + 1, y * 0); k <- unname(coef(flac))
  deviance_at <- function(fixed, values) suppressWarnings(glm.fit(Z[, -fixed, drop = FALSE], z, v,
    family = binomial(), offset = drop(Z[, fixed, drop = FALSE] %*% values), control = tight))$deviance
  flac_limit <- function(j, side) {
    f <- function(t) deviance_at(j, k[j] + side * t) - flac$deviance - qchisq(0.95, 1)
    se <- sqrt(solve(crossprod(Z, v * fitted(flac) * (1 - fitted(flac)) * Z))[j, j])
    k[j] + side * uniroot(f, c(0.1 * se, 4 * se), extendInt = "upX", tol = 1e-11)$root
  }
  flac_tests <- sapply(1:d, function(j) deviance_at(j, 0) - flac$deviance)
  # FLIC's slopes are Firth's; its intercept has Wald's interval, as in logistf's flic.
  q <- plogis(drop(X %*% c(coef(flic), b[-1])))
  flic_se <- sqrt(solve(crossprod(X, w * q * (1 - q) * X))[1, 1])
  tests <- sapply(1:d, test)
  list(coef = b, brglm2 = unname(coef(m)), se = sqrt(diag(solve(at$I))), leverage_se = sqrt(diag(solve(A))),
       penalised_log_likelihood = at$pl,
       low = sapply(1:d, limit, -1), high = sapply(1:d, limit, 1),
       chi_square = tests, p = pchisq(tests, 1, lower = FALSE), global = test(2:d),
       flic_intercept = unname(coef(flic)), flac = unname(coef(flac))[1:d], flic_se = flic_se,
       flac_low = sapply(1:d, flac_limit, -1), flac_high = sapply(1:d, flac_limit, 1),
       flac_chi_square = flac_tests, flac_p = pchisq(flac_tests, 1, lower = FALSE),
       flac_global = deviance_at(2:d, rep(0, d - 1)) - flac$deviance)
}
data <- function(file) { d <- as.matrix(read.csv(file)); list(cbind(1, d[, -1]), d[, 1], rep(1, nrow(d))) }
s <- as.matrix(read.csv("sex2.csv"))
cat(toJSON(list(
  birthwt = do.call(fit, data("birthwt.csv")), endometrial = do.call(fit, data("endometrial.csv")),
  sex2 = fit(cbind(1, s[, -(1:2)]), s[, 2], s[, 1])), digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
