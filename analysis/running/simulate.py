"""Runs of the model for calibration and validation: one task a run, tasks over processes, what the model is made of.

Workers are spawned (the same on Linux, macOS and Windows), start after the parent has compiled what they need, and
leave Ctrl-C to the parent.
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from multiprocessing import get_context
from typing import Any

import sim

#: Too seldom for a table: only the first and last day, elections and the days asked for are recorded.
SELDOM = 1000


@dataclass(frozen=True)
class Task:
    """One run of the historical scenario. ``parameters`` are changes to the defaults, as (name, value).

    ``changes`` are parts of the scenario by name (``off``, ``doubt``, ``representation``), as its file would have them.
    """

    seed: int
    agents: int
    until: date
    every: int = SELDOM
    days: tuple[date, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


def changed(name: str, changes: Mapping[str, Any]) -> sim.Scenario:
    """A shipped scenario with parts of it changed."""
    scenario = sim.load(name)
    return sim.Scenario.model_validate(scenario.substance() | dict(changes)) if changes else scenario


def tables(task: Task) -> Mapping[str, Any]:
    """Run it, recording ``days`` besides the usual ones."""
    parameters = sim.Parameters().having(**dict(task.parameters))
    scenario = changed("historical", task.changes)
    model = sim.Revolution(
        scenario, agents=task.agents, seed=task.seed, until=task.until, every=task.every, parameters=parameters
    )
    start = model.scenario.start
    model.recorded.update(model.first + (day - start).days for day in task.days if start <= day <= task.until)
    found: Mapping[str, Any] = model.run().recorder.tables()
    return found


@contextmanager
def workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that keep running between tasks. An exception in the caller's block drops what still waits."""
    warm()
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupt)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@lru_cache(maxsize=1)
def warm() -> None:
    """Compile the kernels once, so that workers read them from the cache."""
    model = sim.Revolution("historical", agents=2_000, seed=0, every=SELDOM)
    for _ in range(3):
        model.step()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What the model is made of: a hash of its sources and data. Figures of two fingerprints are not of one model."""
    whole = hashlib.sha256()
    for path, data in sorted(_sources(files("sim"), "sim")):
        whole.update(path.encode() + b"\0" + data)
    return whole.hexdigest()[:12]


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _sources(entry, f"{path}/{entry.name}")
        elif entry.name.endswith((".py", ".yaml", ".csv")):
            yield f"{path}/{entry.name}", entry.read_bytes()


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
