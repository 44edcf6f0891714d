"""Where two scenarios part: the first day on which a run of one may differ from a run of the other.

Until then they have one past, which needs to be lived once: a run of the one, taken up on the eve under the other,
goes on to the same bytes as a run of the other from its start (see ``Revolution.branch``).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.history.catalogue import alternatives, decision_points, events
from sim.history.timeline import Entry, timeline
from sim.inputs.changes import Representation
from sim.inputs.events import Event
from sim.inputs.forcing import forcing
from sim.inputs.listened import conditions_in
from sim.inputs.scenario import Scenario
from sim.words.calendar import date_of

#: Parts of a scenario that act from a date on. Whoever differs in any other part has a past of its own.
DATED = frozenset(
    {"divergence", "until", "events", "decisions", "forcing", "policy", "information", "representation"}
)


def own_past(one: Scenario, other: Scenario) -> list[str]:
    """Parts in which two scenarios differ from their first day on; empty if they can share a past.

    How long a truth has held is counted from the first day, so a run in which nobody counted it is another past.
    """
    a, b = one.substance(), other.substance()
    apart = [key for key in {*a, *b} - DATED if a.get(key) != b.get(key)]
    return sorted([*apart, *(["truths to be sustained"] if _counted(one) != _counted(other) else [])])


def _counted(scenario: Scenario) -> set[str]:
    """Truths whose duration a scenario's own conditions ask for."""
    return {str(term.inner) for _, condition in conditions_in(scenario.events) for term in condition.sustained}


def parting(one: Scenario, other: Scenario) -> date | None:
    """The first day on which the two may differ, Old Style; None if they never do.

    Two scenarios that have no past in common (:func:`own_past`) part on their first day. The day is never too late; it
    may be too early, where what is left to the model might have come from the divergence on.
    """
    if own_past(one, other):
        return min(one.start, other.start)
    found = [part(one, other) for part in (_by_choice, _by_events, _by_forcing, _by_windows)]
    return min([day for days in found for day in days], default=None)


def _by_choice(one: Scenario, other: Scenario) -> list[date]:
    """The divergence, where one leaves to the model, or decides, what the other does not."""
    a, b = one.substance(), other.substance()
    if all(a.get(key) == b.get(key) for key in ("divergence", "events", "decisions")):
        return []
    undated = [s.start for s in (one, other) if s.divergence is None and (s.events.free or s.decisions)]
    return undated + [s.divergence for s in (one, other) if s.divergence is not None]


def _by_events(one: Scenario, other: Scenario) -> list[date]:
    """The first day on which only one of them has an event, or has it otherwise."""
    if one.substance().get("events") == other.substance().get("events"):
        return []
    a, b = ({e.event.id: e for e in _entries(s) if e.happens} for s in (one, other))
    unlike = [name for name in {*a, *b} if name not in a or name not in b or _struck(a[name]) != _struck(b[name])]
    days = [entries[name].day for name in unlike for entries in (a, b) if name in entries]
    return [date_of(min(days))] if days else []


def _entries(scenario: Scenario) -> tuple[Entry, ...]:
    return timeline(scenario, events(), alternatives(), decision_points())


def _struck(entry: Entry) -> tuple[int, Event]:
    return entry.day, entry.event


def _by_forcing(one: Scenario, other: Scenario) -> list[date]:
    """The first day on which a series from outside is not the same; where it is doubted, may not be."""
    if one.doubt.of_outside and one.outside() != other.outside():
        windows = [window for s in (one, other) for several in s.outside().values() for window in several]
        return [window.since for window in windows if window.since is not None]
    a, b = (forcing().values(scenario.outside()) for scenario in (one, other))
    unlike = np.flatnonzero(np.any([a[name] != b[name] for name in a], axis=0))
    return [date_of(int(unlike[0]))] if unlike.size else []


def _by_windows(one: Scenario, other: Scenario) -> list[date]:
    """The first days of changes to policy, information and representation that the other has not."""
    days: list[date] = []
    for scenario, unlike in ((one, other), (other, one)):
        since = scenario.changes_from
        for demand, windows in scenario.policy.items():
            if windows != unlike.policy.get(demand):
                days += [window.since or since for window in windows]
        if scenario.information != unlike.information:
            days += [window.since or since for window in scenario.information]
        if scenario.representation not in (unlike.representation, Representation()):
            days.append(since)
    return days
