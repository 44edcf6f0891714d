"""What a well-formed scenario asks that the model can't answer: conditions that never hold, changes that nobody feels
or that are for people who don't live there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sim.inputs.events import Arises
from sim.inputs.known import Known
from sim.inputs.listened import conditions_in, unheard
from sim.inputs.order import dependents
from sim.inputs.problems import key_name, spot_of
from sim.inputs.reachable import Bounds, unreachable
from sim.inputs.scenario import Scenario
from sim.inputs.tree import Table, problem_at
from sim.words.calendar import show_date
from sim.words.errors import Problem


def unanswerable(scenario: Scenario, tree: Table, known: Known) -> Iterator[Problem]:
    """Problems of a scenario that could be read; ``tree`` is its merged file."""
    asked = [(path, condition) for path, condition in conditions_in(scenario) if condition.gives == "truth"]
    bounds = Bounds(scenario.changes_from, scenario.until, _gone(scenario, known) if asked else {})
    yield from _closed_windows(scenario, tree)
    for path, condition in asked:
        why = unreachable(condition.term, _of_event(_within(bounds, _arises(scenario, path)), scenario, path, known))
        if why is not None:
            expected = "a condition that can hold on some day of the scenario"
            yield problem_at(spot_of(tree, path), f"'{key_name(path)}' can never hold: {why}", expected)
    for name in unheard(scenario, known):
        message = f"nothing in this version of the model listens to '{name}', so that changing it would change nothing"
        yield problem_at(spot_of(tree, ("forcing", name), at_key=True), message, "another series, or an event")
    yield from _nobody_there(scenario, tree, known)


def _nobody_there(scenario: Scenario, tree: Table, known: Known) -> Iterator[Problem]:
    """Changes and effects of added events for strata none of which lives in any of their places."""
    lives = known.strata_of
    for path, part in _for_people(scenario) if lives is not None else ():
        places, strata = getattr(part, "places", ()), getattr(part, "strata", ())
        there = {stratum for place in places for stratum in (lives(place) if lives is not None else ())}
        if strata and there and not there & set(strata):
            told = " or ".join(f"'{stratum}'" for stratum in strata)
            message = f"nobody of stratum {told} lives in {', '.join(places)[:60]}"
            yield problem_at(spot_of(tree, (*path, "strata")), message, f"one of {', '.join(sorted(there))}")


def _for_people(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every part of a scenario that is for people of some strata in some places, with its path."""
    yield from ((("information", i), part) for i, part in enumerate(scenario.information))
    yield from ((("initial", "wants", i), part) for i, part in enumerate(scenario.initial.wants))
    yield from ((("initial", "fear", i), part) for i, part in enumerate(scenario.initial.fear))
    for i, event in enumerate(scenario.events.add):
        yield from ((("events", "add", i, "effects", j, e.kind), e) for j, e in enumerate(event.effects))


def _arises(scenario: Scenario, path: tuple[str | int, ...]) -> Arises | None:
    """What an added event waits for, if that is what stands at a path."""
    if path[:2] != ("events", "add") or "arises" not in path:
        return None
    return scenario.events.add[int(path[2])].arises


def _within(bounds: Bounds, arises: Arises | None) -> Bounds:
    """The days on which an event may arise."""
    first, last = arises.window if arises is not None else (None, None)
    return Bounds(max(first or bounds.first, bounds.first), min(last or bounds.last, bounds.last), bounds.gone)


def _of_event(bounds: Bounds, scenario: Scenario, path: tuple[str | int, ...], known: Known) -> Bounds:
    """The same for the condition of an added event: it can't wait for itself, nor for what is past not to be."""
    if path[:2] != ("events", "add"):
        return bounds
    event = scenario.events.add[int(path[2])]
    past = {}
    for name, recorded in (known.events or {}).items():
        if recorded is None or recorded.alternative or name in bounds.gone:
            continue
        day = _pinned_on(name, recorded.date, scenario)
        if day is not None and day < bounds.first:
            past[name] = f"has happened by then: it is pinned to {show_date(day)}"
    return replace(bounds, gone={**bounds.gone, event.id: "is the event itself"}, past=past)


def _closed_windows(scenario: Scenario, tree: Table) -> Iterator[Problem]:
    """Added events whose window closes before it opens, or lies outside the scenario."""
    for i, event in enumerate(scenario.events.add):
        days = _within(Bounds(scenario.changes_from, scenario.until), event.arises)
        if event.arises is not None and days.first > days.last:
            spot = spot_of(tree, ("events", "add", i, "arises", "window"))
            span = f"days from {show_date(scenario.changes_from)} to {show_date(scenario.until)}, the earlier first"
            yield problem_at(spot, f"the window in which '{event.id}' may arise is empty", span)


def _gone(scenario: Scenario, known: Known) -> dict[str, str]:
    """Events that can't happen before the scenario ends, each with the reason."""
    changes, catalogue = scenario.events, known.events or {}
    requires = {name: event.requires for name, event in catalogue.items() if event is not None}
    requires |= {event.id: event.requires for event in changes.add}
    removed = set(changes.remove)
    gone = dict.fromkeys(removed, "is removed")
    for name in dependents(removed, requires):
        if name not in changes.force:
            gone[name] = "hangs on an event that is removed"
    for name, event in catalogue.items():
        day = _pinned_on(name, event.date, scenario) if event is not None else None
        if day is not None and day > scenario.until:
            gone.setdefault(name, f"is pinned to {show_date(day)}, after the scenario ends")
    return gone


def _pinned_on(name: str, recorded: date, scenario: Scenario) -> date | None:
    """The day on which an event is bound to happen; ``None`` if it is free."""
    changes = scenario.events
    if name in changes.force:
        return changes.force[name]
    shift = changes.shift.get(name)
    if shift is not None:
        return shift if isinstance(shift, date) else recorded + timedelta(days=shift)
    pinned = recorded < scenario.changes_from or changes.pin == "all" or name in changes.pin
    return recorded if pinned and changes.free != "all" and name not in changes.free else None
