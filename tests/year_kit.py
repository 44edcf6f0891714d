"""What tests of the whole model share: small runs, scenarios made in Python, and tables as bytes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.model import Revolution
from sim.history.catalogue import events
from sim.inputs.scenario import Scenario, load_scenario
from sim.words.calendar import day_of

#: Simulated people: a little more than two for every cell.
AGENTS = 1400
Tables = dict[str, dict[str, np.ndarray]]


def made(scenario: Scenario | str = "historical", **options: Any) -> Revolution:
    """A small model of the year."""
    return Revolution(scenario, **{"agents": AGENTS, "seed": 1917, **options})


def changed(events: dict[str, Any] | None = None, **parts: Any) -> Scenario:
    """The historical scenario with other events, parameters, ..."""
    base = load_scenario("historical").substance()
    base["events"] = {**base.get("events", {}), **(events or {})}
    return Scenario.model_validate(base | parts)


def own_event(name: str, date: str, *effects: dict[str, Any], requires: tuple[str, ...] = ()) -> dict[str, Any]:
    """An event as a scenario file would add it."""
    told = {"id": name, "title": "An event of a test", "text": "It is made up.", "kind": "action", "sources": ["none"]}
    return told | {"date": date, "requires": list(requires), "effects": list(effects)}


def without_events(*added: dict[str, Any]) -> Scenario:
    """Nothing of the catalogue happens; only what is added does."""
    return changed({"remove": list(events()), "add": list(added)})


def as_bytes(tables: Tables, before: str | None = None) -> dict[tuple[str, str], tuple[str, bytes]]:
    """(table, column) -> type and bytes; of dated tables only rows before a day, if one is given."""
    found = {}
    for table, columns in tables.items():
        keep: Any = slice(None)
        if before is not None:
            if "date" not in columns:
                continue
            keep = columns["date"] < np.datetime64(before)
        for name, values in columns.items():
            kept = values[keep]
            text = kept.astype("U80") if kept.dtype.kind == "U" else kept
            found[table, name] = (text.dtype.str, text.tobytes())
    return found


def differences(one: Tables, other: Tables, before: str | None = None) -> list[tuple[str, str]]:
    """Columns in which two sets of tables are not the same to the byte."""
    a, b = as_bytes(one, before), as_bytes(other, before)
    assert a.keys() == b.keys()
    return [key for key in a if a[key] != b[key]]


def flat(state: Any, path: str = "") -> dict[str, Any]:
    """A nested state as path -> array or plain value."""
    if isinstance(state, dict):
        return {k: v for key, part in state.items() for k, v in flat(part, f"{path}/{key}").items()}
    return {path: state}


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Paths of the parts of two states of models that are not the same to the bit (what they were made of left out)."""
    a, b = flat(before), flat(after)
    paths = {p for p in a.keys() | b.keys() if not p.startswith("/made_of")}
    return {p for p in paths if p not in a or p not in b or not _same(a[p], b[p])}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        one, other = np.asarray(one), np.asarray(other)
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return repr(one) == repr(other)


def day(when: str) -> int:
    """Day number of an Old Style date."""
    from datetime import date

    return day_of(date.fromisoformat(when))
