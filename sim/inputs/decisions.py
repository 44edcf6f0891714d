"""Decision points as data: who decided what, when, by what reasons, and which events hang on the choice.

Reads ``sim/history/decisions.yaml``. A body takes the first option that is good enough; the rule stands in
:mod:`sim.history.deciding`. Imports no Mesa and no numpy.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from sim.inputs import known as names
from sim.inputs.conditions import Numeric, Truth
from sim.inputs.data_file import read
from sim.inputs.events import AnySource
from sim.inputs.fields import EventId, Id, LedgerId, Line, Model, OldStyle

Weight = Literal["weak", "medium", "strong"]
#: What a reason speaks of: what those the body spoke for pressed, what partners would bear, what might be done to it or
#: by it, what it held to be right, what stood before its eyes.
Concern = Literal["base", "coalition", "fear", "doctrine", "attention"]


class Reason(Model):
    """One reason for an option (or against it): its weight times a quantity of the day, clipped to 0..1."""

    reason: Concern
    weight: Weight
    quantity: Numeric | None = None
    against: bool = False


class Option(Model):
    """One choice. ``causes``: events that come with it. ``prevents``: events that then do not come."""

    id: Id
    title: Line
    history: bool = False
    causes: tuple[EventId, ...] = ()
    prevents: tuple[EventId, ...] = ()
    appeal: Annotated[tuple[Reason, ...], Field(min_length=1)]
    #: Days after which a choice that settles nothing is taken up again.
    reopens: Annotated[int, Field(ge=1, le=120)] | None = None


class Decision(Model):
    """One decision point. ``date`` is history's; ``after`` the events that call the body together."""

    id: Id
    number: Annotated[int, Field(ge=1, le=99)]
    title: Line
    who: Line
    body: Id
    actor: Literal["party", "government", "institution"]
    date: OldStyle
    after: tuple[EventId, ...] = ()
    when: Truth | None = None
    cared_about: Line
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    sources: Annotated[tuple[AnySource, ...], Field(min_length=1)]
    ledger: tuple[LedgerId, ...] = ()

    @property
    def taken(self) -> Option:
        """History's choice."""
        return next(option for option in self.options if option.history)

    def option(self, name: str) -> Option:
        """An option by id. Raises :class:`KeyError`."""
        return {option.id: option for option in self.options}[name]

    @property
    def owned(self) -> frozenset[str]:
        """Events that come only by a choice here."""
        return frozenset(event for option in self.options for event in option.causes)

    @property
    def touched(self) -> frozenset[str]:
        """Events that a choice here brings or prevents."""
        return self.owned | {event for option in self.options for event in option.prevents}


def _sound(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    wrong = []
    ids = [d.id for d in decisions]
    wrong += [f"two decisions are called '{name}'" for name in sorted({i for i in ids if ids.count(i) > 1})]
    owner: dict[str, str] = {}
    for decision in decisions:
        if sum(option.history for option in decision.options) != 1:
            wrong.append(f"'{decision.id}' needs exactly one option with 'history: true'")
        listed = [option.id for option in decision.options]
        twice = sorted({name for name in listed if listed.count(name) > 1})
        wrong += [f"'{decision.id}' has the option '{name}' twice" for name in twice]
        for event in sorted(decision.owned):
            if event in owner:
                wrong.append(f"the event '{event}' comes by a choice at '{owner[event]}' and at '{decision.id}'")
            owner[event] = decision.id
    if wrong:
        raise ValueError("; ".join(wrong))
    return decisions


Decisions = Annotated[tuple[Decision, ...], AfterValidator(_sound)]


@cache
def decisions() -> dict[str, Decision]:
    """The decision points by id, in the order of the file, read once. The names of events are checked."""
    known: Any = names.current()
    source = resources.files("sim") / "history" / "decisions.yaml"
    return {d.id: d for d in read(source, Decisions, {"known": known})}


def choices() -> dict[str, tuple[str, ...]]:
    """Decision -> ids of its options. Reads the file's plain content, so that other names may be checked against it."""
    return {d["id"]: tuple(option["id"] for option in d["options"]) for d in _plain()}


def days() -> dict[str, date]:
    """Decision -> its recorded day (Old Style), from the file's plain content."""
    return {d["id"]: date.fromisoformat(d["date"]) for d in _plain()}


@cache
def _plain() -> list[dict[str, Any]]:
    from ruamel.yaml import YAML

    source = resources.files("sim") / "history" / "decisions.yaml"
    found: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(source.read_text(encoding="utf-8"))
    return found
