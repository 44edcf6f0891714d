"""Events and warnings as data: what happened, when, by which sources, and by which effects it acts.

Dates are Old Style. An event whose day the evidence does not give has a span or a month; no day is invented.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.inputs.conditions import Numeric, Truth
from sim.inputs.effects import AnyEffect
from sim.inputs.fields import (
    Demand,
    EventId,
    HalfLife,
    Id,
    LedgerId,
    Line,
    Model,
    OldStyle,
    Party,
    Row,
    Stratum,
    Text,
)


class Source(Model):
    """A work, cited as author, title and year, and the rows of the evidence tables that came from it."""

    work: Line
    rows: tuple[Row, ...] = ()


def _bare_work(value: Any) -> Any:
    return {"work": value} if isinstance(value, str) else value


#: A source, or just the name of the work.
AnySource = Annotated[Source, BeforeValidator(_bare_work, json_schema_input_type=Line | Source)]

Kind = Literal["action", "decision", "consequence", "outside", "election", "session"]


class Hazard(Model):
    """How readily an event comes while its conditions hold. Steps are parameters; a lens sets the slopes."""

    daily: Literal["rare", "occasional", "likely"]
    #: A number that moves the rate: at one half it is the daily step, at 0 and 1 the slope below and above it.
    rises_with: Numeric | None = None
    slope: Literal["weak", "medium", "strong"] = "medium"


class Arises(Model):
    """When an event may come of itself in free history.

    ``when`` must hold; each day on which it does is a chance, by ``hazard``. None before or after the ``window``, nor
    once an event of ``unless`` has happened. ``decay`` is the half-life, in days, of a moment that is not used: the
    rate falls from the first day on which the conditions held, until they have not held for a fortnight. ``again``
    lets it be tried once more after so many days.
    """

    when: Truth
    hazard: Hazard
    window: tuple[OldStyle | None, OldStyle | None] = (None, None)
    unless: tuple[EventId, ...] = ()
    decay: HalfLife | None = None
    again: Annotated[int, Field(ge=1, le=200)] | None = None


class Outcome(Model):
    """One way in which an attempt may end: an event, and the odds that it is this one (the rest for the last)."""

    event: EventId
    odds: Numeric | None = None


class Event(Model):
    """One dated happening. ``requires`` names the events it hangs on: remove one of them and this one goes too.

    An ``alternative`` was proposed or possible and did not come about: it is never part of recorded history, only a
    decision, an outcome or a scenario brings it. ``stands_for`` names recorded events whose consequences it can have
    in their place. In free history ``arises`` says when it comes of itself, ``when`` what must hold on the day on which
    it would follow its causes or its date, and ``outcomes`` the ways in which an attempt may end.
    """

    id: Id
    title: Line
    date: OldStyle
    until: OldStyle | None = None
    precision: Literal["day", "span", "month"] = "day"
    text: Text
    kind: Kind
    actors: tuple[Line, ...] = ()
    strata: tuple[Stratum, ...] = ()
    requires: tuple[EventId, ...] = ()
    sources: tuple[AnySource, ...] = ()
    ledger: tuple[LedgerId, ...] = ()
    effects: tuple[AnyEffect, ...] = ()
    alternative: Annotated[bool, Field(strict=True)] = False
    stands_for: tuple[EventId, ...] = ()
    arises: Arises | None = None
    when: Truth | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def last_day(self) -> dt.date:
        """The last day that the event covers (Old Style)."""
        return self.until or self.date


class Voice(Model):
    """Who gave a warning, and when."""

    party: Party
    date: OldStyle
    source: Line


class Warning(Model):
    """A standing claim about what would come. Events may bear it out or refute it; all camps gave warnings."""

    id: Id
    claim: Line
    by: Annotated[tuple[Voice, ...], Field(min_length=1)]
    demand: Demand
