"""Optimism of a logistic regression by maximum likelihood, for tests/optimism.rs: the same resamples of
organisations as the crate's, drawn by the published algorithms in draws.py, everything else by numpy.

    python3 tests/reference/optimism.py > tests/reference/optimism.json     (numpy 2)
"""

import json

import numpy as np
from draws import MASK, below, splitmix, xoshiro

random = np.random.default_rng(20261207)
OWNERS, REPLICATES, SEED = 60, 60, 9
# Each is inspected once or twice; rows by organisation, then time.
OWNER = np.sort(np.concatenate([np.arange(OWNERS), np.arange(0, OWNERS, 2)]))
ROWS = len(OWNER)
X = random.uniform(0.05, 0.45, (ROWS, 2)).round(3)
EVENT = random.uniform(size=ROWS) < 1 / (1 + np.exp(-(-1.6 + 4.0 * X[:, 0])))


def maximum(x, y):
    """Intercept and slopes by Newton's method."""
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (p * (1 - p))[:, None])
        beta = beta + np.linalg.solve(information, design.T @ (y - p))
    return beta


def quality(eta, y):
    wins = (np.sign(eta[y][:, None] - eta[~y][None, :]) + 1) / 2
    brier = np.mean((1 / (1 + np.exp(-eta)) - y) ** 2)
    return np.array([wins.mean(), brier, maximum(eta[:, None], y)[1]])


def c_statistic(eta, y):
    return ((np.sign(eta[y][:, None] - eta[~y][None, :]) + 1) / 2).mean()


def drawn(replicate):
    stream = xoshiro((next(splitmix(SEED)) + replicate) & MASK)
    return np.bincount([below(stream, OWNERS) for _ in range(OWNERS)], minlength=OWNERS)


def predict(beta, x):
    return beta[0] + x @ beta[1:]


apparent = quality(predict(maximum(X, EVENT), X), EVENT)
lost, left_out = [], []
for replicate in range(REPLICATES):
    counts = drawn(replicate)[OWNER]
    rows = np.repeat(np.arange(ROWS), counts)
    beta = maximum(X[rows], EVENT[rows])
    own = quality(predict(beta, X[rows]), EVENT[rows])
    lost.append(own - quality(predict(beta, X), EVENT))
    others = counts == 0
    left_out.append(c_statistic(predict(beta, X[others]), EVENT[others]))
mean, median = np.mean(lost, axis=0), np.median(lost, axis=0)
print(json.dumps({
    "owner": OWNER.tolist(),
    "x": X.tolist(),
    "event": EVENT.astype(int).tolist(),
    "replicates": REPLICATES,
    "seed": SEED,
    "apparent_c": apparent[0],
    "corrected_c": apparent[0] - mean[0],
    "left_out_c": np.mean(left_out),
    "apparent_brier": apparent[1],
    "corrected_brier": apparent[1] - mean[1],
    "apparent_slope": apparent[2],
    "corrected_slope": apparent[2] - median[2],
}))
