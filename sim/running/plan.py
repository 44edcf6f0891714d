"""What is asked of an ensemble: a scenario, how many runs and people, how long, and from which seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from sim.inputs.lens import load_lens
from sim.inputs.parameter_sets import ParameterSet, ParameterSets
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.running.store import FORMATS, Format
from sim.words.calendar import FURTHEST_DAY
from sim.words.draws import Stream, uniforms
from sim.words.errors import InputError, unknown

#: A prime just above a million: the seeds of two ensembles never meet for fewer runs than that.
SEED_STRIDE = 1_000_003
#: Keeps every derived seed inside 63 bits.
LARGEST_SEED = 2**40
MOST_RUNS = 1_000_000
#: The class that makes a run, by name: it is imported by whoever runs it, never before.
MODEL = "sim.engine.model:Revolution"


def run_seed(seed: int, run: int) -> int:
    """The seed of run ``run``: a pure function of the ensemble's seed and the run's number.

    So run 7 is the same run in an ensemble of ten and of a thousand, and the same luck in a counterfactual.
    """
    return seed * SEED_STRIDE + run


@lru_cache(maxsize=16)
def set_order(seed: int, count: int) -> tuple[int, ...]:
    """In which order the runs of an ensemble take ``count`` sets: each once before any comes again."""
    keys = uniforms(seed, Stream.PARAMETERS, 0, np.arange(count, dtype=np.int64))
    return tuple(np.argsort(keys, kind="stable").tolist())


@dataclass(frozen=True)
class Plan:
    """One ensemble as it was asked for. ``model`` names the class that makes a run, as ``module:class``.

    ``parameters`` None: every run takes the declared values; sets: each run takes one, see :meth:`drawn`.
    """

    scenario: Scenario
    runs: int = 1
    agents: int = 20_000
    seed: int = 1917
    until: date | None = None
    every: int = 7
    first: date | None = None
    fmt: Format = "parquet"
    parameters: Parameters | ParameterSets | None = None
    model: str = field(default_factory=lambda: MODEL)

    def __post_init__(self) -> None:
        _within("runs", self.runs, 1, MOST_RUNS)
        _within("agents", self.agents, 1, 10**9)
        _within("seed", self.seed, 0, LARGEST_SEED)
        _within("every", self.every, 1, 1000)
        if self.fmt not in FORMATS:
            raise unknown("format", self.fmt, FORMATS)
        start, last = self.scenario.start, self.last_day
        if not start <= last <= FURTHEST_DAY:
            raise InputError(f"until {last} is outside {start} to {FURTHEST_DAY} (Old Style).")
        if self.first is not None and not start <= self.first <= last:
            raise InputError(f"from {self.first} is outside {start} to {last} (Old Style).")
        if isinstance(self.parameters, ParameterSets):
            self.parameters.of(self.scenario.lens)

    @property
    def last_day(self) -> date:
        """The last day of each run, Old Style."""
        return self.until if self.until is not None else self.scenario.until

    def drawn(self, run: int) -> ParameterSet | None:
        """The set of run ``run``: a function of the seed and the number, the same in every scenario of a pair.

        It is one of the lens's own sets, or of the neutral lens's where it has none.
        """
        if not isinstance(self.parameters, ParameterSets):
            return None
        sets = self.parameters.of(self.scenario.lens)
        return sets[set_order(self.seed, len(sets))[run % len(sets)]]

    def values(self, run: int) -> Parameters | Mapping[str, float] | None:
        """What the model of a run is given. Where a set is borrowed from the neutral lens, the lens goes over it."""
        one = self.drawn(run)
        if one is None:
            assert not isinstance(self.parameters, ParameterSets)
            return self.parameters
        lens = load_lens(self.scenario.lens)
        held = {} if one.lens == lens.id else lens.values()
        return {name: value for name, value in one.values.items() if name not in held}

    def build(self, run: int, agents: int | None = None, until: date | None = None) -> Any:
        """The model of run ``run`` on its first day."""
        return self._class()(
            self.scenario,
            agents=self.agents if agents is None else agents,
            seed=run_seed(self.seed, run),
            until=self.last_day if until is None else until,
            every=self.every,
            parameters=self.values(run),
        )

    def branch(self, packed: bytes) -> Any:
        """The model of a checkpoint that another plan's run left, gone on under this plan's scenario."""
        return self._class().branch(packed, self.scenario, until=self.last_day)

    def _class(self) -> Any:
        module, _, name = self.model.partition(":")
        return getattr(import_module(module), name)

    def options(self) -> dict[str, Any]:
        """What settles the result besides the scenario and the program, in plain JSON types."""
        return {
            "agents": self.agents,
            "seed": self.seed,
            "from": self.first.isoformat() if self.first else None,
            "until": self.last_day.isoformat(),
            "every": self.every,
            "format": self.fmt,
            "lens": self.scenario.lens,
            "parameters": self._told_parameters(),
        }

    def _told_parameters(self) -> dict[str, float] | str | None:
        """None for the declared values, names and values of others; of sets, whose they are and the file's hash."""
        if isinstance(self.parameters, ParameterSets):
            return f"{self.parameters.label}, hash {self.parameters.digest}"
        return self.parameters.as_dict() if self.parameters is not None else None


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} {value} is outside {low} to {high}.")
