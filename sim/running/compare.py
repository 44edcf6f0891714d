"""Comparing: paired ensembles of a base and others in one directory, with the tables of their differences."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sim.history.freedom import free_from
from sim.history.parting import own_past, parting
from sim.inputs.parameter_sets import Wanted, chosen
from sim.inputs.scenario import Scenario, scenario_hash
from sim.running import manifest, store, tables
from sim.running.comparison import Comparison
from sim.running.intervals import LEVEL
from sim.running.pairs import Pairs, eve
from sim.running.plan import Plan
from sim.running.progress import Report
from sim.running.results import Results
from sim.running.vocabulary import load, under
from sim.words.calendar import parse_date
from sim.words.errors import InputError
from sim.words.identifiers import POSTERIOR


def compare(
    base: Scenario | str | Path,
    *others: Scenario | str | Path,
    runs: int = 20,
    agents: int = 20_000,
    seed: int = 1917,
    jobs: int = 1,
    until: date | str | None = None,
    every: int = 7,
    out: str | Path | None = None,
    format: store.Format = "parquet",
    parameters: Wanted = POSTERIOR,
    lens: str | None = None,
) -> Comparison:
    """Run scenarios with the same seeds, the past that they share lived once, and set them side by side.

    Options as for :func:`sim.run`. With ``out`` everything stays in that directory, a folder for each scenario, where
    the same call goes on after an interruption; without it the tables are held in memory.

    >>> comparison = sim.compare("historical", "no_offensive", runs=20)  # doctest: +SKIP
    >>> comparison.plot().savefig("difference.png")  # doctest: +SKIP
    """
    plans = plans_of((base, *others), runs, agents, seed, until, every, format, parameters, lens)
    if out is not None:
        return Comparing(plans, Path(out), jobs).execute()
    with tempfile.TemporaryDirectory(prefix="october1917-") as folder:
        kept = Comparing(plans, Path(folder) / "compared", jobs).execute()
        base_kept, *others_kept = (_in_memory(results) for results in kept.results)
        named = dict(zip(kept.others, others_kept, strict=True))
        return Comparison(base=base_kept, others=named, told=kept.manifest)


def plans_of(
    scenarios: Sequence[Scenario | str | Path], runs: int = 20, agents: int = 20_000, seed: int = 1917,
    until: date | str | None = None, every: int = 7, format: store.Format = "parquet",
    parameters: Wanted = POSTERIOR, lens: str | None = None, first: date | None = None,
) -> list[Plan]:  # fmt: skip
    """One plan a scenario, alike in all but that; seen through a lens if one is named."""
    last = parse_date(until) if until is not None else None
    values = chosen(parameters)
    seen = [under(one if isinstance(one, Scenario) else load(one), lens) for one in scenarios]
    return [
        Plan(one, runs=runs, agents=agents, seed=seed, until=last, every=every, first=first, fmt=format,
             parameters=values)
        for one in seen
    ]  # fmt: skip


def _in_memory(results: Results) -> Results:
    return Results(tables={table: results.arrow(table) for table in store.TABLES}, told=results.manifest)


@dataclass
class Comparing:
    """One comparison at work in one directory. The first plan is the base."""

    plans: Sequence[Plan]
    directory: Path
    jobs: int = 1
    report: Report | None = None

    def __post_init__(self) -> None:
        if len(self.plans) < 2:
            raise InputError("a comparison needs a base and at least one other scenario.")

    def execute(self) -> Comparison:
        """Do what is missing, write the tables of differences, and return the comparison.

        Raises :class:`~sim.running.ensemble.Interrupted` when Ctrl-C is pressed: the same call continues.
        """
        begun = time.perf_counter()
        earlier = self._resume()
        pairs = Pairs(self.plans, [self.directory / name for name in self.folders()], self.jobs, self.report)
        if earlier is not None and earlier["status"] == "finished" and pairs.complete():
            return Comparison(self.directory)
        self._write("running", 0.0)
        try:
            pairs.execute()
        except KeyboardInterrupt:
            self._write("interrupted", time.perf_counter() - begun)
            raise
        comparison = Comparison(self.directory)
        if all(comparison.pairs(name) for name in comparison.others):
            rows = tables.write(self.directory, comparison.all_tables(), self.plans[0].fmt)
            self._write("finished", time.perf_counter() - begun, rows)
        return Comparison(self.directory)

    def folders(self) -> list[str]:
        """A folder for each scenario: its name, told apart where two have the same."""
        found: list[str] = []
        for plan in self.plans:
            name = plan.scenario.name
            count = sum(folder == name or folder.rpartition("-")[0] == name for folder in found)
            found.append(f"{name}-{count + 1}" if count else name)
        return found

    def identity(self) -> dict[str, Any]:
        """What must be equal for a directory to hold runs of the same comparison."""
        each = [manifest.identity(plan) for plan in self.plans]
        common = {key: each[0][key] for key in ("options", "versions", "code_hash")}
        return {"scenarios": {f: one["scenario_hash"] for f, one in zip(self.folders(), each, strict=True)}, **common}

    def _resume(self) -> dict[str, Any] | None:
        """The manifest that an earlier call left, or a refusal when the directory holds something else."""
        if not self.directory.exists() or not any(self.directory.iterdir()):
            self.directory.mkdir(parents=True, exist_ok=True)
            return None
        if not (self.directory / manifest.NAME).exists():
            raise InputError(f"{self.directory} is not empty and holds no comparison. Choose another --out.")
        old = manifest.read(self.directory)
        unlike = manifest.differences(old["identity"], self.identity())
        if unlike or old.get("kind") != "comparison":
            lines = "\n  ".join(unlike or ["it is no comparison"])
            raise InputError(
                f"{self.directory} holds other work, which can't be continued with what is asked now:"
                f"\n  {lines}\nChoose another --out, or remove the directory."
            )
        return old

    def _write(self, status: str, seconds: float, rows: dict[str, int] | None = None) -> None:
        base = self.plans[0]
        told = [self._told(folder, plan) for folder, plan in zip(self.folders(), self.plans, strict=True)]
        content = {
            "form": manifest.FORM,
            "kind": "comparison",
            "status": status,
            "scenarios": told,
            "seed": base.seed,
            "runs_asked": base.runs,
            "level": LEVEL,
            "identity": self.identity(),
            "tables": rows or {},
            "jobs": self.jobs,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "wall_seconds": round(seconds, 3),
            "runs": [],
        }
        if rows is None:
            del content["tables"]
        manifest.write(self.directory, content)

    def _told(self, folder: str, plan: Plan) -> dict[str, Any]:
        """A scenario, and from which day it may differ from the base."""
        base, scenario = self.plans[0], plan.scenario
        since, lived_once = parting(base.scenario, scenario), eve(base, plan)
        since_free = free_from(scenario)
        return {
            "folder": folder,
            "name": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "kind": scenario.kind,
            "hash": scenario_hash(scenario),
            "free_from": since_free.isoformat() if since_free else None,
            "divergence": scenario.divergence.isoformat() if scenario.divergence else None,
            "parts": since.isoformat() if since else None,
            "own_past": own_past(base.scenario, scenario),
            "branched_after": lived_once.isoformat() if lived_once else None,
        }
