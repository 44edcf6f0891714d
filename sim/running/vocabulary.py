"""The names that a scenario file may use, handed in by those who own them: import this before reading one.

Events, places, warnings and cabinets are offered by :mod:`sim.history.catalogue`; mechanisms by the table of the day.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sim.history.catalogue  # noqa: F401  (importing it hands its names in)
from sim.engine.day_table import PHASES
from sim.inputs.known import current, offer
from sim.inputs.lens import Lens, load_lens
from sim.inputs.lens import under as seen_through
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_file import check_file, load_scenario, shipped_lenses
from sim.inputs.schema import as_text, json_schema
from sim.words.errors import Problem


def mechanisms() -> tuple[str, ...]:
    """The mechanisms that a scenario may switch off, in the order of the day."""
    return tuple(phase.mechanism for phase in PHASES if phase.mechanism is not None)


offer("mechanisms", mechanisms)


def load(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by name (``historical``), or one from a YAML file; ``NAME@DATE``: left open from that day."""
    return load_scenario(name_or_path)


def lens(name: str | None) -> Lens:
    """A shipped lens by its id; the neutral one without a name."""
    return load_lens(name)


def under(scenario: Scenario, name: str | None) -> Scenario:
    """The same scenario seen through a lens; as it is, without a name."""
    return seen_through(scenario, name)


def schema_text() -> str:
    """The JSON Schema of scenario files with the names that they may use, as the file that editors read."""
    return as_text(json_schema(replace(current(), lenses=shipped_lenses())))


def problems(path: str | Path) -> list[Problem]:
    """Every problem of a scenario file, in file order."""
    return check_file(path)
