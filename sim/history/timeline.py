"""The timeline: which events happen, when, and why, under a scenario.

``historical`` pins every recorded event to its date. A scenario may remove events (whatever hangs on them goes too),
move them (whatever hangs on them moves with them), force them on a date or add its own. Each ends with a status and a
cause, which the table ``events`` reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sim.inputs.decisions import Decision, Option
from sim.inputs.events import Event
from sim.inputs.scenario import Scenario
from sim.words.calendar import day_of, show_date
from sim.words.errors import InputError

#: No alternatives, no decisions.
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Chosen:
    """A choice that a scenario sets where events are pinned."""

    decision: Decision
    option: Option

    @property
    def cause(self) -> str:
        """The choice in words."""
        return f"{self.decision.id}: {self.option.id} (scenario)"


@dataclass(frozen=True)
class Entry:
    """One event under a scenario. ``day`` counts from 23 February 1917."""

    event: Event
    day: int
    status: str
    cause: str

    @property
    def happens(self) -> bool:
        """Whether the event strikes at all."""
        return self.status in ("pinned", "fired", "forced")


def timeline(
    scenario: Scenario,
    catalogue: Mapping[str, Event],
    alternatives: Mapping[str, Event] = NOTHING,
    decisions: Mapping[str, Decision] = NOTHING,
    free: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """All events of the catalogue and of the scenario, by day, and within a day causes before what hangs on them.

    ``alternatives`` come only where the scenario forces them or sets a decision that brings them. Decisions of ``free``
    are left to the model; their choices bring nothing here. Raises :class:`InputError` for an event that stays in place
    although one it hangs on would come after it, and for a decision set before the divergence.
    """
    changes = scenario.events
    chosen = _choices(scenario, decisions, free)
    wanted = {*changes.force, *changes.shift, *(event for c in chosen for event in c.option.causes)}
    others = {name: event for name, event in alternatives.items() if name in wanted}
    events = {**catalogue, **others, **{event.id: event for event in changes.add}}
    moved = _moves(scenario, events)
    gone = _gone(scenario, events, chosen)
    brought = {event: c.cause for c in chosen for event in c.option.causes if event in alternatives}
    entries = []
    for event in events.values():
        when, cause = moved.get(event.id, (event.date, brought.get(event.id, "history")))
        if event.id in gone:
            status, cause = (
                ("removed", "scenario") if event.id in changes.remove else ("did_not_happen", gone[event.id])
            )
        elif cause == "history" and event.id in catalogue:
            status = "pinned"
        else:
            status, cause = "forced", "scenario" if cause == "history" else cause
        entries.append(Entry(event, day_of(when), status, cause))
    _refuse_effects_before_causes(entries)
    rank = {event.id: i for i, event in enumerate(causes_first(events))}
    return tuple(sorted(entries, key=lambda e: (e.day, rank[e.event.id])))


def _choices(scenario: Scenario, decisions: Mapping[str, Decision], free: frozenset[str]) -> list[Chosen]:
    """Options other than history's that a scenario sets where events are pinned."""
    found = []
    for name, option in scenario.decisions.items():
        decision = decisions.get(name)
        if decision is None:
            continue
        if scenario.divergence is not None and decision.date < scenario.divergence:
            when, day = show_date(decision.date), show_date(scenario.divergence)
            raise InputError(f"the decision '{name}' ({when}) comes before the divergence ({day}).")
        if name not in free and option != decision.taken.id:
            found.append(Chosen(decision, decision.option(option)))
    return found


def _moves(scenario: Scenario, events: Mapping[str, Event]) -> dict[str, tuple[date, str]]:
    """New dates of events that the scenario moves, and of what hangs on them, with the cause."""
    moved: dict[str, tuple[date, str]] = {}
    for name, shift in scenario.events.shift.items():
        when = shift if isinstance(shift, date) else events[name].date + timedelta(days=shift)
        moved[name] = (when, "scenario")
    for name, when in scenario.events.force.items():
        moved[name] = (when, "scenario")
    for event in causes_first(events):
        if event.id in moved:
            continue
        delays = [(moved[c][0] - events[c].date, c) for c in event.requires if c in moved]
        if delays:
            delay, cause = max(delays)
            # Brought forward, it still waits for what else it hangs on.
            others = [moved[c][0] if c in moved else events[c].date for c in event.requires if c in events]
            moved[event.id] = (max([event.date + delay, *others]), f"moved with {cause}")
    return moved


def _gone(scenario: Scenario, events: Mapping[str, Event], chosen: list[Chosen]) -> dict[str, str]:
    """Events that do not happen, with the reason. What hangs on one stays if another that is there stands for it."""
    gone = {name: "scenario" for name in scenario.events.remove}
    for c in chosen:
        for name in {*c.decision.owned, *c.option.prevents} - {*c.option.causes, *scenario.events.force}:
            gone.setdefault(name, c.cause)
    standing = {stood: event.id for event in events.values() for stood in event.stands_for}
    for event in causes_first(events):
        missing = [c for c in event.requires if c in gone and standing.get(c, c) in {*gone, c}]
        if missing and event.id not in gone and event.id not in scenario.events.force:
            gone[event.id] = f"hangs on {missing[0]}"
    return gone


def causes_first(events: Mapping[str, Event]) -> list[Event]:
    """Events in an order in which each comes after all it hangs on."""
    done: dict[str, Event] = {}

    def visit(event: Event) -> None:
        for cause in event.requires:
            if cause in events and cause not in done:
                visit(events[cause])
        done.setdefault(event.id, event)

    for event in events.values():
        visit(event)
    return list(done.values())


def _refuse_effects_before_causes(entries: list[Entry]) -> None:
    day = {e.event.id: e.day for e in entries if e.happens}
    for entry in entries:
        late = [c for c in entry.event.requires if c in day and day[c] > entry.day]
        if entry.happens and late:
            raise InputError(
                f"event '{entry.event.id}' would come before '{late[0]}', on which it hangs. "
                "Expected a later date for it."
            )
