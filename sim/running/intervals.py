"""Intervals of paired differences and of odds, and what pairing gains. Arrays over runs, first axis; no tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]

#: Level of every interval.
LEVEL = 0.9


@dataclass(frozen=True)
class Difference:
    """Means of base and other over pairs, the mean difference, and its interval at :data:`LEVEL`; one axis less."""

    base: Floats
    other: Floats
    difference: Floats
    low: Floats
    high: Floats


def paired(base: Any, other: Any) -> Difference:
    """The mean of ``other - base`` over pairs, with Student's interval for paired observations.

    ``base`` and ``other`` are [pairs, ...], no NaN. With one pair the interval is NaN; with none everything is. Pairs
    that are all equal give an interval of no width: chance then plays no part in the difference.
    """
    one, two = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    n = one.shape[0]
    if n == 0:
        nothing = np.full(one.shape[1:], np.nan)
        return Difference(nothing, nothing, nothing, nothing, nothing)
    gap = two - one
    mean = gap.mean(axis=0)
    half = np.full(mean.shape, np.nan)
    if n > 1:
        half = stdtrit(n - 1, 0.5 + LEVEL / 2.0) * gap.std(axis=0, ddof=1) / np.sqrt(n)
    return Difference(one.mean(axis=0), two.mean(axis=0), mean, mean - half, mean + half)


def wilson(times: Any, runs: Any, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Wilson's interval for the odds of what came ``times`` in so many ``runs``; 0 to 1 for no run.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    k, n = np.asarray(times, dtype=np.float64), np.asarray(runs, dtype=np.float64)
    z = float(ndtri(0.5 + level / 2.0))
    safe = np.maximum(n, 1.0)
    p, spare = k / safe, z * z / safe
    middle = (p + spare / 2.0) / (1.0 + spare)
    half = z * np.sqrt(p * (1.0 - p) / safe + spare / (4.0 * safe)) / (1.0 + spare)
    none = n == 0
    # At the ends Wilson's bound is the end itself; rounding must not leave it a hair inside.
    low = np.where(none | (k == 0), 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(none | (k == n), 1.0, np.clip(middle + half, 0.0, 1.0))
    return low, high


def variances(base: Any, other: Any) -> tuple[float, float]:
    """The variance of ``other - base`` without pairing (the sum of both) and with it; [pairs], two or more."""
    one, two = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    return float(one.var(ddof=1) + two.var(ddof=1)), float((two - one).var(ddof=1))


def gain(unpaired: float, with_pairs: float) -> float:
    """How many times more runs independent ensembles would need for the same standard error; NaN for 0 by 0."""
    if with_pairs > 0.0:
        return unpaired / with_pairs
    return np.inf if unpaired > 0.0 else np.nan
