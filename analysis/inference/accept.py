"""The shipped sets: candidates of the posterior really run, accepted by what their own runs say, for every lens.

Candidates are drawn through the emulator, a lens's from its own prior box, and each is run once. A run is one noisy
look at its point, so it is not taken for the truth about it: the emulator is fitted again with all these runs, the
discrepancy estimated again, and a candidate is kept with a chance in proportion to how much its likelihood gained. What
comes out is equally weighted, as draws should be. ``python -m analysis accept`` reads the working folder of
:mod:`analysis.inference.reference`, runs the candidates in it and, with ``--ship``, writes
``sim/evidence/parameter_sets.csv`` and ``.yaml`` and the report beside the table.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

import sim
from analysis.evidence.contests import contests
from analysis.inference.calibrate import Axis
from analysis.inference.emulator import Emulator
from analysis.inference.lens_axes import lenses
from analysis.inference.posterior import (
    SEED,
    SHIPPED_SETS,
    Discrepancy,
    Likelihood,
    Posterior,
    box_of,
    estimate,
    infer,
    modes,
)
from analysis.inference.reference import (
    FIRST_OF_CANDIDATES,
    SHIPPED,
    Plan,
    Reference,
    Work,
    behaviour,
    load,
    on_steps,
    run,
    run_seed,
    values,
    write,
)
from analysis.inference.sampler import LAST_MOVES
from analysis.running.plainly import plainly

Floats = NDArray[np.float64]
#: Candidates of the neutral lens and of each other, and the least of them that are kept.
CANDIDATES, EACH = 320, 46
KEPT, EACH_KEPT = 200, 40
#: Draws through the emulator: of the neutral posterior, of each lens's, and of those in between.
DRAWS, LENS_DRAWS, ROUGH = 2_000, 1_000, 600
#: Moves after the last step where directions are counted: alike draws would seem to narrow some and widen others.
LONG = 200


@dataclass(frozen=True)
class Accepted:
    """A lens's sets: ``points`` [M, D] of the cube, ``mode`` [M], ``fit`` [M] (log likelihood), the log evidence before
    and after the candidates' runs, how many candidates there were and for how many they count."""

    lens: str
    points: Floats
    mode: NDArray[np.int64]
    fit: Floats
    evidence: float
    evidence_run: float
    candidates: int
    count_for: float


def accept(gain: Floats, least: int, seed: Sequence[int]) -> NDArray[np.int64]:
    """Which candidates are kept, each with a chance in proportion to exp(gain), cut so that at least so many may be."""
    weight = np.exp(gain - gain.max())
    top = np.sort(weight)[::-1]
    # The cut is the highest at which enough are expected to be kept.
    cut = next((w for w in top if np.minimum(1.0, weight / w).sum() >= 1.1 * least), top[-1])
    drawn = np.random.default_rng(list(seed)).random(len(weight))
    kept = np.flatnonzero(drawn < weight / cut)
    if len(kept) < least:
        kept = np.sort(np.argsort(drawn - weight / cut, kind="stable")[:least])
    return np.asarray(kept)


def counts_for(gain: Floats) -> float:
    """How many equally good candidates they are worth."""
    weight = np.exp(gain - gain.max())
    return float(weight.sum() ** 2 / (weight**2).sum())


# --- the fit ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """The inference on a table, before any candidate is run: one posterior a lens, the neutral one first. ``doubt``: by
    how much a lens's log evidence differs between two samplings."""

    table: Reference
    emulator: Emulator
    discrepancy: Discrepancy
    posteriors: dict[str, Posterior]
    doubt: dict[str, float]

    def likelihood(self) -> Likelihood:
        """On the calibrate side."""
        return Likelihood(self.emulator, contests("calibrate"), self.discrepancy)


def fit(table: Reference, seed: int = SEED, last_moves: int = LAST_MOVES) -> Fit:
    """Emulator, discrepancy and the posterior of every lens. Only the calibrate side plays a part. ``last_moves``: of
    the neutral posterior, many where its directions are to be read off."""
    emulator, fitted = Emulator.fit(table), contests("calibrate")
    discrepancy, _ = estimate(emulator, fitted, count=ROUGH, seed=seed)
    found, doubt = {}, {}
    for lens in lenses():
        box, count = box_of(lens, table.axes), LENS_DRAWS if lens.ranges else DRAWS
        moves = LAST_MOVES if lens.ranges else last_moves
        found[lens.id] = infer(emulator, fitted, discrepancy, count=count, seed=seed, prior=box, last_moves=moves)
        again = infer(emulator, fitted, discrepancy, count=ROUGH, seed=seed + 1, prior=box)
        doubt[lens.id] = abs(found[lens.id].evidence - again.evidence)
    return Fit(table, emulator, discrepancy, found, doubt)


def candidates(posterior: Posterior, count: int, seed: int) -> NDArray[np.int64]:
    """Which draws of a posterior are run."""
    return np.sort(np.random.default_rng([seed, 11]).permutation(len(posterior.points))[:count])


def plan_of(over: tuple[Axis, ...], number: int, points: Floats, seed: int = SEED) -> Plan:
    """The runs of a lens's candidates: its own wave, no repeats."""
    wave = FIRST_OF_CANDIDATES + number
    return Plan(over, wave, on_steps(points), tuple(run_seed(seed, wave, i) for i in range(len(points))))


def select(made: Fit, again: Fit | None, seed: int = SEED) -> tuple[Accepted, ...]:
    """The sets of every lens: candidates of ``made`` that ``again``, the fit with their runs, bears out; the first of
    them, with no run looked at, where there is none."""
    before, after = made.likelihood(), (again or made).likelihood()
    found = []
    for number, (lens, posterior) in enumerate(made.posteriors.items()):
        least, most = (KEPT, CANDIDATES) if number == 0 else (EACH_KEPT, EACH)
        chosen = candidates(posterior, most, seed)
        points = on_steps(posterior.points[chosen])
        if again is not None and not _were_run(again.table, FIRST_OF_CANDIDATES + number, points):
            raise sim.InputError(f"the candidates of the lens '{lens}' are not those that were run.")
        known = after(points)
        gain = known - before(points)
        kept = np.arange(least) if again is None else accept(gain, least, [seed, 13, number])
        evidence = (again or made).posteriors[lens].evidence
        label, worth = modes(posterior)[chosen], counts_for(gain)
        found.append(
            Accepted(lens, points[kept], label[kept], known[kept], posterior.evidence, evidence, len(points), worth)
        )
    return tuple(found)


def _were_run(table: Reference, wave: int, points: Floats) -> bool:
    rows = table.points[table.waves == wave]
    return rows.shape == points.shape and bool(np.array_equal(rows, points))


# --- keeping ----------------------------------------------------------------------------------------------------------


def write_sets(folder: Path, made: Fit, accepted: Sequence[Accepted], note: str, *, provisional: bool) -> None:
    """``parameter_sets.csv`` and ``.yaml``: what every run draws from, and who made it."""
    best = max(float(a.fit.max()) for a in accepted)
    with (folder / "parameter_sets.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["set", "lens", "mode", "fit", *made.table.names])
        for a in accepted:
            for number, (point, mode, worth) in enumerate(zip(a.points, a.mode, a.fit, strict=True), start=1):
                cells = [f"{number:03d}", a.lens, int(mode), f"{worth - best:.2f}"]
                out.writerow([*cells, *(f"{v:.6g}" for v in values(made.table.axes, point).values())])
    top = max(a.evidence_run for a in accepted)
    data: dict[str, Any] = {
        "made_by": "make posterior",
        "made_on": date.today(),
        "model": made.table.behaviour,
        "runs": len(made.table.points),
        "agents": made.table.agents,
        "contests": [c.id for c in contests("calibrate")],
        "fits": {a.lens: round(a.evidence_run - top, 2) for a in accepted},
        "discrepancy": {kind: round(points, 2) for kind, points in made.discrepancy.points.items()},
        "provisional": provisional,
        "note": note,
    }
    yaml = YAML()
    yaml.default_flow_style = False
    with (folder / "parameter_sets.yaml").open("w", encoding="utf-8") as file:
        file.write("# Who made the sets beside this file. Written whole by `make posterior`; see docs/posterior.md.\n")
        yaml.dump(data, file)


# --- the command ------------------------------------------------------------------------------------------------------


def run_candidates(work: Work, made: Fit, jobs: int) -> Reference:
    """Run every lens's candidates in the working folder; what is done is not run again."""
    for number, posterior in enumerate(made.posteriors.values()):
        chosen = candidates(posterior, CANDIDATES if number == 0 else EACH, SEED)
        run(
            work, plan_of(made.table.axes, number, posterior.points[chosen]), jobs,
            lambda line: print(line, file=sys.stderr, flush=True),
        )  # fmt: skip
    return work.gather()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis accept", description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--out", type=Path, default=Path("results") / "reference", help="working folder")
    parser.add_argument("--ship", action="store_true", help="write the sets and the table of the repository")
    parser.add_argument("--provisional", action="store_true", help="draws through the emulator alone, and marked so")
    given = parser.parse_args(arguments)
    with plainly(f"interrupted; {given.out} keeps what was done, the same command continues."):
        _command(given)


def _command(given: argparse.Namespace) -> None:
    table = load(given.out / "table.parquet")
    made = fit(table.keep(table.waves < FIRST_OF_CANDIDATES))
    again, note = None, "From a small table and the emulator alone, to build with; no run of theirs was looked at."
    if not given.provisional:
        if behaviour(table.axes) != table.behaviour:
            raise sim.InputError("the model behaves otherwise than when the table was run. Run the table again.")
        done = run_candidates(Work(given.out, table.axes, table.behaviour, table.agents), made, given.jobs)
        again = fit(done, last_moves=LONG)
        note = "Candidates of the posterior, each run once and accepted by the fit that has seen their runs."
    accepted = select(made, again)
    for a in accepted:
        print(
            f"{a.lens}: {len(a.points)} of {a.candidates} kept, worth {a.count_for:.0f}; log evidence "
            f"{a.evidence:.2f}, with their runs {a.evidence_run:.2f}; {a.mode.max() + 1} modes"
        )
    folder = SHIPPED_SETS.parent if given.ship else given.out
    write_sets(folder, again or made, accepted, note, provisional=given.provisional)
    if again is not None:
        from analysis.inference import report

        path = report.REPORT if given.ship else given.out / report.REPORT.name
        report.keep(report.report(again, accepted), path)
        if given.ship:
            write(again.table, SHIPPED)
    print(f"wrote {folder / 'parameter_sets.csv'}")
