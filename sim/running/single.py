"""One run: made, run, its tables kept, its fate told in a record that never raises."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from sim.running import store
from sim.running.plan import Plan, run_seed
from sim.words.errors import InputError


@dataclass(frozen=True)
class RunRecord:
    """What became of one run. ``seconds`` is wall time; ``error`` is empty unless it failed."""

    run: int
    seed: int
    status: Literal["finished", "failed"]
    seconds: float
    error: str = ""
    trace: str = ""
    users_fault: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types, without what is empty."""
        return {key: value for key, value in asdict(self).items() if value != "" and value is not False}


def lost(plan: Plan, run: int, exit_code: int) -> RunRecord:
    """The record of a run whose process died before it could answer."""
    told = f"the process that did this run ended with exit code {exit_code} (out of memory?)"
    return RunRecord(run, run_seed(plan.seed, run), "failed", 0.0, told)


def perform(plan: Plan, directory: Path, run: int, make: Callable[[], Any] | None = None) -> RunRecord:
    """Run number ``run`` of the plan, and keep its tables in ``directory``.

    ``make`` gives the model with part of its days lived; without it the plan builds one on its first day.

    An exception of the model becomes the record of a failed run: one bad run must not cost the others.
    """
    begun = time.perf_counter()
    seed = run_seed(plan.seed, run)
    try:
        model = plan.build(run) if make is None else make()
        model.run()
        tables = as_tables(plan, run, model.recorder.tables())
        seconds = round(time.perf_counter() - begun, 3)
        record = RunRecord(run, seed, "finished", seconds)
        store.write_part(directory, run, tables, json.dumps(record.as_dict()))
    except Exception as error:
        seconds = round(time.perf_counter() - begun, 3)
        told = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        return RunRecord(run, seed, "failed", seconds, told, traceback.format_exc(), isinstance(error, InputError))
    return record


def as_tables(plan: Plan, run: int, recorded: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The recorder's columns as Arrow tables; a model that leaves a table out, or adds one, is at fault."""
    if set(recorded) != set(store.TABLES):
        raise ValueError(f"the model recorded {sorted(recorded)}, expected {sorted(store.TABLES)}")
    first = plan.first.isoformat() if plan.first else None
    return {name: store.one_run(name, run, recorded[name], first) for name in store.TABLES}
