"""Moment estimates of a beta-binomial prior (Kleinman 1973, section 2), by fixed-point iteration
in 50-digit arithmetic: an implementation apart from the crate's, for tests/features.rs."""
from mpmath import mp, mpf

mp.dps = 50
pairs = [(7, 16), (30, 200), (55, 310), (12, 90), (80, 400), (21, 150),
         (9, 40), (66, 520), (18, 75), (40, 260), (33, 110), (5, 60)]
n = [mpf(b) for _, b in pairs]
p = [mpf(a) / b for a, b in pairs]
rho = mpf("0.01")
for _ in range(2000):
    w = [k / (1 + rho * (k - 1)) for k in n]
    total = sum(w)
    mean = sum(a * b for a, b in zip(w, p)) / total
    spread = sum(a * (b - mean) ** 2 for a, b in zip(w, p))
    within = sum(a / k * (1 - a / total) for a, k in zip(w, n))
    between = sum(a * (1 - a / total) for a in w)
    rho = (spread - mean * (1 - mean) * within) / (mean * (1 - mean) * (between - within))
print("mean", mp.nstr(mean, 17), "strength", mp.nstr(1 / rho - 1, 17))
