"""What the tables of a run say about each contest: the one bridge between the model and the evidence.

``predict(tables)`` answers every question of :mod:`analysis.evidence.contests` in per cent (members in persons). Tables
are those of one run, as the recorder or :class:`sim.Results` hands them out (columns by name; an array or a data
frame). A question whose body, election or date the tables do not hold is left out of the answer, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.evidence.contests import FAMILIES, FOR, MEMBERS, Contest, Question, apart, contests

Floats = NDArray[np.float64]
#: Between two recorded days no farther apart than this (days), what bodies and people think is read off a line.
LARGEST_GAP = 8
#: A congress's delegates who stayed, where some walked out, stand under its name with this.
AFTER_WALKOUT = "/after_walkout"
#: Macro series of congresses that are asked for.
MANDATED, SYMPATHISERS = SERIES = ("mandated_for_soviet_power", "bolsheviks_and_sympathisers")
_PARTY = {party: i for i, party in enumerate(sim.PARTIES)}
_UNALIGNED = _PARTY["unaligned"]


def predict(tables: Mapping[str, Any], wanted: Iterable[Contest] | None = None) -> dict[str, dict[str, float]]:
    """Contest -> target -> figure, for every contest (or those ``wanted``) that the tables can answer."""
    book = Book(tables)
    found = {c.id: answer(book, c) for c in ((*contests(), *apart()) if wanted is None else wanted)}
    return {contest: figures for contest, figures in found.items() if figures}


def days_asked(wanted: Iterable[Contest] | None = None) -> tuple[date, ...]:
    """The days that a run must record to be asked: those of motions, of standing bodies and of members."""
    chosen = (*contests(), *apart()) if wanted is None else wanted
    return tuple(sorted({c.day for c in chosen if c.question.form in ("seats", "support", "members")}))


def answer(book: Book, contest: Contest) -> dict[str, float]:
    """The contest's targets in per cent (members in persons); empty where the tables can't say."""
    question = contest.question
    if question.form == "members":
        return _members(book, contest)
    if question.form == "mandated":
        share = book.mandated(question.subject, question.day)
        return {} if share is None else {FOR: 100.0 * share}
    if question.form == "support":
        share = _support(book, question)
        return {} if share is None else {FOR: 100.0 * share}
    counted = _house(book, question) if question.form == "seats" else _votes(book, question)
    return {} if counted is None else _percent(counted, tuple(contest.observed), question.of)


def _percent(counted: Floats, targets: tuple[str, ...], of: str) -> dict[str, float]:
    """Targets in per cent of all, of the declared, or of the targets' own sum. Empty where nothing was counted."""
    found = {target: float(sum(counted[_PARTY[p]] for p in parties_of(target))) for target in targets}
    whole = float(counted.sum())
    if of == "declared":
        whole -= float(counted[_UNALIGNED])
    elif of == "russian":
        whole = sum(found.values())
    return {target: 100.0 * figure / whole for target, figure in found.items()} if whole > 0 else {}


def parties_of(target: str) -> tuple[str, ...]:
    """Parties of the tables that a target sums: a family, families joined by +, or a family's members."""
    return tuple(party for family in target.removeprefix(MEMBERS).split("+") for party in FAMILIES[family])


def _members(book: Book, contest: Contest) -> dict[str, float]:
    """Persons with a card in a place or whole; empty where the day is not recorded."""
    question = contest.question
    found = {}
    for target in contest.observed:
        counts = [book.told(f"{MEMBERS}{party}", question.subject, question.day) for party in parties_of(target)]
        known = [count for count in counts if count is not None]
        if known:
            found[target] = sum(known)
    return found


def _house(book: Book, question: Question) -> Floats | None:
    """Seats [P] of a body; where nobody walked out of a congress, the house after it is the house before."""
    seats = book.seats(question.subject, question.day)
    whole, left, _ = question.subject.partition(AFTER_WALKOUT)
    seats = book.seats(whole, question.day) if seats is None and left else seats
    if seats is None or not question.sympathisers:
        return seats
    counted = book.told(SYMPATHISERS, whole, question.day)
    if counted is None:
        return None
    seats = seats.copy()
    seats[_UNALIGNED] -= counted - seats[_PARTY["bolshevik"]]
    seats[_PARTY["bolshevik"]] = counted
    return seats


def _votes(book: Book, question: Question) -> Floats | None:
    """Votes [P] of the cells asked for; None where the election was not held."""
    returns = book.returns(question.subject, question.day)
    chosen = [
        votes
        for (place, province), votes in returns.items()
        if place in question.places and (not question.provinces or province in question.provinces)
    ]
    return np.sum(chosen, axis=0) if chosen else None


def _support(book: Book, question: Question) -> float | None:
    """Support for soviet power among electors, 0..1: by the seats of a body's sections, or by persons."""
    total = weight = 0.0
    for section, places, strata in question.sections:
        level = book.support(places, strata, question.day)
        seats = book.seats(f"{question.subject}/{section}", question.day) if len(question.sections) > 1 else np.ones(1)
        if level is None or seats is None:
            return None
        total += level * float(seats.sum())
        weight += float(seats.sum())
    return total / weight if weight else None


class Book:
    """The tables of one run, indexed once for many questions."""

    def __init__(self, tables: Mapping[str, Any]):
        self._tables = tables
        self._returns: dict[tuple[str, np.datetime64], dict[tuple[str, str], Floats]] | None = None
        self._seats: dict[str, dict[np.datetime64, Floats]] | None = None
        self._people: dict[np.datetime64, tuple[Floats, Floats]] | None = None
        self._groups: tuple[NDArray[np.str_], NDArray[np.str_]] | None = None

    def returns(self, election: str, day: date) -> dict[tuple[str, str], Floats]:
        """Votes [P] by (place, province)."""
        if self._returns is None:
            self._returns = self._index_returns()
        return self._returns.get((election, np.datetime64(day, "D")), {})

    def seats(self, body: str, day: date) -> Floats | None:
        """Seats [P] of a body on a day."""
        return on_day(self._seats_of(body), day)

    def _seats_of(self, body: str) -> dict[np.datetime64, Floats]:
        if self._seats is None:
            self._seats = self._index_seats()
        return self._seats.get(body, {})

    def support(self, places: frozenset[str], strata: frozenset[str], day: date) -> float | None:
        """Mean support for soviet power among people of these places and strata, 0..1."""
        supporters, persons = self._support_on(day)
        if supporters is None or persons is None or self._groups is None:
            return None
        place, stratum = self._groups
        chosen = np.isin(place, list(places)) & np.isin(stratum, list(strata))
        return float(supporters[chosen].sum() / persons[chosen].sum()) if chosen.any() else None

    def first_majority(self, body: str, parties: Iterable[int]) -> date | None:
        """The first recorded day on which parties (by index) together hold over half of the seats; None if never."""
        chosen = list(parties)
        for day, seats in sorted(self._seats_of(body).items()):
            if 2.0 * seats[chosen].sum() > seats.sum():
                return date.fromisoformat(str(day.astype("datetime64[D]")))
        return None

    def mandated(self, congress: str, day: date) -> float | None:
        """Share of a congress's delegates mandated for soviet power, 0..1."""
        return self.told(MANDATED, congress, day)

    def told(self, series: str, place: str, day: date) -> float | None:
        """A macro series of a place or whole on a recorded day."""
        table = self._tables["macro"]
        there = _where(table, series=series, place=place) & (_days(table) == np.datetime64(day))
        values = np.asarray(table["value"], dtype=np.float64)[there]
        return float(values[0]) if values.size else None

    def _support_on(self, day: date) -> tuple[Floats | None, Floats | None]:
        if self._people is None:
            self._people = self._index_people()
        supporters = on_day({d: s for d, (s, _) in self._people.items()}, day)
        persons = on_day({d: n for d, (_, n) in self._people.items()}, day)
        return supporters, persons

    def _index_returns(self) -> dict[tuple[str, np.datetime64], dict[tuple[str, str], Floats]]:
        table = self._tables["province_elections"]
        found: dict[tuple[str, np.datetime64], dict[tuple[str, str], Floats]] = {}
        for (day, election, place, province), votes in _by_party(table, "votes", "election", "place", "province"):
            found.setdefault((election, day), {})[place, province] = votes
        return found

    def _index_seats(self) -> dict[str, dict[np.datetime64, Floats]]:
        found: dict[str, dict[np.datetime64, Floats]] = {}
        for (day, body), seats in _by_party(self._tables["soviets"], "seats", "body"):
            found.setdefault(body, {})[day] = seats
        return found

    def _index_people(self) -> dict[np.datetime64, tuple[Floats, Floats]]:
        """Day -> supporters and persons by group; groups stand in the same order on every day."""
        table = self._tables["soviet_power"]
        days, share = _days(table), np.asarray(table["share"], dtype=np.float64)
        persons = np.asarray(table["persons"], dtype=np.float64)
        place, stratum = np.asarray(table["place"], dtype=np.str_), np.asarray(table["stratum"], dtype=np.str_)
        found: dict[np.datetime64, tuple[Floats, Floats]] = {}
        for day in np.unique(days):
            there = days == day
            found[day] = (share[there] * persons[there], persons[there])
            if self._groups is None:
                self._groups = (place[there], stratum[there])
        return found


def on_day(by_day: Mapping[np.datetime64, Floats], day: date) -> Floats | None:
    """The value of a day: as recorded, or on the line between neighbours at most :data:`LARGEST_GAP` days apart."""
    wanted = np.datetime64(day, "D")
    if wanted in by_day:
        return by_day[wanted]
    before = max((d for d in by_day if d < wanted), default=None)
    after = min((d for d in by_day if d > wanted), default=None)
    if before is None or after is None or (after - before).astype(int) > LARGEST_GAP:
        return None
    part = float((wanted - before) / (after - before))
    return np.asarray(by_day[before] * (1.0 - part) + by_day[after] * part)


def _by_party(table: Any, figures: str, *names: str) -> Iterator[tuple[tuple[Any, ...], Floats]]:
    """Figures [P] summed by day and names, in the order in which these first stand in the table."""
    columns = (np.asarray(table[name]).tolist() for name in names)
    rows: dict[tuple[Any, ...], int] = {}
    row = [rows.setdefault(key, len(rows)) for key in zip(_days(table).tolist(), *columns, strict=True)]
    party = [_PARTY[p] for p in np.asarray(table["party"]).tolist()]
    whole = np.zeros((len(rows), len(_PARTY)))
    np.add.at(whole, (row, party), np.asarray(table[figures], dtype=np.float64))
    return (((np.datetime64(day, "D"), *rest), whole[i]) for i, (day, *rest) in enumerate(rows))


def _days(table: Any) -> NDArray[np.datetime64]:
    return np.asarray(table["date"]).astype("datetime64[D]")


def _where(table: Any, **wanted: str) -> NDArray[np.bool_]:
    there = np.ones(len(table["date"]), dtype=bool)
    for column, value in wanted.items():
        there &= np.asarray(table[column], dtype=np.str_) == value
    return there
