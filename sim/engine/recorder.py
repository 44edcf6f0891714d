"""The recorder: the one way out. Each recorded day's aggregates become rows of the tables.

People are summed by group (place and stratum), with weights. Values wait in a list a column and are laid out as long
tables at the end of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
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
        self._columns: dict[str, tuple[list[Any], ...]] = {name: tuple([] for _ in of) for name, of in TABLES.items()}
        #: Rows that came one by one and have not been put into the columns yet.
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}

    def people(self, day: int, share: NDArray[np.float64], soviet_power: NDArray[np.float64]) -> None:
        """Keep a day's allegiance [groups, P] and support for soviet power [groups]."""
        self._days.append(day)
        self._share.append(share.copy())
        self._soviet_power.append(soviet_power.copy())

    def row(self, table: str, *values: Any) -> None:
        """Add one row; values in the order of :data:`TABLES`, days as numbers."""
        self._rows[table].append(values)

    def block(self, table: str, *values: Any) -> None:
        """Add many rows at once: each value as in :meth:`row`, or the list of its column; lists are of one length."""
        (rows,) = {len(value) for value in values if isinstance(value, list)}
        for column, value in zip(self._in_columns(table), values, strict=True):
            column.extend(value if isinstance(value, list) else repeat(value, rows))

    def _in_columns(self, table: str) -> tuple[list[Any], ...]:
        """The columns of a table with every row that came so far."""
        columns, rows = self._columns[table], self._rows[table]
        if rows:
            for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(values)
            rows.clear()
        return columns

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Table -> column -> array. Dates as numpy days (Old Style), names as strings."""
        out = {name: self._plain(name) for name in TABLES}
        out["allegiance"], out["soviet_power"] = self._allegiance(), self._support()
        return out

    def _plain(self, table: str) -> dict[str, NDArray[Any]]:
        return {
            name: _column(name, values) for name, values in zip(TABLES[table], self._in_columns(table), strict=True)
        }

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
            "columns": {
                table: {name: _coded(name, values) for name, values in zip(of, self._in_columns(table), strict=True)}
                for table, of in TABLES.items()
            },
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        self._days = [int(d) for d in state["days"]]
        self._share = list(state["share"])
        self._soviet_power = list(state["soviet_power"])
        self._columns = {
            table: tuple(_decoded(columns[name]) for name in TABLES[table])
            for table, columns in state["columns"].items()
        }
        self._rows = {name: [] for name in TABLES}


def _coded(name: str, values: list[Any]) -> dict[str, Any]:
    """A column as numbers, names as codes into a list."""
    if name in _REAL:
        return {"numbers": np.array(values, dtype=np.float64)}
    if name in _WHOLE:
        return {"numbers": np.array(values, dtype=np.int64)}
    codes: dict[str, int] = {}
    coded = [codes.setdefault(value, len(codes)) for value in values]
    return {"numbers": np.array(coded, dtype=np.int32), "names": list(codes)}


def _decoded(column: Mapping[str, Any]) -> list[Any]:
    """What :func:`_coded` was given."""
    numbers = column["numbers"].tolist()
    return [column["names"][code] for code in numbers] if "names" in column else list(numbers)


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
