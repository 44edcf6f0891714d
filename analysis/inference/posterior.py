"""The posterior: which parameters the evidence on the calibrate side leaves standing, through the emulator.

A contest is one datum: its targets' squared errors, weighted within it, over the variance of what stands between the
model's expectation and history: discrepancy (what the model gets wrong at its best), chance of a run, and the error of
the emulator. The discrepancy is estimated on the same contests by leaving each out in turn. It is held in points at 50
per cent; at a share p it is smaller by 2 sqrt(p (1 - p)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from analysis.evidence.contests import Contest
from analysis.inference.calibrate import OTHER_FAMILY, WEIGHTS, Axis
from analysis.inference.emulator import Emulator
from analysis.inference.lens_axes import Lens
from analysis.inference.sampler import LAST_MOVES, Box, sample

Floats = NDArray[np.float64]
#: The sets that runs draw from; a file of the same name beside it says who made them.
SHIPPED_SETS = Path(str(files("sim"))) / "evidence" / "parameter_sets.csv"
#: Kinds of question that a discrepancy is held for (``space``: votes of voters, place by place), and its prior guess:
#: points at 50 per cent, as a prototype of the model had it.
KINDS: Mapping[str, float] = {"space": 7.0, "soviets": 7.0, "congresses": 10.0, "motions": 7.0}
#: Contests that the prior guess counts for.
GUESS_COUNTS = 2.0
#: The least discrepancy believed, points at 50 per cent.
LEAST = 2.0
#: Shares nearer to 0 or 1 than this count as this far when errors are scaled.
EDGE = 0.05
#: An informed direction is one whose variance the evidence at least halves.
INFORMED = 0.5
COUNT, SEED = 2_000, 1917


def kind_of(contest: Contest) -> str:
    """The kind of question that a contest asks, one of :data:`KINDS`."""
    if contest.is_motion:
        return "motions"
    if contest.group == "congress":
        return "congresses"
    return "soviets" if contest.question.form == "seats" else "space"


def scale(share: Floats | float) -> Floats:
    """How far an error at a share (per cent) shrinks next to one at 50 per cent."""
    part = np.clip(np.asarray(share, dtype=np.float64) / 100.0, EDGE, 1.0 - EDGE)
    return np.asarray(2.0 * np.sqrt(part * (1.0 - part)))


def within_contests(chosen: Sequence[tuple[Contest, str]]) -> tuple[NDArray[np.int64], Floats]:
    """The contest of each (contest, target), numbered as they come, and its weight there: a contest is one datum."""
    number = {contest: i for i, contest in enumerate(dict.fromkeys(c.id for c, _ in chosen))}
    contest_of = np.array([number[c.id] for c, _ in chosen])
    own = np.array([WEIGHTS.get(t, OTHER_FAMILY) for _, t in chosen])
    return contest_of, np.asarray(own / np.bincount(contest_of, own)[contest_of])


@dataclass(frozen=True)
class Discrepancy:
    """Standard deviation of what the model gets wrong at its best, by kind of question, in points at 50 per cent."""

    points: Mapping[str, float]

    def sd(self, contest: Contest, share: Floats | float) -> Floats:
        """In points, at a share of the contest in per cent."""
        return self.points[kind_of(contest)] * scale(share)


GUESS = Discrepancy(KINDS)


def shipped_discrepancy() -> Discrepancy:
    """The discrepancy estimated with the shipped sets."""
    about = YAML(typ="safe", pure=True).load(SHIPPED_SETS.with_suffix(".yaml").read_text(encoding="utf-8"))
    return Discrepancy({str(kind): float(points) for kind, points in about["discrepancy"].items()})


class Likelihood:
    """Log likelihood of points of the cube: what the emulator predicts for the contests' targets against evidence."""

    def __init__(self, emulator: Emulator, fitted: Sequence[Contest], discrepancy: Discrepancy):
        chosen = [(c, t) for c in fitted for t in c.observed if (c.id, t) in emulator.targets]
        if not chosen:
            raise ValueError("no contest that the table answers")
        self.contests = tuple({c.id: c for c, _ in chosen}.values())
        self.emulator = emulator.only(np.array([emulator.targets.index((c.id, t)) for c, t in chosen]))
        self.observed = np.array([c.observed[t] for c, t in chosen])
        self.contest_of, self.weights = within_contests(chosen)
        self.scale = scale(self.observed)
        self.chance = self.emulator.noise**2
        discrepant = np.array([float(discrepancy.sd(c, c.observed[t])) for c, t in chosen])
        self.variance = discrepant**2 + self.chance

    def __call__(self, points: Floats) -> Floats:
        """Log likelihood [M] at points [M, D]."""
        return np.asarray(self.by_contest(points).sum(axis=1))

    def by_contest(self, points: Floats) -> Floats:
        """Log likelihood [M, contests] at points [M, D]."""
        mean, sd = self.emulator.predict(points)
        return self.of(mean, sd**2)

    def of(self, mean: Floats, variance: Floats | float) -> Floats:
        """Log likelihood [M, contests] of predictions [M, T] with a variance of their own."""
        whole = self.variance + variance
        terms = -0.5 * self.weights * ((mean - self.observed) ** 2 / whole + np.log(2.0 * np.pi * whole))
        return self._sums(terms)

    def implausibility(self, points: Floats) -> Floats:
        """How many standard deviations each contest is missed by [M, contests]."""
        mean, sd = self.emulator.predict(points)
        return np.sqrt(self._sums(self.weights * (mean - self.observed) ** 2 / (self.variance + sd**2)))

    def _sums(self, terms: Floats) -> Floats:
        return np.asarray(terms @ (self.contest_of[:, None] == np.arange(len(self.contests))).astype(np.float64))


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws ``points`` [M, D] of the unit cube, the log likelihood ``fit`` [M] of each, and the log of
    the likelihood's mean over the prior (``evidence``)."""

    names: tuple[str, ...]
    points: Floats
    fit: Floats
    evidence: float
    prior: Box

    def quantiles(self, wanted: Sequence[float]) -> Floats:
        """Of each parameter, in the unit cube [D, len(wanted)]."""
        return np.asarray(np.quantile(self.points, list(wanted), axis=0).T)

    def directions(self) -> tuple[Floats, Floats]:
        """Directions of the cube and how much of the prior's variance is left along each: ratios [D] (smallest first)
        and unit vectors [D, D], one a row."""
        width = np.where(self.prior.high > self.prior.low, self.prior.high - self.prior.low, 1.0)
        whole = np.cov(self.points / width, rowvar=False) * 12.0
        ratios, vectors = np.linalg.eigh(np.atleast_2d(whole))
        return ratios, vectors.T

    def informed(self) -> int:
        """How many directions the evidence informs: variance along them at most half of the prior's."""
        return int((self.directions()[0] <= INFORMED).sum())


def whole_box(emulator: Emulator) -> Box:
    """The neutral prior: every axis over its whole range, evenly (in the logarithm where the axis says so)."""
    return Box.whole(len(emulator.names))


def box_of(lens: Lens, over: Sequence[Axis]) -> Box:
    """A lens's prior: the whole cube, narrowed to what the lens holds of each parameter that it names."""
    low, high = np.zeros(len(over)), np.ones(len(over))
    for i, axis in enumerate(over):
        if axis.name in lens.ranges:
            low[i], high[i] = (min(max(axis.unit(v), 0.0), 1.0) for v in lens.ranges[axis.name])
    return Box(low, high)


def infer(
    emulator: Emulator, fitted: Sequence[Contest], discrepancy: Discrepancy, *, count: int = COUNT, seed: int = SEED,
    prior: Box | None = None, last_moves: int = LAST_MOVES,
) -> Posterior:  # fmt: skip
    """The posterior over a prior box (default: the whole). With more moves at the end, draws are less alike."""
    box = prior or whole_box(emulator)
    found = sample(Likelihood(emulator, fitted, discrepancy), box, count, seed, last_moves=last_moves)
    return Posterior(emulator.names, found.points, found.likelihood, found.evidence, box)


# --- discrepancy ------------------------------------------------------------------------------------------------------


def estimate(
    emulator: Emulator, fitted: Sequence[Contest], *, count: int = COUNT, seed: int = SEED, rounds: int = 4,
    prior: Box | None = None,
) -> tuple[Discrepancy, Posterior]:  # fmt: skip
    """The discrepancy by kind of question and the posterior with it, found together in a few rounds.

    Raises ValueError for contests that are not on the calibrate side.
    """
    strangers = [c.id for c in fitted if c.split != "calibrate"]
    if strangers:
        raise ValueError(f"not to be fitted: {', '.join(strangers)}")
    discrepancy = GUESS
    for _ in range(rounds):
        posterior = infer(emulator, fitted, discrepancy, count=count, seed=seed, prior=prior)
        discrepancy = beyond(Likelihood(emulator, fitted, discrepancy), posterior)
    return discrepancy, infer(emulator, fitted, discrepancy, count=count, seed=seed, prior=prior)


def beyond(likelihood: Likelihood, posterior: Posterior) -> Discrepancy:
    """What is missed beyond parameters, chance and emulator, by kind; each contest is left out of the draws in turn."""
    mean, sd = likelihood.emulator.predict(posterior.points)
    by_contest = likelihood.of(mean, sd**2)
    squares: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number, contest in enumerate(likelihood.contests):
        weight = without(by_contest[:, number])
        own = likelihood.contest_of == number
        expected = weight @ mean[:, own]
        known = weight @ ((mean[:, own] - expected) ** 2 + sd[:, own] ** 2) + likelihood.chance[own]
        missed = ((likelihood.observed[own] - expected) ** 2 - known) / likelihood.scale[own] ** 2
        squares[kind_of(contest)].append(float(likelihood.weights[own] @ missed))
    variance = {
        kind: (sum(found) + GUESS_COUNTS * KINDS[kind] ** 2) / (len(found) + GUESS_COUNTS)
        for kind, found in squares.items()
    }
    return Discrepancy({kind: float(np.sqrt(max(LEAST**2, v))) for kind, v in variance.items()})


def without(own: Floats) -> Floats:
    """Weights [M], of sum 1, that take a contest's log likelihood [M] out of posterior draws; cut where one would rule
    (Ionides 2008)."""
    weight = np.exp(-(own - own.min()))
    weight = np.minimum(weight, weight.mean() * np.sqrt(len(weight)))
    return np.asarray(weight / weight.sum())


# --- modes ------------------------------------------------------------------------------------------------------------


def modes(posterior: Posterior, most: int = 4, valley: float = 0.5) -> NDArray[np.int64]:
    """The mode that each draw [M] belongs to, 0 the largest. Draws are parted in two where, along an axis or one of the
    posterior's directions, they thin out to under ``valley`` of the lesser of the heights on either side."""
    _, vectors = posterior.directions()
    lines = posterior.points @ np.vstack([vectors, np.eye(posterior.points.shape[1])]).T
    labels = np.zeros(len(lines), dtype=np.int64)
    while labels.max() + 1 < most:
        found = [(*_valley(lines[labels == label]), label) for label in range(labels.max() + 1)]
        depth, line, cut, label = min(found)
        if depth >= valley:
            break
        labels[(labels == label) & (lines[:, line] > cut)] = labels.max() + 1
    order = np.argsort(-np.bincount(labels), kind="stable")
    return np.asarray(np.argsort(order)[labels])


def _valley(lines: Floats, bins: int = 16) -> tuple[float, int, float]:
    """The deepest valley of points seen along lines [M, L]: its depth next to the lower hill, the line, the cut.

    A hill holds a tenth of the points at least; with few points there is no telling.
    """
    best = (1.0, 0, 0.0)
    if len(lines) < 200:
        return best
    for number, along in enumerate(lines.T):
        counts, edges = np.histogram(along, bins=bins)
        before = np.cumsum(counts) / len(along)
        for place in range(1, bins - 1):
            if before[place - 1] >= 0.1 and 1.0 - before[place] >= 0.1:
                hills = min(counts[:place].max(), counts[place + 1 :].max())
                middle = 0.5 * (edges[place] + edges[place + 1])
                best = min(best, (float(counts[place] / hills), number, float(middle)))
    return best
