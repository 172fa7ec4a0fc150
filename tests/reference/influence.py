"""Standard errors of differences of within-year C-statistics, for src/validate/influence.rs, and of a
mean by organisations and quarters, for src/validate/horizon.rs. Apart from the crate: the statistic as
a sum over all pairs with a weight for each organisation, differentiated by complex steps; DeLong's from
its components; the two-way variance as a quadratic form of a matrix that says which rows go together.

    python3 tests/reference/influence.py > tests/reference/influence.json     (numpy 2)
"""

import json

import numpy as np

random = np.random.default_rng(20261204)
ROWS, OWNERS = 90, 35
OWNER = np.concatenate([np.arange(OWNERS), random.integers(0, OWNERS, ROWS - OWNERS)])
YEAR = random.integers(2018, 2022, ROWS)
EVENT = random.uniform(size=ROWS) < 0.3
# Rounded, so that some are tied.
SHARED = random.normal(size=ROWS) + 0.8 * EVENT
SCORES = [(SHARED + 0.7 * random.normal(size=ROWS)).round(1) for _ in range(2)]


def statistic(scores, weights, rows):
    """Over pairs of one year, of rows that count."""
    won = pairs = 0
    for i in rows[EVENT[rows]]:
        for j in rows[~EVENT[rows]]:
            if YEAR[i] == YEAR[j]:
                weight = weights[OWNER[i]] * weights[OWNER[j]]
                pairs = pairs + weight
                won = won + weight * (np.sign(scores[i] - scores[j]) + 1) / 2
    return won / pairs


def error(drawn, rows):
    """What each copy of an organisation moves the difference, squared and added."""
    squares = 0.0
    for owner in range(OWNERS):
        weights = drawn.astype(complex)
        weights[owner] += 1e-30j
        moved = [statistic(scores, weights, rows).imag / 1e-30 for scores in SCORES]
        squares += drawn[owner] * (moved[0] - moved[1]) ** 2
    return squares**0.5


def case(drawn, since):
    rows = np.flatnonzero(since <= YEAR)
    return {
        "drawn": drawn.tolist(),
        "since": since,
        "c": [float(statistic(scores, drawn.astype(float), rows)) for scores in SCORES],
        "error": error(drawn, rows),
    }


def delong():
    """The two parts of the variance of the difference over all rows, as if each were another's."""
    wins = [
        (np.sign(scores[EVENT][:, None] - scores[~EVENT][None, :]) + 1) / 2 for scores in SCORES
    ]
    difference = wins[0] - wins[1]
    parts = [difference.mean(axis=1), difference.mean(axis=0)]
    return {"parts": [part.var(ddof=1) / len(part) for part in parts]}


def two_way():
    """One value for each organisation and quarter, but for some; mean and its variance."""
    kept = [(a, q) for a in range(9) for q in range(7) if random.uniform() < 0.85]
    owner, quarter = np.array(kept).T
    effects = random.normal(size=9)[owner] + random.normal(size=7)[quarter]
    values = (effects + random.normal(size=len(kept))).round(4)
    together = (owner[:, None] == owner) | (quarter[:, None] == quarter)
    off = values - values.mean()
    return {
        "owner": owner.tolist(),
        "quarter": quarter.tolist(),
        "values": values.tolist(),
        "mean": values.mean(),
        "error": (off @ together @ off) ** 0.5 / len(values),
    }


every = np.ones(OWNERS, dtype=int)
resample = np.bincount(random.integers(0, OWNERS, OWNERS), minlength=OWNERS)
print(json.dumps({
    "owner": OWNER.tolist(),
    "year": YEAR.tolist(),
    "event": EVENT.astype(int).tolist(),
    "scores": [scores.tolist() for scores in SCORES],
    "cases": [case(drawn, since) for drawn in (every, resample) for since in (2018, 2020)],
    "delong": delong(),
    "two_way": two_way(),
}))
