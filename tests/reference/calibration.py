"""Calibration in time and drift, apart from the crate, for tests/calibration_in_time.rs and
tests/drift.rs: the mode by scipy, scores by complex steps and the information by differences of
them, the lag by summing over the steps of its integrand, the drift's variance by quadrature over the
density of all years together instead of a filter.

    python3 tests/reference/calibration.py > tests/reference/calibration.json   (numpy 2, scipy 1)
"""

import json

import numpy as np
from scipy.integrate import quad
from scipy.optimize import root
from scipy.stats import multivariate_normal

random = np.random.default_rng(20261126)
N = 420
X = random.normal(-0.6, 0.9, N).round(3)
CLUSTER = random.integers(0, 130, N)
AGE = random.uniform(0, 9, N).round(3)
COUNT = random.choice([1.0, 1.0, 0.5, 0.25], N)
SHARED = 0.6 * random.normal(size=130)[CLUSTER]
EVENT = random.uniform(size=N) < 1 / (1 + np.exp(-(0.5 + 0.15 * AGE + 0.8 * X + SHARED)))


def weights(rows, half_life):
    age = AGE[:rows] if half_life else np.zeros(rows)
    return COUNT[:rows] * 0.5 ** (age / (half_life or 1.0))


def log_likelihood(theta, rows):
    """Of each row, at a complex point."""
    eta = theta[0] + theta[1] * X[:rows]
    return np.where(EVENT[:rows], -np.log(1 + np.exp(-eta)), -np.log(1 + np.exp(eta)))


def gradients(theta, rows, free):
    """Of each row's log-likelihood, by complex steps."""
    step = 1e-30
    columns = []
    for j in range(free):
        moved = np.array(theta, dtype=complex)
        moved[j] += 1j * step
        columns.append(log_likelihood(moved, rows).imag / step)
    return np.array(columns).T


def calibrated(rows, half_life, shift_sd, slope_sd, sloped):
    w = weights(rows, half_life)
    event = EVENT[:rows]
    free = 2 if sloped else 1
    whole = lambda theta: np.array([theta[0], theta[1] if sloped else 1.0])

    def equation(theta):
        theta = whole(theta)
        pull = np.array([theta[0] / shift_sd**2, (theta[1] - 1) / slope_sd**2])
        return w @ gradients(theta, rows, free) - pull[:free]

    found = root(equation, [0.0, 1.0][:free], tol=1e-14).x
    theta = whole(found)
    step = 1e-5
    information = np.array([
        -(equation(found + step * unit) - equation(found - step * unit)) / (2 * step)
        for unit in np.eye(free)
    ])
    scores = w[:, None] * gradients(theta, rows, free)
    middle = np.zeros((free, free))
    for cluster in np.unique(CLUSTER[:rows]):
        own = scores[CLUSTER[:rows] == cluster].sum(axis=0)
        middle += np.outer(own, own)
    inverse = np.linalg.inv(information)
    ends = np.concatenate([[0.0], np.sort(AGE[:rows])])
    lag = sum(
        (b - a) * (w[AGE[:rows] > (a + b) / 2].sum() / w.sum()) ** 2
        for a, b in zip(ends[:-1], ends[1:])
    )
    return {
        "rows": rows,
        "half_life_years": half_life,
        "shift_sd": shift_sd,
        "slope_sd": slope_sd,
        "sloped": sloped,
        "weight": w.sum(),
        "weighted_events": w[event].sum(),
        "effective_events": w[event].sum() ** 2 / (w[event] ** 2).sum(),
        "shift": theta[0],
        "slope": theta[1],
        "shift_variance": (inverse @ middle @ inverse)[0, 0],
        "lag_years": lag,
    }


def drift(rows, prior_sd=0.2, first_sd=1.0):
    """The posterior mean of the variance of a year's step."""
    p = 1 / (1 + np.exp(-X[:rows]))
    year = -np.floor(AGE[:rows]).astype(int)
    years = np.unique(year)
    count, event = COUNT[:rows], EVENT[:rows]
    residual = np.array([(count * (event - p))[year == y].sum() for y in years])
    information = np.array([(count * p * (1 - p))[year == y].sum() for y in years])
    since = years - years[0] if rows else years
    shared = np.minimum.outer(since, since)

    def density(sd):
        prior = np.exp(-0.5 * (sd / prior_sd) ** 2)
        if rows == 0:
            return prior
        covariance = first_sd**2 + sd**2 * shared + np.diag(1 / information)
        return prior * multivariate_normal(cov=covariance).pdf(residual / information)

    top = max(density(sd) for sd in np.linspace(0, 1, 50))
    integral = lambda f: quad(f, 0, 2, points=[0.1, 0.3, 0.6], epsabs=1e-12, epsrel=1e-10)[0]
    mass = integral(lambda sd: density(sd) / top)
    mean = integral(lambda sd: sd**2 * density(sd) / top)
    return {"rows": rows, "years": len(years), "variance_per_year": mean / mass}


print(json.dumps({
    "log_odds": X.tolist(),
    "event": EVENT.astype(int).tolist(),
    "age_years": AGE.tolist(),
    "count": COUNT.tolist(),
    "cluster": CLUSTER.tolist(),
    "calibrated": [
        calibrated(N, 3.0, 0.5, 0.2, False),
        calibrated(N, None, 0.5, 0.2, False),
        calibrated(N, None, 0.5, 0.2, True),
        calibrated(N, 6.0, 0.5, 0.2, True),
        calibrated(N, 1.0, 2.0, 0.2, False),
        calibrated(40, 3.0, 0.5, 0.2, False),
    ],
    "drift": [drift(0), drift(15), drift(60), drift(N)],
}))
