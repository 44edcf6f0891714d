"""What is asked of an ensemble: a scenario, how many runs and people, how long, and from which seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any

from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.running.store import FORMATS, Format
from sim.words.calendar import FURTHEST_DAY
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


@dataclass(frozen=True)
class Plan:
    """One ensemble as it was asked for. ``model`` names the class that makes a run, as ``module:class``."""

    scenario: Scenario
    runs: int = 1
    agents: int = 20_000
    seed: int = 1917
    until: date | None = None
    every: int = 7
    first: date | None = None
    fmt: Format = "parquet"
    parameters: Parameters | None = None
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

    @property
    def last_day(self) -> date:
        """The last day of each run, Old Style."""
        return self.until if self.until is not None else self.scenario.until

    def build(self, run: int, agents: int | None = None, until: date | None = None) -> Any:
        """The model of run ``run`` on its first day."""
        return self._class()(
            self.scenario,
            agents=self.agents if agents is None else agents,
            seed=run_seed(self.seed, run),
            until=self.last_day if until is None else until,
            every=self.every,
            parameters=self.parameters,
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
            "parameters": self.parameters.as_dict() if self.parameters is not None else None,
        }


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} {value} is outside {low} to {high}.")
