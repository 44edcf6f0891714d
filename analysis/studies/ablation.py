"""What each mechanism contributes: switched off, refitted, scored on contests that were not fitted.

Each variant does without one mechanism of the day, or without one term that stands inside a larger mechanism (a
parameter put at its end, a rule of representation changed). Every variant, the full model among them, is refitted from
the shipped point with the same few runs (:mod:`analysis.studies.refit`), then run with fresh seeds to April 1918:
errors by side, patterns, and the outcomes that change. An error that rises without it is what a mechanism contributes
to the fit; patterns and outcomes are what it carries besides. Held-out scores are printed, never used: nothing is
chosen by them.

``python -m analysis ablation`` can be stopped and taken up.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.evidence import patterns
from analysis.evidence.contests import Split, contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.outputs import DAYS, outputs
from analysis.evidence.patterns import PATTERNS
from analysis.evidence.scores import Figures, Line, in_space, lines, over_time
from analysis.evidence.verdicts import judge
from analysis.inference.calibrate import Axis, answers, axes, last_day, objective
from analysis.running.folders import STUDIES
from analysis.running.kept import Kept, failures, work_through, write_json
from analysis.running.plainly import plainly
from analysis.running.simulate import Task, fingerprint, tables, warm
from analysis.studies.refit import refit, values
from analysis.validation.comparison import UNTIL
from analysis.validation.looks import note_look

Floats = NDArray[np.float64]
FULL = "full model"
SHIPPED = STUDIES / "ablation.json"
OUT = Path("results") / "ablation"
#: Resamples of contests behind an interval, and the part of them that it holds.
RESAMPLES, LEVEL = 2_000, 0.9
#: An outcome is changed when it moves by this many standard deviations of the full model's runs, at least.
MOVED = 3.0
#: Standard errors that the seeds of many runs would have to err for a contribution to be chance (of few: :func:`sure`).
CERTAIN = 3.0
#: An error that falls by more points than this without a mechanism, and by more than chance, is told.
FALL = 1.0


@dataclass(frozen=True)
class Variant:
    """One model to be compared: what it does without, and how. ``other``: the evidence that speaks for it otherwise."""

    name: str
    kind: str
    without: str
    other: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What is run for each variant: ``runs`` a point of the refit, then ``looks`` with fresh seeds."""

    agents: int = 2_000
    runs: int = 2
    evaluations: int = 32
    looks: int = 6
    seed: int = 1917


def _off(name: str, without: str, other: str) -> Variant:
    return Variant(name, "mechanism", without, other, changes={"off": [name]})


def _at(name: str, without: str, other: str, **parameters: float) -> Variant:
    return Variant(name, "term", without, other, parameters=parameters)


VARIANTS: tuple[Variant, ...] = (
    Variant(FULL, "all", "nothing", ""),
    _off("economy", "grain withheld, wages won, closures and workers' control",
         "lockouts and control: D-061, D-129, S259; grain and goods: D-050"),
    _off("war", "obedience, desertion, what the front costs",
         "desertion: pattern 14, S148 to S150; who fights: patterns 11 and 12"),
    _off("demands", "demands that follow hardship and policy", "D-014; model.md: allegiance answers to demands"),
    _off("blame", "charging those in office with what is suffered", "D-026; prototype: 4 points along time"),
    _off("credibility", "belief kept, broken, borne out, passed on", "D-053, D-160; decrees: history.md"),
    _off("reach", "changes in who is heard: repression, press, ties", "D-036, D-097, D-158; A-003"),
    _off("attitudes", "people changing their mind at all", "the outcome itself"),
    _off("assemblies", "plants, companies and villages pulling their members together", "D-015; a lens setting"),
    _off("soviet_power", "support for soviet power changing", "pattern 2: policy before party; D-001, D-004"),
    _off("readiness", "readiness to move, outrage, patience, fear", "strikers of February: pattern 1; D-019 to D-031"),
    _off("action", "strikes, demonstrations, seizures, Red Guard", "patterns 1, 9, 10; S114 to S120, S164 to S175"),
    _off("strength", "who would obey whom, and the odds of force", "patterns 11 and 12; free history needs its odds"),
    _off("party_levels", "base and centre settling a party's line", "D-101; A-031; free history"),
    _off("membership", "party cards", "A-081, A-203; party cells in action: D-028, D-096"),
    _off("knowledge", "what people know of a party's programme", "D-130 to D-133; F-70 to F-72; a lens setting"),
    _at("warnings borne out", "credit for a warning that an event bears out", "D-026, D-092; prototype",
        vindication_rate=0.05),
    _at("failure in office", "loss of belief in those in office who deliver nothing", "D-053", failure_rate=0.005),
    _at("distance by rail", "the press of the capitals fading with distance by rail", "prototype: 4 to 7 points",
        rail_distance=6_000.0),
    _at("distance to fronts", "their word fading along the fronts", "prototype; pattern 6", front_distance=2_000.0),
    _at("kin, front, neighbours", "hearing more of a party where one's own people follow it", "D-036, D-097, D-158",
        kin_tie=0.0),
    _at("industry around", "garrisons and villages hearing the industry around them", "prototype: garrisons",
        industry_pull=0.2),
    _at("villages' own distance", "villages being reached less than towns", "D-054, A-003", village_access=1.0),
    _at("class independence", "discount for allies of the propertied", "D-012, D-013, D-108; lens D-153",
        independence_weight=0.0),
    _at("soviet power as an issue", "agreement on soviet power in party choice", "D-154; a lens setting",
        soviet_issue_weight=0.0),
    _at("refusal of a coalition", "support for soviet power from distrust of shared power", "pattern 2; D-001, D-004",
        soviet_coalition=0.0),
    _at("fear of a split", "holding back where the local majority stands alone", "D-110; a lens", split_fear=0.0),
    _at("belief passed on", "belief passing along ties", "D-015, D-036, D-097", belief_spread=0.005),
    _at("foreign tongue", "a party of one people being heard less by others",
        "history.md correction 3; the census of 1897", foreign_tongue=0.3),
    _at("tongue barrier", "papers and strangers' talk being lost on people of another tongue",
        "history.md correction 3; the census of 1897", tongue_barrier=0.0),
    _at("inheritance", "what people brought from 1905 to 1916", "E-056; history.md; the elections of May",
        identity_weight=0.2),
    Variant("the frozen SR list", "term", "one SR list for both wings in November",
            "D-083; lists were closed before the split", changes={"representation": {"sr_lists": "split"}}),
)  # fmt: skip


# --- one variant ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """One variant to be refitted and looked at."""

    variant: Variant
    setting: Setting


def axes_left(variant: Variant) -> tuple[Axis, ...]:
    """The calibrated parameters that a variant leaves to be fitted."""
    return tuple(axis for axis in axes() if axis.name not in variant.parameters)


def shipped_point() -> dict[str, float]:
    """Where every refit starts: the shipped neutral set that fits best, as parameters."""
    return dict(max(sim.parameter_sets().of(), key=lambda one: one.fit).values)


def do(piece: Piece) -> dict[str, Any]:
    """Refit a variant and look at it with fresh seeds: its point, losses, predictions, patterns and outcomes."""
    warm()
    variant, s, over, fitted = piece.variant, piece.setting, axes_left(piece.variant), objective()
    days, until, began = days_asked(fitted.contests), last_day(fitted.contests), shipped_point()

    def run(point: Floats) -> list[Figures]:
        parameters = tuple({**began, **values(over, point), **variant.parameters}.items())
        return [
            answers(Task(s.seed + k, s.agents, until, days=days, parameters=parameters, changes=variant.changes))
            for k in range(s.runs)
        ]

    start = np.clip([axis.unit(began.get(axis.name, axis.default)) for axis in over], 0.0, 1.0)
    found = refit(run, fitted, start, s.evaluations)
    chosen = {**began, **values(over, found.point), **variant.parameters}
    looked = [look(variant, s, chosen, k) for k in range(s.looks)]
    return {
        "values": chosen, "loss": found.loss, "began": found.began, "evaluations": found.evaluations,
        "figures": [one[0] for one in looked], "patterns": [one[1] for one in looked],
        "outputs": [one[2] for one in looked],
    }  # fmt: skip


def look(variant: Variant, s: Setting, parameters: Mapping[str, float], k: int) -> tuple[Figures, Any, Any]:
    """One run to April 1918 with a seed that the refit did not use: predictions, patterns' numbers, outputs."""
    days = tuple(sorted({*days_asked(), *patterns.DAYS, *DAYS}))
    task = Task(
        s.seed + 1_000 + k, s.agents, UNTIL, every=7, days=days, parameters=tuple(parameters.items()),
        changes=variant.changes,
    )  # fmt: skip
    recorded = tables(task)
    kept = {name: value for name, value in outputs(recorded).items() if not name.startswith("pattern/")}
    return predict(recorded, contests()), patterns.measure(recorded), kept


# --- what comes of it -------------------------------------------------------------------------------------------------

#: Name of a measure of error -> its side, the target, and which lines belong to it.
MEASURES: Mapping[str, tuple[Split, str, Any]] = {
    "calibrate": ("calibrate", "bolshevik", lambda line: True),
    "validate": ("validate", "bolshevik", lambda line: True),
    "validate, in space": ("validate", "bolshevik", in_space),
    "validate, in time": ("validate", "bolshevik", over_time),
    "validate, families": ("validate", "families", lambda line: True),
}


@dataclass(frozen=True)
class Contribution:
    """An error without the mechanism, and by how much it is larger than the full model's: interval over contests.

    ``chance``: standard error of the difference from the seeds of the runs alone, ``seeds`` of them, which both models
    share.
    """

    error: float
    more: float
    low: float
    high: float
    chance: float
    n: int
    seeds: int

    @property
    def certain(self) -> bool:
        """Whether neither the choice of contests nor the seeds explain that the error differs, either way."""
        return (self.low > 0.0 or self.high < 0.0) and abs(self.more) > sure(self.seeds) * self.chance

    @property
    def falls(self) -> bool:
        """Whether the error is smaller without the mechanism by more than :data:`FALL` and the seeds explain."""
        return self.more < -FALL and self.more < -CERTAIN * self.chance


def sure(seeds: int) -> float:
    """Standard errors, estimated from so few seeds, that are as rare as :data:`CERTAIN` known ones (Student's t)."""
    from scipy import special

    return float(special.stdtrit(seeds - 1, special.ndtr(CERTAIN)))


@dataclass(frozen=True)
class Row:
    """A variant beside the full model."""

    variant: Variant
    loss: float
    began: float
    errors: Mapping[str, Contribution]
    met: tuple[str, ...]
    lost: tuple[str, ...]
    won: tuple[str, ...]
    moved: tuple[tuple[str, float], ...]
    lenses: tuple[str, ...]

    @property
    def contributes(self) -> bool:
        """Whether an error rises without it by more than contests and chance explain."""
        return any(c.certain and c.more > 0.0 for c in self.errors.values())


def compare(results: Mapping[str, Mapping[str, Any]], variants: Sequence[Variant], seed: int) -> list[Row]:
    """Each variant beside the full model, which must be among the results."""
    full = results[FULL]
    return [_row(variant, results[variant.name], full, seed) for variant in variants if variant.name in results]


def _row(variant: Variant, own: Mapping[str, Any], full: Mapping[str, Any], seed: int) -> Row:
    errors = {name: contribution(own["figures"], full["figures"], name, seed) for name in MEASURES}
    met, before = _met(own), _met(full)
    return Row(
        variant, own["loss"], own["began"], errors, tuple(sorted(met)), tuple(sorted(before - met)),
        tuple(sorted(met - before)), moved(own["outputs"], full["outputs"]), lenses_that_set(variant),
    )  # fmt: skip


def by_contest(runs: Sequence[Figures], measure: str) -> dict[str, float]:
    """Contest -> mean absolute error of its targets, in points."""
    side, target, belongs = MEASURES[measure]
    chosen = [line for line in lines(contests(side), runs) if belongs(line)]
    found: dict[str, list[float]] = {}
    for line in chosen:
        if _counts(line, target):
            found.setdefault(line.contest.id, []).append(abs(line.difference))
    return {contest: float(np.mean(errors)) for contest, errors in found.items()}


def _counts(line: Line, target: str) -> bool:
    if line.contest.is_motion:
        return False
    return target == "families" or line.target == target


def contribution(own: Sequence[Figures], full: Sequence[Figures], measure: str, seed: int) -> Contribution:
    """What an error gains without the mechanism, over contests that both answer; runs at one place share their seed."""
    a, b = by_contest(own, measure), by_contest(full, measure)
    both = [contest for contest in b if contest in a]
    if not both:
        return Contribution(math.nan, math.nan, math.nan, math.nan, math.nan, 0, len(own))
    gaps = np.array([a[c] - b[c] for c in both])
    drawn = np.random.default_rng([seed, 5]).integers(0, len(gaps), (RESAMPLES, len(gaps)))
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(gaps[drawn].mean(axis=1), (tail, 1.0 - tail))
    chance = _paired_jackknife(own, full, measure, both)
    error = float(np.mean([a[c] for c in both]))
    return Contribution(error, float(gaps.mean()), float(low), float(high), chance, len(both), len(own))


def _paired_jackknife(own: Sequence[Figures], full: Sequence[Figures], measure: str, chosen: Sequence[str]) -> float:
    """Standard error, from the seeds, of the difference of two errors: each seed is left out of both models at once."""
    n = len(own)
    if n != len(full):
        raise ValueError(f"{n} runs and {len(full)} of the full model: they can't share their seeds")
    if n < 2:
        return math.nan
    left = []
    for i in range(n):
        a, b = (by_contest([*runs[:i], *runs[i + 1 :]], measure) for runs in (own, full))
        left.append(np.mean([a[c] - b[c] for c in chosen]))
    return float(np.sqrt((n - 1) / n * np.sum((np.array(left) - np.mean(left)) ** 2)))


def _met(result: Mapping[str, Any]) -> set[str]:
    verdicts = [judge(pattern, [_numbers(run.get(pattern.id)) for run in result["patterns"]]) for pattern in PATTERNS]
    return {v.pattern.id for v in verdicts if v.status in ("met", "met in part")}


def _numbers(value: Any) -> dict[str, float] | None:
    return value if isinstance(value, dict) else None


def moved(own: Sequence[Mapping[str, float]], full: Sequence[Mapping[str, float]]) -> tuple[tuple[str, float], ...]:
    """Outcomes that change most, with the change in standard deviations of the full model's runs, greatest first."""
    found = []
    for name in full[0]:
        if "/" in name:
            continue
        values = [np.array([run.get(name, math.nan) for run in runs], dtype=np.float64) for runs in (own, full)]
        if not all(np.isfinite(v).all() for v in values):
            continue
        spread = max(float(values[1].std(ddof=1)), 0.01 * abs(float(values[1].mean())), 1e-6)
        change = float(values[0].mean() - values[1].mean()) / spread
        if abs(change) >= MOVED:
            found.append((name, change))
    return tuple(sorted(found, key=lambda item: -abs(item[1])))


def lenses_that_set(variant: Variant) -> tuple[str, ...]:
    """Lenses that set a parameter of the mechanism, or do without it."""
    names = set(variant.parameters)
    if variant.kind == "mechanism":
        names = {d.name for d in sim.DECLARATIONS.values() if d.mechanism == variant.name}
    lenses = {name: sim.load_lens(name) for name in sim.shipped_lenses()}
    return tuple(id for id, lens in lenses.items() if names & set(lens.parameters) or variant.name in lens.off)


# --- the command ------------------------------------------------------------------------------------------------------


def study(setting: Setting, variants: Sequence[Variant], jobs: int, out: Path, quiet: bool = False) -> dict[str, Any]:
    """Results by variant; what is on file is not done again."""
    kept = Kept(out / "variants.jsonl", {"model": fingerprint(), **setting.__dict__})
    return work_through({v.name: Piece(v, setting) for v in variants}, do, kept, jobs, "ablation", quiet)


def as_dict(rows: Sequence[Row], setting: Setting) -> dict[str, Any]:
    """The table in plain JSON types."""
    return {
        "version": sim.__version__, "model": fingerprint(), **setting.__dict__,
        "variants": [
            {"name": r.variant.name, "kind": r.variant.kind, "without": r.variant.without, "other": r.variant.other,
             "loss": r.loss, "began": r.began, "axes": len(axes_left(r.variant)),
             "errors": {n: c.__dict__ | {"certain": c.certain, "falls": c.falls} for n, c in r.errors.items()},
             "contributes": r.contributes, "patterns_met": list(r.met), "patterns_lost": list(r.lost),
             "patterns_won": list(r.won), "outcomes_moved": dict(r.moved),
             "lenses": list(r.lenses)} for r in rows
        ],
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis ablation", description=__doc__)
    usual = Setting()
    parser.add_argument("--evaluations", type=int, default=usual.evaluations, help="points run for each refit")
    parser.add_argument("--runs", type=int, default=usual.runs, help="runs of a point")
    parser.add_argument("--looks", type=int, default=usual.looks, help="runs with fresh seeds")
    parser.add_argument("--agents", type=int, default=usual.agents, help="simulated people in each run")
    parser.add_argument("--seed", type=int, default=usual.seed, help="seed of all chance")
    parser.add_argument("--only", nargs="*", default=[], help="variants by name; the full model is always there")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--out", type=Path, default=OUT, help="working folder")
    parser.add_argument("--ship", action="store_true", help=f"write {SHIPPED.name} of the repository")
    given = parser.parse_args(arguments)
    names = [v.name for v in VARIANTS]
    strangers = [name for name in given.only if name not in names]
    setting = replace(usual, evaluations=given.evaluations, runs=given.runs, looks=given.looks, agents=given.agents,
                      seed=given.seed)  # fmt: skip
    some = [v for v in VARIANTS if not given.only or v.name in (FULL, *given.only)]
    least = len(axes()) + 2  # a point to start from, a slope for each axis, a trial step
    with plainly():
        if strangers:
            raise sim.InputError(f"unknown variant '{strangers[0]}'. Expected one of: {', '.join(names)}.")
        if setting.evaluations < least:
            raise sim.InputError(f"--evaluations {setting.evaluations} are too few to refit. Expected {least} or more.")
        results = study(setting, some, given.jobs, given.out)
        wrong = failures(results)
        for name, why in wrong.items():
            print(f"failed: {name}: {why}", file=sys.stderr)
        if FULL in wrong:
            raise sim.InputError(f"the full model failed, so nothing can be compared: {wrong[FULL]}")
    rows = compare({k: v for k, v in results.items() if k not in wrong}, some, setting.seed)
    path = SHIPPED if given.ship else given.out / "ablation.json"
    write_json(path, as_dict(rows, setting))
    held = rows[0].errors["validate"]
    told = f"ablation of {len(rows)} variants"
    note_look((fingerprint(), held.n, setting.looks, setting.agents, told, held.error))
    for row in rows:
        told = ", ".join(f"{name} {c.error:.1f} ({c.more:+.1f})" for name, c in row.errors.items())
        print(f"{row.variant.name}: {told}; {len(row.met)} patterns met")
    print(f"Table: {path}")
