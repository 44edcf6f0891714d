"""What the inference is worth before it is shown: simulated truths recovered, and intervals that hold what they say.

A row of the table is taken for history: its prediction, with a draw of the discrepancy on it, is the evidence; the
emulator is fitted without any such row. Then the truth is known, and so are the contests of the side not fitted.
``python -m analysis recovery`` writes ``recovery.json`` beside the table.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import Contest, contests
from analysis.inference.emulator import Emulator
from analysis.inference.posterior import SEED, Discrepancy, infer, shipped_discrepancy
from analysis.inference.reference import FIRST_OF_CANDIDATES, SHIPPED, Reference, load
from analysis.running.plainly import plainly

Floats = NDArray[np.float64]
REPORT = SHIPPED.with_name("recovery.json")
#: Truths from over the prior, and from the last wave before the candidates, where history is.
FROM_PRIOR, FROM_LAST = 24, 16
#: Draws of each inference.
DRAWS = 400
LEVELS = (0.5, 0.9)


@dataclass(frozen=True)
class Recovery:
    """Over simulated truths: by parameter, the correlation of the posterior's mean with the truth and the share of the
    prior's standard deviation that is left; coverage of intervals by level, of all parameters and of contests not
    fitted (and their mean width in points); directions informed, on the mean; how many truths."""

    truths: int
    correlation: Mapping[str, float]
    left: Mapping[str, float]
    parameters: Mapping[str, float]
    contests: Mapping[str, float]
    width: Mapping[str, float]
    informed: float


def truths(table: Reference, wave: int, count: int, seed: int = SEED) -> NDArray[np.int64]:
    """Rows of a wave that answer everything asked on the calibrate side."""
    fitted = {c.id for c in contests("calibrate")}
    asked = np.array([contest in fitted for contest, _ in table.targets])
    there = np.flatnonzero((table.waves == wave) & np.isfinite(table.predictions[:, asked]).all(axis=1))
    return np.sort(np.random.default_rng([seed, 17, wave]).permutation(there)[:count])


def without_truths(table: Reference, rows: NDArray[np.int64]) -> Reference:
    """The table without these rows, nor repeats of their points."""
    taken = {point.tobytes() for point in table.points[rows]}
    return table.keep(np.array([point.tobytes() not in taken for point in table.points]))


def as_history(
    table: Reference, row: int, discrepancy: Discrepancy, wanted: Sequence[Contest], seed: int
) -> list[Contest]:
    """The contests as they would have been counted, had this run been history and the model been this far off."""
    rng = np.random.default_rng([seed, 19, row])
    found = []
    for contest in wanted:
        seen = {}
        for target in contest.observed:
            if (contest.id, target) in table.targets:
                share = float(table.predictions[row, table.column(contest.id, target)])
                if np.isfinite(share):
                    off = float(discrepancy.sd(contest, share)) * rng.standard_normal()
                    seen[target] = float(np.clip(share + off, 0.0, 100.0))
        if seen:
            found.append(replace(contest, observed=seen))
    return found


def recover(
    table: Reference, emulator: Emulator, rows: NDArray[np.int64], discrepancy: Discrepancy, seed: int = SEED
) -> Recovery:
    """Infer each truth in turn. The emulator must not have seen its row."""
    means, deviations, ranks, held, informed = [], [], [], [], []
    for row in rows:
        fitted = as_history(table, row, discrepancy, contests("calibrate"), seed)
        posterior = infer(emulator, fitted, discrepancy, count=DRAWS, seed=seed + int(row))
        means.append(posterior.points.mean(axis=0))
        deviations.append(posterior.points.std(axis=0) * np.sqrt(12.0))
        ranks.append((posterior.points < table.points[row]).mean(axis=0))
        informed.append(posterior.informed())
        unfitted = as_history(table, row, discrepancy, contests("validate"), seed + 1)
        held.append(hold(emulator, posterior.points, unfitted, discrepancy, seed + int(row)))
    names, truth, mean = table.names, table.points[rows], np.array(means)
    rank = np.array(ranks)
    inside = np.concatenate([h[0] for h in held], axis=1)
    width = np.concatenate([h[1] for h in held], axis=1)
    return Recovery(
        len(rows),
        {n: float(np.corrcoef(truth[:, i], mean[:, i])[0, 1]) for i, n in enumerate(names)},
        {n: float(np.mean([d[i] for d in deviations])) for i, n in enumerate(names)},
        {f"{level:g}": float((np.abs(rank - 0.5) <= level / 2.0).mean()) for level in LEVELS},
        {f"{level:g}": float(inside[k].mean()) for k, level in enumerate(LEVELS)},
        {f"{level:g}": float(width[k].mean()) for k, level in enumerate(LEVELS)},
        float(np.mean(informed)),
    )


def hold(
    emulator: Emulator, points: Floats, wanted: Sequence[Contest], discrepancy: Discrepancy, seed: int
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether intervals of each level hold the figures [levels, targets], and how wide they are in points: parameters,
    emulator, chance and discrepancy together."""
    chosen = [(c, t) for c in wanted for t in c.observed]
    part = emulator.only(np.array([emulator.targets.index((c.id, t)) for c, t in chosen]))
    mean, sd = part.predict(points)
    rng = np.random.default_rng([seed, 23])
    off = np.stack([discrepancy.sd(c, mean[:, k]) for k, (c, _) in enumerate(chosen)], axis=1)
    spread = np.sqrt(sd**2 + part.noise**2 + off**2)
    drawn = np.clip(mean + spread * rng.standard_normal(mean.shape), 0.0, 100.0)
    observed = np.array([c.observed[t] for c, t in chosen])
    inside, width = [], []
    for level in LEVELS:
        low, high = np.quantile(drawn, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=0)
        inside.append((observed >= low) & (observed <= high))
        width.append(high - low)
    return np.array(inside), np.array(width)


def study(table: Reference, discrepancy: Discrepancy, seed: int = SEED) -> dict[str, Recovery]:
    """Recovery over the prior and, with later waves, where history is."""
    last = int(table.waves.max())
    rows = {"prior": truths(table, 1, FROM_PRIOR, seed)}
    if last > 1:
        rows["last wave"] = truths(table, last, FROM_LAST, seed)
    emulator = Emulator.fit(without_truths(table, np.concatenate(list(rows.values()))), seed)
    return {name: recover(table, emulator, own, discrepancy, seed) for name, own in rows.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis recovery", description=__doc__.split("\n")[0])
    parser.add_argument("--table", type=Path, default=SHIPPED, help="a reference table")
    parser.add_argument("--out", type=Path, default=REPORT, help="where the report goes")
    given = parser.parse_args(arguments)
    with plainly():
        table = load(given.table)
        found = study(table.keep(table.waves < FIRST_OF_CANDIDATES), shipped_discrepancy())
    given.out.write_text(json.dumps({name: asdict(r) for name, r in found.items()}, indent=1) + "\n", encoding="utf-8")
    for name, r in found.items():
        print(
            f"{name}: {r.truths} truths; 90 per cent intervals hold {100 * r.parameters['0.9']:.0f} per cent of "
            f"parameters and {100 * r.contests['0.9']:.0f} of contests not fitted (mean width {r.width['0.9']:.0f}); "
            f"{r.informed:.1f} informed directions"
        )
