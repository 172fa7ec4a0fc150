# Prints tests/reference/sample_size.json: Rscript sample_size.R > sample_size.json, in this folder.
# Base R. pmsampsize is not in Debian, so its three criteria for a binary outcome are written out
# (Riley et al. 2020, BMJ 368:m441), and the C-statistic goes through adaptive quadrature instead
# of its simulation (Riley, Van Calster and Collins 2021, Statistics in Medicine 40:859-864).
largest <- function(q) 1 - (q^q * (1 - q)^(1 - q))^2
rows <- function(r2, p, s) p / ((s - 1) * log(1 - r2 / s))
needed <- function(r2, p, q) ceiling(c(rows(r2, p, 0.9),
  rows(r2, p, r2 / (r2 + 0.05 * largest(q))), (1.96 / 0.05)^2 * q * (1 - q)))
r2_of <- function(c, q) {
  m <- sqrt(2) * qnorm(c)
  lp <- function(x) qlogis(q) + m * x - m^2 / 2
  mean_of <- function(f, mu) integrate(function(x) f(x) * dnorm(x, mu), -Inf, Inf, rel.tol = 1e-12)$value
  ll <- q * mean_of(function(x) plogis(lp(x), log.p = TRUE), m) +
    (1 - q) * mean_of(function(x) plogis(-lp(x), log.p = TRUE), 0)
  1 - exp(2 * (q * log(q) + (1 - q) * log(1 - q) - ll))
}
shrinkage <- function(r2, p, n) uniroot(function(s) rows(r2, p, s) - n, c(r2 + 1e-9, 1 - 1e-9), tol = 1e-14)$root
q <- 21 / 103
plans <- lapply(c(0.6, 0.65, 0.7, 0.75, 0.9), function(c) {
  r2 <- r2_of(c, q)
  list(c = c, r2 = r2, needed = needed(r2, 5, q), shrinkage_at_103 = shrinkage(r2, 5, 103),
       apparent_shrinkage_at_103 = 1 + 5 / (103 * log(1 - r2)))
})
library(jsonlite)
lines <- sapply(plans, function(r) toJSON(r, digits = NA, auto_unbox = TRUE))
cat("{\"note\": \"5 parameters, prevalence 21/103; printed by sample_size.R\",\n\"plans\": [\n",
    paste0(lines, collapse = ",\n"), "\n]}\n", sep = "")
