"""Pooled judgements: stacked proportional odds with thresholds of each judgement's own, the cluster-
robust covariance, and the intercept of the event. Written from the formulas in Varin, Reid and Firth
(2011) and Liang and Zeger (1986), with derivatives by complex steps in place of the crate's algebra.

    python3 tests/reference/pooled.py > tests/reference/pooled.json     (numpy 2)
"""

import json

import numpy as np

random = np.random.default_rng(20261121)
N, P, J, K = 120, 3, 4, 4


def simulate():
    x = random.normal(size=(N, P)).round(3)
    clusters = random.integers(0, 50, size=N)
    latent = x @ [0.8, -0.5, 0.2] + 0.7 * random.normal(size=50)[clusters]
    shared = 0.8 * random.logistic(size=N)
    grades = []
    for row in range(N):
        own = latent[row] + shared[row] + random.logistic(size=J)
        given = [int(np.searchsorted([-2.5, 0.2, 2.6], v)) for v in own]
        # The last judgement is often not given, and never graded 0.
        if random.uniform() < 0.4:
            given[3] = None
        elif given[3] == 0:
            given[3] = 1
        grades.append(given)
    return x, clusters, grades


X, CLUSTERS, GRADES = simulate()
EVENTS = np.array([any(g == 3 for g in row) for row in GRADES])
LEVELS = [sorted({row[j] for row in GRADES if row[j] is not None}) for j in range(J)]
FIRST = np.cumsum([0] + [len(levels) - 1 for levels in LEVELS])
T = int(FIRST[-1])


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def row_loss(row, beta):
    """Minus the composite log-likelihood of one inspection."""
    theta, slopes = beta[:T], beta[T : T + P]
    eta = X[row] @ slopes
    given = [j for j in range(J) if GRADES[row][j] is not None]
    loss = 0
    for j in given:
        level = LEVELS[j].index(GRADES[row][j])
        cuts = theta[FIRST[j] : FIRST[j + 1]]
        upper = sigmoid(cuts[level] - eta) if level < len(cuts) else 1
        lower = sigmoid(cuts[level - 1] - eta) if level > 0 else 0
        loss -= np.log(upper - lower) / len(given)
    return loss


def row_equation(row, beta):
    """Estimating equations of one inspection: the composite score, then the event's."""
    score = np.empty(T + P + 1, dtype=complex)
    for k in range(T + P):
        score[k] = -gradient_component(row, beta, k)
    eta = X[row] @ beta[T : T + P]
    score[T + P] = float(EVENTS[row]) - sigmoid(beta[T + P] + eta)
    return score


def gradient_component(row, beta, k):
    """Analytic, so that complex steps can differentiate it once more."""
    theta, slopes = beta[:T], beta[T : T + P]
    eta = X[row] @ slopes
    given = [j for j in range(J) if GRADES[row][j] is not None]
    total = 0
    for j in given:
        level = LEVELS[j].index(GRADES[row][j])
        cuts = theta[FIRST[j] : FIRST[j + 1]]
        f_up = sigmoid(cuts[level] - eta) if level < len(cuts) else 1
        f_low = sigmoid(cuts[level - 1] - eta) if level > 0 else 0
        d_up = f_up * (1 - f_up) if level < len(cuts) else 0
        d_low = f_low * (1 - f_low) if level > 0 else 0
        if k < T:
            by = d_up * (k == FIRST[j] + level and level < len(cuts)) - d_low * (
                level > 0 and k == FIRST[j] + level - 1
            )
        else:
            by = -(d_up - d_low) * X[row, k - T]
        total -= by / (f_up - f_low) / len(given)
    return total


def equations(beta, alpha):
    total = sum(row_equation(row, beta) for row in range(N))
    total[T : T + P] -= alpha * beta[T : T + P]
    return total


def jacobian(beta, alpha):
    columns = []
    for k in range(T + P + 1):
        moved = beta.astype(complex)
        moved[k] += 1e-30j
        columns.append(equations(moved, alpha).imag / 1e-30)
    return np.array(columns).T


def solve(alpha):
    beta = np.zeros(T + P + 1)
    for j in range(J):
        beta[FIRST[j] : FIRST[j + 1]] = np.linspace(-2, 2, FIRST[j + 1] - FIRST[j])
    for _ in range(60):
        step = np.linalg.solve(jacobian(beta, alpha), equations(beta, alpha).real)
        beta = beta - step * min(1, 0.5 / np.abs(step).max())
    return beta


def fit(alpha):
    beta = solve(alpha)
    bread = np.linalg.inv(jacobian(beta, alpha))
    meat = np.zeros((T + P + 1, T + P + 1))
    for cluster in set(CLUSTERS):
        score = sum(row_equation(row, beta).real for row in np.flatnonzero(CLUSTERS == cluster))
        meat += np.outer(score, score)
    groups = len(set(CLUSTERS))
    covariance = bread @ meat @ bread.T * groups / (groups - 1)
    order = [T + P, *range(T, T + P)]
    objective = sum(row_loss(row, beta) for row in range(N)) + alpha / 2 * beta[T : T + P] @ beta[
        T : T + P
    ]
    return {
        "alpha": alpha,
        "intercept": beta[T + P],
        "coefficients": beta[T : T + P].tolist(),
        "thresholds": beta[:T].tolist(),
        "covariance": covariance[np.ix_(order, order)].tolist(),
        "objective": float(objective),
    }


print(
    json.dumps(
        {
            "x": X.tolist(),
            "clusters": CLUSTERS.tolist(),
            "grades": GRADES,
            "events": EVENTS.tolist(),
            "fits": [fit(0.0), fit(6.0)],
        }
    )
)
