"""Parties: what they stand for on a day, and how centre, middle and base settle a line (D-101, H-09 to H-11).

Arrays follow the axes of :mod:`sim.words.identifiers`. Nothing here touches anyone's allegiance: a party is a
programme, a voice, a name and a discipline, and people conclude what they will (rule 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from mesa import Agent, Model

from sim.inputs.party_data import PartyData, value_on
from sim.politics.ballot import transfer
from sim.politics.view import Floats
from sim.words.identifiers import CHANNELS, DEMANDS, PARTY, STRATA, C, K, P


@dataclass(frozen=True, eq=False)
class Programmes:
    """Parties on one day. ``stance`` [P, K], ``soviet_power`` [P], ``coalition`` [P]; all -1..1."""

    stance: Floats
    soviet_power: Floats
    coalition: Floats


@dataclass(frozen=True, eq=False)
class Origins:
    """Parties in March 1917.

    ``belief`` [strata, P, K] and ``channels`` [P, C] in 0..1; ``identity`` [strata, P] in 0..1; ``second`` [P, P] and
    ``abstain`` [P] for people whose party has no list; ``sits`` [P] who stands for soviets; ``levels`` [P, 3] weights
    of centre, middle and base; ``cohesion``, ``daring`` [P].
    """

    belief: Floats
    channels: Floats
    identity: Floats
    second: Floats
    abstain: Floats
    sits: Floats
    levels: Floats
    cohesion: Floats
    daring: Floats

    def in_soviets(self) -> Floats:
        """Matrix [P, P] from allegiance to deputies: parties that don't stand for soviets have no list there."""
        return transfer(self.sits, self.second, self.abstain)


def programmes(parties: Sequence[PartyData], when: date, happened: frozenset[str] | None = None) -> Programmes:
    """What the parties say on a day; ``happened`` as in :func:`sim.inputs.party_data.value_on`."""
    stance = np.zeros((P, K))
    soviet_power, coalition = np.zeros(P), np.zeros(P)
    for party in parties:
        p = PARTY[party.id]
        stance[p] = [value_on(party.stance[demand], when, happened) for demand in DEMANDS]
        soviet_power[p] = value_on(party.soviet_power, when, happened)
        coalition[p] = value_on(party.coalition, when, happened)
    return Programmes(stance, soviet_power, coalition)


def origins(parties: Sequence[PartyData], when: date) -> Origins:
    """Where the parties stand on the first day ``when``."""
    order = sorted(parties, key=lambda party: PARTY[party.id])
    second = np.zeros((P, P))
    for party in order:
        for other, weight in party.second.items():
            second[PARTY[party.id], PARTY[other]] = weight
    return Origins(
        belief=np.array([[[p.belief(s, d) for d in DEMANDS] for p in order] for s in STRATA]),
        channels=np.array([[p.channels[c] for c in CHANNELS] for p in order]).reshape(P, C),
        identity=np.array([[p.identity[s] for p in order] for s in STRATA]),
        second=second,
        abstain=np.array([p.abstain for p in order]),
        sits=np.array([float(p.sits_in_soviets) for p in order]),
        levels=np.array([[p.levels.centre, p.levels.middle, p.levels.base] for p in order]),
        cohesion=np.array([p.cohesion for p in order]),
        daring=np.array([p.daring for p in order]),
    )


def base_on_power(heard: Floats) -> Floats:
    """What each party's base thinks of soviet power [P], -1..1; 0 for a party that nobody follows.

    ``heard`` [2, P]: voices that lean to the party, and those of them for soviet power. A voice is a real person times
    how likely the person is to carry a card: a party hears those who come to its meetings, not the many who lean to it
    a little in places where it has no one.
    """
    mean = np.divide(heard[1], heard[0], out=np.full(P, 0.5), where=heard[0] > 0)
    return np.asarray(2.0 * mean - 1.0)


def centre_line(party: PartyData, when: date, programme: float) -> float:
    """What the centre wants on a day: the programme, drawn toward the leaders present by half of their weight."""
    present = [leader for leader in party.leaders if leader.since <= when]
    weight = sum(leader.weight for leader in present)
    if weight <= 0:
        return programme
    wish = sum(leader.weight * leader.soviet_power for leader in present) / weight
    return programme + 0.5 * min(1.0, weight) * (wish - programme)


class Party(Agent):
    """A party as Mesa sees it: its data, its line on soviet power today, its members (real persons, counted weekly).

    ``heard`` is what middle ranks and base thought when the party last took a programme on soviet power; what they have
    come to think since is their pressure on its line.
    """

    def __init__(self, model: Model, data: PartyData, when: date):
        super().__init__(model)
        self.data = data
        self.id = data.id
        self.title = data.title
        self.index = PARTY[data.id]
        self.programme = value_on(data.soviet_power, when)
        self.line = centre_line(data, when, self.programme)
        self.heard: tuple[float, float] | None = None
        self.members = 0.0

    def settle(
        self,
        when: date,
        middle: float,
        base: float,
        *,
        days: float,
        pressure_days: float,
        happened: frozenset[str] | None = None,
    ) -> float:
        """Move the line toward what centre, middle and base want together, by half in ``pressure_days`` (D-101).

        The centre wants its programme, as its leaders see it. ``middle`` is what the party's deputies think and
        ``base`` what its organised followers think, both -1..1; each presses by its weight in the data times how far it
        has moved since the programme in force was taken: a conference takes up what the ranks think, so that a new
        programme starts from there. A cohesive party moves as one; one without cohesion takes twice as long.
        """
        programme = value_on(self.data.soviet_power, when, happened)
        if self.heard is None or programme != self.programme:
            self.programme, self.heard = programme, (middle, base)
        levels = self.data.levels
        pressure = levels.middle * (middle - self.heard[0]) + levels.base * (base - self.heard[1])
        wanted = min(max(centre_line(self.data, when, programme) + pressure, -1.0), 1.0)
        pace = (0.5 + 0.5 * self.data.cohesion) / pressure_days
        self.line = wanted + (self.line - wanted) * float(np.exp2(-days * pace))
        return self.line
