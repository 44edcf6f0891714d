"""Forcing: what comes to people from outside the model, for each day from 23 February 1917 to 30 April 1918.

Reads ``sim/evidence/forcing.yaml``. Quantities are interpolated between their knots; conditions (0..1) add them up; a
condition with a demand is a hardship, and every cell has one for each demand. Many cells share a hardship, so the
engine gets a table of days by hardships and, for each cell, the column to look in.

Nothing here is a result of the model (no unrest, strikes, votes) or a decision of a body in it; see the head of the
file. ``python -m sim.inputs.forcing_page`` prints ``docs/forcing.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.inputs import data_file
from sim.inputs.series import (
    Condition,
    Confidence,
    Factor,
    Floats,
    ForcingFile,
    Knot,
    Quantity,
    Way,
    fits_place,
    scaled,
)
from sim.words.calendar import FURTHEST_DAY, day_of, parse_date
from sim.words.errors import InputError, unknown
from sim.words.identifiers import DEMAND, DEMANDS, TONGUES, K

LAST = day_of(FURTHEST_DAY)
#: Every day that can be asked for, as day numbers.
DAYS: Floats = np.arange(LAST + 1, dtype=np.float64)

_GRADES: tuple[Confidence, ...] = ("low", "medium", "high")


class CellLike(Protocol):
    """What is asked of a cell. Its ``tongues`` (shares, in the order of TONGUES) scale the demand ``nation``."""

    @property
    def place(self) -> str:
        """Id of the place."""

    @property
    def stratum(self) -> str:
        """Id of the stratum."""

    @property
    def province(self) -> str | None:
        """Id of the province, or None."""


@dataclass(frozen=True)
class Change:
    """A series multiplied by ``scale`` from day ``first`` to day ``last``, both included.

    With a ``half_life`` (days) the change fades: the scale is 1 + (scale - 1) x 0.5^(days since first / half_life).
    """

    scale: float
    first: int = 0
    last: int = LAST
    half_life: float | None = None

    def on(self, days: Floats) -> Floats:
        """The scale of each day; exactly 1 outside the window."""
        inside = (days >= self.first) & (days <= self.last)
        size = np.full(days.size, self.scale)
        if self.half_life is not None:
            size = 1.0 + (self.scale - 1.0) * 0.5 ** (np.maximum(days - self.first, 0.0) / self.half_life)
        return np.where(inside, size, 1.0)


@dataclass(frozen=True)
class Series:
    """One series as told to a reader: a quantity, a hardship, another condition or a factor of persons."""

    id: str
    kind: Literal["quantity", "hardship", "condition", "factor"]
    title: str
    unit: str
    meaning: str
    demand: str | None
    where: str
    interpolation: str
    rows: tuple[str, ...]
    works: tuple[str, ...]
    confidence: Confidence
    memory: bool
    error_factor: float
    fallback: str | None
    spec: Quantity | Condition | Factor


@dataclass(frozen=True)
class Daily:
    """Every series by day: ``table`` [days, series] in the order of ``ids``; row 0 is day ``first``."""

    ids: tuple[str, ...]
    first: int
    table: NDArray[np.float32]

    def column(self, series: str) -> NDArray[np.float32]:
        """One series, [days]."""
        if series not in self.ids:
            raise unknown("forcing series", series, self.ids)
        return self.table[:, self.ids.index(series)]


@dataclass(frozen=True)
class Hardships:
    """Hardship of cells in a form for the daily loop: on ``day`` it is ``scale * table[day, index]``, [cells, K].

    ``index`` [cells, K] int32, column of ``table``; ``table`` [days, series] float32 from day 0; ``scale`` [cells, K]
    float32 is 1 save for ``nation``, where it is the share of the cell whose mother tongue is not Russian.
    """

    ids: tuple[str, ...]
    index: NDArray[np.int32]
    table: NDArray[np.float32]
    scale: NDArray[np.float32]

    def on(self, day: int) -> NDArray[np.float32]:
        """Hardship on a day, [cells, K], 0..1."""
        return np.asarray(self.scale * self.table[day].take(self.index), dtype=np.float32)


@dataclass(frozen=True)
class Persons:
    """Factor of persons by cell: on ``day`` it is ``table[day, index]``, [cells]; column 0 is 1 throughout."""

    ids: tuple[str, ...]
    index: NDArray[np.int32]
    table: NDArray[np.float32]


class MacroRow(NamedTuple):
    """A measured value for the table ``macro``."""

    day: int
    place: str
    series: str
    value: float


class Forcing:
    """All series, and the questions that can be asked of them."""

    def __init__(self, file: ForcingFile):
        self.file = file
        self.quantities = {quantity.id: quantity for quantity in file.quantities}
        self.conditions = {condition.id: condition for condition in file.conditions}
        self.factors = {factor.id: factor for factor in file.factors}
        self.hardships = tuple(condition for condition in file.conditions if condition.demand is not None)
        self.families: dict[str, tuple[str, ...]] = {}
        for condition in self.hardships:
            family = str(condition.family)
            self.families[family] = (*self.families.get(family, ()), condition.id)
        self._base: dict[bool, dict[str, Floats]] = {}

    @cached_property
    def series(self) -> dict[str, Series]:
        """Every series by id: quantities, then conditions, then factors."""
        made = [_tell_quantity(quantity) for quantity in self.quantities.values()]
        made += [self._tell_condition(condition) for condition in self.conditions.values()]
        made += [self._tell_factor(factor) for factor in self.factors.values()]
        return {series.id: series for series in made}

    @property
    def names(self) -> tuple[str, ...]:
        """What a scenario may scale: levers, families of hardships, and single series."""
        return (*self.file.levers, *self.families, *self.series)

    # --- values -----------------------------------------------------------------------------------------------------

    def values(
        self, scenario_forcing: Mapping[str, Any] | None = None, without_memory: bool = False
    ) -> dict[str, Floats]:
        """Every series on every day, [LAST + 1] each, after the changes of a scenario.

        ``scenario_forcing``: name -> a change or several; a change is a :class:`Change`, a mapping with ``scale`` and
        perhaps ``from``, ``until``, ``half_life``, or an object with ``scale``, ``since``, ``until``. Raises
        :class:`InputError` for a name or a key that does not exist.
        """
        base = self._unchanged(without_memory)
        changes = {name: read_changes(name, given) for name, given in (scenario_forcing or {}).items()}
        if not changes:
            return base
        for name in changes:
            if name not in self.names:
                raise unknown("forcing series", name, self.names)
        found: dict[str, Floats] = {}
        for name, quantity in self.quantities.items():
            found[name] = base[name]
            for way, change in self._changes_of(name, changes):
                found[name] = scaled(found[name], change.on(DAYS), way)
            if quantity.scale == "ordinal":
                found[name] = np.clip(found[name], 0.0, 1.0)
        self._derive(found, base)
        for name in (*self.conditions, *self.factors):
            family = self.conditions[name].family if name in self.conditions else None
            for change in (*changes.get(family or "", ()), *changes.get(name, ())):
                found[name] = scaled(found[name], change.on(DAYS), "times")
            if name in self.conditions:
                found[name] = np.clip(found[name], 0.0, 1.0)
        return found

    def _changes_of(self, quantity: str, changes: Mapping[str, tuple[Change, ...]]) -> Iterable[tuple[Way, Change]]:
        for name, several in changes.items():
            if name == quantity:
                yield from (("times", change) for change in several)
            elif name in self.file.levers and quantity in self.file.levers[name].acts_on:
                yield from ((self.file.levers[name].acts_on[quantity], change) for change in several)

    def _unchanged(self, without_memory: bool) -> dict[str, Floats]:
        if without_memory not in self._base:
            found = {name: quantity.values(DAYS, without_memory) for name, quantity in self.quantities.items()}
            self._derive(found, found)
            for values in found.values():
                values.flags.writeable = False
            self._base[without_memory] = found
        return self._base[without_memory]

    def _derive(self, found: dict[str, Floats], base: Mapping[str, Floats]) -> None:
        for name, condition in self.conditions.items():
            found[name] = condition.values(found, DAYS.size)
        for name, factor in self.factors.items():
            found[name] = found[factor.quantity] / base[factor.quantity][0]

    def daily(
        self,
        first_day: int = 0,
        last_day: int = LAST,
        scenario_forcing: Mapping[str, Any] | None = None,
        without_memory: bool = False,
    ) -> Daily:
        """Every series from ``first_day`` to ``last_day``, both included. Raises InputError outside the span."""
        if not 0 <= first_day <= last_day <= LAST:
            raise InputError(f"no forcing for days {first_day} to {last_day}. Expected days within 0 to {LAST}.")
        found = self.values(scenario_forcing, without_memory)
        table = np.stack([found[name][first_day : last_day + 1] for name in self.series], axis=1)
        return Daily(tuple(self.series), first_day, table.astype(np.float32))

    # --- by cell ----------------------------------------------------------------------------------------------------

    def hardship(
        self,
        cells: Sequence[CellLike],
        scenario_forcing: Mapping[str, Any] | None = None,
        without_memory: bool = False,
    ) -> Hardships:
        """Hardship of each cell and demand: see :class:`Hardships`."""
        found = self.values(scenario_forcing, without_memory)
        ids = tuple(condition.id for condition in self.hardships)
        table = np.stack([found[name] for name in ids], axis=1).astype(np.float32)
        index, scale = _felt_by(self, tuple(cells))
        return Hardships(ids, index, table, scale)

    def hardship_of(self, demand: str, place: str, stratum: str, province: str | None = None) -> str:
        """Id of the hardship that a cell feels under a demand: the first in the file that fits."""
        return _first_fit(self, demand, place, stratum, province)

    def persons(
        self,
        cells: Sequence[CellLike],
        scenario_forcing: Mapping[str, Any] | None = None,
        without_memory: bool = False,
    ) -> Persons:
        """How many people each cell has next to 23 February: see :class:`Persons`."""
        found = self.values(scenario_forcing, without_memory)
        table = np.stack([np.ones(DAYS.size), *(found[name] for name in self.factors)], axis=1).astype(np.float32)
        index = np.zeros(len(cells), dtype=np.int32)
        for row, cell in enumerate(cells):
            for i, factor in enumerate(self.factors.values(), start=1):
                of_stratum = not factor.strata or cell.stratum in factor.strata
                if of_stratum and any(fits_place(pattern, cell.place) for pattern in factor.places):
                    index[row] = i
                    break
        return Persons(("constant", *self.factors), index, table)

    # --- told to readers --------------------------------------------------------------------------------------------

    def macro_rows(
        self,
        days: Iterable[int],
        scenario_forcing: Mapping[str, Any] | None = None,
        without_memory: bool = False,
    ) -> list[MacroRow]:
        """Measured quantities in their own unit, on the days that their knots span. Ordinal scales are left out."""
        found = self.values(scenario_forcing, without_memory)
        shown = [quantity for quantity in self.quantities.values() if quantity.scale == "measured"]
        spans = {quantity.id: _span(quantity.used(without_memory)) for quantity in shown}
        return [
            MacroRow(day, quantity.place, quantity.id, float(found[quantity.id][day]))
            for day in days
            for quantity in shown
            if spans[quantity.id][0] <= day <= spans[quantity.id][1]
        ]

    def _tell_condition(self, condition: Condition) -> Series:
        parts = [_tell_quantity(self.quantities[term.quantity]) for term in condition.terms]
        sums = " + ".join([f"{condition.base:g}", *(f"{t.weight:g} {t.quantity}" for t in condition.terms)])
        return Series(
            id=condition.id,
            kind="hardship" if condition.demand else "condition",
            title=condition.title,
            unit="0..1",
            meaning=sums,
            demand=condition.demand,
            where="; ".join(_where(s.places, s.strata, s.provinces) for s in condition.applies) or "read by mechanisms",
            interpolation="sum",
            rows=_joined(part.rows for part in parts),
            works=_joined(part.works for part in parts),
            confidence=_weakest(part.confidence for part in parts),
            memory=any(part.memory for part in parts),
            error_factor=max((part.error_factor for part in parts), default=1.5),
            fallback=None,
            spec=condition,
        )

    def _tell_factor(self, factor: Factor) -> Series:
        part = _tell_quantity(self.quantities[factor.quantity])
        return Series(
            id=factor.id,
            kind="factor",
            title=factor.title,
            unit="23 February 1917 = 1",
            meaning=f"{factor.quantity} over its value on 23 February",
            demand=None,
            where=_where(factor.places, factor.strata, ()),
            interpolation=part.interpolation,
            rows=part.rows,
            works=part.works,
            confidence=part.confidence,
            memory=part.memory,
            error_factor=part.error_factor,
            fallback=part.fallback,
            spec=factor,
        )


@cache
def forcing() -> Forcing:
    """The series of the file, read once. Raises InputError with line and column of each fault."""
    return Forcing(data_file.read(resources.files("sim") / "evidence" / "forcing.yaml", ForcingFile))


def read_changes(name: str, given: Any) -> tuple[Change, ...]:
    """One change or several, from any of the forms that :meth:`Forcing.values` names."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(change for one in given for change in read_changes(name, one))
    if isinstance(given, Change):
        return (given,)
    if isinstance(given, Mapping):
        wrong = set(given) - {"scale", "from", "until", "half_life"}
        if wrong or "scale" not in given:
            raise InputError(f"forcing of '{name}': expected scale, and perhaps from, until and half_life.")
        return (_change(name, given["scale"], given.get("from"), given.get("until"), given.get("half_life")),)
    if not hasattr(given, "scale"):
        raise InputError(f"forcing of '{name}': '{given}' is not a change. Expected scale, from and until.")
    return (_change(name, given.scale, getattr(given, "since", None), getattr(given, "until", None), None),)


def _change(name: str, scale: Any, since: date | str | None, until: date | str | None, half_life: Any) -> Change:
    try:
        size, fading = float(scale), None if half_life is None else float(half_life)
    except (TypeError, ValueError):
        raise InputError(f"forcing of '{name}': scale and half_life must be numbers.") from None
    if not (np.isfinite(size) and size >= 0.0) or (fading is not None and not fading > 0.0):
        raise InputError(f"forcing of '{name}': a scale is 0 or more, a half_life more than 0.")
    first = 0 if since is None else day_of(parse_date(since))
    last = LAST if until is None else day_of(parse_date(until))
    if last < first:
        raise InputError(f"forcing of '{name}': 'until' lies before 'from'.")
    return Change(size, first, last, fading)


def non_russian(cell: object) -> float:
    """Share of a cell whose mother tongue is not Russian, by what the cell tells; 1 if it tells nothing."""
    share = getattr(cell, "non_russian", None)
    if share is not None:
        return float(share)
    tongues = getattr(cell, "tongues", None)
    return 1.0 if tongues is None else 1.0 - float(tongues[TONGUES.index("russian")])


#: How the land question presses where there had been neither serfs nor black earth, and what each adds.
LAND_HUNGER, HUNGER_BY_SERFS, HUNGER_BY_SOIL = 0.6, 0.5, 0.4


def land_hunger(cell: object) -> float:
    """How far the season of the land question presses a village, 0.6 to 1.5.

    Unrest followed former serfdom and good soil: Finkel, Gehlbach and Kofanov, (Good) Land and Freedom (2017), S142;
    the weights are ours. 1 for a cell that tells neither.
    """
    serfs, soil = getattr(cell, "serf_share", None), getattr(cell, "black_earth", None)
    if serfs is None and soil is None:
        return 1.0
    return LAND_HUNGER + HUNGER_BY_SERFS * float(serfs or 0.0) + HUNGER_BY_SOIL * float(soil or 0.0)


@lru_cache(maxsize=2)
def _felt_by(source: Forcing, cells: tuple[CellLike, ...]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Which hardship each cell feels under each demand, and how much of it, [cells, K]; not to be written to."""
    column = {condition.id: i for i, condition in enumerate(source.hardships)}
    index = np.empty((len(cells), K), dtype=np.int32)
    scale = np.ones((len(cells), K), dtype=np.float32)
    for row, cell in enumerate(cells):
        for k, demand in enumerate(DEMANDS):
            index[row, k] = column[source.hardship_of(demand, cell.place, cell.stratum, cell.province)]
        scale[row, DEMAND["nation"]] = non_russian(cell)
        scale[row, DEMAND["land"]] = land_hunger(cell) if cell.stratum == "peasant" else 1.0
    return index, scale


@cache
def _first_fit(source: Forcing, demand: str, place: str, stratum: str, province: str | None) -> str:
    for condition in source.hardships:
        if condition.demand == demand and any(s.fits(place, stratum, province) for s in condition.applies):
            return condition.id
    raise unknown("demand", demand, DEMANDS)


def _span(knots: Sequence[Knot]) -> tuple[int, int]:
    return day_of(min(k.when.first for k in knots)), day_of(max(k.when.last for k in knots))


def _tell_quantity(quantity: Quantity) -> Series:
    knots = quantity.knots
    return Series(
        id=quantity.id,
        kind="quantity",
        title=quantity.title,
        unit=quantity.unit,
        meaning=quantity.meaning,
        demand=None,
        where=quantity.place,
        interpolation=quantity.interpolation,
        rows=_joined(knot.rows for knot in knots),
        works=_joined((knot.work,) for knot in knots if knot.work is not None),
        confidence=_weakest(knot.confidence for knot in knots),
        memory=quantity.memory,
        error_factor=quantity.error_factor,
        fallback=quantity.fallback_note,
        spec=quantity,
    )


def _joined(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))


def _weakest(grades: Iterable[Confidence]) -> Confidence:
    return min(grades, key=_GRADES.index, default="low")


def _where(places: Sequence[str], strata: Sequence[str], provinces: Sequence[str]) -> str:
    said = ", ".join(places)
    if provinces:
        said += f" in {len(provinces)} provinces"
    return f"{said} ({', '.join(strata)})" if strata else said
