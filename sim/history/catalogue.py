"""The catalogue of events and of standing warnings: data files, read and checked.

Events lie in ``sim/history/events/*.yaml``, each file a list; warnings in ``sim/history/warnings.yaml``. A catalogue
is taken whole or not at all: every mistake is reported at its file, line and column. Importing this module offers the
names of places, events, warnings and cabinets to whatever reads scenario files.

Reading with positions takes a few tenths of a second, so the plain content of a file that was found right is kept in
the user's cache under the hash of its bytes; it is still checked each time it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.inputs import known as names
from sim.inputs.decisions import Decision, choices, days, decisions
from sim.inputs.effects import Accusation, BearsOut, Exposure, Refutes
from sim.inputs.events import Event, Warning
from sim.inputs.known import Known
from sim.inputs.order import cycle
from sim.inputs.problems import problems_of, sorted_problems, spot_of
from sim.inputs.tree import Listing, Spot, Tree, plain, problem_at, read_tree
from sim.society import places
from sim.words.calendar import show_date
from sim.words.errors import InputError, Problem
from sim.words.identifiers import STRATA

#: Most YAML events of one catalogue file: these files are ours, and larger than a scenario.
MAX_EVENTS = 60_000
#: Raise when reading changes what the same bytes mean.
_READER = "1"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class File:
    """One data file: what to call it, and its bytes."""

    label: str
    data: bytes


@dataclass(frozen=True)
class Catalogue:
    """Events by id, in order of date; warnings by id."""

    events: Mapping[str, Event]
    warnings: Mapping[str, Warning]


@cache
def events() -> Mapping[str, Event]:
    """Every recorded event of the shipped catalogue, by id, in order of date."""
    return MappingProxyType({name: event for name, event in all_events().items() if not event.alternative})


@cache
def alternatives() -> Mapping[str, Event]:
    """Every event that did not come about but could have, by id, in order of date."""
    return MappingProxyType({name: event for name, event in all_events().items() if event.alternative})


def all_events() -> Mapping[str, Event]:
    """Recorded events and alternatives, by id, in order of date."""
    return _shipped().events


def decision_points() -> Mapping[str, Decision]:
    """The decision points by id, in the order of the file; the names of events in them are checked."""
    return MappingProxyType(decisions())


def warnings() -> Mapping[str, Warning]:
    """Every standing warning, by id."""
    return _shipped().warnings


def read_catalogue(event_files: Iterable[File], warning_files: Iterable[File], known: Known) -> Catalogue:
    """Read and check a catalogue. ``known`` gives places, cabinets and bodies. Raises :class:`InputError`."""
    reader = _Reader(known)
    spoken = reader.take(warning_files, Warning)
    event_files = tuple(event_files)
    ids = {name: None for name in reader.peek(event_files)}
    reader.known = replace(known, warnings=tuple(spoken), events=ids)
    found = reader.take(event_files, Event)
    problems = reader.problems + [p for check in _CHECKS for p in check(found, spoken, reader)]
    if not problems:
        # These compare events with each other: an event that could not be read would look like one that is not there.
        problems = list(_told_before(found, spoken, reader))
    if problems:
        raise InputError(sorted_problems(problems))
    in_order = sorted(found.values(), key=lambda event: (event.date, event.id))
    return Catalogue(MappingProxyType({event.id: event for event in in_order}), MappingProxyType(spoken))


@cache
def _shipped() -> Catalogue:
    root = resources.files("sim.history")
    return read_catalogue(_files(root / "events"), _files(root, only="warnings.yaml"), _vocabulary())


def _files(folder: Traversable, only: str = "") -> list[File]:
    found = sorted(folder.iterdir(), key=lambda item: item.name) if folder.is_dir() else []
    chosen = [item for item in found if (item.name == only if only else item.name.endswith(".yaml"))]
    return [File(f"{folder.name}/{item.name}", item.read_bytes()) for item in chosen]


class _Reader:
    """Reads files of items with ids, gathers problems, and finds the spot of anything it has read."""

    def __init__(self, known: Known):
        self.known = known
        self.problems: list[Problem] = []
        self._data: dict[str, list[Any]] = {}
        self._trees: dict[str, Tree] = {}
        self._homes: dict[str, tuple[File, int]] = {}

    def peek(self, files: Iterable[File]) -> list[str]:
        """The ids that stand in files, before anything is checked."""
        ids = [item.get("id") for file in files for item in self._items(file) if isinstance(item, dict)]
        return [name for name in ids if isinstance(name, str)]

    def take(self, files: Iterable[File], kind: type[M]) -> dict[str, M]:
        """The items of files, by id."""
        found: dict[str, M] = {}
        for file in files:
            for index, item in enumerate(self._items(file)):
                try:
                    value = kind.model_validate(item, context={"known": self.known})
                except ValidationError as error:
                    self.problems += problems_of(error, self._item_tree(file, index), kind)
                    continue
                name = str(value.id)  # type: ignore[attr-defined]
                if name in found:
                    first = self.spot(name)
                    spot = spot_of(self._item_tree(file, index), ("id",))
                    expected = f"a new id ({first.file}:{first.line} has it)"
                    self.problems.append(problem_at(spot, f"there is already a '{name}'", expected))
                    continue
                found[name] = value
                self._homes[name] = (file, index)
        return found

    def spot(self, name: str, *path: str | int) -> Spot:
        """Where an item, or something inside it, stands."""
        file, index = self._homes[name]
        return spot_of(self._item_tree(file, index), path)

    def _items(self, file: File) -> list[Any]:
        if file.label not in self._data:
            self._data[file.label] = self._read(file)
        return self._data[file.label]

    def _read(self, file: File) -> list[Any]:
        kept = _kept(file.data)
        if kept is not None:
            return kept
        try:
            tree, problems = read_tree(file.data, file.label, MAX_EVENTS)
        except InputError as error:
            self.problems += error.problems
            return []
        self._trees[file.label] = tree
        self.problems += problems
        if not isinstance(tree, Listing):
            self.problems.append(problem_at(tree.spot, "a catalogue file is a list", "items that begin with '- id:'"))
            return []
        items: list[Any] = plain(tree)
        if not problems:
            _keep(file.data, items)
        return items

    def _item_tree(self, file: File, index: int) -> Tree:
        if file.label not in self._trees:
            self._trees[file.label] = read_tree(file.data, file.label, MAX_EVENTS)[0]
        tree = self._trees[file.label]
        return tree.items[index] if isinstance(tree, Listing) else tree


Events = Mapping[str, Event]
Warnings = Mapping[str, Warning]


def _causes(events: Events, spoken: Warnings, reader: _Reader) -> Iterator[Problem]:
    """No circle of causes, and no consequence dated before its cause."""
    circle = cycle({name: event.requires for name, event in events.items()})
    if circle:
        text = " on ".join((*circle, circle[0]))
        spot = reader.spot(circle[0], "requires")
        yield problem_at(spot, f"events hang on each other in a circle: {text}", "a first cause")
    for name, event in events.items():
        for index, cause in enumerate(event.requires):
            # A span or a month may begin before its cause as long as it does not end before it.
            last = event.date if event.precision == "day" else event.last_day
            if cause in events and last < events[cause].date:
                message = f"'{name}' ({show_date(last)}) is dated before '{cause}' ({show_date(events[cause].date)})"
                yield problem_at(reader.spot(name, "requires", index), message, "a cause that comes first")


def _spans(events: Events, spoken: Warnings, reader: _Reader) -> Iterator[Problem]:
    """``until`` stands with a span or a month, and not before the date."""
    for name, event in events.items():
        if event.until is not None and event.until < event.date:
            expected = f"a date on or after {show_date(event.date)}"
            yield problem_at(reader.spot(name, "until"), f"'{name}' ends before it begins", expected)
        if event.precision == "span" and event.until is None:
            yield problem_at(reader.spot(name, "precision"), f"'{name}' is a span without an end", "'until'")


def _sources(events: Events, spoken: Warnings, reader: _Reader) -> Iterator[Problem]:
    """Every event says from where it is known."""
    for name, event in events.items():
        if not event.sources:
            yield problem_at(reader.spot(name), f"'{name}' has no source", "'sources' with at least one work")


def _told_before(events: Events, spoken: Warnings, reader: _Reader) -> Iterator[Problem]:
    """An event can bear out or refute only what was said before it; a charge is exposed only after it was made."""
    made = _charges_made(events)
    for name, event in events.items():
        for index, effect in enumerate(event.effects):
            if isinstance(effect, (BearsOut, Refutes)) and effect.warning in spoken:
                first = min(voice.date for voice in spoken[effect.warning].by)
                if first > event.last_day:
                    message = f"the warning '{effect.warning}' was first given on {show_date(first)}, after '{name}'"
                    yield problem_at(reader.spot(name, "effects", index), message, "an earlier warning")
            if isinstance(effect, Exposure) and made.get(effect.charge, event.last_day) >= event.last_day:
                when = f"made only after '{name}'" if effect.charge in made else "never made"
                message = f"the charge '{effect.charge}' is {when}"
                yield problem_at(reader.spot(name, "effects", index), message, "an earlier event with 'accusation'")


def _charges_made(events: Events) -> dict[str, date]:
    """Charge -> the first day on which it is made."""
    made: dict[str, date] = {}
    for event in events.values():
        for effect in event.effects:
            if isinstance(effect, Accusation):
                made[effect.charge] = min(made.get(effect.charge, event.date), event.date)
    return made


_CHECKS = (_causes, _spans, _sources)


def _cache_file(data: bytes) -> Path:
    chosen = os.environ.get("OCTOBER_CACHE_DIR")
    if chosen:
        base = Path(chosen)
    else:
        from platformdirs import user_cache_path

        base = user_cache_path("october1917")
    digest = hashlib.sha256(_READER.encode() + data).hexdigest()
    return base / "catalogue" / f"{digest}.json"


def _kept(data: bytes) -> list[Any] | None:
    """The content kept for these bytes, if there is any that can be read."""
    try:
        kept = json.loads(_cache_file(data).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, list) else None


def _keep(data: bytes, items: list[Any]) -> None:
    """Keep the content of a file. A cache that can't be written is no fault."""
    path = _cache_file(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(items, stream)
        os.replace(temporary, path)
    except (OSError, ValueError):
        return


def _vocabulary() -> Known:
    """The names that events may use besides each other's."""
    return Known(matching=_matching, places=_place_names(), cabinets=_cabinets(), decisions=choices())


def _matching(pattern: str) -> tuple[str, ...]:
    """The places that a pattern names; nothing for an unknown one, without the labour of a suggestion."""
    if "*" in pattern:
        return tuple(place for place in places.PLACE if fnmatchcase(place, pattern))
    return places.matching(pattern) if pattern in places.PLACE or pattern in (*places.WHOLES, "all") else ()


def _strata_of(pattern: str) -> tuple[str, ...]:
    """The strata that live in the places of a pattern, in order."""
    there = {stratum for place in _matching(pattern) for stratum in places.PLACES[places.PLACE[place]].strata}
    return tuple(stratum for stratum in STRATA if stratum in there)


def _place_names() -> tuple[str, ...]:
    return (*places.PLACE, *places.WHOLES)


@cache
def _cabinets() -> tuple[str, ...]:
    """Ids of the cabinets, whose data file lies beside the events."""
    reader = _Reader(Known())
    found = tuple(reader.peek(_files(resources.files("sim.history"), only="cabinets.yaml")))
    if reader.problems:
        raise InputError(reader.problems)
    return found


names.offer("matching", lambda: _matching)
names.offer("strata_of", lambda: _strata_of)
names.offer("places", _place_names)
names.offer("events", all_events)
names.offer("decisions", choices)
names.offer("decided", days)
names.offer("warnings", lambda: tuple(warnings()))
names.offer("cabinets", _cabinets)
