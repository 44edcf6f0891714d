"""``october sensitivity``: which parameters matter (Morris, on the model) and how much each (Sobol, on its emulator).

Writes a tidy table of indices (CSV), the whole as JSON and a figure, and hands back what it found. Runs of a screening
are kept as they finish; the same call goes on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.inference import reference
from analysis.inference.reference import Reference
from analysis.running.kept import Kept, failures, work_through, write_json
from analysis.running.simulate import fingerprint
from analysis.studies import morris, sobol
from analysis.studies.morris import Screening
from analysis.studies.probe import EFFECT
from analysis.studies.sobol import Indices

Floats = NDArray[np.float64]
#: Outputs that figures and pages show: curves, outcomes, and the what-if's effect.
HEADLINES = (
    "bolshevik/petrograd/worker/1917-07-04", "bolshevik/fronts/soldier/1917-10-24",
    "bolshevik/villages/peasant/1917-10-24", "soviet_power/petrograd/worker/1917-07-04", "bolshevik_share_ca",
    "land_taken", "strikers_on_eve", "civil_war_risk_across",
)  # fmt: skip
EFFECT_HEADLINES = (
    "effect/bolshevik/empire/worker/1917-10-24", "effect/bolshevik/empire/peasant/1918-01-06",
    "effect/soviet_power/empire/worker/1918-01-06", "effect/civil_war_risk_across",
)  # fmt: skip
_PLACES = {"empire": "", "petrograd": " in Petrograd", "moscow": " in Moscow", "fronts": " at the fronts",
           "garrisons": " in garrisons", "villages": " in villages"}  # fmt: skip
_STRATA = {"worker": "workers", "soldier": "soldiers", "sailor": "sailors", "peasant": "peasants",
           "middle": "middle strata", "propertied": "propertied"}  # fmt: skip
_OUTCOMES = {
    "bolshevik_share_ca": "Bolsheviks in the Assembly's vote", "land_taken": "Villages that took land",
    "strikers_on_eve": "Strikers of the capital on the eve", "civil_war_risk_across": "Risk of war across classes",
    "civil_war_risk_within": "Risk of war within the popular classes", "men_gone_home": "Men who went home",
    "soviet_power_date": "Day on which power passes", "insurrection_came": "Power taken by force",
    "soviet_parties_end": "Parties of the Petrograd Soviet at the end", "deaths_high": "Deaths in shootings",
}  # fmt: skip


def title_of(output: str) -> str:
    """An output in words."""
    name = output.removeprefix(EFFECT)
    parts = name.split("/")
    if len(parts) == 4 and parts[0] in ("bolshevik", "soviet_power"):
        what = {"bolshevik": "Bolsheviks", "soviet_power": "Soviet power"}[parts[0]]
        day = date.fromisoformat(parts[3])
        told = f"{what}: {_STRATA[parts[2]]}{_PLACES.get(parts[1], f' in {parts[1]}')}, {day.day} {day:%b}"
    else:
        told = _OUTCOMES.get(name, name.replace("/", ": ").replace("_", " ").capitalize())
    return f"Effect on: {told}" if name != output else told


# --- Morris -----------------------------------------------------------------------------------------------------------


def screening(setting: morris.Setting, jobs: int, out: Path, quiet: bool = False) -> Screening:
    """Run what is missing of a screening, and analyse it. Raises :class:`sim.InputError` where a run failed."""
    kept = Kept(out / "runs.jsonl", {"model": fingerprint(), **setting.__dict__})
    runs = work_through(morris.probes(setting), morris.numbers, kept, jobs, "Morris", quiet)
    wrong = failures(runs)
    if wrong:
        name, why = next(iter(wrong.items()))
        raise sim.InputError(
            f"{len(wrong)} of {len(runs)} runs failed (the first: {name}: {why}). No index is reckoned from the rest."
        )
    return morris.screen(setting, runs)


def morris_rows(found: Screening) -> Iterable[dict[str, Any]]:
    """A row for each output and parameter."""
    names = found.setting.parameters
    for s in found.screened:
        for i, name in enumerate(names):
            yield {
                "kind": morris.kind_of(s.output), "output": s.output, "parameter": name,
                "mechanism": sim.DECLARATIONS[name].mechanism, "mu": s.mu[i], "mu_star": s.mu_star[i],
                "mu_star_conf": s.confidence[i], "sigma": s.sigma[i], "noise_floor": s.floor, "spread": s.spread,
            }  # fmt: skip


def morris_dict(found: Screening) -> dict[str, Any]:
    """The screening in plain JSON types: rankings, headlines, what nothing reads, what was refused and why."""
    names, kinds = found.setting.parameters, ("curve", "outcome", "effect")
    shown = [s for s in found.screened if s.output in (*HEADLINES, *EFFECT_HEADLINES)]
    return {
        "version": sim.__version__, "model": fingerprint(), **found.setting.__dict__,
        "parameters": list(names), "runs": len(morris.probes(found.setting)),
        "ranking": {kind: found.ranking(kind) for kind in kinds},
        "above_floor": {kind: above_floor(found, kind) for kind in kinds},
        "inert": {kind: inert(found, kind) for kind in kinds},
        "headlines": {
            s.output: {
                "floor": s.floor, "spread": s.spread,
                "effects": {n: [s.mu[i], s.mu_star[i], s.sigma[i]] for i, n in enumerate(names)},
            } for s in shown
        },
        "refused": {output: list(counts) for output, counts in found.refused.items()},
    }  # fmt: skip


def above_floor(found: Screening, kind: str) -> dict[str, float]:
    """Parameter -> part of the outputs of a kind on which its mu* passes the noise floor."""
    some = [s for s in found.screened if morris.kind_of(s.output) == kind and s.spread > 0.0]
    if not some:
        return {}
    part = np.mean([s.mu_star > s.floor for s in some], axis=0)
    return dict(zip(found.setting.parameters, part.tolist(), strict=True))


def inert(found: Screening, kind: str) -> list[str]:
    """Parameters whose effect on every output of a kind is exactly zero: nothing read them."""
    some = [s for s in found.screened if morris.kind_of(s.output) == kind]
    if not some:
        return []
    silent = np.all([s.mu_star == 0.0 for s in some], axis=0)
    return [name for name, quiet in zip(found.setting.parameters, silent, strict=True) if quiet]


# --- Sobol ------------------------------------------------------------------------------------------------------------


def boxes(table: Reference, sets: Path | str = "posterior") -> tuple[sobol.Box, ...]:
    """The prior, and the ranges that nine in ten of the shipped neutral sets keep to, where there are such sets."""
    prior = sobol.whole(len(table.axes))
    drawn = sim.parameter_sets(sets).of()
    if any(axis.name not in drawn[0].values for axis in table.axes):
        return (prior,)
    points = np.array([[axis.unit(one.values[axis.name]) for axis in table.axes] for one in drawn])
    return prior, sobol.around(np.clip(points, 0.0, 1.0))


def contributions(
    base: int, seed: int, wanted: Sequence[str] | None, table: Path | None, tell: Callable[[str], None]
) -> tuple[Reference, Mapping[str, tuple[Indices, ...]], Mapping[str, str]]:
    """The table, indices by box, and why outputs have none. ``wanted`` None: the usual outputs."""
    runs = reference.load(table)
    unknown = [name for name in wanted or () if name not in runs.measures]
    if unknown:
        raise sim.InputError(f"the reference table has no output '{unknown[0]}'.")
    found, left = sobol.study(runs, boxes(runs), base, seed, wanted, tell)
    refused = [why for name, why in left.items() if wanted is not None and name in wanted]
    if refused:
        raise sim.InputError(refused[0])
    return runs, found, left


def sobol_rows(names: Sequence[str], found: Mapping[str, Sequence[Indices]]) -> Iterable[dict[str, Any]]:
    """A row for each box, output and parameter."""
    for box, some in found.items():
        for s in some:
            for i, name in enumerate(names):
                yield {
                    "over": box, "kind": morris.kind_of(s.output), "output": s.output, "parameter": name,
                    "mechanism": sim.DECLARATIONS[name].mechanism, "first": s.first[i], "first_conf": s.first_conf[i],
                    "total": s.total[i], "total_conf": s.total_conf[i], "mean": s.mean, "sd": s.sd,
                    "emulator_error": s.error, "chance": s.chance, "foretold": s.foretold,
                }  # fmt: skip


def sobol_dict(
    table: Reference, found: Mapping[str, Sequence[Indices]], left: Mapping[str, str], base: int, seed: int
) -> dict[str, Any]:
    """The indices in plain JSON types."""
    return {
        "version": sim.__version__, "model": table.behaviour, "agents": table.agents,
        "runs": int((~sobol.failed(table)).sum()), "failed": int(sobol.failed(table).sum()),
        "parameters": list(table.names), "base": base, "seed": seed,
        "points": base * (len(table.names) + 2),
        "over": {
            box: {
                "mean_total": mean_total(some, table.names),
                "outputs": {
                    s.output: {
                        "mean": s.mean, "sd": s.sd, "error": s.error, "chance": s.chance, "foretold": s.foretold,
                        "indices": {
                            n: [s.first[i], s.first_conf[i], s.total[i], s.total_conf[i]]
                            for i, n in enumerate(table.names)
                        },
                    } for s in some if s.output in HEADLINES
                },
            } for box, some in found.items()
        },
        "left_out": dict(left),
    }  # fmt: skip


def mean_total(found: Sequence[Indices], names: Sequence[str]) -> dict[str, float]:
    """Parameter -> mean total index over curves, most first."""
    curves = [s for s in found if morris.kind_of(s.output) == "curve" and s.sd > 0.0]
    if not curves:
        return {}
    mean = np.mean([s.total for s in curves], axis=0)
    return {names[i]: float(mean[i]) for i in np.argsort(-mean, kind="stable")}


# --- files ------------------------------------------------------------------------------------------------------------


def write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]], whole: Mapping[str, Any]) -> None:
    """``NAME.csv``, tidy, and ``NAME.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    every = list(rows)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(every[0]) if every else [], lineterminator="\n")
        out.writeheader()
        for row in every:
            out.writerow({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()})
    write_json(folder / f"{name}.json", whole)


# --- told on a terminal -----------------------------------------------------------------------------------------------


Told = tuple[tuple[str, ...], list[tuple[str, ...]], str]


def morris_listing(found: Screening, most: int = 20) -> Told:
    """Headings, rows and note: the parameters that matter most, by mean mu* in standard deviations of the output."""
    kinds = ("curve", "outcome", "effect")
    rankings = {kind: found.ranking(kind) for kind in kinds}
    above = {kind: above_floor(found, kind) for kind in kinds}
    order = sorted(found.setting.parameters, key=lambda n: -max(r.get(n, 0.0) for r in rankings.values()))
    rows = [
        (name, sim.DECLARATIONS[name].mechanism,
         *(f"{rankings[k][name]:.2f} ({100 * above[k][name]:.0f} %)" if rankings[k] else "-" for k in kinds))
        for name in order[:most]
    ]  # fmt: skip
    headings = ("parameter", "mechanism", "curves", "outcomes", "effect")
    note = ("mu* in standard deviations of an output over the design, mean over outputs; in brackets the part of the "
            "outputs on which it passes the noise floor.")  # fmt: skip
    return headings, rows, note


def sobol_listing(names: Sequence[str], found: Mapping[str, Sequence[Indices]], most: int = 20) -> Told:
    """Headings, rows and note: the parameters with the largest mean total index over curves, by box."""
    means = {box: mean_total(some, names) for box, some in found.items()}
    order = sorted(names, key=lambda n: -max(mean.get(n, 0.0) for mean in means.values()))
    headings = ("parameter", "mechanism", *(f"total, {box}" for box in means))
    rows = [
        (n, sim.DECLARATIONS[n].mechanism, *(f"{mean.get(n, 0.0):.3f}" for mean in means.values()))
        for n in order[:most]
    ]
    return headings, rows, "Mean over curves of the total index."
