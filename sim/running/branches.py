"""Branching one past at many dates: from each on, everything that the model can bring about is left to it.

A task is one run: its past is lived once, with a checkpoint on the eve of every date, and taken up there under the
scenario whose divergence is that date. Kept are the outcomes of each branch and the days of its events.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.inputs.left_open import freed, split
from sim.inputs.scenario import Scenario, scenario_hash
from sim.running import manifest, tables
from sim.running.ensemble import Interrupted, warm
from sim.running.intervals import LEVEL
from sim.running.plan import Plan, run_seed
from sim.running.pool import Lost, spread
from sim.running.progress import Report
from sim.running.single import RunRecord, lost
from sim.words.errors import InputError

#: Branches need no curves: only the first and last day and those of elections are recorded.
SELDOM = 1000
_PARTS = ".parts"
_CAME = ("pinned", "fired", "forced")


def pinned(scenario: Scenario) -> Scenario:
    """The scenario with every event on its date: the past that its branches share."""
    events = scenario.events.model_copy(update={"pin": "all", "free": ()})
    return scenario.model_copy(update={"events": events, "divergence": None})


def branch_dates(plan: Plan, step: int, first: date | None = None, last: date | None = None) -> tuple[date, ...]:
    """Every ``step`` days from the scenario's first day (or ``first``) to the eve of the last one (or ``last``)."""
    name, since = split(plan.scenario.name)
    if since is not None:
        raise InputError(f"'{name}@{since}': history is left open from each date. Expected '{name}', and a first date.")
    start, stop = first or plan.scenario.start, min(last or plan.last_day, plan.last_day - timedelta(days=1))
    if not plan.scenario.start <= start <= stop:
        raise InputError(f"no date to branch at: {start} to {stop}. Expected dates from {plan.scenario.start} on.")
    return tuple(start + timedelta(days=n) for n in range(0, (stop - start).days + 1, step))


@dataclass
class Branches:
    """The branching of one plan in one directory."""

    plan: Plan
    dates: Sequence[date]
    directory: Path
    jobs: int = 1
    report: Report | None = None
    failures: dict[int, RunRecord] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan = replace(self.plan, every=SELDOM)
        if self.jobs < 1:
            raise InputError(f"--jobs {self.jobs} is below 1.")

    def execute(self) -> None:
        """Do the runs that are missing and write the tables. Raises :class:`Interrupted` when Ctrl-C is pressed."""
        begun, known = time.perf_counter(), self._resume()
        missing = [run for run in range(self.plan.runs) if run not in known]
        if not missing and manifest.read(self.directory)["status"] == "finished":
            return
        (self.directory / _PARTS).mkdir(exist_ok=True)
        self._write("running", 0.0)
        try:
            if self.jobs > 1 and len(missing) > 1:
                warm(self.plan)
            for record in self._answers(missing):
                self._keep(record)
        except KeyboardInterrupt:
            self._close("interrupted", begun)
            raise Interrupted(self.directory, len(self.finished()), self.plan.runs) from None
        self._close("finished", begun)

    def finished(self) -> list[int]:
        """Runs whose branches are kept."""
        return sorted(int(path.stem) for path in (self.directory / _PARTS).glob("[0-9]*.json"))

    def identity(self) -> dict[str, Any]:
        """What must be equal for a directory to hold branches of the same question."""
        return {**manifest.identity(self.plan), "dates": [day.isoformat() for day in self.dates]}

    def _answers(self, missing: list[int]) -> Iterator[RunRecord]:
        work = partial(perform_branches, self.plan, tuple(self.dates), self.directory)
        if self.jobs == 1 or len(missing) == 1:
            yield from map(work, missing)
            return
        for run, answer in spread(work, missing, self.jobs):
            if isinstance(answer, Lost):
                answer = lost(self.plan, run, answer.exit_code)
            yield answer

    def _keep(self, record: RunRecord) -> None:
        if record.users_fault:
            raise InputError(record.error)
        if record.status == "failed":
            self.failures[record.run] = record
        if self.report is not None:
            self.report(record)

    def _resume(self) -> list[int]:
        """Runs that an earlier call left, or a refusal when the directory holds something else."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if not any(self.directory.iterdir()):
            return []
        if not (self.directory / manifest.NAME).exists():
            raise InputError(f"{self.directory} is not empty and not a result directory. Choose another --out.")
        old = manifest.read(self.directory)
        unlike = manifest.differences(old["identity"], self.identity())
        if unlike or old.get("kind") != "contingency":
            lines = "\n  ".join(unlike or ["it is no contingency"])
            raise InputError(
                f"{self.directory} holds other work, which can't be continued with what is asked now:"
                f"\n  {lines}\nChoose another --out, or remove the directory."
            )
        return self.finished()

    def _close(self, status: str, begun: float) -> None:
        import pandas as pd

        parts = [json.loads(part_path(self.directory, run).read_text(encoding="utf-8")) for run in self.finished()]
        outcomes = [row for part in parts for row in part["outcomes"]]
        events = [row for part in parts for row in part["events"]]
        frames = {
            "branches": pd.DataFrame(outcomes, columns=["run", "date", "measure", "value"]).astype({"value": float}),
            "branch_events": pd.DataFrame(events, columns=["run", "date", "event", "came"]),
        }
        rows = tables.write(self.directory, frames, self.plan.fmt)
        self._write(status, time.perf_counter() - begun, rows)

    def _write(self, status: str, seconds: float, rows: dict[str, int] | None = None) -> None:
        scenario = self.plan.scenario
        done = [
            {"run": run, "seed": run_seed(self.plan.seed, run), "status": "finished",
             "parameter_set": manifest.set_of(self.plan, run)}
            for run in self.finished()
        ]  # fmt: skip
        sets = manifest.told_sets(self.plan, self.finished())
        content = {
            "form": manifest.FORM,
            "kind": "contingency",
            "status": status,
            "scenarios": [{"name": scenario.name, "title": scenario.title, "hash": scenario_hash(scenario)}],
            "dates": [day.isoformat() for day in self.dates],
            "seed": self.plan.seed,
            "runs_asked": self.plan.runs,
            "level": LEVEL,
            "identity": self.identity(),
            "rows": rows or {},
            "jobs": self.jobs,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "wall_seconds": round(seconds, 3),
            "runs": done + [record.as_dict() for record in self.failures.values()],
            **({"sets": sets} if sets is not None else {}),
        }
        manifest.write(self.directory, content)


def part_path(directory: Path, run: int) -> Path:
    """Where the branches of a finished run are kept."""
    return directory / _PARTS / f"{run:05d}.json"


def perform_branches(plan: Plan, dates: Sequence[date], directory: Path, run: int) -> RunRecord:
    """One run: its past lived once, its branches each to the end. An exception becomes the record of a failed run."""
    begun, seed = time.perf_counter(), run_seed(plan.seed, run)
    found: dict[str, list[Any]] = {"outcomes": [], "events": []}
    try:
        for day, model in _branches(plan, dates, run):
            model.run()
            recorded = model.recorder.tables()
            kept = recorded["outcomes"]
            for measure, value in zip(kept["measure"].tolist(), kept["value"].tolist(), strict=True):
                found["outcomes"].append((run, day.isoformat(), measure, None if np.isnan(value) else value))
            found["events"] += [(run, day.isoformat(), *row) for row in _came(recorded["events"])]
        path = part_path(directory, run)
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(found), encoding="utf-8")
        draft.replace(path)
    except Exception as error:
        told = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        seconds = round(time.perf_counter() - begun, 3)
        return RunRecord(run, seed, "failed", seconds, told, traceback.format_exc(), isinstance(error, InputError))
    return RunRecord(run, seed, "finished", round(time.perf_counter() - begun, 3))


def _branches(plan: Plan, dates: Sequence[date], run: int) -> Iterator[tuple[date, Any]]:
    """Each date with the model that is free from it on."""
    past = replace(plan, scenario=pinned(plan.scenario)).build(run)
    for day in dates:
        ahead = replace(plan, scenario=freed(plan.scenario, day))
        if day == plan.scenario.start:
            yield day, ahead.build(run)
        else:
            yield day, ahead.branch(past.run(day - timedelta(days=1)).checkpoint())


def _came(events: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(event, first date) of what came."""
    first: dict[str, str] = {}
    dates = np.datetime_as_string(events["date"].astype("datetime64[D]")).tolist()
    for day, name, status in zip(dates, events["event"].tolist(), events["status"].tolist(), strict=True):
        if status in _CAME:
            first[name] = min(day, first.get(name, day))
    yield from first.items()


