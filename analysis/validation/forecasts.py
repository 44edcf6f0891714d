"""What was foreseen of a contest, as a distribution, and how good that was: errors, CRPS, coverage, width, reliability.

A forecast holds samples in per cent, so that the model's sets and runs, a posterior seen through the emulator, and a
baseline with a normal error are scored by one rule. Contests weigh alike: what is averaged is first averaged over the
targets of a contest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.evidence.contests import Contest
from analysis.evidence.scores import SHOWN, bootstrap, counts_among

Floats = NDArray[np.float64]
#: Samples of a forecast, about.
SAMPLES = 1_000
#: Nominal levels of the reliability diagram.
LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Forecast:
    """One target of one contest: ``centre`` is what errors are measured from, ``samples`` [S] rise; all in per cent."""

    contest: Contest
    target: str
    centre: float
    samples: Floats = field(repr=False)

    @property
    def observed(self) -> float:
        """What was counted."""
        return self.contest.observed[self.target]

    @property
    def error(self) -> float:
        """Foreseen less counted, in points."""
        return self.centre - self.observed

    def interval(self, level: float) -> tuple[float, float]:
        """The central interval that should hold the count with this chance."""
        return self.quantile(0.5 - level / 2.0), self.quantile(0.5 + level / 2.0)

    def quantile(self, level: float) -> float:
        """On the line between the two samples nearest to it."""
        place = level * (len(self.samples) - 1)
        below = min(int(place), len(self.samples) - 2) if len(self.samples) > 1 else 0
        above = min(below + 1, len(self.samples) - 1)
        return float(self.samples[below] + (place - below) * (self.samples[above] - self.samples[below]))

    def holds(self, level: float) -> bool:
        """Whether that interval holds the count (to the tenth of a point that sources print)."""
        low, high = self.interval(level)
        return low - 0.05 <= self.observed <= high + 0.05

    def crps(self) -> float:
        """Continuous ranked probability score, points: the mean distance to the count less half the samples' own."""
        import scoringrules

        return float(scoringrules.crps_ensemble(np.float64(self.observed), self.samples))


def mixture(contest: Contest, target: str, means: Sequence[float] | Floats, sds: Sequence[float] | Floats) -> Forecast:
    """A forecast of many views alike in weight, each normal with its own mean and spread, cut to 0..100.

    Samples are quantiles, staggered over the views: no luck is in them.
    """
    middle, spread = np.asarray(means, dtype=np.float64), np.asarray(sds, dtype=np.float64)
    most = max(1, SAMPLES // 2)
    kept = np.unique(np.linspace(0, len(middle) - 1, min(len(middle), most)).round().astype(int))
    middle, spread = middle[kept], np.broadcast_to(spread, len(means))[kept]
    each = max(2, SAMPLES // len(middle))
    # Views in order of their means, so that neighbours take different parts of their own quantiles.
    order = np.argsort(middle, kind="stable")
    stagger = (np.arange(len(middle)) * 0.6180339887 + 0.5) % 1.0
    levels = (np.arange(each)[None, :] + stagger[:, None]) / each
    drawn = middle[order, None] + spread[order, None] * ndtri(np.clip(levels, 1e-4, 1.0 - 1e-4))
    return Forecast(contest, target, float(np.mean(means)), np.sort(np.clip(drawn, 0.0, 100.0).ravel()))


def normal(contest: Contest, target: str, mean: float, sd: float) -> Forecast:
    """A forecast with a normal error, cut to 0..100."""
    return mixture(contest, target, [min(max(mean, 0.0), 100.0)], [sd])


# --- scores -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proper:
    """Scores of forecasts over ``n`` contests. ``low`` and ``high`` bound the error; coverage and width by level."""

    n: int
    error: float
    low: float
    high: float
    crps: float
    coverage: dict[float, float]
    width: dict[float, float]

    def coverage_interval(self, level: float) -> tuple[float, float]:
        """Wilson's interval of the share of contests held."""
        return wilson(self.coverage[level], self.n)


#: Levels of intervals that are told.
TOLD = (0.5, 0.9)
_NONE = float("nan")


def proper(forecasts: Iterable[Forecast], targets: str) -> Proper:
    """Scores over the contests that have such targets (see :func:`analysis.evidence.scores.score`)."""
    by_contest: dict[str, list[Forecast]] = {}
    for one in forecasts:
        if counts_among(one.target, targets):
            by_contest.setdefault(one.contest.id, []).append(one)
    if not by_contest:
        nothing = dict.fromkeys(TOLD, _NONE)
        return Proper(0, _NONE, _NONE, _NONE, _NONE, nothing, nothing)
    groups = list(by_contest.values())
    errors = np.array([np.mean([abs(f.error) for f in group]) for group in groups])
    low, high = bootstrap(errors)
    return Proper(
        len(groups), float(errors.mean()), low, high,
        float(np.mean([np.mean([f.crps() for f in group]) for group in groups])),
        {level: float(np.mean([np.mean([f.holds(level) for f in group]) for group in groups])) for level in TOLD},
        {level: float(np.mean([np.mean([np.diff(f.interval(level)) for f in group]) for group in groups]))
         for level in TOLD},
    )  # fmt: skip


def gain(model: Iterable[Forecast], rival: Iterable[Forecast], targets: str) -> tuple[float, float, float]:
    """How much lower the model's CRPS is than a rival's on the same contests (points): mean, low and high.

    The interval resamples contests, model and rival together, so that hard contests don't blur the comparison.
    """
    one, other = (_crps_by_contest(found, targets) for found in (model, rival))
    difference = np.array([other[name] - one[name] for name in one if name in other])
    low, high = bootstrap(difference)
    return float(difference.mean()) if len(difference) else _NONE, low, high


def _crps_by_contest(forecasts: Iterable[Forecast], targets: str) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for one in forecasts:
        if counts_among(one.target, targets):
            found.setdefault(one.contest.id, []).append(one.crps())
    return {name: float(np.mean(values)) for name, values in found.items()}


def wilson(share: float, n: int, level: float = SHOWN) -> tuple[float, float]:
    """Wilson's interval of a binomial share seen in ``n`` cases (Wilson 1927)."""
    if n == 0:
        return _NONE, _NONE
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def reliability(forecasts: Sequence[Forecast], targets: str) -> list[tuple[float, float, int]]:
    """(nominal level, share of contests held, n) for each of :data:`LEVELS`."""
    chosen = [f for f in forecasts if counts_among(f.target, targets)]
    found = []
    for level in LEVELS:
        held: dict[str, list[bool]] = {}
        for one in chosen:
            held.setdefault(one.contest.id, []).append(one.holds(level))
        found.append((level, float(np.mean([np.mean(h) for h in held.values()])) if held else _NONE, len(held)))
    return found
