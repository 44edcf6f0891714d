"""Votes by paper: town dumas and the Constituent Assembly, by place and by district (ledger A7, D-083, H-56).

From allegiance to votes in four steps, each of which changes the result and each of which history changed:
turnout, which differs by stratum and by party; the lists that stand here (national lists only where the mother
tongue supports one); lists drawn before a split; the ballot's secrecy. Abstainers are counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from mesa import Agent, Model
from numpy.typing import NDArray

from sim.inputs.body_data import ElectionRule
from sim.politics.ballot import transfer, under_pressure
from sim.politics.seats import Seats, highest_average
from sim.politics.view import CellView, Floats, Ints
from sim.words.errors import unknown
from sim.words.identifiers import PARTIES, PARTY, STRATA, TONGUE, P

_NATIONAL = (PARTY["national_socialist"], PARTY["national"])
_LEFT, _SR = PARTY["left_sr"], PARTY["sr"]
_UNALIGNED = PARTY["unaligned"]


@dataclass(frozen=True)
class Habits:
    """How people vote. All shares, 0..1, unless said otherwise.

    ``national_floor``: least share of non-Russian mother tongues among a district's electors for a national list.
    ``frozen_lists``: one SR list, drawn before the split by the stronger wing of the district; ``left_to_list``: people
    of the other wing who vote for it, ``left_elsewhere``: Left SR people who vote Bolshevik instead.
    ``unaligned_turnout``: turnout of people of no party relative to others; ``unaligned_follow``: share of those who
    vote as their neighbours do, the rest give a local list. ``party_turnout``: relative readiness to vote by party
    (1 = as the stratum). ``commune_pressure``: pull of the village's majority on its voters, an exponent (the ballot is
    secret elsewhere).
    """

    national_floor: float = 0.08
    frozen_lists: bool = True
    left_to_list: float = 0.6
    left_elsewhere: float = 0.25
    unaligned_turnout: float = 0.5
    unaligned_follow: float = 0.75
    commune_pressure: float = 0.15
    party_turnout: Mapping[str, float] = field(default_factory=dict)


class VoteRow(NamedTuple):
    """One row of the ``elections`` table."""

    place: str
    party: str
    votes: float
    share: float


@dataclass(frozen=True, eq=False)
class Returns:
    """What was counted: ``cells`` [N, P] votes by cell (rows of the view), ``electors`` [N], and where each counts."""

    id: str
    view: CellView
    rows: Ints
    cells: Floats
    counted_in: tuple[str, ...]

    @property
    def total(self) -> Floats:
        """Votes [P]."""
        return np.asarray(self.cells.sum(axis=0))

    @property
    def turnout(self) -> float:
        """Votes as a share of electors."""
        return float(self.cells.sum() / max(1.0, self.view.persons[self.rows].sum()))

    def by_place(self) -> dict[str, Floats]:
        """Votes [P] by the place where they count."""
        return _summed(self.counted_in, self.cells)

    def by_province(self) -> dict[str, Floats]:
        """Votes [P] by electoral district: the province, or for fronts and fleets the place."""
        return _summed(districts(self.view, self.rows), self.cells)

    def by_stratum(self) -> dict[str, Floats]:
        """Votes [P] by stratum: what no return of 1917 shows, for tests and explanation."""
        return _summed([STRATA[s] for s in self.view.stratum[self.rows]], self.cells)

    def turnout_by_place(self) -> dict[str, float]:
        """Votes over electors by the place where they count."""
        electors = _summed(self.counted_in, self.view.persons[self.rows][:, None])
        return {p: float(v.sum() / electors[p][0]) if electors[p][0] > 0 else 0.0 for p, v in self.by_place().items()}

    def table(self) -> list[VoteRow]:
        """Rows (place, party, votes, share); a place's shares sum to 1. A place without votes is left out."""
        rows = []
        for place, votes in self.by_place().items():
            cast = float(votes.sum())
            if cast > 0:
                rows += [VoteRow(place, PARTIES[p], float(votes[p]), float(votes[p] / cast)) for p in range(P)]
        return rows


def districts(view: CellView, rows: Ints) -> list[str]:
    """Name of the electoral district of each row: its province, else its place."""
    return [
        view.province_names[view.province[r]] if view.province[r] >= 0 else view.place_names[view.place[r]]
        for r in rows
    ]


def hold(rule: ElectionRule, view: CellView, second: Floats, abstain: Floats, habits: Habits) -> Returns:
    """Hold an election. ``second`` [P, P] and ``abstain`` [P] say where people without a list turn.

    Votes are expected numbers, not whole persons: a cell stands for thousands.
    """
    rows = view.rows(rule.places)
    voters = _turn_out(rule, view, rows, habits)
    places = [view.place_names[p] for p in view.place[rows]]
    area = districts(view, rows)
    stands = _national_lists(view, rows, area, habits.national_floor)
    votes = np.zeros_like(voters)
    left = _left_lists(view, rows, area)
    for socialist in (False, True):
        for split in (False, True):
            here = (stands == socialist) & (left == split)
            if here.any():
                votes[here] = voters[here] @ _ballot(rule, second, abstain, habits, bool(socialist), bool(split))
    return Returns(rule.id, view, rows, _of_no_party(votes, habits), tuple(_counted(rule, p) for p in places))


def _turn_out(rule: ElectionRule, view: CellView, rows: Ints, habits: Habits) -> Floats:
    """Voters [n, P] by the party they favour: electors x share x turnout of stratum, cell and party, at most all."""
    missing = [s for s in STRATA if s not in rule.turnout]
    if missing:
        raise unknown("stratum in the turnout of an election", missing[0], rule.turnout)
    base = np.array([rule.turnout[s] for s in STRATA])[view.stratum[rows]] * view.turnout[rows]
    keen = np.ones(P)
    for party, factor in habits.party_turnout.items():
        keen[PARTY[party]] = factor
    keen[_UNALIGNED] *= habits.unaligned_turnout
    share = view.share[rows]
    village = np.where(view.stratum[rows] == STRATA.index("peasant"), habits.commune_pressure, 0.0)
    share = under_pressure(share, village)
    return np.asarray(view.persons[rows][:, None] * share * np.clip(base[:, None] * keen, 0.0, 1.0))


def _national_lists(view: CellView, rows: Ints, area: Sequence[str], floor: float) -> NDArray[np.bool_]:
    """Whether national lists stand in each row's district: by mother tongue, never by the result (README, traps)."""
    other = 1.0 - view.tongue[rows, TONGUE["russian"]]
    persons, index = _by_district(area, view.persons[rows])
    speakers, _ = _by_district(area, view.persons[rows] * other)
    return np.asarray((speakers >= floor * np.maximum(persons, 1e-9))[index])


def _left_lists(view: CellView, rows: Ints, area: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the SR list of each row's district is the Left SRs': where their people are more than the party's others.

    Lists were drawn up by provincial committees, which stood where their people stood: the capital's was left (V283,
    V430), most others were not (Radkey, Russia Goes to the Polls, 1989).
    """
    left, index = _by_district(area, view.persons[rows] * view.share[rows, _LEFT])
    others, _ = _by_district(area, view.persons[rows] * view.share[rows, _SR])
    return np.asarray((left > others)[index])


def _by_district(area: Sequence[str], values: Floats) -> tuple[Floats, Ints]:
    """Sums of rows by district, and the district of each row."""
    names, index = np.unique(np.array(area), return_inverse=True)
    return np.bincount(index, values, names.size).astype(np.float64), index.astype(np.int64)


def _ballot(
    rule: ElectionRule, second: Floats, abstain: Floats, habits: Habits, national: bool, left: bool
) -> Floats:
    """Matrix [P, P] from the party favoured to the list voted, in a district of one kind (``left``: whose SR list)."""
    stand = np.ones(P)
    for party in rule.absent:
        stand[PARTY[party]] = 0.0
    if not national:
        stand[list(_NATIONAL)] = 0.0
    without, list_of = (_SR, _LEFT) if left else (_LEFT, _SR)
    if habits.frozen_lists:
        stand[without] = 0.0
    ballot = transfer(stand, second, abstain)
    if habits.frozen_lists:
        ballot[without] = _left_out(stand, second, abstain, habits, left)
        ballot[without, list_of] = habits.left_to_list
    for party, list_of_both in rule.joint.items():
        ballot[:, PARTY[list_of_both]] += ballot[:, PARTY[party]]
        ballot[:, PARTY[party]] = 0.0
    return ballot


def _left_out(stand: Floats, second: Floats, abstain: Floats, habits: Habits, left: bool) -> Floats:
    """Where people of the wing without a list turn who won't vote for the other's [P]: Left SRs to the Bolsheviks, the
    others by their second choice."""
    if left:
        others = stand.copy()
        others[_LEFT] = 0.0
        return np.asarray((1.0 - habits.left_to_list) * transfer(others, second, abstain)[_SR])
    row = np.zeros(P)
    row[PARTY["bolshevik"]] = habits.left_elsewhere
    return row


def _of_no_party(votes: Floats, habits: Habits) -> Floats:
    """Voters of no party: part vote as their neighbours, the rest for a local list (which keeps the id unaligned)."""
    parties = votes.copy()
    parties[:, _UNALIGNED] = 0.0
    total = parties.sum(axis=1, keepdims=True)
    following = habits.unaligned_follow * votes[:, _UNALIGNED][:, None] * (total > 0)
    spread = np.divide(parties, total, out=np.zeros_like(parties), where=total > 0)
    cast = parties + spread * following
    cast[:, _UNALIGNED] = votes[:, _UNALIGNED] - following[:, 0]
    return np.asarray(cast)


def _counted(rule: ElectionRule, place: str) -> str:
    """Where a place's votes count: garrisons may vote in their towns."""
    head, _, kind = place.rpartition("/")
    return f"{head}/{rule.counted_in[kind]}" if kind in rule.counted_in else place


def _summed(names: Sequence[str], values: Floats) -> dict[str, Floats]:
    order = list(dict.fromkeys(names))
    index = {name: i for i, name in enumerate(order)}
    sums = np.zeros((len(order), values.shape[1]))
    np.add.at(sums, np.array([index[n] for n in names], dtype=np.int64), values)
    return dict(zip(order, sums, strict=True))


# --- seats ------------------------------------------------------------------------------------------------------------
def district_seats(view: CellView, rule: ElectionRule) -> dict[str, int]:
    """Seats of each district: ``rule.seats`` shared out by electors, one at least (the law gave one for 200,000)."""
    rows = view.rows(rule.places)
    electors = _summed(districts(view, rows), view.persons[rows][:, None])
    total = sum(float(v[0]) for v in electors.values())
    return {name: max(1, round(rule.seats * float(v[0]) / total)) for name, v in electors.items()}


def assembly_seats(returns: Returns, seats: Mapping[str, int]) -> dict[str, Seats]:
    """Deputies [P] of each district by highest average, as the electoral law had it."""
    return {name: highest_average(votes, seats.get(name, 0)) for name, votes in returns.by_province().items()}


class Commission(Agent):
    """The electoral commission: holds elections and keeps the returns, by election and date."""

    def __init__(self, model: Model, second: Floats, abstain: Floats):
        super().__init__(model)
        self._second = second
        self._abstain = abstain
        self.returns: dict[tuple[str, int], Returns] = {}

    def hold(self, rule: ElectionRule, view: CellView, habits: Habits, day: int) -> Returns:
        """Hold an election on a day and keep what was counted."""
        counted = hold(rule, view, self._second, self._abstain, habits)
        self.returns[(rule.id, day)] = counted
        return counted

    def last(self, election: str) -> Returns | None:
        """The latest returns of an election."""
        held = [day for name, day in self.returns if name == election]
        return self.returns[(election, max(held))] if held else None
