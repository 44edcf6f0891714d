"""Cabinets as data: who sat in them, what they did about each demand, and which bodies propped them up.

Reads ``sim/history/cabinets.yaml``. Imports no Mesa and no numpy.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from sim.inputs.data_file import read
from sim.inputs.events import AnySource
from sim.inputs.fields import Body, Demand, Id, LedgerId, Level, Line, Model, OldStyle, Party, Text

_Weights = Annotated[dict[Party, Annotated[float, Field(ge=0)]], Field(min_length=1)]


def _sums_to_something(weights: dict[str, float]) -> dict[str, float]:
    if sum(weights.values()) <= 0:
        raise ValueError("a cabinet needs at least one party with a weight above 0")
    return weights


class CabinetData(Model):
    """One cabinet. ``composition``: weights of parties in office. ``policy``: 0..1 by demand, what it does about it.

    ``props``: bodies whose majority supported it when it took office.
    """

    id: Id
    title: Line = ""
    start: Annotated[OldStyle | None, Field(alias="from")] = None
    text: Text | None = None
    composition: Annotated[_Weights, AfterValidator(_sums_to_something)]
    policy: dict[Demand, Level] = {}
    props: tuple[Body, ...] = ()
    sources: Annotated[tuple[AnySource, ...], BeforeValidator(lambda v: v if isinstance(v, list | tuple) else [v])] = ()
    ledger: tuple[LedgerId, ...] = ()


def _distinct(cabinets: tuple[CabinetData, ...]) -> tuple[CabinetData, ...]:
    ids = [c.id for c in cabinets]
    if len(set(ids)) != len(ids):
        raise ValueError("two cabinets have the same id")
    return cabinets


Cabinets = Annotated[
    tuple[CabinetData, ...],
    BeforeValidator(lambda v: v.get("cabinets", v) if isinstance(v, dict) else v),
    AfterValidator(_distinct),
]


@cache
def cabinets() -> dict[str, CabinetData]:
    """Cabinets by id, in the order of the file, read once."""
    source = resources.files("sim") / "history" / "cabinets.yaml"
    return {c.id: c for c in read(source, Cabinets)}


def in_office(known: dict[str, CabinetData], when: date) -> CabinetData | None:
    """The cabinet that recorded history has in office on a day, by the dates of the file; None if it gives none."""
    dated = [c for c in known.values() if c.start is not None and c.start <= when]
    return max(dated, key=lambda c: c.start or when, default=None)
