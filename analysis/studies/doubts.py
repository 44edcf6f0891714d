"""What depends on numbers set by hand or from memory: the same seeds with and without doubt about them.

Three doubts, each a scenario's ``doubt``: the magnitude of every effect of every event drawn within a factor of 1.5;
the figures from outside that rest on memory drawn within their error factor; those figures left out, all together and
one series at a time. What is shown: errors against the evidence, curves and outcomes, and the effect of a what-if that
doubts alike. ``python -m analysis doubts`` can be stopped and taken up.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import sim
from analysis.evidence.contests import contests
from analysis.evidence.scores import Figures, lines, score
from analysis.running.folders import STUDIES
from analysis.running.kept import Kept, failures, work_through, write_json
from analysis.running.plainly import plainly
from analysis.running.simulate import fingerprint
from analysis.studies.morris import kind_of
from analysis.studies.probe import EFFECT, FLAGSHIP, Probe, measure
from analysis.validation.looks import note_look

SHIPPED = STUDIES / "doubts.json"
OUT = Path("results") / "doubts"
FACTOR = 1.5
PLAIN = "as it stands"
ALONE = "without "
#: Doubt -> the parts of a scenario that it changes.
DOUBTS: Mapping[str, Mapping[str, Any]] = {
    PLAIN: {},
    "events": {"doubt": {"event_sizes": FACTOR}},
    "memory drawn": {"doubt": {"memory_drawn": "all"}},
    "memory left out": {"doubt": {"memory_left_out": "all"}},
}
ERRORS = (("calibrate", "bolshevik"), ("calibrate", "families"), ("validate", "bolshevik"), ("validate", "families"))


@dataclass(frozen=True)
class Setting:
    """What is run: seeds of each doubt, and of each series left out alone."""

    runs: int = 60
    alone: int = 6
    agents: int = 2_000
    seed: int = 1917
    what_if: str | None = FLAGSHIP


def from_memory() -> tuple[str, ...]:
    """Series from outside with figures from memory."""
    return tuple(name for name, series in sim.forcing().quantities.items() if series.memory)


def probes(setting: Setting) -> dict[str, Probe]:
    """Every run, by name: ``doubt/number``. All doubts share their seeds, and each seed its set of parameters."""
    sets = [tuple(one.values.items()) for one in sim.parameter_sets().of()]
    named = {name: (changes, setting.runs, setting.what_if) for name, changes in DOUBTS.items()}
    for series in from_memory():
        named[ALONE + series] = ({"doubt": {"memory_left_out": [series]}}, setting.alone, None)
    return {
        f"{name}/{k}": Probe(
            setting.seed + k, setting.agents, sets[k % len(sets)], changes, what_if
        )
        for name, (changes, runs, what_if) in named.items()
        for k in range(runs)
    }


def study(setting: Setting, jobs: int, out: Path, quiet: bool = False) -> dict[str, Any]:
    """Results by run; what is on file is not done again."""
    kept = Kept(out / "runs.jsonl", {"model": fingerprint(), **setting.__dict__})
    return work_through(probes(setting), measure, kept, jobs, "doubts", quiet)


# --- what comes of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One number over runs: mean and spread as it stands, and with a doubt; ``paired``: mean size of a run's change.

    ``n`` runs that hold it on both sides.
    """

    mean: float
    sd: float
    doubted: float
    doubted_sd: float
    paired: float
    n: int

    @property
    def added(self) -> float:
        """The standard deviation that the doubt adds to that of sets and seeds.

        Estimated with its sign: below zero the doubted runs happen to spread less, which is error of sampling.
        """
        more = self.doubted_sd**2 - self.sd**2
        return math.copysign(math.sqrt(abs(more)), more)


def runs_of(results: Mapping[str, Any], doubt: str) -> list[Mapping[str, Any]]:
    """The runs of one doubt, by number."""
    found = {int(name.rsplit("/", 1)[1]): run for name, run in results.items() if name.rsplit("/", 1)[0] == doubt}
    return [found[k] for k in sorted(found)]


def errors(results: Mapping[str, Any], doubt: str) -> dict[str, float]:
    """Mean absolute error of the mean of the runs, in points, by side and target."""
    figures: list[Figures] = [run["figures"] for run in runs_of(results, doubt)]
    found = lines(contests(), figures)
    return {f"{s}, {t}": score([line for line in found if line.contest.split == s], t).error for s, t in ERRORS}


def told(results: Mapping[str, Any], doubt: str) -> dict[str, Told]:
    """Every number that the runs hold with and without a doubt."""
    plain, doubted = runs_of(results, PLAIN), runs_of(results, doubt)
    pairs = list(zip(plain, doubted, strict=False))
    names = sorted({name for run in (*plain, *doubted) for name in run["numbers"]})
    found = {}
    for name in names:
        both = np.array([[run["numbers"].get(name, math.nan) for run in pair] for pair in pairs], dtype=np.float64)
        both = both[np.isfinite(both).all(axis=1)]
        if len(both) > 1:
            sd = both.std(axis=0, ddof=1)
            paired = float(np.abs(both[:, 1] - both[:, 0]).mean())
            found[name] = Told(
                float(both[:, 0].mean()), float(sd[0]), float(both[:, 1].mean()), float(sd[1]), paired, len(both)
            )
    return found


@dataclass(frozen=True)
class Shift:
    """How a doubt moves predictions: the mean size over targets of what it does to their means over runs, in points.

    ``most`` and ``where``: the target that moves most; ``redrawn``: the mean size that a change would have if sets and
    seeds were drawn once more. Each run has another set, so parameters are in it: it is more than chance.
    """

    mean: float
    most: float
    where: str
    redrawn: float


def shift(results: Mapping[str, Any], doubt: str) -> Shift:
    """What a doubt does to the predictions of the same seeds."""
    doubted = runs_of(results, doubt)
    plain = runs_of(results, PLAIN)[: len(doubted)]
    before, after = (
        {(x.contest.id, x.target): x for x in lines(contests(), [run["figures"] for run in runs])}
        for runs in (plain, doubted)
    )
    gaps = {key: after[key].mean - before[key].mean for key in before if key in after}
    where = max(gaps, key=lambda key: abs(gaps[key]))
    sd = np.array([before[key].spread for key in gaps]) * math.sqrt(len(plain) / max(len(plain) - 1, 1))
    # The mean size of the difference of two means of normal draws with this standard deviation.
    redrawn = float(np.mean(sd)) * math.sqrt(2.0 / len(plain)) * math.sqrt(2.0 / math.pi)
    return Shift(float(np.abs(list(gaps.values())).mean()), gaps[where], f"{where[0]}, {where[1]}", redrawn)


# --- the command ------------------------------------------------------------------------------------------------------


def as_dict(results: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """The tables in plain JSON types."""
    alone = {name[len(ALONE) :].rsplit("/", 1)[0] for name in results if name.startswith(ALONE)}
    return {
        "version": sim.__version__, "model": fingerprint(), "factor": FACTOR, **setting.__dict__,
        "alone_runs": setting.alone,
        "errors": {doubt: errors(results, doubt) for doubt in DOUBTS},
        "shift": {doubt: shift(results, doubt).__dict__ for doubt in DOUBTS if doubt != PLAIN},
        "numbers": {
            doubt: {name: t.__dict__ | {"added": t.added} for name, t in told(results, doubt).items() if _shown(name)}
            for doubt in DOUBTS if doubt != PLAIN
        },
        "alone": {series: shift(results, ALONE + series).__dict__ for series in sorted(alone)},
    }  # fmt: skip


def _shown(name: str) -> bool:
    return name.startswith(EFFECT) or kind_of(name) == "curve" or "/" not in name


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    usual = Setting()
    parser = argparse.ArgumentParser(prog="python -m analysis doubts", description=__doc__)
    parser.add_argument("--runs", type=int, default=usual.runs, help="seeds of each doubt")
    parser.add_argument("--alone", type=int, default=usual.alone, help="seeds of each series left out alone")
    parser.add_argument("--agents", type=int, default=usual.agents, help="simulated people in each run")
    parser.add_argument("--seed", type=int, default=usual.seed, help="first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--out", type=Path, default=OUT, help="working folder")
    parser.add_argument("--ship", action="store_true", help=f"write {SHIPPED.name} of the repository")
    given = parser.parse_args(arguments)
    setting = replace(usual, runs=given.runs, alone=given.alone, agents=given.agents, seed=given.seed)
    with plainly():
        results = study(setting, given.jobs, given.out)
    wrong = failures(results)
    for name, why in wrong.items():
        print(f"failed: {name}: {why}", file=sys.stderr)
    found = as_dict({name: run for name, run in results.items() if name not in wrong}, setting)
    path = SHIPPED if given.ship else given.out / "doubts.json"
    write_json(path, found)
    held = len({c.id for c in contests("validate")})
    error = found["errors"][PLAIN]["validate, bolshevik"]
    note_look((fingerprint(), held, setting.runs, setting.agents, f"doubts of {len(DOUBTS) - 1} kinds", error))
    for doubt, by_side in found["errors"].items():
        print(f"{doubt}: " + ", ".join(f"{name} {error:.1f}" for name, error in by_side.items()))
    print(f"Tables: {path}")
