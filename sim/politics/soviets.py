"""Soviets and committees: deputies of assemblies, by Reed's rules, recalled at any time (ledger A2, D4, H-27 to H-34).

All standing bodies sit on one :class:`Board`, whose rows pair an assembly with a section that it elects to, so that
electing them all is a few array operations. Each pair keeps its deputies' allegiance and follows the people of its
assembly with a lag (D-072). The lag is a half-life, ``recall_days``, times the section's distance from the shop
floor; it shortens as deputies and electors part (A-031, A-034): at a gap of ``recall_gap`` recall is twice as fast,
and it grows with the fourth power of the gap, so that one outrage can turn out a dozen deputies overnight while a
slow change of mood waits for its time (D-073). Committees of the armies are the exception: no one is recalled, all
stay until a new election is called (B-084), which their companies enforce once the gap is wide (:meth:`Board.overdue`).

Lists are proportional over a whole section (A-030): seats are dealt by largest remainder and add up to the house.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from mesa import Agent, Model
from numpy.typing import NDArray

from sim.inputs.body_data import BodyRule, Key, Section
from sim.politics.ballot import normed, under_pressure
from sim.politics.resolutions import Resolution, divide, sides
from sim.politics.seats import Seats, apportion
from sim.politics.view import AssemblyView, Floats, Ints, matching
from sim.words.calendar import day_of
from sim.words.errors import unknown
from sim.words.identifiers import PARTIES, PARTY, P


def deputies(key: Key, real_size: Floats, copies: Floats) -> Floats:
    """Deputies that each row of assemblies sends under ``key``, before rounding; same shape as ``real_size``.

    Example (1 per 500, small plants pooled): a plant of 1,200 sends 2, one of 300 counts 0.6 toward a joint deputy.
    """
    if key.rule == "unit":
        units = np.maximum(1.0, real_size / key.unit_size) if key.unit_size else np.ones_like(real_size)
        return np.asarray(key.per * units * copies)
    own = np.floor(real_size / key.per)
    small = np.full_like(real_size, key.least) if key.least > 0 else real_size / key.per
    return np.where(real_size >= key.per, own, small) * copies


def kept(held: Floats, asked: Floats, half_life: Floats, days: float, recall_gap: float) -> Floats:
    """How much [R] of the distance between deputies and electors is still there after ``days``, 0..1.

    ``held`` and ``asked`` [R, P] are the deputies' allegiance and their electors'; ``half_life`` [R] in days is that
    of a small gap g. The gap is the share of an assembly that its deputies no longer speak for (half the sum of
    absolute differences); it closes as g' = -k g (1 + (g / recall_gap)^4), solved exactly, so that two calls for
    a week each are one call for a fortnight.
    """
    steep = (0.5 * np.abs(asked - held).sum(axis=1) / recall_gap) ** 4
    decay = np.exp2(-4.0 * days / half_life)
    return np.asarray((decay / (1.0 + steep * (1.0 - decay))) ** 0.25)


@dataclass(frozen=True, eq=False)
class Room:
    """A section of a body on the board: its declaration and where its rows stand."""

    body: str
    section: Section
    first: int
    last: int


class Board:
    """Every standing body, its sections' rows, deputies and seats.

    State (all of it, for checkpoints, is :meth:`state`): ``held`` [R, P] deputies' allegiance by pair, ``power`` [R]
    their support for soviet power, ``committee`` [E, P] executives, ``stood`` [E] on which side of soviet power the
    plenary stood when it last had a majority (0 before it has had one), ``sat`` the last day.
    """

    def __init__(self, rules: Iterable[BodyRule], view: AssemblyView, sits: NDArray[np.float64]):
        """``sits`` [P, P] turns preferences into deputies' parties (:func:`sim.politics.ballot.transfer`)."""
        self._sits = sits
        #: Parties with a centre that can be invited into an executive: those that sit; people of no party have none.
        self._invited = (sits.diagonal() > 0).astype(np.int64)
        self._invited[PARTY["unaligned"]] = 0
        rules = tuple(rule for r in rules for rule in expanded(r, view.place_names))
        rooms, pairs = _pair(rules, view)
        self.rooms: tuple[Room, ...] = tuple(rooms)
        seated = {room.body for room in self.rooms}
        self.rules: dict[str, BodyRule] = {r.id: r for r in rules if r.id in seated}
        self._row: Ints = pairs
        self._room_of = np.repeat(np.arange(len(rooms)), [r.last - r.first for r in rooms])
        self._starts = np.array([r.first for r in rooms], dtype=np.int64)
        self._distance = np.array([r.section.distance for r in rooms])[self._room_of]
        self._called = np.array([r.section.renewal == "called" for r in rooms])
        self._opened = np.array([day_of(self.rules[r.body].opened) for r in rooms], dtype=np.int64)
        self.persons = np.add.reduceat(view.persons[pairs], self._starts) if rooms else np.zeros(0)
        self._of_body = {body: np.array([i for i, r in enumerate(rooms) if r.body == body]) for body in self.rules}
        #: Rooms of a body stand together: the first of each body, in the order of the rules.
        self._first_room = np.array([of[0] for of in self._of_body.values()], dtype=np.int64)
        self._number = {body: i for i, body in enumerate(self.rules)}
        self._opens = {body: day_of(rule.opened) for body, rule in self.rules.items()}
        self._executives = tuple(body for body, rule in self.rules.items() if rule.executive)
        chosen = [rule.executive for rule in self.rules.values() if rule.executive]
        self._members = np.array([executive.members for executive in chosen], dtype=np.int64)
        self._guests = np.array([executive.invited_per_party for executive in chosen], dtype=np.int64)
        self._lags = np.array([executive.distance for executive in chosen])
        self._plenary = np.array([body in self._executives for body in self.rules], dtype=np.bool_)
        #: Which rooms belong to which body with an executive, [E, rooms], 0 or 1.
        led = [[float(room.body == body) for room in rooms] for body in self._executives]
        self._led: Floats = np.array(led).reshape(-1, len(rooms))
        #: Rows of the educated around each body with an executive, their persons, and these in all.
        self._educated = [
            (rows, persons := view.persons[rows], float(persons.sum()))
            for rows in (_educated(self.rules[body], view) for body in self._executives)
        ]
        #: Days on which some key takes force, and how many of them had passed when deputies were last keyed.
        self._key_days = sorted({key.since for room in rooms for key in room.section.keys})
        self._keyed: int | None = None
        #: Open bodies of the last table, with its names and rows.
        self._listed: tuple[tuple[str, ...], tuple[str, ...], Ints] | None = None
        self.sat: int | None = None
        self.held = np.zeros((pairs.size, P))
        self.power = np.zeros(pairs.size)
        self._asked, self._leaning_asked = self.held, self.power
        self.committee = np.zeros((len(self._executives), P))
        self.stood: Ints = np.zeros(len(self._executives), dtype=np.int64)
        self.weight = np.zeros(pairs.size)
        self.house: Ints = np.zeros(len(rooms), dtype=np.int64)

    # --- sitting ------------------------------------------------------------------------------------------------------
    def sit(
        self,
        view: AssemblyView,
        when: date,
        *,
        recall_days: float,
        recall_gap: float,
        executive_lag: float,
        executive_capture: float,
        open_pressure: float,
        outrage: Floats | None = None,
        recall: str = "open",
    ) -> None:
        """Bring deputies, seats and executives up to ``when``. Call weekly, and on the day of a congress or an outrage.

        Days are counted from the last sitting, so the calendar of calls decides nothing but detail. A body that opens
        between two sittings is elected afresh, then mixed with the wishes of its founders. ``outrage`` [A, P], in
        units of utility, is what a meeting holds today against the parties of those who shot at its own: it votes
        accordingly, and the sooner (a unit has two in three meet within a day), whatever its people conclude in the
        long run (D-073). ``recall`` is the rule: ``open`` as above; ``none``, deputies stay; ``binding``, they stand
        where their electors stand (E-065).
        """
        day = day_of(when)
        self._rekey(when, view)
        asked = normed(under_pressure(view.share, open_pressure)[self._row] @ self._sits)
        if outrage is not None:
            asked = normed(asked * np.exp(-outrage[self._row]))
        leaning = view.soviet_power[self._row]
        self._asked, self._leaning_asked = asked, leaning
        if self.sat is None:
            self.held, self.power = asked.copy(), leaning.copy()
        days = 0 if self.sat is None else day - self.sat
        if days > 0:
            left = kept(self.held, asked, recall_days * self._distance, days, recall_gap)
            if outrage is not None:
                left *= np.exp(-days * outrage[self._row].max(axis=1))
            left[self._called[self._room_of]] = 1.0
            if recall != "open":
                left[:] = 1.0 if recall == "none" else 0.0
            self.held = asked + (self.held - asked) * left[:, None]
            self.power = leaning + (self.power - leaning) * left
        self._open(day, asked, leaning)
        self._sum()
        self._lead(view, days, executive_lag, executive_capture)
        self.sat = day

    def renew(self, body: str, part: float = 1.0) -> None:
        """A part of a body's assemblies elect afresh today, as the armies' committees did in late autumn (B-084).

        ``part`` is in 0..1. Electors are as of the last sitting; lags run on from there.
        """
        for i in self._rooms_of(body):
            rows = slice(self.rooms[i].first, self.rooms[i].last)
            self.held[rows] += part * (self._asked[rows] - self.held[rows])
            self.power[rows] += part * (self._leaning_asked[rows] - self.power[rows])
        self._sum()

    def overdue(self, gap: float) -> tuple[str, ...]:
        """Open bodies whose deputies stay until called and no longer speak for a share ``gap`` of their electors."""
        if self.sat is None or not self._called.any():
            return ()
        apart = 0.5 * np.abs(self._asked - self.held).sum(axis=1)
        by_room = np.add.reduceat(self.weight * apart, self._starts) / np.add.reduceat(self.weight, self._starts)
        late = self._called & (self._opened <= self.sat) & (by_room > gap)
        return tuple(self.rooms[i].body for i in np.flatnonzero(late))

    def turned(self, line: Floats, *, discipline: float, abstention: float) -> tuple[str, ...]:
        """Bodies with an executive whose plenary now stands on the other side of soviet power than when it last stood.

        Notes the new sides: asked twice, the second answer is empty.
        """
        house = self._led * np.maximum(self.house, 1e-9)
        power = house @ self.leaning / house.sum(axis=1)
        now = sides(self._led @ self.seats, power, line, discipline=discipline, abstention=abstention)
        flipped = (now * self.stood) < 0
        self.stood = np.where(now != 0, now, self.stood)
        return tuple(self._executives[e] for e in np.flatnonzero(flipped))

    def reelect_executive(self, body: str) -> None:
        """The body chooses a new executive at once, in proportion to its deputies (Petrograd, 25 September)."""
        self.committee[self._executive(body)] = normed(self._deputies(body)[None, :])[0]

    def _rekey(self, when: date, view: AssemblyView) -> None:
        passed = bisect_right(self._key_days, when)
        if passed == self._keyed:
            return
        for i, room in enumerate(self.rooms):
            key, rows = room.section.key_on(when), self._row[room.first : room.last]
            sent = deputies(key, view.real_size[rows], view.copies[rows])
            self.house[i] = key.house if key.house is not None else max(1, round(float(sent.sum())))
            self.weight[room.first : room.last] = sent
        self._keyed = passed

    def _open(self, day: int, asked: Floats, leaning: Floats) -> None:
        since = -1_000_000 if self.sat is None else self.sat
        for i, room in enumerate(self.rooms):
            if not since < self._opened[i] <= day and not (self.sat is None and self._opened[i] <= day):
                continue
            rows = slice(room.first, room.last)
            founders = self.rules[room.body].founders
            self.held[rows], self.power[rows] = asked[rows], leaning[rows]
            if founders:
                wish = np.zeros(P)
                for party, share in founders.parties.items():
                    wish[PARTY[party]] = share
                self.held[rows] += founders.weight * (wish / wish.sum() - asked[rows])

    def _sum(self) -> None:
        """Deputies by section and party, seats and support for soviet power, from the pairs."""
        sent = np.add.reduceat(self.weight[:, None] * self.held, self._starts)
        self.seats: Seats = apportion(sent, self.house)
        self._by_body: Seats = np.add.reduceat(self.seats, self._first_room)
        weight = np.add.reduceat(self.weight, self._starts)
        self.leaning: Floats = np.add.reduceat(self.weight * self.power, self._starts) / weight

    def _lead(self, view: AssemblyView, days: int, lag: float, capture: float) -> None:
        chosen = normed(self._by_body[self._plenary].astype(np.float64))
        if capture > 0:
            educated = np.zeros_like(chosen)
            for e, (rows, persons, everybody) in enumerate(self._educated):
                if everybody > 0:
                    educated[e] = persons @ view.share[rows] / everybody @ self._sits
            total = educated.sum(axis=1, keepdims=True)
            led = (1 - capture) * chosen + capture * educated / np.where(total > 0, total, 1.0)
            chosen = np.where(total > 0, led, chosen)
        kept = np.where(self.committee.any(axis=1), np.exp2(-days / (lag * self._lags)), 0.0)
        self.committee = chosen + (self.committee - chosen) * kept[:, None]

    # --- reading ------------------------------------------------------------------------------------------------------
    def bodies(self, when: date) -> tuple[str, ...]:
        """Bodies open on a day, in the order of their rules."""
        day = day_of(when)
        return tuple(body for body, opens in self._opens.items() if opens <= day)

    def sections(self, body: str) -> tuple[str, ...]:
        """Names of a body's sections."""
        return tuple(self.rooms[i].section.id for i in self._rooms_of(body))

    def seats_of(self, body: str, section: str | None = None) -> Seats:
        """Seats [P] of a body, or of one of its sections."""
        rooms = self._rooms_of(body)
        if section is None:
            return np.asarray(self._by_body[self._number[body]])
        rooms = np.array([i for i in rooms if self.rooms[i].section.id == section], dtype=np.int64)
        if not rooms.size:
            raise unknown("section", section, self.sections(body))
        return np.asarray(self.seats[rooms].sum(axis=0))

    def seats_by_body(self, when: date) -> dict[str, Floats]:
        """Seats [P] of every body open on a day."""
        seats = self._by_body.astype(np.float64)
        return {body: seats[self._number[body]] for body in self.bodies(when)}

    def wish_of(self, body: str) -> Floats:
        """What a body would look like if all of it were elected today: shares [P], by those who send deputies."""
        of = self._rooms_of(body)  # rooms of a body stand together
        rows = slice(self.rooms[of[0]].first, self.rooms[of[-1]].last)
        return np.asarray(normed((self.weight[rows] @ self._asked[rows])[None, :])[0])

    def committee_of(self, body: str) -> Floats:
        """Shares [P] of a body's executive as it was chosen, without those whom parties sent besides."""
        return np.asarray(self.committee[self._executive(body)])

    def executive_of(self, body: str) -> Seats:
        """Seats [P] of a body's executive, with those invited by their parties (A-028), each party alike."""
        return np.asarray(self._seats_of_executives()[self._executive(body)])

    def _seats_of_executives(self) -> Seats:
        return apportion(self.committee, self._members) + self._guests[:, None] * self._invited

    def support_of(self, body: str) -> float:
        """Share of a body's deputies who favour soviet power, 0..1, weighted by seats."""
        rooms = self._rooms_of(body)
        return float(np.average(self.leaning[rooms], weights=np.maximum(self.house[rooms], 1e-9)))

    def deputies_on_power(self) -> Floats:
        """What each party's deputies in open bodies think of soviet power [P], -1..1; NaN for a party without any."""
        assert self.sat is not None
        weight = np.where(self._opened[self._room_of] <= self.sat, self.weight, 0.0)
        sent = weight @ self.held
        wish = np.divide((weight * self.power) @ self.held, sent, out=np.full(P, np.nan), where=sent > 1e-9)
        return np.asarray(2.0 * wish - 1.0)

    def vote(self, body: str, line: Floats, *, discipline: float, abstention: float) -> Resolution:
        """A show of hands on soviet power; see :func:`sim.politics.resolutions.divide`."""
        return divide(self.seats_of(body), self.support_of(body), line, discipline=discipline, abstention=abstention)

    def table(self, when: date) -> tuple[list[str], Seats]:
        """Names [N] and seats [N, P] for the ``soviets`` table: bodies, their sections if several, executives."""
        bodies = self.bodies(when)
        if self._listed is None or self._listed[0] != bodies:
            self._listed = bodies, *self._list(bodies)
        _, names, rows = self._listed
        return list(names), np.concatenate([self._by_body, self.seats, self._seats_of_executives()])[rows]

    def _list(self, bodies: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
        """Names of the table for some bodies, and which rows they have among bodies, then rooms, then executives."""
        found: list[tuple[str, int]] = []
        for body in bodies:
            found.append((body, self._number[body]))
            rooms = self._of_body[body].tolist()
            if len(rooms) > 1:
                found += [(f"{body}/{self.rooms[i].section.id}", len(self.rules) + i) for i in rooms]
            if body in self._executives:
                found.append((f"{body}/executive", len(self.rules) + len(self.rooms) + self._executive(body)))
        return tuple(name for name, _ in found), np.array([row for _, row in found], dtype=np.int64)

    # --- checkpoints --------------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """All that a restart needs besides the rules and the view."""
        return {
            "held": self.held.copy(),
            "power": self.power.copy(),
            "committee": self.committee.copy(),
            "stood": self.stood.copy(),
            "asked": self._asked.copy(),
            "leaning_asked": self._leaning_asked.copy(),
            "sat": self.sat,
        }

    def restore(self, state: Mapping[str, Any], view: AssemblyView, when: date) -> None:
        """Take up a state saved by :meth:`state`; ``when`` is the day of its last sitting."""
        self.held, self.power = state["held"].copy(), state["power"].copy()
        self.committee, self.sat = state["committee"].copy(), state["sat"]
        self.stood = np.array(state["stood"], dtype=np.int64)
        self._asked, self._leaning_asked = state["asked"].copy(), state["leaning_asked"].copy()
        self._rekey(when, view)
        self._sum()

    def _rooms_of(self, body: str) -> Ints:
        if body not in self._of_body:
            raise unknown("body", body, self._of_body)
        return self._of_body[body]

    def _executive(self, body: str) -> int:
        return self._executives.index(body)

    def _deputies(self, body: str) -> Floats:
        return np.asarray(self.seats_of(body), dtype=np.float64)


def expanded(rule: BodyRule, places: tuple[str, ...]) -> list[BodyRule]:
    """One body for each place of ``each``, with {place} and {region} filled in; the rule itself without ``each``."""
    if rule.each is None:
        return [rule]
    made = []
    for i in matching(rule.each, places):
        place = places[i]
        names = {"place": place, "region": place.split("/")[0]}
        sections = tuple(
            s.model_copy(update={"places": tuple(p.format(**names) for p in s.places)}) for s in rule.sections
        )
        one = {"id": rule.id.format(**names), "title": f"{rule.title} ({place})", "each": None, "sections": sections}
        made.append(rule.model_copy(update=one))
    return made


def _pair(rules: Iterable[BodyRule], view: AssemblyView) -> tuple[list[Room], Ints]:
    rooms: list[Room] = []
    pairs: list[Ints] = []
    at = 0
    for rule in rules:
        for section in rule.sections:
            rows = view.rows(section.places, section.strata, section.trades)
            if rows.size:
                rooms.append(Room(rule.id, section, at, at + rows.size))
                pairs.append(rows)
                at += rows.size
    return rooms, np.concatenate(pairs) if pairs else np.zeros(0, dtype=np.int64)


def _educated(rule: BodyRule, view: AssemblyView) -> Ints:
    places = tuple(p for s in rule.sections for p in s.places)
    return view.rows(places, ("middle",))


class Soviet(Agent):
    """A soviet or committee as Mesa sees it: a name and a window on the board."""

    def __init__(self, model: Model, board: Board, body: str):
        super().__init__(model)
        self.board = board
        self.body = body
        self.title = board.rules[body].title

    @property
    def seats(self) -> dict[str, int]:
        """Seats by party, largest first."""
        counted = self.board.seats_of(self.body)
        return {PARTIES[i]: int(counted[i]) for i in np.argsort(-counted, kind="stable") if counted[i]}

    @property
    def majority(self) -> str | None:
        """The party with more than half of the seats, if any."""
        counted = self.board.seats_of(self.body)
        first = int(counted.argmax())
        return PARTIES[first] if 2 * counted[first] > counted.sum() else None

    @property
    def support(self) -> float:
        """Share of deputies who favour soviet power."""
        return self.board.support_of(self.body)
