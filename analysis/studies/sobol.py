"""What each parameter contributes to the variance of an output: Sobol's indices, through the emulator.

The first-order index is the part of the variance that would go if the parameter alone were known; the total index the
part that would stay if all but it were known. Parameters are drawn even and apart over a box: the whole prior, or the
ranges that the posterior leaves (its correlations are left out, and so is what they cancel). Indices are of the
emulator's mean, so chance and the emulator's own error stand beside them in points.

After Saltelli (2010) and Jansen (1999), through SALib.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.inference.emulator import Emulator, answered, run_once
from analysis.inference.reference import Reference
from analysis.studies.morris import kind_of, problem, told_missing

Floats = NDArray[np.float64]
CONFIDENCE, RESAMPLES = 0.95, 200
PRIOR = "prior"
#: Outputs are emulated on a scale on which their least value in the table is this many per cent.
EDGE = 5.0
#: Where an output takes fewer values than this in the table, it is a count of cases, which the emulator can't follow.
FEWEST_VALUES = 10


@dataclass(frozen=True)
class Indices:
    """Indices of one output, an entry a parameter, with half-widths of 95 per cent intervals.

    ``mean`` and ``sd`` of the emulator's mean over the box, ``error`` of the emulator and ``chance`` of one run, in the
    output's unit. ``foretold``: the part of the variance of the table's runs that the emulator tells without having
    seen them; NaN where nothing is known of it.
    """

    output: str
    first: Floats
    first_conf: Floats
    total: Floats
    total_conf: Floats
    mean: float
    sd: float
    error: float = math.nan
    chance: float = math.nan
    foretold: float = math.nan


@dataclass(frozen=True)
class Box:
    """Ranges of the unit cube that parameters are drawn from: ``low`` and ``high`` [D]; ``of`` says whose."""

    of: str
    low: Floats
    high: Floats


def whole(dimensions: int) -> Box:
    """The prior: the cube."""
    return Box(PRIOR, np.zeros(dimensions), np.ones(dimensions))


def around(points: Floats, part: float = 0.9) -> Box:
    """The box that holds a part of some points [M, D] along each axis."""
    tail = (1.0 - part) / 2.0
    low, high = np.quantile(points, (tail, 1.0 - tail), axis=0)
    # An axis that the points leave no width keeps a thousandth, so that its index is defined (and nil).
    return Box("posterior", low, np.maximum(high, low + 1e-3))


def design(box: Box, base: int, seed: int) -> Floats:
    """Saltelli's points [base x (D + 2), D] in the box. A pure function of the seed, 0 as any other."""
    from SALib.sample import sobol

    asked = {**problem([f"x{i}" for i in range(len(box.low))]), "bounds": np.column_stack([box.low, box.high]).tolist()}
    generator = np.random.default_rng([seed, 3])
    return np.asarray(sobol.sample(asked, base, calc_second_order=False, seed=generator), dtype=np.float64)


def indices(output: str, values: Floats, dimensions: int, seed: int) -> Indices:
    """Indices of one output's values [base x (D + 2)] at the points of :func:`design`.

    Raises :class:`sim.InputError` where values are missing, with their count. A constant has indices of nil.
    """
    from SALib.analyze import sobol

    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise sim.InputError(told_missing(output, missing, len(values)))
    none = np.zeros(dimensions)
    if np.ptp(values) <= 1e-9 * max(1.0, abs(float(values.mean()))):
        return Indices(output, none, none, none, none, float(values.mean()), 0.0)
    found = sobol.analyze(
        problem([f"x{i}" for i in range(dimensions)]), values, calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=np.random.default_rng([seed, 4]),
    )  # fmt: skip
    first, first_conf, total, total_conf = (
        np.asarray(found[key], dtype=np.float64) for key in ("S1", "S1_conf", "ST", "ST_conf")
    )
    return Indices(output, first, first_conf, total, total_conf, float(values.mean()), float(values.std()))


# --- through the emulator ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scaled:
    """An output on the emulator's scale: per cent = (value - ``low``) x ``per``."""

    output: str
    low: float
    per: float

    def back(self, per_cent: Floats | float) -> Floats:
        """The output in its own unit."""
        return np.asarray(np.asarray(per_cent, dtype=np.float64) / self.per + self.low)


def failed(reference: Reference) -> NDArray[np.bool_]:
    """Which rows [N] are of runs that failed: they tell nothing at all."""
    told = [np.isfinite(values).any(axis=1) for values in (reference.predictions, reference.outputs)]
    return np.asarray(~(told[0] | told[1]))


def table_of(reference: Reference, wanted: Sequence[str]) -> tuple[Reference, tuple[Scaled, ...], dict[str, str]]:
    """The table with outputs in the place of predictions, how they are scaled, and why others are left out."""
    columns, scales, left = [], [], {}
    for output in wanted:
        values = reference.output(output)
        missing = int((~np.isfinite(values)).sum())
        if missing:
            left[output] = told_missing(output, missing, len(values))
        elif np.unique(values).size < FEWEST_VALUES:
            left[output] = f"'{output}' takes {np.unique(values).size} values: cases, not a quantity to be emulated."
        else:
            low, high = float(values.min()), float(values.max())
            per = (100.0 - 2.0 * EDGE) / (high - low)
            scale = Scaled(output, low - EDGE / per, per)
            scales.append(scale)
            columns.append((values - scale.low) * per)
    targets = tuple(("output", scale.output) for scale in scales)
    predictions = np.column_stack(columns) if columns else np.empty((len(reference.points), 0))
    return replace(reference, targets=targets, predictions=predictions), tuple(scales), left


def usual(reference: Reference) -> tuple[str, ...]:
    """Outputs that are studied unless others are asked for: curves, and numbers of the table of outcomes."""
    named = [m for m in reference.measures if not m.startswith("pattern/") and not m.endswith("_date")]
    return tuple(m for m in named if kind_of(m) == "curve" or "/" not in m)


def study(
    reference: Reference,
    boxes: Sequence[Box],
    base: int,
    seed: int,
    wanted: Sequence[str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> tuple[Mapping[str, tuple[Indices, ...]], Mapping[str, str]]:
    """Box -> indices of every output, and why others have none. Rows of failed runs are left out, and told."""
    wrong = failed(reference)
    if wrong.any():
        tell(f"{int(wrong.sum())} of {len(wrong)} runs failed and are left out")
        reference = reference.keep(~wrong)
    table, scales, left = table_of(reference, usual(reference) if wanted is None else wanted)
    if not scales:
        return {box.of: () for box in boxes}, left
    tell(f"emulator of {len(scales)} outputs over {len(table.names)} parameters, from {len(table.points)} runs")
    emulator = Emulator.fit(table)
    found = {}
    for box in boxes:
        tell(f"indices over the {box.of}")
        predicted, known = emulator.mean(design(box, base, seed)), foretold(table, emulator, box)
        found[box.of] = tuple(
            replace(
                indices(scale.output, scale.back(predicted[:, i]), len(table.names), seed),
                error=float(emulator.error[i] / scale.per), chance=float(emulator.noise[i] / scale.per),
                foretold=float(known[i]),
            )
            for i, scale in enumerate(scales)
        )  # fmt: skip
    return found, left


def foretold(table: Reference, emulator: Emulator, box: Box) -> Floats:
    """The part [T] of the variance of runs that the emulator tells without having seen them, from points run once.

    Over the prior: of the runs of the first wave, which cover it; else of the later ones, which lie where the posterior
    does (of all, where there is one wave only). NaN where there are fewer than two such runs.
    """
    table = table.keep(answered(table))
    first = table.waves == table.waves.min()
    rows = run_once(table) & (first if box.of == PRIOR or first.all() else ~first)
    if rows.sum() < 2:
        return np.full(len(table.targets), math.nan)
    missed = np.mean((table.predictions - emulator.unseen)[rows] ** 2, axis=0)
    return np.asarray(1.0 - missed / np.var(table.predictions[rows], axis=0))
