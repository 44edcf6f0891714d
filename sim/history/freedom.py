"""Which events are left to the model under a scenario, and what brings each of them.

History as recorded pins every event. A scenario with a point of divergence leaves to the model, from that day on, what
the model can bring about: events that arise by a hazard, that a decision brings or prevents, that are the outcome of an
attempt, that have a condition, and whatever hangs on any of these. What comes from outside, and what nothing free leads
to, keeps its date. ``events.pin`` takes events out again, ``events.free`` alone names those that are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sim.inputs.decisions import Decision
from sim.inputs.events import Event
from sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class Freedom:
    """What is free: ids of ``events`` and of ``decisions``, and since when. Empty where everything is pinned."""

    events: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    since: date | None = None
    #: Event -> the decision that owns it; event -> attempts that it is an outcome of; event -> what hangs on it.
    owner: Mapping[str, str] = field(default_factory=dict)
    attempts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hanging: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Event -> events that may stand for it, itself first.
    bringers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.events or self.decisions)


def freedom(scenario: Scenario, events: Mapping[str, Event], decisions: Mapping[str, Decision]) -> Freedom:
    """What a scenario leaves to the model. ``events`` are recorded ones, alternatives and those that it adds."""
    since = free_from(scenario)
    if since is None:
        return Freedom()
    chosen = _chosen(scenario, since, events)
    named = scenario.events.free if isinstance(scenario.events.free, tuple) else ()
    # Where a scenario names what is free, bodies decide as they did.
    deciding = frozenset(d.id for d in decisions.values() if not named and d.date >= since and d.touched & chosen)
    owner = {event: d.id for d in decisions.values() for event in d.owned}
    attempts = _attempts(events)
    if named:
        seeds = chosen & set(named)
    else:
        tried = {name for name, by in attempts.items() if any(events[attempt].date >= since for attempt in by)}
        at_stake = {name for decision in deciding for name in decisions[decision].touched}
        seeds = {name for name in chosen if name in tried | at_stake or _has_rule(events[name])}
    hanging = _hanging(events)
    free = _spread(seeds, chosen, hanging)
    return Freedom(frozenset(free), deciding, since, owner, attempts, hanging, _bringers(events))


def _has_rule(event: Event) -> bool:
    """Whether an event says of itself when it comes, or has no date at all."""
    return event.alternative or event.arises is not None or event.when is not None


def free_from(scenario: Scenario) -> date | None:
    """From when on anything is free; None if all is pinned."""
    changes = scenario.events
    if changes.pin == "all" and not changes.free:
        return None
    if scenario.divergence is None and not changes.free:
        return None
    return scenario.divergence or scenario.start


def _chosen(scenario: Scenario, since: date, events: Mapping[str, Event]) -> set[str]:
    """Events that may be free: not before the divergence, not from outside, not pinned nor set by the scenario."""
    changes = scenario.events
    pinned = changes.pin if isinstance(changes.pin, tuple) else ()
    set_here = {*changes.remove, *changes.shift, *changes.force, *(event.id for event in changes.add), *pinned}
    found = set()
    for name, event in events.items():
        own_date = event.kind == "outside" and not event.requires
        if event.date >= since and not own_date and name not in set_here:
            found.add(name)
    return found


def _attempts(events: Mapping[str, Event]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for event in events.values():
        for outcome in event.outcomes:
            found[outcome.event] = (*found.get(outcome.event, ()), event.id)
    return found


def _hanging(events: Mapping[str, Event]) -> dict[str, tuple[str, ...]]:
    """Event -> what requires it, or requires what it can stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for event in events.values():
        for cause in event.requires:
            found[cause] = (*found.get(cause, ()), event.id)
    own = {name: found.get(name, ()) for name in events}
    for event in events.values():
        more = [name for stood in event.stands_for for name in own.get(stood, ())]
        own[event.id] = tuple(dict.fromkeys((*own[event.id], *more)))
    return own


def _bringers(events: Mapping[str, Event]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in events}
    for event in events.values():
        for stood in event.stands_for:
            found[stood] = (*found.get(stood, (stood,)), event.id)
    return found


def _spread(seeds: set[str], chosen: set[str], hanging: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The seeds and every chosen event that hangs on a free one, however far."""
    free, fresh = set(seeds), set(seeds)
    while fresh:
        fresh = {name for cause in fresh for name in hanging.get(cause, ()) if name in chosen} - free
        free |= fresh
    return free
