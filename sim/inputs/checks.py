"""What a scenario says that can't be so: dates, orders, contradictions, names that other layers own.

These checks look at the merged tree, not at the typed scenario, so that they speak up beside errors of type and each
finds its line. A value of the wrong type is left to the types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from pydantic_core import PydanticCustomError

from sim.inputs.body_data import strata_of_body
from sim.inputs.fields import read_date
from sim.inputs.known import BODIES, Known
from sim.inputs.order import cycle
from sim.inputs.problems import one_of
from sim.inputs.scenario import read_shift, split_quantity
from sim.inputs.tree import MAX_PROBLEMS, Listing, Scalar, Spot, Table, Tree, problem_at
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY, LAST_DAY, show_date
from sim.words.errors import Problem, nearest
from sim.words.identifiers import STRATA

_RANGE = f"{show_date(FIRST_DAY)} to {show_date(FURTHEST_DAY)} (Old Style)"


@dataclass(frozen=True)
class Change:
    """One dated change: the event or series that it touches, where it is written and the days that it touches."""

    what: str
    spot: Spot
    days: tuple[date, ...]


def check(root: Table, known: Known) -> list[Problem]:
    """All that is impossible in a merged scenario."""
    found = _Facts(root, known)
    problems: list[Problem] = []
    for part in (_dates, _windows, _before_divergence, _contradictions, _added, _order, _decisions, _parameters,
                 _series, _initial, _seats):  # fmt: skip
        problems += islice(part(found), MAX_PROBLEMS)
    return problems


@dataclass
class _Facts:
    """The tree with what the checks ask of it more than once."""

    root: Table
    known: Known
    start: date = field(init=False)
    until: date = field(init=False)
    divergence: date | None = field(init=False)
    added: dict[str, Table] = field(init=False)

    def __post_init__(self) -> None:
        self.start = _date(self.root.values.get("start")) or FIRST_DAY
        self.until = _date(self.root.values.get("until")) or LAST_DAY
        self.divergence = _date(self.root.values.get("divergence"))
        self.added = {}
        for item in self.listing("events", "add"):
            name = _text(item.values.get("id")) if isinstance(item, Table) else None
            if isinstance(item, Table) and name is not None:
                self.added.setdefault(name, item)

    def at(self, *path: str) -> Tree | None:
        tree: Tree | None = self.root
        for step in path:
            tree = tree.values.get(step) if isinstance(tree, Table) else None
        return tree

    def table(self, *path: str) -> Table:
        tree = self.at(*path)
        return tree if isinstance(tree, Table) else Table(self.root.spot, {}, {})

    def listing(self, *path: str) -> tuple[Tree, ...]:
        tree = self.at(*path)
        return tree.items if isinstance(tree, Listing) else ()

    def names(self, *path: str) -> Iterator[tuple[str, Spot]]:
        """Ids under a key, whether a list or the keys of a mapping, with their spots."""
        for item in self.listing(*path):
            if (name := _text(item)) is not None:
                yield name, item.spot
        table = self.table(*path)
        yield from table.keys.items()

    def history(self, name: str) -> date | None:
        """The day of an event in the catalogue or among those added."""
        if name in self.added:
            return _date(self.added[name].values.get("date"))
        event = (self.known.events or {}).get(name)
        return event.date if event is not None else None

    def moved(self, name: str) -> date | None:
        """The day to which the scenario moves an event, if it does."""
        forced = _date(self.table("events", "force").values.get(name))
        if forced is not None:
            return forced
        shift = _shift(self.table("events", "shift").values.get(name))
        before = self.history(name)
        return shift if isinstance(shift, date) else before + timedelta(shift) if shift and before else None

    def requires(self, name: str) -> tuple[str, ...]:
        if name in self.added:
            tree = self.added[name].values.get("requires")
            return tuple(t for item in (tree.items if isinstance(tree, Listing) else ()) if (t := _text(item)))
        event = (self.known.events or {}).get(name)
        return event.requires if event is not None else ()


def _text(tree: Tree | None) -> str | None:
    return tree.value if isinstance(tree, Scalar) and isinstance(tree.value, str) else None


def _date(tree: Tree | None) -> date | None:
    try:
        return read_date(_text(tree))
    except PydanticCustomError:
        return None


def _shift(tree: Tree | None) -> date | int | None:
    try:
        return read_shift(tree.value) if isinstance(tree, Scalar) else None
    except PydanticCustomError:
        return None


def _changed_over(facts: _Facts) -> Iterator[tuple[str, Table]]:
    """Every change over a window of days: what it changes, and its tree."""
    for key in ("forcing", "policy"):
        for name, tree in facts.table(key).values.items():
            for window in tree.items if isinstance(tree, Listing) else (tree,):
                if isinstance(window, Table):
                    yield f"'{name[:60]}'", window
    for window in facts.listing("information"):
        if isinstance(window, Table):
            yield "information", window


def _dated(facts: _Facts) -> Iterator[tuple[str, Tree, date]]:
    """Every date that the scenario itself gives: its name, its tree, the Old Style date."""
    trees: list[tuple[str, Tree | None]] = [(key, facts.at(key)) for key in ("start", "until", "divergence")]
    trees += [(f"the date of '{name}'", tree) for name, tree in facts.table("events", "force").values.items()]
    for name, item in facts.added.items():
        trees += [(f"the {key} of '{name}'", item.values.get(key)) for key in ("date", "until")]
    for name, window in _changed_over(facts):
        trees += [(f"'{key}' of {name}", window.values.get(key)) for key in ("from", "until")]
    for name, tree in facts.table("events", "shift").values.items():
        if (when := facts.moved(name)) is not None:
            yield f"the new date of '{name}'", tree, when
    for what, given in trees:
        if given is not None and (when := _date(given)) is not None:
            yield what, given, when


def _dates(facts: _Facts) -> Iterator[Problem]:
    for what, tree, when in _dated(facts):
        if not FIRST_DAY <= when <= FURTHEST_DAY:
            yield problem_at(tree.spot, f"{what} is out of range: {show_date(when)}", f"a date from {_RANGE}")


def _windows(facts: _Facts) -> Iterator[Problem]:
    if facts.until <= facts.start:
        tree = facts.at("until") or facts.at("start") or facts.root
        yield problem_at(tree.spot, "the scenario ends before it begins", f"'until' after {show_date(facts.start)}")
    elif facts.divergence is not None and not facts.start <= facts.divergence <= facts.until:
        span = f"a date from {show_date(facts.start)} to {show_date(facts.until)}"
        yield problem_at((facts.at("divergence") or facts.root).spot, "the divergence lies outside the scenario", span)
    for name, tree in _changed_over(facts):
        first, last = _date(tree.values.get("from")), _date(tree.values.get("until"))
        if first is not None and last is not None and last < first:
            spot = tree.values["until"].spot
            yield problem_at(spot, f"the window of {name} is empty", f"'until' on or after {show_date(first)}")
    for name, item in facts.added.items():
        first, last = _date(item.values.get("date")), _date(item.values.get("until"))
        if first is not None and last is not None and last < first:
            spot = item.values["until"].spot
            yield problem_at(spot, f"'{name}' ends before it begins", f"a date on or after {show_date(first)}")


def _changes(facts: _Facts) -> Iterator[Change]:
    """Every change with a date, in the order of the file."""
    for key in ("remove", "free", "shift", "force"):
        for name, spot in facts.names("events", key):
            days = [facts.moved(name)] if key in ("shift", "force") else []
            if key != "force":
                days.append(facts.history(name))
            yield Change(f"'{name}'", spot, tuple(day for day in days if day is not None))
    for name, item in facts.added.items():
        when = _date(item.values.get("date"))
        yield Change(f"'{name}'", item.spot, (when,) if when else ())
    for name, spot in facts.names("decisions"):
        if name in facts.known.decided:
            yield Change(f"the decision '{name}'", spot, (facts.known.decided[name],))
    for name, tree in _changed_over(facts):
        when = _date(tree.values.get("from"))
        yield Change(f"the change to {name}", tree.spot, (when,) if when else ())


def _before_divergence(facts: _Facts) -> Iterator[Problem]:
    for change in _changes(facts):
        if not change.days:
            continue
        first = min(change.days)
        if facts.divergence is not None and first < facts.divergence:
            message = f"{change.what} ({show_date(first)}) comes before the divergence ({show_date(facts.divergence)})"
            yield problem_at(change.spot, message, f"a divergence on or before {show_date(first)}, or a later change")
        elif first > facts.until and facts.until > facts.start:
            message = f"{change.what} ({show_date(first)}) comes after the scenario ends ({show_date(facts.until)})"
            yield problem_at(change.spot, message, "a later 'until', or an earlier change")


def _contradictions(facts: _Facts) -> Iterator[Problem]:
    said: dict[str, str] = {}
    for key in ("remove", "free", "shift", "force", "pin"):
        for name, spot in facts.names("events", key):
            if name in said and {key, said[name]} != {"pin", "shift"}:
                again = (
                    f"'{name}' stands twice under '{key}'"
                    if said[name] == key
                    else (f"'{name}' stands under '{key}' and under '{said[name]}'")
                )
                yield problem_at(spot, again, "one change to an event")
            said.setdefault(name, key)
    free = facts.at("events", "free")
    if free is not None and _text(free) == "all" and _text(facts.at("events", "pin")) == "all":
        yield problem_at(free.spot, "all events are both pinned and free", "'all' for one of them")


def _added(facts: _Facts) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in facts.listing("events", "add"):
        name = _text(item.values.get("id")) if isinstance(item, Table) else None
        if name is None:
            continue
        if name in seen or name in (facts.known.events or {}):
            yield problem_at(item.spot, f"there is already an event '{name}'", "a new id")
        seen.add(name)
    circle = cycle({name: facts.requires(name) for name in facts.added})
    if circle:
        spot = facts.added[circle[0]].spot
        yield problem_at(spot, f"events hang on each other in a circle: {' on '.join(circle)}", "a first cause")


def _order(facts: _Facts) -> Iterator[Problem]:
    """An event that stays although what it hangs on is gone, or comes only later."""
    removed = {name for name, _ in facts.names("events", "remove")}
    explicit = {name: spot for key in ("shift", "force") for name, spot in facts.names("events", key)}
    explicit |= {name: item.spot for name, item in facts.added.items() if name not in explicit}
    for name, spot in explicit.items():
        when = facts.moved(name) or facts.history(name)
        for cause in facts.requires(name):
            if cause in removed and name not in facts.table("events", "force").values:
                message = f"'{name}' hangs on '{cause}', which is removed"
                yield problem_at(spot, message, f"'{cause}' kept, or '{name}' forced")
            earlier = facts.moved(cause) or facts.history(cause)
            if when and earlier and when < earlier and cause not in removed:
                order = f"'{name}' ({show_date(when)}) would come before '{cause}' ({show_date(earlier)})"
                yield problem_at(spot, f"{order}, on which it hangs", f"a date on or after {show_date(earlier)}")


def _decisions(facts: _Facts) -> Iterator[Problem]:
    table, known = facts.table("decisions"), facts.known.decisions
    for name, tree in table.values.items():
        if name not in known:
            yield _unknown("decision", name, known, table.keys[name])
        elif (choice := _text(tree)) is not None and choice not in known[name]:
            yield _unknown(f"choice at '{name}':", choice, known[name], tree.spot)


def _parameters(facts: _Facts) -> Iterator[Problem]:
    table, known = facts.table("parameters"), facts.known.parameters
    for name, tree in table.values.items() if known is not None else ():
        if name not in (known or {}):
            yield _unknown("parameter", name, known or {}, table.keys[name])
        elif isinstance(tree, Scalar):
            yield from _parameter(name, tree, (known or {})[name])


def _parameter(name: str, tree: Scalar, declared: Any) -> Iterator[Problem]:
    value, unit = tree.value, declared.unit
    expected = f"a number from {declared.low:g} to {declared.high:g} {declared.unit} ({declared.meaning})"
    if isinstance(value, str) and (quantity := split_quantity(value)) is not None:
        value, unit = quantity
    if unit != declared.unit:
        yield problem_at(tree.spot, f"'{name}' is counted in {declared.unit}, not in {unit}", expected)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and not declared.low <= value <= declared.high:
        if value == value and abs(value) != float("inf"):
            yield problem_at(tree.spot, f"'{name}' is out of range: {value:g}", expected)


#: What people look for among series, and where it is.
_ELSEWHERE = {
    "offensive": "the offensive is an event: 'june_offensive' under 'events'",
    "war": "the enemy's activity is 'front', its advance 'german_advance'",
    "food": "bread that reaches towns and fronts is 'bread', grain in the barn 'harvest'",
    "allies": "what the Allies ask is 'allied_pressure'",
    "winter": "the cold acts through 'fuel'",
}


def _series(facts: _Facts) -> Iterator[Problem]:
    """Series by the names of levers, families and single series; what is something else is said to be so."""
    table, known = facts.table("forcing"), facts.known.series
    for name in table.values:
        if name in known:
            continue
        if name in _ELSEWHERE:
            yield problem_at(table.keys[name], f"'{name}' is no series: {_ELSEWHERE[name]}", one_of(known))


def _initial(facts: _Facts) -> Iterator[Problem]:
    """People of a stratum who do not live there, or are counted twice; a start that changes before the divergence."""
    initial = facts.at("initial")
    if initial is not None and facts.divergence is not None and facts.divergence > facts.start:
        message = f"initial conditions change the first day, before the divergence ({show_date(facts.divergence)})"
        yield problem_at(initial.spot, message, f"no divergence, or {show_date(facts.start)}")
    counted: dict[tuple[str, str], str] = {}
    matching, lives = facts.known.matching, facts.known.strata_of
    for place, tree in facts.table("initial", "persons").values.items():
        if not isinstance(tree, Table) or matching is None or lives is None or not matching(place):
            continue
        for stratum, spot in tree.keys.items():
            if stratum in STRATA and stratum not in lives(place):
                yield problem_at(spot, f"nobody of stratum '{stratum}' lives in '{place}'", one_of(lives(place)))
            twice = {counted.setdefault((part, stratum), place) for part in matching(place)} - {place}
            if twice:
                message = f"the {stratum[:20]}s of '{place}' are counted under '{min(twice)}' too"
                yield problem_at(spot, message, "one number for them")


def _seats(facts: _Facts) -> Iterator[Problem]:
    """Strata that a body does not represent by a number of persons."""
    table, matching = facts.table("representation", "seats"), facts.known.matching
    for body, tree in table.values.items() if matching is not None else ():
        elect = strata_of_body(body, matching or (lambda pattern: ()))
        if not elect and (body in BODIES or body.endswith("/soviet")):
            message = f"'{body}' has no number of persons per deputy that could be changed"
            yield problem_at(table.keys[body], message, "a soviet, or a congress of soviets")
        for stratum, spot in tree.keys.items() if elect and isinstance(tree, Table) else ():
            if stratum in STRATA and stratum not in elect:
                yield problem_at(spot, f"no {stratum}s elect to '{body}'", one_of(s for s in STRATA if s in elect))


def _unknown(kind: str, name: str, known: Iterable[str], spot: Spot) -> Problem:
    names = list(known)
    return problem_at(spot, f"unknown {kind} '{name[:60]}'.{nearest(name[:60], names)}", one_of(names))
