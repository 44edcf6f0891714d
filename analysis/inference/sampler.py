"""A sequential Monte Carlo sampler on the unit cube, or a box in it: draws of the posterior, and the box's evidence.

Particles drawn evenly in the box are led from prior to posterior in steps: each step raises the power of the
likelihood so far that half of the particles still count, resamples, and moves every particle by differences of two
others in a random part of the axes (ter Braak 2006; Vrugt 2009), which finds its own scale and jumps between modes.
Reflected at the walls, so symmetric. Pure function of its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Points [M, D] of the unit cube -> log likelihood [M].
LogLikelihood = Callable[[Floats], Floats]
#: Sweeps of moves after each step, and after the last.
MOVES, LAST_MOVES = 8, 24
#: Share of the particles that still count after a step.
ALIVE = 0.5


@dataclass(frozen=True)
class Box:
    """A box in the unit cube, ``low`` and ``high`` [D]."""

    low: Floats
    high: Floats

    @classmethod
    def whole(cls, dimensions: int) -> Box:
        """The whole cube."""
        return cls(np.zeros(dimensions), np.ones(dimensions))

    def inside(self, points: Floats) -> NDArray[np.bool_]:
        """Whether each point [M, D] lies in it."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))


@dataclass(frozen=True)
class Sample:
    """Equally weighted draws [M, D], their log likelihood [M], and the log of its mean over the box."""

    points: Floats
    likelihood: Floats
    evidence: float


def sample(
    likelihood: LogLikelihood, box: Box, count: int, seed: int, *, power: float = 1.0, last_moves: int = LAST_MOVES
) -> Sample:
    """Draw ``count`` points from the box's even prior times the likelihood to ``power``; count must be over 2 D. With
    more moves after the last step, draws that come from one particle are less alike."""
    rng = np.random.default_rng([seed, 7])
    points = box.low + rng.random((count, len(box.low))) * (box.high - box.low)
    value = likelihood(points)
    reached, evidence, scale = 0.0, 0.0, 1.0
    while reached < power:
        step = _step(value, power - reached)
        weight = np.exp(step * (value - value.max()))
        evidence += float(np.log(weight.mean()) + step * value.max())
        reached += step
        kept = _resample(weight, rng)
        points, value = points[kept], value[kept]
        for _ in range(MOVES if reached < power else last_moves):
            points, value, scale = _move(likelihood, box, points, value, reached, scale, rng)
    return Sample(points, value, evidence)


def _step(value: Floats, most: float) -> float:
    """The rise in power after which the share :data:`ALIVE` of the particles still counts, at most ``most``."""
    if _alive(value, most) >= ALIVE:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _alive(value, middle) >= ALIVE else (low, middle)
    return high


def _alive(value: Floats, step: float) -> float:
    weight = np.exp(step * (value - value.max()))
    return float(weight.sum() ** 2 / (weight**2).sum() / len(weight))


def _resample(weight: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Systematic resampling: indices [M]."""
    edges = np.cumsum(weight) / weight.sum()
    wanted = (np.arange(len(weight)) + rng.random()) / len(weight)
    return np.asarray(np.minimum(np.searchsorted(edges, wanted), len(weight) - 1))


def _move(
    likelihood: LogLikelihood, box: Box, points: Floats, value: Floats, power: float, scale: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float]:  # fmt: skip
    """One sweep: every particle is offered a step, taken by the Metropolis rule. The scale follows the acceptance."""
    count, dimensions = points.shape
    share = rng.choice([0.2, 0.5, 1.0], size=(count, 1))
    moved = rng.random((count, dimensions)) < share
    moved[np.arange(count), rng.integers(dimensions, size=count)] = True
    one, other = rng.integers(count, size=(2, count))
    length = np.where(rng.random((count, 1)) < 0.1, 1.0, scale * 2.38 / np.sqrt(2.0 * moved.sum(axis=1, keepdims=True)))
    step = length * (points[one] - points[other]) + rng.normal(0.0, 0.01, points.shape) * (box.high - box.low)
    offered = _reflect(points + np.where(moved, step, 0.0), box)
    worth = likelihood(offered)
    taken = np.log(rng.random(count)) < power * (worth - value)
    rate = float(taken.mean())
    scale = float(np.clip(scale * np.exp(rate - 0.25), 0.1, 1.5))
    return np.where(taken[:, None], offered, points), np.where(taken, worth, value), scale


def _reflect(points: Floats, box: Box) -> Floats:
    """Points folded back at the walls of the box; an axis of no width stays put."""
    width = box.high - box.low
    safe = np.where(width > 0, width, 1.0)
    folded = np.mod((points - box.low) / safe, 2.0)
    return np.asarray(box.low + np.where(folded > 1.0, 2.0 - folded, folded) * width)
