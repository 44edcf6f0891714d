"""The generated pages: prose from ``docs/source``, tables from declarations, submodels from the code's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from docs import code, equations, rooms, tables
from sim.engine.day_table import PHASES, Phase
from sim.running.vocabulary import schema_text

FOLDER = Path(__file__).resolve().parent
COMMAND = "python -m docs"
#: What editors complete scenario files by.
SCHEMA = "../scenarios/scenario.schema.json"
#: Where the prose has ``{{ name }}``.
_PLACE = re.compile(r"\{\{ ([a-z ]+) \}\}")


def all_pages() -> dict[str, str]:
    """File name, as seen from ``docs`` -> its text."""
    return {"odd.md": odd(), "parameters.md": parameters(), SCHEMA: schema_text()}


def odd() -> str:
    """The ODD description."""
    return fill((FOLDER / "source" / "odd.md").read_text(encoding="utf-8"))


def parameters() -> str:
    """Every declared parameter."""
    source = (FOLDER / "source" / "parameters.md").read_text(encoding="utf-8")
    sections = [f"## {_title(m)}\n\n{tables.long_parameters(m)}" for m in tables.mechanisms_declared()]
    return fill(source) + "\n" + "\n\n".join(sections) + "\n"


def parts() -> dict[str, Callable[[], str]]:
    """What the prose may ask for, by name."""
    return {
        "command": lambda: COMMAND,
        "people columns": tables.people_columns,
        "cell columns": tables.cell_columns,
        "phase table": tables.phases,
        "effect table": tables.effects,
        "catalogue table": tables.catalogue,
        "warning table": tables.warnings_by_party,
        "decision table": tables.decisions,
        "lens list": tables.lenses,
        "strata table": tables.strata,
        "trade table": tables.trades,
        "party table": tables.party_starts,
        "tie table": tables.ties,
        "body table": tables.standing_bodies,
        "congress table": tables.congresses,
        "stream list": tables.streams,
        "output table": tables.tables_out,
        "pattern table": tables.patterns,
        "series table": tables.series,
        "fixed numbers of the day": lambda: _fixed(code.module("sim/engine/day.py")),
        "submodels": submodels,
        **{name: lambda value=value: value for name, value in tables.numbers().items()},  # type: ignore[misc]
    }


def fill(text: str) -> str:
    """The prose with its tables and numbers. Raises KeyError for a name that nothing stands for."""
    known = parts()
    return _PLACE.sub(lambda found: known[found[1]](), text)


def submodels() -> str:
    """One section a phase, then what no phase owns. A file that serves several phases is told in the first."""
    told: dict[str, str] = {}
    sections = []
    for n, phase in enumerate(PHASES, start=1):
        sections.append(_phase_section(n, phase, told))
        for path in rooms.files_of(phase.name):
            told.setdefault(path, f"7.{n}")
    rest = rooms.left_over()
    if rest:
        head = [f"### 7.{len(PHASES) + 1} Rules that no phase owns", "Read by several phases, or not bound to the day."]
        sections.append("\n\n".join([*head, *(_file(path) for path in rest)]))
    return "\n\n".join(sections)


def _phase_section(n: int, phase: Phase, told: Mapping[str, str]) -> str:
    paths = rooms.files_of(phase.name)
    mechanism = phase.mechanism or phase.name
    blocks = [f"### 7.{n} {_title(phase.name)}: {phase.does}"]
    off = f" Switched off with `off: [{phase.mechanism}]`." if phase.mechanism else " Always runs."
    blocks.append(f"Phase {n} of the day. Reads {phase.reads}; writes {phase.writes}.{off}")
    files = {path: f"`{path}`: see {told[path]}." if path in told else _file(path) for path in paths}
    blocks += [text for path, text in files.items() if "/mechanisms/" in path]
    written = equations.of(phase.name)
    if written:
        blocks.append(f"**Equations**\n\n{written}")
    blocks += [text for path, text in files.items() if "/mechanisms/" not in path]
    declared = [name for name in (mechanism, *rooms.ALSO_SET_BY.get(phase.name, ())) if tables.parameters_of(name)]
    for name in declared:
        blocks.append(f"**Parameters** (sources in [parameters.md](parameters.md#{name.replace('_', '-')}))")
        blocks.append(tables.short_parameters(name))
    told_of = [_ledger_of_parameters(name) for name in declared]
    ledger = sorted({entry for path in paths for entry in code.module(path).ledger}.union(*told_of))
    if ledger:
        blocks.append(f"Ledger: {', '.join(ledger)}.")
    return "\n\n".join(blocks)


def _ledger_of_parameters(mechanism: str) -> set[str]:
    return {entry for d in tables.parameters_of(mechanism) for entry in code.LEDGER.findall(d.source)}


def _file(path: str) -> str:
    """A file in its own words: docstring, then agents and functions where they are rules, then fixed numbers."""
    told = code.module(path)
    blocks = [f"`{path}`: {told.text}"]
    said = [*told.agents, *told.functions] if path.split("/")[1] in rooms.OF_RULES else []
    if said:
        blocks.append("\n".join(f"- `{s.name}`: {code.first_paragraph(s.text)}" for s in said if s.text))
    if told.constants:
        blocks.append(f"Fixed numbers:\n\n{_fixed(told)}")
    return "\n\n".join(blocks)


def _fixed(told: code.Module) -> str:
    return "\n".join(f"- `{c.name}` = {c.value}: {c.meaning}" for c in told.constants)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
