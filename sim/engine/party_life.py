"""Parties from week to week: the line each comes to, who carries its card, what people know of it.

Weekly, after the soviets have sat: lines move with the base (D-101), cards follow allegiance (D-096), knowledge follows
reach and practice (D-130 to D-133). Each part can be switched off by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.recorder import Recorder
from sim.mechanisms import demands, knowledge
from sim.mechanisms.membership import carry, first_choice, hear_base
from sim.politics.membership import after, potential
from sim.politics.parties import base_on_power
from sim.society.places import PLACES
from sim.words.draws import Stream, stratified_uniforms
from sim.words.identifiers import CHANNEL, DEMAND, PARTIES, PARTY, STRATUM, C, P

if TYPE_CHECKING:
    from sim.engine.model import Revolution

WEEK = 7
#: Channels on which a party's own members speak.
SPOKEN = ("workplace", "committees", "village")
_REGIONS = tuple(dict.fromkeys(place.region for place in PLACES))
_OF_PLACE = {place.id: _REGIONS.index(place.region) for place in PLACES}


class PartyLife:
    """State: ``members`` [cells, P] real persons with a card; ``disappointed`` [cells] in 0..1; ``before`` [2, P].

    ``before`` keeps what :meth:`followers_know` gave when a cabinet first stood in the soviets' name; NaN until then.
    """

    def __init__(self, model: Revolution):
        self.m = model
        cells, people = model.cells, model.people
        self.members = np.zeros((cells.n, P))
        self.disappointed = np.zeros(cells.n)
        self.before = np.full((2, P), np.nan)
        self.luck = stratified_uniforms(
            model.draw_seed, Stream.MEMBERSHIP, np.arange(people.n), people.group.astype(np.int64)
        )
        p = model.parameters
        self.card_share = np.full(cells.n, p.card_share_other)
        self.card_share[np.isin(cells.stratum, (STRATUM["soldier"], STRATUM["sailor"]))] = p.card_share_uniform
        self.card_share[cells.stratum == STRATUM["worker"]] = p.card_share_worker
        self.voice = people.weight * people.consciousness * self.card_share[people.cell]
        self.heard = np.zeros((2, P))
        self._followed = np.zeros(people.n, dtype=np.int8)
        self._followed_on = model.first - 1
        self.region = np.array([_OF_PLACE[place] for place in cells.place])
        self.spoken = np.zeros(C, dtype=np.float32)
        self.spoken[[CHANNEL[name] for name in SPOKEN]] = 1.0

    def followed(self) -> NDArray[np.int8]:
        """The party that each person follows before all others today [n], once the day's attitudes are formed."""
        if self._followed_on != self.m.day:
            first_choice(self.m.people.attitude, self._followed)
            self._followed_on = self.m.day
        return self._followed

    # --- lines ------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Centre, middle ranks and base settle each party's line on soviet power.

        Middle ranks are the party's deputies; its base is whoever has, or could have, a card.
        """
        m = self.m
        assert m.chamber.board is not None
        hear_base(self.voice, m.shares, m.people.soviet_power, self.heard)
        m.parties.settle(
            m.today, m.chamber.board.deputies_on_power(), base_on_power(self.heard),
            days=WEEK, pressure_days=m.parameters.pressure_days, happened=m.happened(),
        )  # fmt: skip

    # --- cards ------------------------------------------------------------------------------------------------------

    def enrol(self) -> None:
        """Members follow the allegiance of those active, with a lag; then the cards are dealt."""
        m, p = self.m, self.m.parameters
        cells, people = m.cells, m.people
        active = np.zeros((cells.n, P))
        demands.mean_by_cell(m.society.cell_start, people.weight * people.consciousness, m.shares, active)
        could = potential(cells.voters, active, self.card_share)
        if m.day == m.first:
            self.members = p.cards_at_start * could
        followers = cells.voters[:, None] * cells.share
        self.members = after(self.members, could, followers, days=WEEK, half_life=p.card_half_life)
        by_group = np.zeros((len(m.groups), P))
        np.add.at(by_group, m.society.group_of_cell, self.members)
        carry(
            m.society.group_start, people.weight, people.consciousness, self.followed(), self.luck, by_group,
            people.member,
        )  # fmt: skip
        for party, count in zip(m.parties.agents, self.members.sum(axis=0), strict=True):
            party.members = float(count)

    def agitators(self) -> NDArray[np.float32]:
        """What members add to their party's voice where they are [cells, P, C], for each unit of ``agitator_voice``."""
        density = self.members / np.maximum(self.m.cells.voters, 1.0)[:, None]
        return np.asarray(density[:, :, None] * self.spoken, dtype=np.float32)

    # --- knowledge --------------------------------------------------------------------------------------------------

    def learn(self) -> None:
        """People come to know the party they follow and what to expect; then expectation meets fact."""
        m, p = self.m, self.m.parameters
        people, cells, held = m.people, m.cells, m.government.held
        in_soviets_name = float(held @ m.parties.soviet_stance) > 0.0
        plural = knowledge.plurality(held)
        told = np.full(P, plural, dtype=np.float32) if in_soviets_name else 0.5 * (1.0 + m.parties.soviet_stance)
        if in_soviets_name:
            if np.isnan(self.before).all():
                self.before = self.followers_know()
            knowledge.disappoint(
                m.society.cell_start, people.weight, people.soviet_power, people.expects_soviets, plural,
                self.disappointed,
            )  # fmt: skip
            loss = np.exp(-WEEK * p.disappointment_rate * np.outer(self.disappointed, held))
            cells.credibility[:, :, DEMAND["power"]] *= loss.astype(np.float32)
        else:
            self.disappointed[:] = 0.0
        aim = 0.0 if in_soviets_name else p.party_aim
        knowledge.learn(
            people.cell, self.followed(), people.literate, people.acting, people.member, cells.reach, told,
            p.knowledge_rate, p.knowledge_unread, np.log(2.0) / p.knowledge_half_life, aim, float(WEEK),
            people.knows, people.expects_soviets,
        )  # fmt: skip

    def followers_know(self) -> NDArray[np.float64]:
        """Of those who follow a party before all others: who know it, who expect plural soviets; shares [2, P]."""
        people, counted = self.m.people, np.zeros((3, P))
        knowledge.count_beliefs(self.followed(), people.weight, people.knows, people.expects_soviets, counted)
        return np.asarray(np.divide(counted[1:], counted[0], out=np.full((2, P), np.nan), where=counted[0] > 0))

    def before_october(self) -> NDArray[np.float64]:
        """The same when a cabinet first stood in the soviets' name, or today if none has (D-130, D-132)."""
        return self.followers_know() if np.isnan(self.before).all() else self.before

    # --- tables -----------------------------------------------------------------------------------------------------

    def write(self, recorder: Recorder) -> None:
        """Lines, members and beliefs into the macro series of a recorded day: of what is switched on."""
        m, off = self.m, self.m.off
        parties = [name for name in PARTIES if not m.parties.known[PARTY[name]]]

        def row(place: str, series: str, value: float) -> None:
            recorder.row("macro", m.day, place, series, float(value))

        for name in parties:
            row("empire", f"line/{name}", m.parties.soviet_stance[PARTY[name]])
        if "membership" not in off:
            by_region = np.array([np.bincount(self.region, self.members[:, p], len(_REGIONS)) for p in range(P)])
            for name in parties:
                counted = by_region[PARTY[name]]
                some = np.flatnonzero(counted >= 1.0)
                regions = [_REGIONS[i] for i in some.tolist()]
                recorder.block("macro", m.day, regions, f"members/{name}", counted[some].tolist())
                row("empire", f"members/{name}", counted.sum())
        if "knowledge" not in off:
            knows, expects = self.followers_know()
            for name in parties:
                row("empire", f"knows/{name}", knows[PARTY[name]])
                row("empire", f"expects_soviets/{name}", expects[PARTY[name]])
            row("empire", "disappointed", np.average(self.disappointed, weights=m.cells.persons))

    # --- checkpoints ------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What a week carries over to the next."""
        return {"members": self.members.copy(), "disappointed": self.disappointed.copy(), "before": self.before.copy()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        self.members = np.array(state["members"])
        self.disappointed = np.array(state["disappointed"])
        self.before = np.array(state["before"])
        for party, count in zip(self.m.parties.agents, self.members.sum(axis=0), strict=True):
            party.members = float(count)
