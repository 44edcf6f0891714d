"""The same question without the emulator: approximate Bayesian computation on the rows of the prior alone.

Every row of wave 1 is a draw of the prior and a run of the model. With draws of the discrepancy on what it predicts, it
is what would have been counted, had its parameters been true. A summary of each parameter is read off all contests at
once by regression (semi-automatic ABC, Fearnhead and Prangle 2012), for each part of the rows from the other parts; the
rows whose summary lies nearest to history's are kept and corrected for the distance that is left (Beaumont, Zhang and
Balding 2002). Nothing is assumed of how predictions follow from parameters: what agrees with the posterior of
:mod:`analysis.inference.posterior` doesn't hang on its Gaussian processes, but for the size of the discrepancy, which
is the one estimated there. A summary stands for the whole evidence, so that this posterior is rather too wide.
``python -m analysis rejection`` writes ``rejection.json`` beside the table. Pure function of table and seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import Contest, contests
from analysis.inference.posterior import SEED, Discrepancy, shipped_discrepancy, within_contests
from analysis.inference.reference import SHIPPED, Reference, load
from analysis.running.plainly import plainly

Floats = NDArray[np.float64]
REPORT = SHIPPED.with_name("rejection.json")
#: Draws of the discrepancy on each row, and the share of all rows so drawn that is kept.
DRAWS, KEPT = 8, 0.05
#: Parts of the rows, by turns left out of the regression that tells them.
FOLDS = 5
#: What holds regression weights small, in rows: next to thousands of rows it only keeps the arithmetic sound.
RIDGE = 1.0
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Rejection:
    """By parameter, in the unit cube: quantiles at :data:`QUANTILES`, and the share of the prior's standard deviation
    that is left. ``rows`` runs of the prior gave ``drawn`` draws, ``kept`` of them for each; ``outside`` names
    parameters whose summary of history lies beyond all rows."""

    rows: int
    drawn: int
    kept: int
    quantiles: dict[str, list[float]]
    left: dict[str, float]
    outside: list[str]


def reject(table: Reference, fitted: Sequence[Contest], discrepancy: Discrepancy, seed: int = SEED) -> Rejection:
    """Each parameter's posterior given its own summary of the contests.

    Raises ValueError for contests that are not on the calibrate side, or a table without rows of the prior.
    """
    if strangers := [c.id for c in fitted if c.split != "calibrate"]:
        raise ValueError(f"not to be fitted: {', '.join(strangers)}")
    asked = [(c, t) for c in fitted for t in c.observed if (c.id, t) in table.targets]
    columns = [table.column(c.id, t) for c, t in asked]
    first = np.flatnonzero((table.waves == 1) & np.isfinite(table.predictions[:, columns]).all(axis=1))
    if not len(first):
        raise ValueError("no row of the prior answers every contest")
    shares, points = table.predictions[first][:, columns], np.tile(table.points[first], (DRAWS, 1))
    off = _added(asked, shares, discrepancy, table.noise()[columns])
    rng = np.random.default_rng([seed, 29])
    counted = np.clip(np.concatenate([shares + off * rng.standard_normal(shares.shape) for _ in range(DRAWS)]), 0, 100)
    _, point = np.unique(table.points[first], axis=0, return_inverse=True)
    fold = np.tile(point.reshape(-1) % FOLDS, DRAWS)
    seen, history = summaries(points, counted, np.array([c.observed[t] for c, t in asked]), fold)
    found = {name: _nearest(points[:, i], seen[:, i], history[i]) for i, name in enumerate(table.names)}
    beyond = (history < seen.min(axis=0)) | (history > seen.max(axis=0))
    return Rejection(
        len(first), len(points), next(iter(found.values())).size,
        {name: [round(float(q), 4) for q in np.quantile(own, QUANTILES)] for name, own in found.items()},
        {name: round(float(own.std() * np.sqrt(12.0)), 3) for name, own in found.items()},
        [name for name, outside in zip(table.names, beyond, strict=True) if outside],
    )  # fmt: skip


def _added(asked: Sequence[tuple[Contest, str]], shares: Floats, discrepancy: Discrepancy, chance: Floats) -> Floats:
    """What is still to be drawn on each run's shares [N, T], in points: discrepancy, and as much as makes a contest of
    several targets one datum, as the likelihood has it. Chance of one run is in the run."""
    _, weight = within_contests(asked)
    whole = np.stack([discrepancy.sd(c, shares[:, k]) for k, (c, _) in enumerate(asked)], axis=1) ** 2 + chance**2
    return np.asarray(np.sqrt(whole / weight - chance**2))


def summaries(points: Floats, counted: Floats, observed: Floats, fold: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """What a regression over the rows of other folds takes each parameter to be, for every row [N, D]; and for history
    [D], the mean of these regressions."""
    middle, spread = counted.mean(axis=0), np.maximum(counted.std(axis=0), 1e-6)
    inputs, history, seen = (counted - middle) / spread, (observed - middle) / spread, np.empty_like(points)
    told = []
    for own in np.unique(fold):
        others, centre = fold != own, points[fold != own].mean(axis=0)
        whole = inputs[others].T @ inputs[others] + RIDGE * np.eye(inputs.shape[1])
        weights = np.linalg.solve(whole, inputs[others].T @ (points[others] - centre))
        seen[~others] = inputs[~others] @ weights + centre
        told.append(history @ weights + centre)
    return seen, np.mean(told, axis=0)


def _nearest(values: Floats, seen: Floats, history: float) -> Floats:
    """A parameter's values [K] in the rows whose summary is nearest, led along a line to the summary of history."""
    distance = np.abs(seen - history)
    kept = np.sort(np.argsort(distance, kind="stable")[: max(2, round(KEPT * len(values)))])
    near, own = seen[kept], values[kept]
    varied = near - near.mean()
    slope = float(varied @ own / (varied @ varied)) if varied.any() else 0.0
    return np.clip(own + slope * (history - near), 0.0, 1.0)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis rejection", description=__doc__.split("\n")[0])
    parser.add_argument("--table", type=Path, default=SHIPPED, help="a reference table")
    parser.add_argument("--out", type=Path, default=REPORT, help="where the report goes")
    given = parser.parse_args(arguments)
    with plainly():
        found = reject(load(given.table), contests("calibrate"), shipped_discrepancy())
    given.out.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    narrow = sorted(found.left, key=lambda name: found.left[name])[:6]
    print(
        f"{found.kept} of {found.drawn} draws kept, over {found.rows} runs of the prior. Most is learned of "
        + ", ".join(f"{name} ({100 * found.left[name]:.0f} per cent of the prior's spread left)" for name in narrow)
        + (f". History lies beyond all rows in the summary of {', '.join(found.outside)}" if found.outside else "")
        + "."
    )
