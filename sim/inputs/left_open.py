"""History left open from a day on: ``historical@1917-06-16``, the fair base of a what-if of that day."""

from __future__ import annotations

from datetime import date

from sim.inputs.scenario import Scenario
from sim.words.calendar import FURTHEST_DAY, parse_date, show_date
from sim.words.errors import InputError


def split(name: str) -> tuple[str, date | None]:
    """The scenario that ``NAME@DATE`` names, and its Old Style day; a name without ``@`` has none.

    Raises :class:`InputError` where no date follows the ``@``.
    """
    plain, at, day = name.rpartition("@")
    return (plain, parse_date(day)) if at else (name, None)


def freed(scenario: Scenario, since: date) -> Scenario:
    """The scenario with everything pinned until a day, and left to the model from it on."""
    events = scenario.events.model_copy(update={"pin": ()}) if scenario.events.pin == "all" else scenario.events
    return scenario.model_copy(update={"events": events, "divergence": since})


def left_open(scenario: Scenario, since: date) -> Scenario:
    """:func:`freed`, under a name and a title that say so.

    Raises :class:`InputError` for a day on which the scenario is not run, or that comes after its own divergence: what
    it changes would then stand in a past that is pinned.
    """
    name = f"{scenario.name}@{since.isoformat()}"
    if not scenario.start <= since <= FURTHEST_DAY:
        span = f"{show_date(scenario.start)} to {show_date(FURTHEST_DAY)} (Old Style)"
        raise InputError(f"{name[:80]}: the day lies outside the year that is run. Expected a date from {span}.")
    own = scenario.divergence
    if own is not None and scenario.start < own < since:
        raise InputError(
            f"{name[:80]}: the day comes after the divergence of '{scenario.name}', {show_date(own)}. Expected a date "
            f"until then, or history left open: historical@{since.isoformat()}."
        )
    title = f"{scenario.title or scenario.name}, left open from {show_date(since)}"
    told = {"title": title, "divergence": since.isoformat()}
    if scenario.kind == "historical":
        told["question"] = f"How does history go on if it is left to the model from {show_date(since)}?"
    found = freed(scenario, since).model_copy(update={key: told[key] for key in told if key != "divergence"})
    found._name = name
    kept = {key: origin for key, origin in scenario._origins.items() if key not in ("events.pin", *told)}
    found._origins = {**kept, **{key: (value, f"@{since.isoformat()}", 0) for key, value in told.items()}}
    return found
