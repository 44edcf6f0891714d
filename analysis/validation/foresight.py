"""What a fit foresees of contests it was not fitted to, through the emulator: no run of the model is needed.

A posterior over some contests gives points; the emulator says what a run there predicts for any other contest. Around
it stand the emulator's own error, the chance of a run, and the model's discrepancy as estimated on the fitted contests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import Contest
from analysis.validation.forecasts import Forecast, mixture

Floats = NDArray[np.float64]


class Emulates(Protocol):
    """What is asked of an emulator: :class:`analysis.inference.emulator.Emulator`, or a fake in tests."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(contest, target) of each column."""

    @property
    def noise(self) -> Floats:
        """Chance of one run by column, points."""

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean and own error [M, T] at points [M, D]."""

    def only(self, columns: NDArray[np.int64]) -> Emulates:
        """The emulator of some targets."""


class Discrepant(Protocol):
    """What is asked of a discrepancy."""

    def sd(self, contest: Contest, share: Floats | float) -> Floats:
        """Standard deviation in points at a share in per cent."""


#: Fits to contests of the calibrate side: the discrepancy found on them, and points [M, D] of the unit cube.
Fit = Callable[[Sequence[Contest]], tuple[Discrepant, Floats]]


def through(
    emulator: Emulates, points: Floats, discrepancy: Discrepant, wanted: Sequence[Contest]
) -> list[Forecast]:
    """A forecast of every target of the contests that the emulator knows."""
    column = {target: i for i, target in enumerate(emulator.targets)}
    asked = [(c, t) for c in wanted for t in c.observed if (c.id, t) in column]
    if not asked:
        return []
    chosen = emulator.only(np.array([column[c.id, t] for c, t in asked], dtype=np.int64))
    mean, own = chosen.predict(points)
    found = []
    for i, (contest, target) in enumerate(asked):
        missed = np.asarray(discrepancy.sd(contest, np.clip(mean[:, i], 0.0, 100.0)))
        spread = np.sqrt(own[:, i] ** 2 + chosen.noise[i] ** 2 + missed**2)
        found.append(mixture(contest, target, mean[:, i], spread))
    return found


def fit_by_table(count: int, path: Path | None = None) -> tuple[Emulates, Fit, str]:
    """The emulator of the shipped table (or another), the fit through it with ``count`` draws, and the table's model.

    Some seconds to train.
    """
    from analysis.inference import reference
    from analysis.inference.emulator import Emulator
    from analysis.inference.posterior import estimate

    table = reference.load(path)
    emulator = Emulator.fit(table)

    def fit(fitted: Sequence[Contest]) -> tuple[Discrepant, Floats]:
        discrepancy, posterior = estimate(emulator, fitted, count=count)
        return discrepancy, posterior.points

    return emulator, fit, table.behaviour
