"""The chamber: every body that watches the people, called together on its days.

Soviets and committees sit weekly; congresses meet and elections are held when an event calls them. Each sees only
the views that :mod:`sim.engine.views` builds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.recorder import Recorder
from sim.engine.views import Views
from sim.inputs.body_data import CongressRule, bodies
from sim.inputs.parameters import Parameters
from sim.politics.congresses import Congress, Executive, gather, leaving, mandated, vote, walk_out, with_sympathisers
from sim.politics.elections import Commission, Habits, Returns, assembly_seats, district_seats
from sim.politics.party_system import held_by
from sim.politics.representation import congress_under, rekeyed
from sim.politics.resolutions import Resolution
from sim.politics.soviets import Board, Soviet, expanded
from sim.politics.view import AssemblyView, CellView
from sim.words.calendar import date_of
from sim.words.identifiers import PARTIES, PARTY, P

if TYPE_CHECKING:
    from sim.engine.model import Revolution

#: National committees; the rules of congresses say which elects which, and how many.
EXECUTIVES = {
    "tsik": "All-Russian Central Executive Committee of Soviets",
    "peasant_executive": "Executive of the All-Russian Soviet of Peasants' Deputies",
}
#: Soviets whose vote on soviet power is recorded.
VOTING = ("petrograd_soviet", "moscow_soviet")
ASSEMBLY = "constituent_assembly"


class Chamber:
    """Standing bodies on one board, congresses and elections, and what was called for today."""

    def __init__(self, model: Revolution):
        self.model = model
        self.rules = bodies()
        self.views = Views(model.society)
        self.called: list[tuple[str, str]] = []
        self.closed: set[str] = set()
        self.sits = model.parties.origins.in_soviets()
        self.board: Board | None = None
        self._seats: dict[str, NDArray[np.float64]] = {}
        self._open: dict[str, NDArray[np.float64]] | None = None
        self.soviets: list[Soviet] = []
        self.congresses = {rule.id: Congress(model, rule) for rule in self.rules.congresses}
        self.executives = {body: Executive(model, body, title) for body, title in EXECUTIVES.items()}
        #: National committee -> the congress that elected it last.
        self.elected_by: dict[str, str] = {}
        self.commission = Commission(model, model.parties.origins.second, model.parties.origins.abstain)
        self.assembly = np.zeros(P, dtype=np.int64)
        #: Seats [P] of congresses, and of the Assembly, once they have met.
        self.met: dict[str, NDArray[np.int64]] = {}
        #: Of each congress that met: Bolshevik share at opening, that of the left after the vote, part of hands for.
        self.sessions: dict[str, tuple[float, float, float]] = {}
        self.town_votes: dict[str, NDArray[np.float64]] = {}
        #: Votes [P] of the whole country in each election held so far (the last, where it was held twice).
        self.votes: dict[str, NDArray[np.float64]] = {}

    # --- what events may do -----------------------------------------------------------------------------------------

    def convene(self, body: str) -> None:
        """A body meets today, once the day's opinions are formed; one that was closed is open again."""
        self.closed.discard(body)
        self._open = None
        self.called.append(("convene", body))

    def dissolve(self, body: str) -> None:
        """A body is closed today and answers for nothing from then on."""
        self.closed.add(body)
        self._open = None

    def hold(self, election: str) -> None:
        """People vote today, once the day's opinions are formed."""
        self.called.append(("elect", election))

    # --- sitting ----------------------------------------------------------------------------------------------------

    def sit(self, today: date, shares: NDArray[np.float32], soviet_power: NDArray[np.float32]) -> None:
        """Bring every standing body up to today, then hold what was called."""
        p: Parameters = self.model.parameters
        view = self.views.assemblies(shares, soviet_power)
        board = self.open_board(view)
        board.sit(
            view, today, recall_days=p.recall_days, recall_gap=p.recall_gap, executive_lag=p.executive_lag,
            executive_capture=p.executive_capture, open_pressure=p.open_pressure, outrage=self._outrage(),
            recall=self._recall(today),
        )  # fmt: skip
        self._renew(board, today)
        if self._recall(today) == "binding":
            self._bind(board, view, today)
        self._seats, self._open = self._count_seats(today), None
        called, self.called = self.called, []
        for what, name in called:
            if what == "elect":
                self._vote(name, self.views.cells(shares), today)
            elif name in self.congresses:
                self._congress(name, board, view, today)
            elif name == ASSEMBLY:
                self.met[ASSEMBLY] = self.assembly
                self._record_seats([ASSEMBLY], self.assembly)

    def open_board(self, view: AssemblyView) -> Board:
        """The board of standing bodies, set up at the first sitting."""
        if self.board is None:
            rules = [rule for r in self.rules.bodies for rule in expanded(r, view.place_names)]
            scenario = self.model.scenario
            if scenario.representation.seats:
                rules = list(rekeyed(rules, scenario.representation.seats, scenario.changes_from))
            self.board = Board(rules, view, self.sits)
            self.soviets = [Soviet(self.model, self.board, body) for body in self.board.rules]
        return self.board

    def _outrage(self) -> NDArray[np.float64] | None:
        """What each meeting holds today against the parties of those who shot at its own [A, P]; None if nothing."""
        felt = self.model.shocks.total("outrage")
        return felt[self.model.society.assemblies.cell] if felt.any() else None

    def _renew(self, board: Board, today: date) -> None:
        """What bodies do about deputies and committees that no longer speak for those who chose them (D-072, B-084).

        Committees of the armies are elected afresh once their companies have left them behind; a plenary that comes to
        stand on the other side of soviet power chooses a new executive at once.
        """
        p = self.model.parameters
        for body in board.overdue(p.renewal_gap) if self._recall(today) != "none" else ():
            board.renew(body)
            self._macro(body, "reelected", 1.0)
        opened = board.bodies(today)
        for body in board.turned(self._line(), discipline=p.mandate_discipline, abstention=p.abstention):
            if body in opened:
                board.reelect_executive(body)
                self._macro(body, "executive_reelected", 1.0)

    def _recall(self, today: date) -> str:
        """The rule of recall in force: history's, or from the divergence on the scenario's."""
        scenario = self.model.scenario
        return scenario.representation.recall or "open" if today >= scenario.changes_from else "open"

    def _bind(self, board: Board, view: AssemblyView, today: date) -> None:
        """A lost majority binds: executives stand where those stand who chose them, national committees too (E-065)."""
        for body in board.bodies(today):
            if board.rules[body].executive:
                board.reelect_executive(body)
        for name, elected_by in self.elected_by.items():
            rule = self.congresses[elected_by].rule
            session = gather(self._rule(elected_by, today), board, view, self.sits, today, self.town_votes)
            self.executives[name].elected(session, rule.executive, today)

    def _rule(self, congress: str, today: date) -> CongressRule:
        """How a congress is made up if it meets today."""
        scenario = self.model.scenario
        rule = self.congresses[congress].rule
        return congress_under(rule, scenario.representation.seats, scenario.changes_from, today)

    def _line(self) -> NDArray[np.float64]:
        return self.model.parties.soviet_stance.astype(np.float64)

    def _congress(self, name: str, board: Board, view: AssemblyView, today: date) -> None:
        """A congress meets, votes on soviet power, may lose those who won't have it, and elects its committee."""
        p, line = self.model.parameters, self._line()
        congress = self.congresses[name]
        session = congress.meet(board, view, self.sits, today, self.town_votes, self._rule(name, today))
        self.met[name] = session.seats
        self._record_seats([name], session.seats)
        wanted = mandated(session, line, p.mandate_discipline)
        self._macro(name, "mandated_for_soviet_power", wanted / max(session.house, 1))
        resolution = vote(session, line, discipline=p.mandate_discipline, abstention=p.abstention)
        self._record_vote(name, resolution)
        opened = session.seats.copy()
        elects = congress.rule.elects
        if elects is not None and self._some_leave(name, resolution.carried):
            session = walk_out(session, leaving(line, self.model.parties.origins.cohesion, p.walkout_resolve))
            self.met[name] = session.seats
            self._record_seats([f"{name}/after_walkout"], session.seats)
        self._macro(name, "bolsheviks_and_sympathisers", with_sympathisers(session, "bolshevik"))
        self.sessions[name] = _told(opened, session.seats, resolution)
        if elects is None:
            return
        self.executives[elects].elected(session, congress.rule.executive, today)
        self.elected_by[elects] = name
        self._seats[elects] = self.executives[elects].seats.astype(np.float64)
        self._open = None

    def _some_leave(self, congress: str, carried: bool) -> bool:
        """Whether those who won't have soviet power leave: when it is voted, unless they chose otherwise (E-050)."""
        chosen = self.model.course.choices
        if congress != "second_congress":
            return carried
        return chosen.get("october_walkout") != "stay" and (carried or chosen.get("second_congress") == "boycott")

    def _vote(self, name: str, view: CellView, today: date) -> None:
        rule = self.rules.election(name)
        returns = self.commission.hold(rule, view, self.habits(), self.model.day)
        self.votes[name] = returns.total
        self._record_returns(name, returns)
        if name == ASSEMBLY:
            by_district = assembly_seats(returns, district_seats(view, rule))
            self.assembly = np.sum(list(by_district.values()), axis=0).astype(np.int64)
        else:
            self.town_votes.update(returns.by_place())

    def habits(self) -> Habits:
        """How people vote, from the parameters and the scenario's rules of representation."""
        p, scenario = self.model.parameters, self.model.scenario
        split = scenario.representation.sr_lists == "split" and self.model.today >= scenario.changes_from
        return Habits(
            frozen_lists=not split,
            national_floor=p.national_floor,
            commune_pressure=p.commune_pressure,
            left_to_list=p.left_to_list,
            left_elsewhere=p.left_elsewhere,
            unaligned_turnout=p.unaligned_turnout,
            unaligned_follow=p.unaligned_follow,
        )

    # --- what is asked of them --------------------------------------------------------------------------------------

    def seats(self) -> Mapping[str, NDArray[np.float64]]:
        """Seats [P] of every open body since its last sitting, by id: the same object until one of them changes."""
        if self._open is None:
            self._open = {b: seats for b, seats in self._seats.items() if b not in self.closed}
        return self._open

    def seats_of(self, body: str) -> NDArray[np.float64]:
        """Seats [P] of a body, a section (``petrograd_soviet/workers``), an executive, or a congress that has met.

        Zeros for one that has not sat yet or is closed. Of the Assembly, those elected.
        """
        if body in self.closed:
            return np.zeros(P)
        if body == ASSEMBLY:
            return self.assembly.astype(np.float64)
        whole, _, part = body.rpartition("/")
        found = self.seats().get(body)
        if found is None and self.board is not None and whole in self.seats() and whole in self.board.rules:
            if part in self.board.sections(whole):
                found = self.board.seats_of(whole, part).astype(np.float64)
            elif part == "executive" and self.board.rules[whole].executive:
                found = self.board.executive_of(whole).astype(np.float64)
        return self.met.get(body, np.zeros(P)).astype(np.float64) if found is None else found

    def sits_today(self, body: str) -> bool:
        """Whether a body has met and is not closed."""
        return bool(self.seats_of(body).any()) and (body != ASSEMBLY or body in self.met)

    def watched(self) -> tuple[str, ...]:
        """Soviets of :data:`VOTING` that have sat."""
        return tuple(body for body in VOTING if body in self._seats)

    def leaders(self) -> NDArray[np.float64]:
        """Who holds the leading soviets [P]: parties' mean shares of their seats; zeros until one sits."""
        return held_by(self.seats(), self.model.parties.known)

    def _count_seats(self, today: date) -> dict[str, NDArray[np.float64]]:
        assert self.board is not None
        national = {b: e.seats.astype(np.float64) for b, e in self.executives.items() if e.since is not None}
        return self.board.seats_by_body(today) | national

    def record(self, recorder: Recorder) -> None:
        """Today's seats of standing bodies and national committees, and the capitals' votes, into the tables."""
        assert self.board is not None
        board = self.board
        names, seats = board.table(self.model.today)
        still = [i for i, name in enumerate(names) if name not in self.closed]
        self._record_seats([names[i] for i in still], seats[still])
        p, opened = self.model.parameters, board.bodies(self.model.today)
        for body in VOTING:
            if body in opened:
                hands = board.vote(body, self._line(), discipline=p.mandate_discipline, abstention=p.abstention)
                self._record_vote(body, hands)
        for body, executive in self.executives.items():
            if executive.since is not None and body not in self.closed:
                self._record_seats([body], executive.seats)

    def _record_vote(self, body: str, found: Resolution) -> None:
        """A show of hands on soviet power: hands for, against, abstained, and whether it was carried (1) or not (0)."""
        self._macro(body, "votes_for", found.votes_for)
        self._macro(body, "votes_against", found.votes_against)
        self._macro(body, "abstained", found.abstained)
        self._macro(body, "majority", float(found.carried))

    def _record_seats(self, bodies: list[str], seats: NDArray[np.int64]) -> None:
        """Seats of one or several bodies, [P] or [bodies, P]."""
        names = list(chain.from_iterable(repeat(body, P) for body in bodies))
        self.model.recorder.block("soviets", self.model.day, names, [*PARTIES] * len(bodies), seats.ravel().tolist())

    def _record_returns(self, name: str, returns: Returns) -> None:
        day, row = self.model.day, self.model.recorder.row
        for line in returns.table():
            row("elections", day, name, line.place, line.party, line.votes, line.share)
        for place, turnout in returns.turnout_by_place().items():
            self._macro(place, "turnout", turnout)
        where, votes = _by_place_and_province(returns)
        cast = votes.sum(axis=1, keepdims=True)
        shares = np.divide(votes, cast, out=np.zeros_like(votes), where=cast > 0.0)
        places, provinces = ([at[i] for at in where for _ in PARTIES] for i in (0, 1))
        self.model.recorder.block(
            "province_elections", day, name, places, provinces, [*PARTIES] * len(where),
            votes.ravel().tolist(), shares.ravel().tolist(),
        )  # fmt: skip

    def _macro(self, place: str, series: str, value: float) -> None:
        self.model.recorder.row("macro", self.model.day, place, series, float(value))

    # --- checkpoints ------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """All that a restart needs."""
        return {
            "board": self.board.state() if self.board is not None else None,
            "closed": sorted(self.closed),
            "assembly": self.assembly.copy(),
            "elected_by": dict(self.elected_by),
            "met": {body: seats.copy() for body, seats in self.met.items()},
            "town_votes": {place: votes.copy() for place, votes in self.town_votes.items()},
            "votes": {name: votes.copy() for name, votes in self.votes.items()},
            "sessions": {name: list(told) for name, told in self.sessions.items()},
            "executives": {
                b: (e.seats.copy(), e.since.isoformat() if e.since else "") for b, e in self.executives.items()
            },
        }

    def restore(self, state: Mapping[str, Any], view: AssemblyView) -> None:
        """Take up a state saved by :meth:`state`; ``view`` is any view of the same assemblies."""
        self.closed, self._open = set(state["closed"]), None
        self.assembly = np.asarray(state["assembly"])
        self.elected_by = dict(state["elected_by"])
        self.met = {body: np.asarray(seats) for body, seats in state["met"].items()}
        self.town_votes = dict(state["town_votes"])
        self.votes = dict(state["votes"])
        self.sessions = {name: (told[0], told[1], told[2]) for name, told in state["sessions"].items()}
        for body, (seats, since) in state["executives"].items():
            self.executives[body].seats = np.asarray(seats)
            self.executives[body].since = date.fromisoformat(since) if since else None
        if state["board"] is not None:
            board = self.open_board(view)
            sat = date_of(int(state["board"]["sat"]))
            board.restore(state["board"], view, sat)
            self._seats, self._open = self._count_seats(sat), None


def _told(opened: NDArray[np.int64], stayed: NDArray[np.int64], found: Resolution) -> tuple[float, float, float]:
    """What :attr:`Chamber.sessions` keeps of a congress; NaN for hands that were not raised."""
    lead, left = PARTY["bolshevik"], [PARTY["bolshevik"], PARTY["left_sr"]]
    hands = found.votes_for + found.votes_against
    return (
        float(opened[lead] / max(opened.sum(), 1)),
        float(stayed[left].sum() / max(stayed.sum(), 1)),
        float(found.votes_for / hands) if hands else float("nan"),
    )


def _by_place_and_province(returns: Returns) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Places with provinces [N], and their votes [N, P]: what lets 'Penza province' be asked for."""
    view = returns.view
    keys = [(view.place_names[view.place[row]], view.province_names[view.province[row]]) for row in returns.rows]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    votes = np.zeros((len(number), P))
    np.add.at(votes, np.array([number[key] for key in keys]), returns.cells)
    return list(number), votes
