"""The course of events: what strikes today, and why.

Pinned events strike on the day that :mod:`sim.history.timeline` gives them. Free ones (:mod:`sim.history.freedom`)
come by a keyed daily draw while their conditions hold, by a decision, as the outcome of an attempt, or after what they
hang on, at history's delay. Every happening leaves its cause in words with the values that it rested on.

Draws are functions of (seed, stream, day or try, event): a run that is taken up from a checkpoint, or another scenario
with the same past, sees the same luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.history.deciding import Choice, choose, key_of
from sim.history.freedom import Freedom, freedom
from sim.history.timeline import Entry, causes_first, timeline
from sim.inputs.conditions import Condition
from sim.inputs.decisions import Decision
from sim.inputs.events import Arises, Event
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.inputs.terms import Gauge
from sim.words.calendar import date_of, day_of, show_date
from sim.words.draws import Stream, uniform

#: A moment is over when its conditions have not held for so many days.
FORTNIGHT = 14
#: Draws of outcomes stand behind those of any day: the n-th attempt has the n-th of them, whenever it comes.
OUTCOME_DAY = 10_000


@dataclass
class Due:
    """A free event that will come: on which day at the earliest, and why."""

    day: int
    cause: str


@dataclass
class Story:
    """What has happened of what is free: everything that a checkpoint needs. Days count from 23 February."""

    fired: dict[str, tuple[int, str]] = field(default_factory=dict)
    due: dict[str, Due] = field(default_factory=dict)
    decided: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    reopens: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    barred: dict[str, str] = field(default_factory=dict)
    enabled: set[str] = field(default_factory=set)
    #: Event -> first day of the moment in which it may come, and the last day on which its conditions held.
    moments: dict[str, tuple[int, int]] = field(default_factory=dict)

    def state(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "fired": {name: list(what) for name, what in self.fired.items()},
            "due": {name: [due.day, due.cause] for name, due in self.due.items()},
            "decided": {name: list(what) for name, what in self.decided.items()},
            "reopens": dict(self.reopens),
            "tries": dict(self.tries),
            "barred": dict(self.barred),
            "enabled": sorted(self.enabled),
            "moments": {name: list(days) for name, days in self.moments.items()},
        }

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Story:
        """The story that :meth:`state` gave."""
        return cls(
            fired={name: (int(day), str(cause)) for name, (day, cause) in state["fired"].items()},
            due={name: Due(int(day), str(cause)) for name, (day, cause) in state["due"].items()},
            decided={name: (str(o), int(day), str(cause)) for name, (o, day, cause) in state["decided"].items()},
            reopens={name: int(day) for name, day in state["reopens"].items()},
            tries={name: int(n) for name, n in state["tries"].items()},
            barred={name: str(cause) for name, cause in state["barred"].items()},
            enabled=set(state["enabled"]),
            moments={name: (int(first), int(last)) for name, (first, last) in state["moments"].items()},
        )


class Course:
    """The events of one run. ``happened`` (event -> day) and ``choices`` (decision -> option) are kept up to date."""

    def __init__(
        self,
        scenario: Scenario,
        recorded: Mapping[str, Event],
        alternatives: Mapping[str, Event],
        decisions: Mapping[str, Decision],
        parameters: Parameters,
        seed: int,
    ):
        self.scenario, self.p, self.seed = scenario, parameters, seed
        self.decisions = decisions
        self.events = {**recorded, **alternatives, **{event.id: event for event in scenario.events.add}}
        self.free: Freedom = freedom(scenario, self.events, decisions)
        self.pinned = [
            entry
            for entry in timeline(scenario, recorded, alternatives, decisions, self.free.decisions)
            if entry.event.id not in self.free.events
        ]
        self._pinned_days = {entry.event.id: entry.day if entry.happens else math.inf for entry in self.pinned}
        self._deciding = [d for d in decisions.values() if d.id in self.free.decisions]
        self.rank = {event.id: i for i, event in enumerate(causes_first(self.events))}
        self._arising = self._in_order(name for name in self.free.events if self.events[name].arises is not None)
        self._striking: dict[int, list[Entry]] = {}
        self.happened: dict[str, int] = {}
        for entry in self.pinned:
            if entry.happens:
                self._striking.setdefault(entry.day, []).append(entry)
                self.happened[entry.event.id] = entry.day
        self.choices: dict[str, str] = {}
        #: Decisions of today: (decision, option).
        self.taken: list[tuple[str, str]] = []
        self.story = Story()
        self._begin()
        self._first = (dict(self.story.due), frozenset(self.story.enabled))

    def _begin(self) -> None:
        """What stands before anything is lived: decisions of the past, and free events with a date of their own."""
        for decision in self.decisions.values():
            if decision.id not in self.free.decisions:
                self.choices[decision.id] = self.scenario.decisions.get(decision.id, decision.taken.id)
                self.story.enabled |= {*decision.option(self.choices[decision.id]).causes}
        for name in self.free.events:
            event = self.events[name]
            if not self._brought(name) and not any(cause in self.free.events for cause in event.requires):
                self.story.due[name] = Due(day_of(event.date), "history's date")

    def _brought(self, name: str) -> bool:
        """Whether something other than its causes or its date brings a free event."""
        event = self.events[name]
        owned = self.free.owner.get(name) in self.free.decisions
        return event.arises is not None or owned or event.alternative or name in self.free.attempts

    def conditions(self) -> Iterator[Condition]:
        """Every condition that is asked in this run."""
        for name in sorted(self.free.events):
            event = self.events[name]
            if event.when is not None:
                yield event.when
            if event.arises is not None:
                yield event.arises.when
                if event.arises.hazard.rises_with is not None:
                    yield event.arises.hazard.rises_with
            yield from (outcome.odds for outcome in event.outcomes if outcome.odds is not None)
        for decision in self._deciding:
            if decision.when is not None:
                yield decision.when
            yield from (r.quantity for o in decision.options for r in o.appeal if r.quantity is not None)

    def possible(self) -> Iterator[Event]:
        """Every event that may strike in this run."""
        yield from (entry.event for entry in self.pinned if entry.happens)
        yield from (self.events[name] for name in sorted(self.free.events))

    # --- a day --------------------------------------------------------------------------------------------------------

    def live(self, day: int, gauges: Gauge, ask: Callable[[], None]) -> list[Entry]:
        """What strikes on a day, causes first. ``ask`` has everybody asked whom they obey, before odds are read."""
        today: list[Entry] = list(self._striking.get(day, ()))
        self.taken.clear()
        if self.free and self.free.since is not None and day >= day_of(self.free.since):
            found = self._free_ones(day, gauges, ask, today)
            # What was pinned hangs on nothing free; free events stand in the order in which one brought the other.
            today = self._striking[day] = [*today, *found]
        return today

    def striking(self, day: int) -> list[Entry]:
        """What strikes on a day, as far as it is known."""
        return self._striking.get(day, [])

    def _free_ones(self, day: int, gauges: Gauge, ask: Callable[[], None], pinned: list[Entry]) -> list[Entry]:
        """Free events of a day. One may bring another on the same day, so rounds are gone until nothing new comes."""
        self._draw(day, gauges)
        found: list[Entry] = []
        fresh, asked = pinned, False
        while True:
            pending = [decision for decision in self._deciding if self._due(decision, day, gauges)]
            attempts = [entry.event for entry in fresh if self._attempted(entry.event)]
            if (pending or attempts) and not asked:
                ask()
                asked = True
            for entry in fresh:
                self._follow(entry.event, day)
            for attempt in attempts:
                self._resolve(attempt, day, gauges)
            for decision in pending:
                self._take(decision, day, gauges)
                self.taken.append((decision.id, self.choices[decision.id]))
            fresh = [struck for name in self._ripe(day) if (struck := self._strike(name, day, gauges)) is not None]
            if not fresh:
                return found
            found += fresh

    def _attempted(self, event: Event) -> bool:
        """Whether the outcome of an event is left to the model."""
        return any(outcome.event in self.free.events for outcome in event.outcomes)

    def _ripe(self, day: int) -> list[str]:
        """Free events whose day has come and that may happen, causes first."""
        due = (name for name, due in self.story.due.items() if due.day <= day and self._may(name, day))
        return self._in_order(due)

    def _in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: self.rank[name])

    def _may(self, name: str, day: int) -> bool:
        """Whether what an event hangs on has happened; what an attempt brings hangs on the attempt alone."""
        if name in self.free.attempts:
            return True
        return all(self._when(cause) <= day for cause in self.events[name].requires)

    def _when(self, cause: str) -> float:
        """The day on which an event, or one that stands for it, happened; infinity if none has."""
        bringers = self.free.bringers.get(cause, (cause,))
        return min((self.happened[name] for name in bringers if name in self.happened), default=math.inf)

    def _strike(self, name: str, day: int, gauges: Gauge) -> Entry | None:
        """An event that is due happens, unless something keeps it from happening."""
        event, due = self.events[name], self.story.due.pop(name)
        if name in self.story.barred:
            return None
        cause = due.cause
        if event.when is not None:
            told = event.when.describe(gauges)
            if not event.when.holds(gauges):
                self.story.barred[name] = f"its condition did not hold on {show_date(date_of(day))}: {told}"
                return None
            cause = f"{cause}; {told}" if told else cause
        self.happened[name] = day
        self.story.fired[name] = (day, cause)
        return Entry(event, day, "fired", cause)

    # --- what brings events -------------------------------------------------------------------------------------------

    def _follow(self, event: Event, day: int) -> None:
        """What hangs on an event is due at history's delay, once all that it hangs on has happened."""
        for name in self.free.hanging.get(event.id, ()):
            if name in self.free.events and (not self._brought(name) or self._awaits_cause(name)):
                self._expect(name, day, f"follows {event.id}")

    def _expect(self, name: str, day: int, cause: str) -> None:
        """An event is due at history's delay after the last of what it hangs on, if all that has happened."""
        story, event = self.story, self.events[name]
        if name in story.due or name in self.happened or name in story.barred:
            return
        days = {required: self._when(required) for required in event.requires}
        if all(when <= day for when in days.values()):
            trigger = max(event.requires, key=lambda required: (self.events[required].date, days[required]))
            delay = (event.date - self.events[trigger].date).days
            story.due[name] = Due(max(day, int(days[trigger]) + delay), cause)

    def _awaits_cause(self, name: str) -> bool:
        """Whether a choice has been made for an event that hangs on something later than the choice."""
        owner = self.free.owner.get(name)
        if name not in self.story.enabled or owner not in self.free.decisions or self.events[name].arises is not None:
            return False
        made = self.decisions[owner].date
        return name not in self.free.attempts and any(self.events[r].date >= made for r in self.events[name].requires)

    def _due(self, decision: Decision, day: int, gauges: Gauge) -> bool:
        """Whether a body decides today: it is called together, and what must hold holds."""
        return self._called(decision, day) and (decision.when is None or decision.when.holds(gauges))

    def _called(self, decision: Decision, day: int) -> bool:
        if decision.id in self.story.decided:
            return self.story.reopens.get(decision.id, day + 1) <= day
        days = [self._when(cause) for cause in decision.after]
        if any(when > day for when in days):
            return False
        if not any(cause in self.free.events for cause in decision.after):
            return day >= day_of(decision.date)
        trigger = max(decision.after, key=lambda cause: self.events[cause].date)
        return day >= self._when(trigger) + max((decision.date - self.events[trigger].date).days, 0)

    def _take(self, decision: Decision, day: int, gauges: Gauge) -> None:
        story = self.story
        taken_up = f"decision {decision.id}"
        tries = story.tries[taken_up] = story.tries.get(taken_up, 0) + 1
        forced = self.scenario.decisions.get(decision.id)
        found = choose(decision, gauges, self.p, self.seed, tries) if forced is None else Choice(forced, forced)
        cause = f"{decision.id}: {found.cause}" + (" (scenario)" if forced is not None else "")
        story.decided[decision.id] = (found.option, day, cause)
        self.choices[decision.id] = found.option
        option = decision.option(found.option)
        if option.reopens is not None and forced is None:
            story.reopens[decision.id] = day + option.reopens
        else:
            story.reopens.pop(decision.id, None)
        delayed = day - day_of(decision.date)
        taken_before = f"{decision.id}: "
        story.barred = {name: why for name, why in story.barred.items() if not why.startswith(taken_before)}
        for name in option.causes:
            story.barred.pop(name, None)
            story.enabled.add(name)
            if name not in self.free.events or self.events[name].arises is not None or name in self.free.attempts:
                continue
            if self._awaits_cause(name):
                self._expect(name, day, cause)
            else:
                story.due[name] = Due(max(day, day_of(self.events[name].date) + delayed), cause)
        for name in {*decision.owned, *option.prevents} - set(option.causes):
            if name in self.free.events and name not in self.happened:
                story.barred[name] = cause
                story.due.pop(name, None)

    def _resolve(self, attempt: Event, day: int, gauges: Gauge) -> None:
        """One of the outcomes of an attempt is due: drawn by their odds, the last by what the others leave."""
        tries = self.story.tries.get(attempt.id, 1)
        luck, below = uniform(self.seed, int(Stream.HAZARD), OUTCOME_DAY + tries, key_of(attempt.id)), 0.0
        told = []
        for outcome in attempt.outcomes:
            odds = 1.0 if outcome.odds is None else min(max(outcome.odds.value(gauges), 0.0), 1.0)
            if outcome.odds is not None:
                told.append(f"{outcome.odds.describe(gauges)}")
            below += odds
            if luck < below:
                delay = max((self.events[outcome.event].date - attempt.date).days, 0)
                self.story.due[outcome.event] = Due(day + delay, "; ".join([f"outcome of {attempt.id}", *told]))
                return

    def _draw(self, day: int, gauges: Gauge) -> None:
        """Hazards: each event whose conditions hold today comes with the chance of the day."""
        for name in self._arising:
            arises = self.events[name].arises
            if arises is None or name in self.story.due or not self._open(name, arises, day):
                continue
            if not arises.when.holds(gauges):
                continue
            first, last = self.story.moments.get(name, (day, day))
            first = day if day - last > FORTNIGHT else first
            self.story.moments[name] = (first, day)
            rate = self._rate(arises, day - first, gauges)
            if uniform(self.seed, int(Stream.HAZARD), day, key_of(name)) < -math.expm1(-rate):
                self.story.tries[name] = self.story.tries.get(name, 0) + 1
                told = [arises.when.describe(gauges)]
                if arises.hazard.rises_with is not None:
                    told.append(arises.hazard.rises_with.describe(gauges))
                what = "; ".join(dict.fromkeys(t for t in told if t))
                self.story.due[name] = Due(day, f"{what}; {rate:.3f} a day")

    def _open(self, name: str, arises: Arises, day: int) -> bool:
        """Whether an event may come at all today, apart from its conditions."""
        story = self.story
        if name in story.barred or (name in self.free.owner and name not in story.enabled):
            return False
        if name in self.happened and (arises.again is None or day < self.happened[name] + arises.again):
            return False
        since, until = arises.window
        if (since is not None and day < day_of(since)) or (until is not None and day > day_of(until)):
            return False
        return self._may(name, day) and not any(self._when(other) <= day for other in arises.unless)

    def _rate(self, arises: Arises, age: int, gauges: Gauge) -> float:
        """Chances a day: the step, moved by what it rises with, less what the moment has lost by waiting."""
        p, hazard = self.p, arises.hazard
        steps = {"rare": p.hazard_rare, "occasional": p.hazard_occasional, "likely": p.hazard_likely}
        slopes = {"weak": p.hazard_slope_weak, "medium": p.hazard_slope_medium, "strong": p.hazard_slope_strong}
        rate = steps[hazard.daily]
        if hazard.rises_with is not None:
            size = min(max(hazard.rises_with.value(gauges), 0.0), 1.0)
            rate *= math.exp(slopes[hazard.slope] * (2.0 * size - 1.0))
        return rate * (0.5 ** (age / arises.decay) if arises.decay is not None else 1.0)

    # --- what is told -------------------------------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All events of this history as they stand: pinned ones, and free ones that have happened or may yet."""
        found = list(self.pinned)
        for name in self.free.events:
            event = self.events[name]
            if name in self.story.fired:
                day, cause = self.story.fired[name]
                found.append(Entry(event, day, "fired", cause))
            elif not event.alternative:
                found.append(Entry(event, day_of(event.date), "did_not_happen", self.fate(name)))
        return tuple(sorted(found, key=lambda entry: (entry.day, self.rank[entry.event.id])))

    def missing(self, day: int) -> set[str]:
        """Those of :attr:`entries` that have not happened by the evening of a day."""
        fired = self.story.fired
        found = {name for name, when in self._pinned_days.items() if when > day}
        found |= {name for name, (when, _) in fired.items() if when > day}
        return found | {name for name in self.free.events if name not in fired and not self.events[name].alternative}

    def unhappened(self, first: int, last: int) -> Iterator[Entry]:
        """Recorded events, and those that the scenario named, that did not happen by the end; one entry each."""
        for entry in self.entries:
            if not entry.happens and first <= entry.day <= last:
                yield entry
            elif entry.happens and entry.day > last and day_of(entry.event.date) <= last:
                told = f"{entry.cause}; its day, {show_date(date_of(entry.day))}, lies past the end"
                yield Entry(entry.event, last, "did_not_happen", told)

    def fate(self, name: str) -> str:
        """Why a free event has not happened."""
        event, story = self.events[name], self.story
        if name in story.barred:
            return story.barred[name]
        owner = self.free.owner.get(name)
        if owner in self.free.decisions and name not in story.enabled:
            return f"{owner} did not choose it" if owner in story.decided else f"{owner} was never decided"
        missing = [cause for cause in event.requires if self._when(cause) == math.inf]
        if missing:
            return f"hangs on {missing[0]}"
        if name in story.due:
            return f"{story.due[name].cause}; its day, {show_date(date_of(story.due[name].day))}, lies past the end"
        if event.arises is not None:
            return "its conditions held and it did not come" if name in story.moments else "its conditions never held"
        if name in self.free.attempts:
            return f"was not the outcome of {' or '.join(self.free.attempts[name])}"
        return "nothing brought it"

    # --- checkpoints --------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What free history has made so far. Empty before the divergence, so that a past can be shared."""
        story = self.story.state()
        first_due, first_enabled = self._first
        story["due"] = {name: due for name, due in story["due"].items() if name not in first_due}
        story["enabled"] = sorted(self.story.enabled - first_enabled)
        return story

    def load(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave, of this scenario or of another with the same past."""
        self.story = Story.of(state)
        first_due, first_enabled = self._first
        self.story.enabled |= first_enabled
        for name, due in first_due.items():
            if name not in self.story.fired and name not in self.story.barred:
                self.story.due.setdefault(name, due)
        self.happened.update({name: day for name, (day, _) in self.story.fired.items()})
        self.choices.update({name: option for name, (option, _, _) in self.story.decided.items()})
