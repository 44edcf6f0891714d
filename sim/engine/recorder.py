"""The recorder: the one way out. Each recorded day's aggregates become rows of the tables.

People are summed by group (place and stratum), with weights. Rows wait as small arrays and are laid out as long
tables at the end of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.calendar import FIRST_DAY
from sim.words.identifiers import PARTIES

#: Table -> columns, without the run.
TABLES: Mapping[str, tuple[str, ...]] = {
    "allegiance": ("date", "place", "stratum", "party", "share", "persons"),
    "soviet_power": ("date", "place", "stratum", "share", "persons"),
    "soviets": ("date", "body", "party", "seats"),
    "elections": ("date", "election", "place", "party", "votes", "share"),
    "province_elections": ("date", "election", "place", "province", "party", "votes", "share"),
    "actions": ("date", "place", "stratum", "action", "persons"),
    "events": ("date", "event", "status", "cause"),
    "macro": ("date", "place", "series", "value"),
    "outcomes": ("measure", "value"),
}

#: Columns of numbers; days of dates count as whole numbers until the tables are laid out. The rest are names.
_REAL = ("share", "persons", "votes", "value")
_WHOLE = ("date", "seats")


class Recorder:
    """Collects rows and hands out tables. ``persons`` is everybody of the group: what a share is a share of."""

    def __init__(self, groups: tuple[tuple[str, str], ...], persons: NDArray[np.float64]):
        self.groups = groups
        self.persons = persons
        self._days: list[int] = []
        self._share: list[NDArray[np.float64]] = []
        self._soviet_power: list[NDArray[np.float64]] = []
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}

    def people(self, day: int, share: NDArray[np.float64], soviet_power: NDArray[np.float64]) -> None:
        """Keep a day's allegiance [groups, P] and support for soviet power [groups]."""
        self._days.append(day)
        self._share.append(share.copy())
        self._soviet_power.append(soviet_power.copy())

    def row(self, table: str, *values: Any) -> None:
        """Add one row; values in the order of :data:`TABLES`, days as numbers."""
        self._rows[table].append(values)

    def rows(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add many rows; each as in :meth:`row`."""
        self._rows[table].extend(rows)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Table -> column -> array. Dates as numpy days (Old Style), names as strings."""
        out = {name: self._plain(name) for name in TABLES}
        out["allegiance"], out["soviet_power"] = self._allegiance(), self._support()
        return out

    def _plain(self, table: str) -> dict[str, NDArray[Any]]:
        columns = TABLES[table]
        listed = zip(*self._rows[table], strict=True) if self._rows[table] else ((),) * len(columns)
        return {name: _column(name, values) for name, values in zip(columns, listed, strict=True)}

    def _allegiance(self) -> dict[str, NDArray[Any]]:
        days, groups, parties = len(self._days), len(self.groups), len(PARTIES)
        share = np.array(self._share).reshape(days * groups * parties)
        places = np.array([place for place, _ in self.groups])
        strata = np.array([stratum for _, stratum in self.groups])
        persons = np.repeat(np.tile(self.persons, days), parties)
        return {
            "date": np.repeat(_dates(self._days), groups * parties),
            "place": np.tile(np.repeat(places, parties), days),
            "stratum": np.tile(np.repeat(strata, parties), days),
            "party": np.tile(np.array(PARTIES), days * groups),
            "share": share,
            "persons": persons,
        }

    def _support(self) -> dict[str, NDArray[Any]]:
        days, groups = len(self._days), len(self.groups)
        share = np.array(self._soviet_power).reshape(days * groups)
        return {
            "date": np.repeat(_dates(self._days), groups),
            "place": np.tile(np.array([place for place, _ in self.groups]), days),
            "stratum": np.tile(np.array([stratum for _, stratum in self.groups]), days),
            "share": share,
            "persons": np.tile(self.persons, days),
        }

    def state(self) -> dict[str, Any]:
        """Everything collected so far, as JSON types and arrays, for a checkpoint."""
        groups = len(self.groups)
        return {
            "days": list(self._days),
            "share": np.array(self._share).reshape(len(self._days), groups, len(PARTIES)),
            "soviet_power": np.array(self._soviet_power).reshape(len(self._days), groups),
            "rows": {table: _columns(TABLES[table], rows) for table, rows in self._rows.items()},
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        self._days = [int(d) for d in state["days"]]
        self._share = list(state["share"])
        self._soviet_power = list(state["soviet_power"])
        self._rows = {table: _rows(columns) for table, columns in state["rows"].items()}


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Rows as columns of numbers, names as codes into a list: a fifth of the time that row by row would take."""
    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name: _coded(name, column) for name, column in zip(names, values, strict=True)}


def _coded(name: str, values: tuple[Any, ...]) -> dict[str, Any]:
    if name in _REAL:
        return {"numbers": np.array(values, dtype=np.float64)}
    if name in _WHOLE:
        return {"numbers": np.array(values, dtype=np.int64)}
    codes: dict[str, int] = {}
    coded = [codes.setdefault(value, len(codes)) for value in values]
    return {"numbers": np.array(coded, dtype=np.int32), "names": list(codes)}


def _rows(columns: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What :func:`_columns` was given."""
    plain = [
        [column["names"][code] for code in column["numbers"]] if "names" in column else column["numbers"].tolist()
        for column in columns.values()
    ]
    return list(zip(*plain, strict=True))


def _dates(days: Sequence[int]) -> NDArray[np.datetime64]:
    return np.datetime64(FIRST_DAY, "D") + np.array(days, dtype=np.int64)


def _column(name: str, values: Sequence[Any]) -> NDArray[Any]:
    if name == "date":
        return _dates(values)
    if name in _REAL:
        return np.array(values, dtype=np.float64)
    if name in _WHOLE:
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=np.str_)
