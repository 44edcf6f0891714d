"""What tests of free history share: a course of events without a society, read off gauges that a test sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.history.catalogue import alternatives, decision_points, events
from sim.history.course import Course
from sim.history.timeline import Entry
from sim.inputs.parameters import Parameters
from sim.inputs.quantities import NEVER
from sim.inputs.scenario import Scenario
from sim.inputs.terms import Arguments, Value
from sim.words.calendar import date_of

FIRST, LAST = 0, 317
#: Truths that hold, and numbers, where a test says nothing else: about the autumn of 1917.
USUAL: Mapping[str, Value] = {
    "soviets_govern": False, "cabinet": False, "in_office": True, "sits": True, "office": 0.3, "policy": 0.25,
    "odds_coup": 0.0, "odds_insurrection": 1.0, "acting": 1e6, "line": 0.9, "soviet_power": 0.6, "share": 0.15,
    "for_soviet_power": 0.6, "fear": 0.1, "seized": 0.0, "seats": 0.2,
}  # fmt: skip


class FakeGauges:
    """Quantities as a test sets them; what has happened and been decided is the course's."""

    def __init__(self, **values: Value):
        self.values = {**USUAL, **values}
        self.course: Course | None = None
        self.day = 0
        #: Bodies that do not sit.
        self.nowhere = ("constituent_assembly",)

    def read(self, name: str, arguments: Arguments) -> Value:
        assert self.course is not None
        happened = self.course.happened.get(str(arguments[0]) if arguments else "", NEVER)
        if name in ("fired", "happened"):
            return happened <= self.day if name == "fired" else float(happened <= self.day)
        if name == "days_since":
            return float(self.day - happened) if happened <= self.day else NEVER
        if name == "decided":
            return self.course.choices.get(str(arguments[0])) == arguments[1]
        if name == "date":
            return date_of(self.day)
        if name in ("in_office", "sits") and arguments[0] in (self.nowhere if name == "sits" else ("bolshevik",)):
            return False
        return self.values.get(name, 0.5)

    def held_for(self, text: str) -> int:
        return 0


def course(scenario: Scenario, seed: int = 1, **parameters: float) -> Course:
    """The events of a run that has not begun."""
    chosen = Parameters().having(**parameters)
    return Course(scenario, events(), alternatives(), decision_points(), chosen, seed)


def lived(found: Course, gauges: FakeGauges, first: int = FIRST, last: int = LAST) -> list[tuple[int, Entry]]:
    """What struck, day by day."""
    gauges.course = found
    struck = []
    for day in range(first, last + 1):
        gauges.day = day
        struck += [(day, entry) for entry in found.live(day, gauges, lambda: None)]
    return struck


def year(scenario: Scenario, seed: int = 1, values: Mapping[str, Value] | None = None, **parameters: Any) -> Course:
    """The events of a year that has been lived."""
    found = course(scenario, seed, **parameters)
    lived(found, FakeGauges(**(values or {})))
    return found
