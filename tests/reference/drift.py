"""Penalised recalibration (shift with normal prior, and shift with slope), by scipy: an
implementation apart from the crate's, for tests/drift.rs."""
import numpy as np
from scipy.optimize import minimize

rng = np.random.default_rng(7)
x = np.round(rng.normal(-1.5, 0.8, 240), 3)
y = (rng.random(240) < 1 / (1 + np.exp(-(0.6 + 0.7 * x)))).astype(int)
print("events", y.sum(), "of", len(y))
np.savetxt("tests/reference/drift.csv", np.c_[x, y], fmt=["%.3f", "%d"], delimiter=",",
           header="log_odds,event", comments="")


def objective(theta, sloped, sd=(0.5, 0.2)):
    a, b = theta[0], theta[1] if sloped else 1.0
    eta = a + b * x
    return (np.logaddexp(0, eta) - y * eta).sum() + a * a / (2 * sd[0] ** 2) \
        + (b - 1) ** 2 / (2 * sd[1] ** 2)


for sloped in (False, True):
    start = [0.0, 1.0] if sloped else [0.0]
    best = minimize(objective, start, args=(sloped,), method="Nelder-Mead",
                    options=dict(xatol=1e-12, fatol=1e-14, maxiter=20000))
    a, b = best.x[0], best.x[1] if sloped else 1.0
    p = 1 / (1 + np.exp(-(a + b * x)))
    w = p * (1 - p)
    h = np.array([[w.sum() + 4, (w * x).sum()], [(w * x).sum(), (w * x * x).sum() + 25]])
    var = np.linalg.inv(h)[0, 0] if sloped else 1 / h[0, 0]
    print(sloped, repr(a), repr(b), "se", repr(np.sqrt(var)))
