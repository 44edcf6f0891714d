"""Congresses by their real keys: curiae of soviets, armies, dumas and others, each with its own number of delegates.

A congress never counts heads. The same attitudes give another majority under another key (``findings.md``: 52 or 67
per cent at the Second Congress), so every key is declared data (``sim/evidence/bodies.yaml``) with its source.
A delegation brings two things: its party, and its mandate on soviet power, which may run ahead of the party (D-001).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from mesa import Agent, Model

from sim.inputs.body_data import CongressRule, Curia
from sim.politics.ballot import normed
from sim.politics.resolutions import Resolution, divide, leaning
from sim.politics.seats import Seats, apportion
from sim.politics.soviets import Board
from sim.politics.view import AssemblyView, Floats, Ints, matching, weighted_share
from sim.words.calendar import day_of
from sim.words.identifiers import PARTIES, PARTY, P

_MIDDLE = ("middle",)


@dataclass(frozen=True, eq=False)
class Delegation:
    """Delegates of one curia. ``seats`` [P] whole; ``power`` the share that favours soviet power, 0..1."""

    curia: str
    seats: Seats
    power: float


@dataclass(frozen=True, eq=False)
class Assembled:
    """A congress in session."""

    id: str
    delegations: tuple[Delegation, ...]

    @property
    def seats(self) -> Seats:
        """Delegates by party [P]."""
        return np.asarray(sum((d.seats for d in self.delegations), np.zeros(P, dtype=np.int64)))

    @property
    def house(self) -> int:
        """Delegates in the hall."""
        return int(self.seats.sum())

    @property
    def power(self) -> float:
        """What those who sent the delegates think of soviet power: mean over delegates, 0..1."""
        sizes = np.array([d.seats.sum() for d in self.delegations], dtype=np.float64)
        return float(np.average([d.power for d in self.delegations], weights=sizes)) if sizes.sum() > 0 else 0.0


def gather(
    rule: CongressRule,
    board: Board,
    view: AssemblyView,
    sits: Floats,
    when: date,
    town_votes: Mapping[str, Floats] | None = None,
) -> Assembled:
    """Who comes to a congress on a day. Call after ``board.sit`` for that day.

    ``sits`` [P, P] as on the board; ``town_votes`` is votes [P] by place of the last town election, for curiae of
    municipalities (without one, the people of the towns are asked). A curia that nobody can send stays empty.
    """
    return Assembled(rule.id, tuple(_delegation(c, board, view, sits, when, town_votes or {}) for c in rule.curiae))


def _delegation(
    curia: Curia, board: Board, view: AssemblyView, sits: Floats, when: date, town_votes: Mapping[str, Floats]
) -> Delegation:
    share, power, persons = _senders(curia, board, view, sits, when, town_votes)
    if not persons.sum() > 0:
        return Delegation(curia.id, np.zeros(P, dtype=np.int64), 0.0)
    weight = persons if curia.shared == "persons" else np.ones(persons.size)
    mean, wish = weighted_share(share, weight), float(np.average(power, weights=weight))
    mean = mean / mean.sum() if mean.sum() > 0 else mean
    if curia.capture > 0:
        mean, wish = _captured(curia, view, sits, mean, wish)
    size = curia.delegates if curia.delegates is not None else round(float(persons.sum()) / (curia.per or 1.0))
    return Delegation(curia.id, apportion(mean, size), wish)


def _senders(
    curia: Curia, board: Board, view: AssemblyView, sits: Floats, when: date, town_votes: Mapping[str, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Shares [n, P], support for soviet power [n] and persons [n] of those who send a curia's delegates."""
    if "voters" in curia.sent_by and town_votes:
        names = tuple(town_votes)
        found = matching(curia.places, names)
        if found.size:
            votes = np.array([town_votes[names[i]] for i in found])
            rows = view.rows(curia.places, ("worker", "soldier", "sailor", "peasant", "middle", "propertied"))
            wish = float(np.average(view.soviet_power[rows], weights=view.persons[rows])) if rows.size else 0.5
            return normed(votes), np.full(found.size, wish), votes.sum(axis=1)
    if "people" in curia.sent_by or "voters" in curia.sent_by:
        strata = curia.strata or ("worker", "soldier", "sailor", "peasant", "middle", "propertied")
        rows = view.rows(curia.places, strata)
        return _people_by_place(view, rows, sits)
    return _standing(curia, board, when)


def _people_by_place(view: AssemblyView, rows: Ints, sits: Floats) -> tuple[Floats, Floats, Floats]:
    """The same for people asked directly, one row a place, so that the number of sampled assemblies decides nothing."""
    places, index = np.unique(view.place[rows], return_inverse=True)
    persons: Floats = np.bincount(index, view.persons[rows], places.size).astype(np.float64)
    share = np.zeros((places.size, P))
    np.add.at(share, index, view.persons[rows][:, None] * normed(view.share[rows] @ sits))
    power = np.bincount(index, view.persons[rows] * view.soviet_power[rows], places.size)
    return normed(share), np.asarray(power / np.maximum(persons, 1e-9)), persons


def _standing(curia: Curia, board: Board, when: date) -> tuple[Floats, Floats, Floats]:
    """Sections of standing bodies that are open on the day and that the curia names."""
    names = [room.body.removesuffix("/soviet") for room in board.rooms]
    named = matching(curia.places, names)
    day = day_of(when)
    rooms: Ints = np.array(
        [
            i
            for i in named
            if board.rooms[i].section.kind in curia.sent_by and day_of(board.rules[board.rooms[i].body].opened) <= day
        ],
        dtype=np.int64,
    )
    seats = board.seats[rooms].astype(np.float64)
    return normed(seats), board.leaning[rooms], board.persons[rooms]


def _captured(curia: Curia, view: AssemblyView, sits: Floats, mean: Floats, wish: float) -> tuple[Floats, float]:
    """Elections in tiers give part of a delegation to the educated of the same places (D-074, I-09)."""
    places = tuple(p.removesuffix("_soviet") for p in curia.places)
    rows = view.rows(tuple({*curia.places, *places}), _MIDDLE)
    if not rows.size:
        rows = view.rows(("all",), _MIDDLE)
    if not rows.size:
        return mean, wish
    educated = weighted_share(view.share[rows], view.persons[rows]) @ sits
    if educated.sum() <= 0:
        return mean, wish
    theirs = float(np.average(view.soviet_power[rows], weights=view.persons[rows]))
    part = curia.capture
    return (1 - part) * mean + part * educated / educated.sum(), (1 - part) * wish + part * theirs


# --- in session -------------------------------------------------------------------------------------------------------
def mandated(congress: Assembled, line: Floats, discipline: float) -> int:
    """Delegates mandated for soviet power, counted apart from their parties (505 of 670 on 25 October 1917)."""
    wanted = 0.0
    for d in congress.delegations:
        wanted += float(d.seats @ leaning(d.power, line, discipline))
    return round(wanted)


def vote(congress: Assembled, line: Floats, *, discipline: float, abstention: float) -> Resolution:
    """A show of hands on soviet power, every delegation by its own mandate."""
    counted = [
        divide(d.seats, d.power, line, discipline=discipline, abstention=abstention) for d in congress.delegations
    ]
    return Resolution(
        sum(c.votes_for for c in counted), sum(c.votes_against for c in counted), sum(c.abstained for c in counted)
    )


def leaving(line: Floats, cohesion: Floats, resolve: float) -> dict[str, float]:
    """Share of each party's delegates who leave when the hall votes for soviet power (D-114; history.md, decision 20).

    A party whose ``line`` [P] is against leaves as far as it holds together (``cohesion`` [P], 0..1); a half-hearted
    refusal takes fewer along: all whom discipline holds go at a line of ``-resolve``. Delegates of no party stay.
    """
    going = cohesion * np.clip(-line / resolve, 0.0, 1.0)
    going[PARTY["unaligned"]] = 0.0
    return {PARTIES[p]: float(going[p]) for p in np.flatnonzero(going)}


def walk_out(congress: Assembled, leaving: Mapping[str, float]) -> Assembled:
    """The congress after parts of parties have left (D-114): ``leaving`` is the share of each party's delegates."""
    stay = np.ones(P)
    for party, share in leaving.items():
        stay[PARTY[party]] = 1.0 - share
    rest = tuple(replace(d, seats=_kept(d.seats, stay)) for d in congress.delegations)
    return replace(congress, delegations=rest)


def _kept(seats: Seats, stay: Floats) -> Seats:
    return np.asarray(np.floor(seats * stay + 0.5), dtype=np.int64)


def with_sympathisers(congress: Assembled, party: str) -> int:
    """Delegates of a party and those of none who favour soviet power: the second way of counting (A-200, A-302)."""
    own = int(congress.seats[PARTY[party]])
    return own + round(sum(float(d.seats[PARTY["unaligned"]]) * d.power for d in congress.delegations))


def elect_executive(congress: Assembled, members: int) -> Seats:
    """The executive that a congress elects, in proportion to the factions in the hall [P]; it stays until the next one.

    Seats were dealt out among factions: delegates of no party voted and got none (Reed 1919, ch. V; V090).
    """
    factions = congress.seats.astype(np.float64)
    if factions.sum() > factions[PARTY["unaligned"]]:
        factions[PARTY["unaligned"]] = 0.0
    return apportion(factions, members)


class Congress(Agent):
    """A congress or conference as Mesa sees it: its rule, and who came once it has met."""

    def __init__(self, model: Model, rule: CongressRule):
        super().__init__(model)
        self.rule = rule
        self.id = rule.id
        self.title = rule.title
        self.session: Assembled | None = None
        self.met: date | None = None

    def meet(
        self,
        board: Board,
        view: AssemblyView,
        sits: Floats,
        when: date,
        town_votes: Mapping[str, Floats] | None = None,
        rule: CongressRule | None = None,
    ) -> Assembled:
        """Open the congress: fix who came, by its own rule or by another that a scenario gives it."""
        self.session = gather(rule or self.rule, board, view, sits, when, town_votes)
        self.met = when
        return self.session


class Executive(Agent):
    """The national committee that congresses elect (TsIK, peasant executive); not a city's committee (A-316).

    Its composition lags: it is what the last congress left behind.
    """

    def __init__(self, model: Model, body: str, title: str):
        super().__init__(model)
        self.body = body
        self.title = title
        self.seats: Seats = np.zeros(P, dtype=np.int64)
        self.since: date | None = None

    def elected(self, congress: Assembled, members: int, when: date) -> None:
        """Take the composition that a congress gives."""
        self.seats = elect_executive(congress, members)
        self.since = when
