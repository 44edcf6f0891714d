"""A local refit with few runs: from a point, by the slopes of every prediction, toward less error on the fitted rows.

A step of Gauss and Newton's method needs one run for each axis and then a few trials, where a search by generations
needs hundreds. Slopes come from differences with common seeds, and every trial mends them (Broyden, 1965). The loss is
that of ``october calibrate``: Huber's error over contests that weigh alike, and the mild pull to the middle of the
ranges. Made for ablations, which must be refitted to be fair; it is no substitute for the fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.scores import Figures
from analysis.inference.calibrate import HUBER, OTHER_FAMILY, PRIOR, WEIGHTS, Axis, Objective, prior

Floats = NDArray[np.float64]
#: Step by which slopes are measured, and the longest steps that are tried at once, as parts of the ranges.
SLOPE_STEP, RADII = 0.2, (0.5, 0.25, 0.1)
#: What chance does to a slope: points of one target over a whole range. Directions with less than this hardly move.
NOISE = 4.0

#: A point of the unit cube -> the predictions of its runs.
Run = Callable[[Floats], Sequence[Figures]]


@dataclass(frozen=True)
class Refitted:
    """What a refit found: the best point, its loss, the loss it started from, and how many points were run."""

    point: Floats
    loss: float
    began: float
    evaluations: int


class Targets:
    """The targets of the fitted contests as one row: observed [T] and weight [T] in the loss."""

    def __init__(self, objective: Objective):
        self.objective = objective
        self.keys = [(c.id, t) for c in objective.contests for t in c.observed]
        self.observed = np.array([c.observed[t] for c in objective.contests for t in c.observed])
        weights = []
        for contest in objective.contests:
            own = np.array([WEIGHTS.get(t, OTHER_FAMILY) for t in contest.observed])
            weights += (own / own.sum() / len(objective.contests)).tolist()
        self.weight = np.array(weights)

    def row(self, runs: Sequence[Figures]) -> Floats:
        """Mean predictions [T]; NaN where a run gives no answer."""
        rows = [[run.get(c, {}).get(t, np.nan) for c, t in self.keys] for run in runs]
        return np.asarray(np.mean(np.array(rows, dtype=np.float64), axis=0))

    def loss(self, point: Floats, runs: Sequence[Figures]) -> float:
        """That of ``october calibrate``."""
        return self.objective.error(runs) + prior(point)


def trial_steps(evaluations: int, size: int) -> int:
    """Points that are tried by the slopes: what the start and a slope for each of ``size`` axes leave."""
    return evaluations - 1 - size


def refit(run: Run, objective: Objective, start: Floats, evaluations: int) -> Refitted:
    """The best point [D] found within so many evaluations (at least D + 2), from ``start``."""
    targets, size = Targets(objective), len(start)
    if trial_steps(evaluations, size) < 1:
        raise ValueError(f"{evaluations} evaluations are too few for {size} axes: {size + 2} are needed")
    seen: list[tuple[float, Floats, Floats]] = []

    def tried(point: Floats) -> tuple[float, Floats, Floats]:
        runs = run(point)
        found = (targets.loss(point, runs), point, np.nan_to_num(targets.row(runs)))
        seen.append(found)
        return found

    best = began = tried(start)
    slopes = np.zeros((len(targets.observed), size))
    for axis in range(size):
        step = SLOPE_STEP if start[axis] < 0.5 else -SLOPE_STEP
        moved = start.copy()
        moved[axis] = np.clip(start[axis] + step, 0.0, 1.0)
        found = tried(moved)
        slopes[:, axis] = (found[2] - began[2]) / (moved[axis] - start[axis])
        best = min(best, found, key=lambda each: each[0])
    shrink = 1.0
    while len(seen) < evaluations:
        before = best
        for radius in RADII[: evaluations - len(seen)]:
            point = _step(targets, before, slopes, radius * shrink)
            found = tried(point)
            slopes = _mended(slopes, before, found)
            best = min(best, found, key=lambda each: each[0])
        shrink *= 1.0 if best[0] < before[0] else 0.4
    return Refitted(best[1], best[0], began[0], len(seen))


def _step(targets: Targets, at: tuple[float, Floats, Floats], slopes: Floats, radius: float) -> Floats:
    """The point that the slopes promise most of, no axis farther than ``radius``, inside the cube."""
    from scipy.optimize import lsq_linear

    _, point, predicted = at
    error = predicted - targets.observed
    # Huber's loss as squares: beyond its width an error weighs by its inverse.
    root = np.sqrt(targets.weight / np.maximum(np.abs(error), HUBER))
    pull = np.sqrt(2.0 * PRIOR / len(point)) / 0.25
    hold = NOISE * np.sqrt(np.sum(root**2)) * np.ones(len(point))
    rows = np.vstack([root[:, None] * slopes, pull * np.eye(len(point)), np.diag(hold)])
    wanted = np.concatenate([-root * error, -pull * (point - 0.5), np.zeros(len(point))])
    low, high = np.maximum(-radius, -point), np.minimum(radius, 1.0 - point)
    step = lsq_linear(rows, wanted, bounds=(low - 1e-9, high + 1e-9)).x
    return np.asarray(np.clip(point + step, 0.0, 1.0))


def _mended(slopes: Floats, before: tuple[float, Floats, Floats], after: tuple[float, Floats, Floats]) -> Floats:
    """Slopes that agree with what the last step did."""
    step = after[1] - before[1]
    length = float(step @ step)
    if length < 1e-8:
        return slopes
    return np.asarray(slopes + np.outer(after[2] - before[2] - slopes @ step, step) / length)


def values(over: Sequence[Axis], point: Floats) -> dict[str, float]:
    """A point as parameters."""
    return {a.name: a.value(float(u)) for a, u in zip(over, point, strict=True)}
