"""What the file of forcing declares: quantities with dated knots, conditions made of them, factors and levers.

Only the types and their arithmetic. The file is ``sim/evidence/forcing.yaml``; :mod:`sim.inputs.forcing` reads it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from sim.inputs.evidence_rows import MEMORY_ERROR_FACTOR
from sim.inputs.fields import Demand, Line, Model, Row, Stratum, Text, malformed
from sim.words.calendar import day_of
from sim.words.identifiers import DEMANDS

Floats = NDArray[np.float64]
Confidence = Literal["high", "medium", "low"]
#: How a lever or a scenario changes a quantity: see :func:`scaled`.
Way = Literal["times", "over", "index", "shortage"]

_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Span:
    """Old Style days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        whole = self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]
        if whole and (self.first.month, self.last.month) == (1, 12):
            return f"{self.first:%Y}"
        if whole and (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y-%m} to {self.last:%Y-%m}" if whole else f"{self.first} to {self.last}"


def read_span(value: Any) -> Span:
    """A day, a month, a year, or two of them with a slash between: ``1917-06-18``, ``1917-06``, ``1917-06/1917-08``."""
    parts = str(value).split("/")
    found = [_PART.fullmatch(part.strip()) for part in parts]
    if len(parts) > 2 or not all(found):
        raise malformed(f"'{value}' is not a time", "a day, a month, a year, or a span such as 1917-06/1917-08")
    try:
        ends = [_ends(match) for match in found if match]
    except ValueError:
        raise malformed(f"'{value}' is not a time", "months and days that exist") from None
    if ends[-1][1] < ends[0][0]:
        raise malformed(f"'{value}' runs backwards", "the earlier time first")
    return Span(ends[0][0], ends[-1][1])


def _ends(match: re.Match[str]) -> tuple[date, date]:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


When = Annotated[Span, PlainValidator(read_span), PlainSerializer(lambda span: f"{span.first}/{span.last}", str)]


class Knot(Model):
    """One dated value and where it comes from: rows of evidence, arithmetic over rows, or a work."""

    when: When
    value: float
    rows: tuple[Row, ...] = ()
    formula: Line | None = None
    work: str | None = None
    confidence: Confidence
    memory: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Knot:
        if bool(self.rows) == (self.work is not None):
            raise malformed(f"the knot of {self.when} has no origin, or two", "either rows of evidence or a work")
        if len(self.rows) > 1 and self.formula is None:
            raise malformed(
                f"the knot of {self.when} cites {len(self.rows)} rows", "one row, or a formula over several"
            )
        if self.memory and self.confidence != "low":
            raise malformed(f"the knot of {self.when} is from memory", "confidence low")
        return self


class Quantity(Model):
    """Something measured, or judged on a scale from 0 to 1, in its own unit."""

    id: str
    title: Line
    unit: Line
    place: str
    scale: Literal["measured", "ordinal"]
    meaning: Text
    interpolation: Literal["linear", "step"]
    error_factor: float = Field(ge=1.0, le=5.0)
    fallback: Literal["drop"] | tuple[Knot, ...] | None = None
    fallback_note: Line | None = None
    knots: tuple[Knot, ...] = Field(min_length=1)

    @property
    def memory(self) -> bool:
        """Whether any knot rests on memory of the literature."""
        return any(knot.memory for knot in self.knots)

    @model_validator(mode="after")
    def _rules(self) -> Quantity:
        doubtful = self.memory or self.scale == "ordinal"
        if doubtful and self.error_factor < MEMORY_ERROR_FACTOR:
            raise malformed(f"{self.id} rests on memory or an ordinal scale", "an error factor of 1.5 or more")
        if self.memory != (self.fallback is not None) or self.memory != (self.fallback_note is not None):
            raise malformed(
                f"the fallback of {self.id}", "a fallback and a note where a knot is from memory, only there"
            )
        for knots in (self.knots, self.without_memory()):
            starts = [knot.when.first for knot in knots]
            if not knots or starts != sorted(starts):
                raise malformed(f"the knots of {self.id}", "at least one, in order of time")
            if self.scale == "ordinal" and not all(0.0 <= knot.value <= 1.0 for knot in knots):
                raise malformed(f"the knots of {self.id}", "values of an ordinal scale between 0 and 1")
        if any(knot.memory for knot in self.without_memory()):
            raise malformed(f"the fallback of {self.id} rests on memory", "knots that do not")
        return self

    def without_memory(self) -> tuple[Knot, ...]:
        """The knots of a run that uses nothing from memory."""
        if isinstance(self.fallback, tuple):
            return self.fallback
        return tuple(knot for knot in self.knots if not knot.memory)

    def used(self, without_memory: bool) -> tuple[Knot, ...]:
        """The knots of a run."""
        return self.without_memory() if without_memory else self.knots

    def values(self, days: Floats, without_memory: bool = False) -> Floats:
        """The quantity on each of ``days`` (day numbers); flat before the first knot and after the last."""
        knots = self.used(without_memory)
        at = np.array([day_of(knot.when.first) for knot in knots], dtype=np.float64)
        value = np.array([knot.value for knot in knots], dtype=np.float64)
        if self.interpolation == "step":
            return np.take(value, np.maximum(np.searchsorted(at, days, side="right") - 1, 0))
        end = np.array([day_of(knot.when.last) for knot in knots], dtype=np.float64)
        if self.scale == "ordinal":
            at, value = np.column_stack([at, end]).ravel(), np.repeat(value, 2)
        else:
            at = (at + end) / 2.0
        order = np.argsort(at, kind="stable")
        return np.interp(days, at[order], value[order])


def scaled(value: Floats, scale: Floats, way: Way) -> Floats:
    """``value`` changed by ``scale`` (day by day).

    ``times`` and ``over`` multiply and divide; ``index`` multiplies 100 + a rise in per cent; ``shortage`` multiplies
    what is there, one minus the shortage, and keeps the result in 0..1. A scale of 1 changes nothing, to the bit.
    """
    if way == "times":
        new = value * scale
    elif way == "over":
        new = value / np.maximum(scale, 1e-6)
    elif way == "index":
        new = scale * (100.0 + value) - 100.0
    else:
        new = np.clip(1.0 - scale * (1.0 - value), 0.0, 1.0)
    return np.where(scale == 1.0, value, new)


class Selector(Model):
    """Cells of some places, strata and provinces; what is left out is not asked."""

    places: tuple[str, ...] = Field(min_length=1)
    strata: tuple[Stratum, ...] = ()
    provinces: tuple[str, ...] = ()

    def fits(self, place: str, stratum: str, province: str | None) -> bool:
        """Whether a cell is meant."""
        return (
            (not self.strata or stratum in self.strata)
            and (not self.provinces or province in self.provinces)
            and any(fits_place(pattern, place) for pattern in self.places)
        )


def fits_place(pattern: str, place: str) -> bool:
    """Whether a place is meant by ``all``, its own id, a whole that it lies in, or a shape with a star."""
    if "*" in pattern:
        return fnmatchcase(place, pattern)
    return pattern == "all" or place == pattern or place.startswith(pattern + "/")


class Term(Model):
    """How far a quantity stands between the value that counts as 0 and the one that counts as 1, with its weight."""

    quantity: str
    at_zero: float
    at_one: float
    weight: float = Field(gt=0, le=1)

    @model_validator(mode="after")
    def _apart(self) -> Term:
        if self.at_zero == self.at_one:
            raise malformed(f"at_zero and at_one of {self.quantity} are equal", "two values")
        return self


class Condition(Model):
    """Something between 0 and 1 that quantities add up to. With a demand it is a hardship."""

    id: str
    title: Line
    family: str | None = None
    demand: Demand | None = None
    applies: tuple[Selector, ...] = ()
    base: float = Field(default=0.0, ge=0, le=1)
    terms: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _within(self) -> Condition:
        if self.base + sum(term.weight for term in self.terms) > 1.0 + 1e-9:
            raise malformed(f"base and weights of {self.id} exceed 1", "a sum of at most 1")
        if (self.demand is None) == bool(self.applies) or (self.demand is None) == (self.family is not None):
            raise malformed(f"{self.id}", "demand, family and applies together, or none of them")
        return self

    def values(self, quantities: Mapping[str, Floats], days: int) -> Floats:
        """The condition on each day, 0..1, from the day's quantities."""
        total = np.full(days, self.base)
        for term in self.terms:
            part = (quantities[term.quantity] - term.at_zero) / (term.at_one - term.at_zero)
            total += term.weight * np.clip(part, 0.0, 1.0)
        return np.asarray(np.clip(total, 0.0, 1.0), dtype=np.float64)


class Factor(Model):
    """A quantity over its own value on 23 February 1917: multiplies persons."""

    id: str
    title: Line
    quantity: str
    places: tuple[str, ...] = Field(min_length=1)
    strata: tuple[Stratum, ...] = ()


class Lever(Model):
    """A name under which a scenario or a season changes several quantities at once."""

    meaning: Line
    acts_on: dict[str, Way] = Field(min_length=1)


class ForcingFile(Model):
    """The whole file, checked for names that do not exist and demands that leave somebody out."""

    works: dict[str, Line]
    provinces: dict[str, tuple[str, ...]]
    levers: dict[str, Lever]
    quantities: tuple[Quantity, ...]
    factors: tuple[Factor, ...]
    conditions: tuple[Condition, ...]

    @model_validator(mode="after")
    def _names(self) -> ForcingFile:
        quantities = {quantity.id for quantity in self.quantities}
        used = [term.quantity for condition in self.conditions for term in condition.terms]
        used += [factor.quantity for factor in self.factors]
        used += [name for lever in self.levers.values() for name in lever.acts_on]
        _refuse("quantities", set(used) - quantities)
        cited = {k.work for q in self.quantities for k in (*q.knots, *q.without_memory()) if k.work is not None}
        _refuse("works", cited - set(self.works))
        families = {condition.family for condition in self.conditions if condition.family is not None}
        every = [q.id for q in self.quantities] + [f.id for f in self.factors] + [c.id for c in self.conditions]
        every += [*families, *self.levers]
        _refuse("names that stand twice", {name for name in every if every.count(name) > 1})
        return self

    @model_validator(mode="after")
    def _everybody(self) -> ForcingFile:
        for demand in DEMANDS:
            own = [condition for condition in self.conditions if condition.demand == demand]
            if not own or not any(s.places == ("all",) and not (s.strata or s.provinces) for s in own[-1].applies):
                raise malformed(f"the hardships of {demand}", "one for everybody, last")
        return self


def _refuse(what: str, names: Sequence[str] | set[str]) -> None:
    if names:
        raise malformed(f"{what}: {', '.join(sorted(names))}", "none such")
