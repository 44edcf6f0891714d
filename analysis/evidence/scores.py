"""Errors in points (members: as log ratios): of one target, of a contest, over contests that weigh alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import FAMILIES, FOR, MEMBERS, Contest

Figures = Mapping[str, Mapping[str, float]]
#: Resamples of a bootstrap interval, their seed, and the share of them that an interval shows.
RESAMPLES, SEED, SHOWN = 2_000, 1917, 0.9


class HasContest(Protocol):
    """A line or a forecast: something of one contest."""

    @property
    def contest(self) -> Contest:
        """The contest."""


@dataclass(frozen=True)
class Line:
    """One target of one contest: evidence, the model's mean over runs, its standard deviation over runs.

    In points of a per cent; members in persons, and their mean over runs is a geometric one.
    """

    contest: Contest
    target: str
    observed: float
    mean: float
    spread: float

    @property
    def difference(self) -> float:
        """Model less evidence."""
        return self.mean - self.observed

    @property
    def error(self) -> float:
        """What is averaged: the difference in points, or the natural logarithm of model over evidence for members."""
        if self.target.startswith(MEMBERS):
            return float(np.log(max(self.mean, 1.0) / self.observed))
        return self.difference


def lines(contests: Iterable[Contest], runs: Sequence[Figures]) -> list[Line]:
    """Every target that all runs answer, in the order of the contests."""
    found = []
    for contest in contests:
        for target, observed in contest.observed.items():
            values = [run[contest.id][target] for run in runs if target in run.get(contest.id, {})]
            if values and len(values) == len(runs):
                mean = _geometric(values) if target.startswith(MEMBERS) else float(np.mean(values))
                found.append(Line(contest, target, observed, mean, float(np.std(values))))
    return found


def _geometric(values: Sequence[float]) -> float:
    return float(np.exp(np.mean(np.log(np.maximum(values, 1.0)))))


@dataclass(frozen=True)
class Score:
    """A mean absolute error over ``n`` contests, in points, and its bootstrap interval; NaN where there are none."""

    error: float
    n: int
    low: float = float("nan")
    high: float = float("nan")


def bootstrap(values: NDArray[np.float64], resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """The interval of a mean [n] by resampling contests, :data:`SHOWN` of the resamples; NaN for none."""
    if not len(values):
        return float("nan"), float("nan")
    drawn = np.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [0.5 - SHOWN / 2.0, 0.5 + SHOWN / 2.0])
    return float(low), float(high)


def counts_among(target: str, targets: str) -> bool:
    """Whether a target belongs to ``bolshevik``, the four ``families``, ``motions``, ``national`` lists or ``members``.

    A joint list with Bolsheviks counts among the families, not as Bolshevik.
    """
    if targets == "motions":
        return target == FOR
    if targets == "members":
        return target.startswith(MEMBERS)
    if targets == "families":
        return all(family in FAMILIES and family != "national" for family in target.split("+"))
    return target == targets


def score(found: Iterable[Line], targets: str) -> Score:
    """Mean absolute error of such targets (:func:`counts_among`); of members, the mean absolute log ratio.

    A contest's error is the mean over its targets; contests weigh alike.
    """
    by_contest: dict[str, list[float]] = {}
    for line in found:
        if counts_among(line.target, targets):
            by_contest.setdefault(line.contest.id, []).append(abs(line.error))
    errors = np.array([float(np.mean(e)) for e in by_contest.values()])
    return Score(float(errors.mean()) if len(errors) else float("nan"), len(errors), *bootstrap(errors))


def over_time(line: HasContest) -> bool:
    """Whether the contest belongs to the test along time: the capitals' votes, congresses, soviets and motions."""
    return line.contest.group in ("capital", "congress", "soviet")


def in_space(line: HasContest) -> bool:
    """Whether it belongs to the test over space and stratum: the vote of November, place by place."""
    apart = ("congress", "soviet", "national")
    return line.contest.group not in apart and line.contest.question.subject == "constituent_assembly"


def elections_over_time(line: HasContest) -> bool:
    """Whether it is a vote of voters, town or capital, that tells one date from another."""
    return line.contest.group in ("capital", "city") and (
        line.contest.group == "capital" or line.contest.question.subject == "town_dumas"
    )


#: Parts of the evidence that goals are set for.
PARTS: Mapping[str, Callable[[HasContest], bool]] = {
    "all": lambda line: True,
    "space": in_space,
    "elections": elections_over_time,
    "time": over_time,
}
