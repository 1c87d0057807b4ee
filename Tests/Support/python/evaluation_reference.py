# SPDX-License-Identifier: Apache-2.0
"""Equal error rates and their subset bootstrap, by NumPy.

Reads {"genuine": [[distance, group], ...], "impostor": [...], "weights": [[weight of group 0, ...], ...],
"resamples": n, "confidence": c} from a file (a distance of null is infinite) and writes {"plain": rate,
"weighted": [...], "low": ..., "high": ...} to another.
"""
import json
import sys

import numpy as np


def load(rows):
    distances = np.array([np.inf if d is None else d for d, _ in rows], dtype=np.float64)
    return distances, np.array([g for _, g in rows], dtype=np.int64)


def equal_error_rate(genuine, impostor, genuine_weights, impostor_weights):
    thresholds = np.unique(np.concatenate([genuine, impostor]))
    thresholds = thresholds[np.isfinite(thresholds)]
    match = np.array([0.0] + [impostor_weights[impostor <= t].sum() / impostor_weights.sum() for t in thresholds])
    miss = np.array([1.0] + [genuine_weights[genuine > t].sum() / genuine_weights.sum() for t in thresholds])
    crossed = np.nonzero(match >= miss)[0]
    if len(crossed) == 0:
        return max(match[-1], miss[-1])
    after = crossed[0]
    before = after - 1
    a, b = miss[before] - match[before], match[after] - miss[after]
    return match[before] + a / (a + b) * (match[after] - match[before])


def main():
    with open(sys.argv[1]) as file:
        work = json.load(file)
    genuine, genuine_groups = load(work["genuine"])
    impostor, impostor_groups = load(work["impostor"])
    groups = int(max(genuine_groups.max(), impostor_groups.max())) + 1

    def rate(weights):
        return equal_error_rate(genuine, impostor, weights[genuine_groups], weights[impostor_groups])

    generator = np.random.default_rng(20260101)
    rates = []
    for _ in range(work["resamples"]):
        weights = np.bincount(generator.integers(0, groups, groups), minlength=groups).astype(np.float64)
        rates.append(rate(weights))
    tail = (1 - work["confidence"]) / 2
    low, high = np.quantile(rates, [tail, 1 - tail])
    result = {
        "plain": rate(np.ones(groups)),
        "weighted": [rate(np.array(weights, dtype=np.float64)) for weights in work["weights"]],
        "low": low,
        "high": high,
    }
    with open(sys.argv[2], "w") as file:
        json.dump(result, file)


main()
