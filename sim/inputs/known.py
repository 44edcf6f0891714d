"""The names that a file may use, gathered from the layers that own them.

Files are read here, in the ``inputs`` layer; places, events and mechanisms live further right, where this layer may
not look. So each owner hands its names in when it is imported: ``offer("events", function)``; :func:`current` calls
the functions once, when a file is first read. :mod:`sim.history.catalogue` offers places, events, warnings and
cabinets, so a program that reads scenario files imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.inputs.events import Event

#: Bodies of the design's list of names. A soviet of a place is ``<place>/soviet``.
BODIES = (
    "petrograd_soviet",
    "petrograd_soviet/workers",
    "petrograd_soviet/soldiers",
    "petrograd_soviet/executive",
    "moscow_soviet",
    "kronstadt_soviet",
    "tsik",
    "first_congress",
    "second_congress",
    "third_congress",
    "first_peasant_congress",
    "extraordinary_peasant_congress",
    "second_peasant_congress",
    "northern_region_congress",
    "factory_committees_petrograd",
    "democratic_conference",
    "pre_parliament",
    "constituent_assembly",
)

#: Series of forcing from outside the model, which a scenario may scale and a season may disturb.
SERIES = ("bread", "fuel", "goods", "wages", "prices", "harvest", "front", "german_advance", "allied_pressure")


@dataclass(frozen=True)
class Known:
    """What exists. ``None`` means that the owner has not said, so only the form of the id is checked."""

    #: Ids that a place pattern stands for; empty when it fits nothing. ``None``: patterns are checked for form.
    matching: Callable[[str], tuple[str, ...]] | None = None
    #: Strata that live in the places of a pattern. ``None``: not checked.
    strata_of: Callable[[str], tuple[str, ...]] | None = None
    #: Place ids and wholes, for suggestions.
    places: tuple[str, ...] = ()
    events: Mapping[str, Event | None] | None = None
    warnings: tuple[str, ...] | None = None
    cabinets: tuple[str, ...] | None = None
    bodies: tuple[str, ...] | None = None
    #: Decision id -> the choices open at it.
    decisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Decision id -> its recorded day.
    decided: Mapping[str, date] = field(default_factory=dict)
    #: Mechanisms that can be switched off.
    mechanisms: tuple[str, ...] | None = None
    series: tuple[str, ...] = SERIES
    #: Parameter name -> its declaration (``.low``, ``.high``, ``.unit``, ``.meaning``); ``None``: not checked.
    parameters: Mapping[str, Any] | None = None
    lenses: tuple[str, ...] = ("neutral",)


NOTHING = Known()

_offers: dict[str, Callable[[], Any]] = {}
_built: Known | None = None


def offer(attribute: str, names: Callable[[], Any]) -> None:
    """Hand in the names of one attribute of :class:`Known`, as a function that is called when they are needed."""
    global _built
    if attribute not in {item.name for item in fields(Known)}:
        raise ValueError(f"Known has no attribute '{attribute}'")
    _offers[attribute] = names
    _built = None


def current() -> Known:
    """The names handed in so far, with the declared parameters, which belong to this layer."""
    global _built
    if _built is None:
        from sim.inputs.parameters import DECLARATIONS

        _built = Known(**{"parameters": DECLARATIONS, **{name: make() for name, make in _offers.items()}})
    return _built


def known_in(context: Any) -> Known:
    """The names in a pydantic validation context of the form ``{"known": Known}``."""
    found = context.get("known") if isinstance(context, dict) else None
    return found if isinstance(found, Known) else NOTHING
