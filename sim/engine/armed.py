"""The armed side of a day: asks people, lets forces decide, and keeps what follows for the tables and the outcomes.

Runs once a week, on recorded days and on the days whose strength is an outcome. Between them nothing of it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.cabinet_data import cabinets
from sim.inputs.force_data import forces
from sim.mechanisms import strength
from sim.mechanisms.strength import Floats, Units
from sim.politics import view
from sim.politics.command import CAMPS, Command, Roll, Stand, charged
from sim.politics.soviets import Board
from sim.society.places import PLACES, matching, place_index
from sim.words.calendar import day_of
from sim.words.identifiers import DEMAND, PARTY, STRATA, STRATUM, P

if TYPE_CHECKING:
    from sim.engine.model import Revolution

#: The day whose cabinet is an outcome, whatever the tables record.
JANUARY = day_of(date(1918, 1, 6))
#: The event that takes power by force; what stands for it in another history does so too.
INSURRECTION = "insurrection_25_oct"
#: The national committee of the soviets: it speaks for soviets whose own body does not prop a cabinet up.
NATIONAL = "tsik"
#: Houses that may stand behind a cabinet and are not soviets.
NO_SOVIETS = {"constituent_assembly", "pre_parliament"}
POPULAR = tuple(STRATUM[s] for s in ("worker", "soldier", "sailor", "peasant"))
MOUNTED = ("cossacks", "cavalry")


@dataclass
class Reckoning:
    """What one asking found: odds and risks 0..1 (none of an insurrection while soviets govern), persons.

    ``ordered``: men under the high command who could be sent to the capital; ``marchers`` of all forces would be there.
    """

    defenders: float = 0.0
    insurgents: float = 0.0
    marchers: float = 0.0
    ordered: float = 0.0
    resisters: float = 0.0
    odds_coup: float = 0.0
    odds_insurrection: float = 0.0
    civil_war_risk_across: float = 0.0
    civil_war_risk_within: float = 0.0
    passage_command: float = 1.0
    passage_soviets: float = 1.0
    linked: float = 0.0


@dataclass
class Marks:
    """What the outcomes need of single days."""

    soviet_power_day: float = float("nan")
    cabinet: str = ""


@dataclass
class Armed:
    """Forces, what they last decided, and the days that outcomes ask for."""

    model: Revolution
    now: Reckoning = field(default_factory=Reckoning)
    marks: Marks = field(default_factory=Marks)
    asked: int | None = None
    #: What conditions read: as of the week, or of the morning of an attempt.
    told: Reckoning = field(default_factory=Reckoning)

    def __post_init__(self) -> None:
        m, meeting = self.model, self.model.society.assemblies
        self.data = forces()
        cells = m.cells
        self.persons = np.add.reduceat(m.people.weight, meeting.start[:-1])
        present = self.persons * (cells.at_work / cells.persons)[meeting.cell]
        place = tuple(cells.place[c] for c in meeting.cell)
        stratum = cells.stratum[meeting.cell].astype(np.int64)
        roll = Roll(place, stratum, meeting.trade.astype(np.int64), self.persons, present, cells.trades[meeting.cell])
        peoples = [f.of for f in self.data.forces] + [v.of for v in self.data.vetoes]
        patterns = {pattern for of in peoples for pattern in of.places}
        self.command = Command(m, self.data, roll, {pattern: matching(pattern) for pattern in patterns})
        self.place = np.array([place_index(p) for p in place])
        self.mean = np.zeros((meeting.n, strength.COLUMNS))
        self.obedience = self.persons * 0.0
        self.told_obey = np.zeros((2, meeting.n))
        self._living_in: dict[tuple[str, ...], NDArray[np.bool_]] = {}
        self.guards = np.zeros(self.command.unit.size)
        self.happened: set[str] = set()
        self.risings = [n for n, e in m.course.events.items() if n == INSURRECTION or INSURRECTION in e.stands_for]
        self.uniform = np.isin(stratum, (STRATUM["soldier"], STRATUM["sailor"]))
        self.popular_cells = np.isin(cells.stratum, POPULAR)
        self.sits = np.array([float(d.sits_in_soviets) for d in m.parties.data])
        self.high_command = np.zeros(P)
        for party, weight in self.data.high_command.items():
            self.high_command[PARTY[party]] = weight
        self._lay_out_forces()
        self.bodies: tuple[str, ...] = ()
        self.body_of_cell = np.zeros(cells.n, dtype=np.int32)

    def _lay_out_forces(self) -> None:
        c = self.command
        capital = self.data.capital
        self.near = np.array([f.data.goes_to == capital for f in c.forces])
        self.by_rail = np.array([f.data.by == "rail" for f in c.forces])
        self.days = np.array([f.data.days for f in c.forces])
        self.issued = c.units_of([f.data.arms == "issued" for f in c.forces])
        self.linking = {f.data.links: c.units_of([g is f for g in c.forces]) for f in c.forces if f.data.links}
        strata = self.model.cells.stratum[self.model.society.assemblies.cell][c.unit]
        mounted = c.units_of([f.kind in MOUNTED for f in c.forces])
        self.propertied = ~np.isin(strata, POPULAR) | mounted
        self.drilled = c.discipline > 0.0

    # --- the phase --------------------------------------------------------------------------------------------------

    def note(self) -> None:
        """Every day: which cabinet governs, for the outcomes that ask for it."""
        m = self.model
        if np.isnan(self.marks.soviet_power_day) and self.answers_to_soviets():
            self.marks.soviet_power_day = float(m.day)
        if m.day == JANUARY:
            self.marks.cabinet = m.government.id

    def due(self) -> bool:
        """Whether today is a day for asking."""
        m = self.model
        return self._weekly() or m.day in m.recorded or m.day == JANUARY or self._taken_today()

    def _weekly(self) -> bool:
        return (self.model.day - self.model.first) % 7 == 0

    def _taken_today(self) -> bool:
        """Whether power is being taken by force."""
        return self.model.day in self._risings()

    def _risings(self) -> list[int]:
        """The days on which power is taken by force, in the soviets' name or another."""
        happened = self.model.course.happened
        return [happened[name] for name in self.risings if name in happened]

    def muster(self) -> None:
        """Ask everybody; keep what outcomes need of the day. ``model.shares`` must be today's."""
        self.ask()
        if self._weekly():
            self._tell()

    def survey_now(self) -> None:
        """Ask everybody because something is about to turn on it; conditions read this answer."""
        self.ask()
        self._tell()

    def _tell(self) -> None:
        """What conditions may read until the next week: never what was asked only because tables were due."""
        self.told = replace(self.now)
        free = self.mean[:, strength.FREE] * self.obedience
        self.told_obey = np.stack([free, self.mean[:, strength.OBEY]])

    def ask(self) -> None:
        """Survey the people, let every force decide, and reckon odds."""
        m = self.model
        days = 0 if self.asked is None else m.day - self.asked
        self.asked = m.day
        self.happened = {name for name, day in m.course.happened.items() if day <= m.day}
        self._survey()
        self._link(days)
        units = self._units()
        found = strength.muster(units, m.parameters.unit_steepness, self._rift())
        columns = {name: getattr(found, name) for name in vars(Stand())}
        self._volunteers(columns)
        self.command.take(columns)
        self._reckon(units)

    def _survey(self) -> None:
        m, p = self.model, self.model.parameters
        trust, line, props = self._soviets()
        office = (m.government.held > 0.0).astype(np.float32)
        leaning = strength.leanings(trust, office, self.high_command.astype(np.float32), m.parties.soviet_stance)
        strength.survey(
            m.society.assemblies.start, m.people.weight, m.people.cell, self.body_of_cell, m.shares,
            m.people.soviet_power, m.people.readiness, m.people.fear, leaning, line, props,
            p.soviet_authority, p.call_response, self.mean,
        )  # fmt: skip
        distrust = (m.cells.blame @ m.government.perceived).astype(np.float64)
        pressing = m.cells.demand.max(axis=1).astype(np.float64)
        civil = strength.civil_obedience(pressing, distrust, p.obedience_base, p.obedience_peace, p.obedience_distrust)
        cell = m.society.assemblies.cell
        self.obedience = np.where(self.uniform, m.cells.obedience[cell], civil[cell])
        obey_cabinet = self.mean[:, strength.FREE] * self.obedience
        for veto in self.command.vetoes:
            veto.decide(self.mean[:, strength.OBEY], obey_cabinet)

    def _soviets(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Of each soviet: trust by party [bodies, P], how far its line is for power, whether it props the cabinet up.

        The last row stands for 'no soviet here'.
        """
        m = self.model
        if not self.bodies and m.chamber.board is not None:
            self.bodies, self.body_of_cell = _bodies_of_cells(m, m.chamber.board)
        seats: Mapping[str, Floats] = m.chamber.seats() if self.data.soviets_from in self.happened else {}
        nobody = np.zeros(P)
        held = np.array([seats.get(body, nobody) for body in (*self.bodies, "")]) * (m.parties.known == 0.0)
        total = held.sum(axis=1)
        trust = held / np.maximum(held.max(axis=1, keepdims=True), 1e-9)
        line = held @ (m.parties.soviet_stance > 0.0) / np.maximum(total, 1e-9)
        behind = m.government.props
        props = np.array([body in behind or NATIONAL in behind for body in (*self.bodies, "")]) & (total > 0.0)
        return trust.astype(np.float32), line.astype(np.float32), props.astype(np.float32)

    def _link(self, days: int) -> None:
        """Companies whose majority would obey the soviet link up with its committee once there is one (D-039)."""
        for event, units in self.linking.items():
            if event in self.happened:
                obeying = self.mean[self.command.unit[units], strength.OBEY]
                willing = strength.sides_with(obeying, self.model.parameters.unit_steepness)
                linked = self.command.linked[units]
                strength.link_up(linked, willing, self.model.parameters.link_rate, days)
                self.command.linked[units] = linked

    def _units(self) -> Units:
        c, p = self.command, self.model.parameters
        there = c.units_of([f.exists(self.model.today) for f in c.forces])
        discipline = p.unit_discipline * c.discipline
        command = strength.shifted(self.obedience[c.unit], discipline)
        drill = np.where(self.drilled, 1.0 / (1.0 + np.exp(-discipline)), 0.0)
        persons = np.where(there, self._under_arms(), 0.0)
        mean = self.mean[c.unit]
        peace = self.model.cells.demand[self.model.society.assemblies.cell[c.unit], DEMAND["peace"]]
        mean[:, strength.FIGHTING] *= strength.will_to_fight(peace, p.peace_reluctance)[:, None]
        return Units(mean=mean, persons=persons, command=command, linked=c.linked, drill=drill)

    def _under_arms(self) -> Floats:
        """Persons by unit: those who have not gone home, and where weapons are issued those who took one (H-38)."""
        c, cells = self.command, self.model.cells
        of = self.model.society.assemblies.cell[c.unit]
        self.guards = np.where(self.issued, c.weight * cells.red_guard[of], 0.0)
        return np.where(self.issued, self.guards, c.weight * (1.0 - cells.deserted[of]))

    def _volunteers(self, columns: dict[str, Floats]) -> None:
        """Workers' guards enrolled to defend the soviets' side: whoever is one is on it.

        They come out as others do, by readiness (A-212: a small part of all who stood under the committee), but that
        they would fight is settled by their having enrolled: the wish for peace does not hold them back.
        """
        out = self.guards * self.mean[self.command.unit, strength.READY]
        sided = {"soviets": self.guards, "rise": out, "resist": out}
        for name in columns:
            columns[name] = np.where(self.issued, sided.get(name, 0.0), columns[name])

    def _rift(self) -> float:
        """How far the cabinet is not the high command's own, 0..1 (D-116)."""
        return 1.0 - min(float(self.model.government.held @ (self.high_command == 1.0)), 1.0)

    # --- odds ---------------------------------------------------------------------------------------------------------

    def _reckon(self, units: Units) -> None:
        p, now = self.model.parameters, self.now
        vetoes = self.command.vetoes
        weight = np.array([v.weight for v in vetoes])
        now.passage_command = strength.passage(np.array([v.refuses_command for v in vetoes]), weight, p.rail_veto)
        now.passage_soviets = strength.passage(np.array([v.refuses_soviets for v in vetoes]), weight, p.rail_veto)
        obeys = self.obeys_in(matching(self.data.capital))
        now.defenders = self._brought("defend", now.passage_command, obeys[1])
        now.marchers = self._brought("march", now.passage_command, obeys[1])
        sent = np.array([f.data.command == "stavka" for f in self.command.forces]) & self.near
        now.ordered = float(self.command.of_force(units.persons) @ sent)
        now.insurgents = self._brought("rise", now.passage_soviets, obeys[0])
        now.resisters = self._brought("resist", now.passage_soviets, obeys[0])
        now.odds_coup = strength.odds(now.marchers, now.resisters, p.force_slope)
        held = self.answers_to_soviets()
        now.odds_insurrection = np.nan if held else strength.odds(now.insurgents, now.defenders, p.force_slope)
        now.linked = self._linked_share()
        self._war_risks(units)

    def _brought(self, what: str, passage: float, opponents: float) -> float:
        """Persons who would be there in time: those in the city, and those who arrive and still obey."""
        p = self.model.parameters
        strong = np.array([getattr(f.stand, what) for f in self.command.forces])
        open_way = np.where(self.by_rail, max(passage, strength.LEAST_PASSAGE), 1.0)
        arrived = np.minimum(1.0, p.deciding_days / np.maximum(self.days / open_way, 1e-9))
        left = strength.worn_down(self.days, open_way, p.agitator_contact, opponents)
        return float((strong * self.near * arrived * left).sum())

    def _war_risks(self, units: Units) -> None:
        m, p = self.model, self.model.parameters
        mean, persons = units.mean, units.persons
        for_soviets = sum(f.stand.rise for f in self.command.forces)
        out = np.maximum(mean[:, strength.READY], units.drill)
        against = persons * strength.sides_with(mean[:, strength.HOSTILE], p.unit_steepness) * out
        cells = m.cells
        popular = cells.persons * self.popular_cells
        one, other = popular @ cells.share, (cells.persons * (cells.stratum == STRATUM["propertied"])) @ cells.share
        division = strength.apart(one.astype(np.float64), other.astype(np.float64))
        self.now.civil_war_risk_across = strength.war_risk(
            for_soviets, float(against[self.propertied].sum()), division, p.war_scale
        )
        forward = float((persons * mean[:, strength.FIGHT_FOR])[~self.propertied].sum())
        back = float((persons * mean[:, strength.FIGHT_AGAINST])[~self.propertied].sum())
        self.now.civil_war_risk_within = strength.war_risk(forward, back, self._within(popular), p.war_scale)

    def _within(self, persons: Floats) -> float:
        """How far people of the popular strata hold each other's soviet parties to blame, 0..1: both ways at once."""
        m = self.model
        stance = m.parties.soviet_stance.astype(np.float64) * self.sits
        sides = [np.maximum(stance, 0.0), np.maximum(-stance, 0.0)]
        blame = m.cells.blame.astype(np.float64)
        held = [strength.hostility(blame, s / max(s.sum(), 1e-9), persons) for s in sides]
        return float(np.sqrt(held[0] * held[1]))

    def _linked_share(self) -> float:
        c = self.command
        units = np.logical_or.reduce(list(self.linking.values()))
        return float(np.average(c.linked[units], weights=c.weight[units]))

    # --- reading ------------------------------------------------------------------------------------------------------

    def answers_to_soviets(self) -> bool:
        """Whether the cabinet in office is made of parties of the soviets alone and soviets stand behind it."""
        government = self.model.government
        behind = set(government.props) - NO_SOVIETS
        return bool(behind) and float(government.held @ self.sits) > 1.0 - 1e-9

    def obeys_in(self, places: tuple[str, ...]) -> tuple[float, float, float]:
        """Shares of the people of some places who would obey the cabinet, the soviet, or neither, if the two part."""
        at = self._in(places)
        weight = self.persons[at]
        soviet = float(np.average(self.mean[at, strength.OBEY], weights=weight))
        cabinet = float(np.average(self.mean[at, strength.FREE] * self.obedience[at], weights=weight))
        return cabinet, soviet, 1.0 - cabinet - soviet

    def told_obeys_in(self, places: tuple[str, ...]) -> tuple[float, float, float]:
        """The same as :meth:`obeys_in`, as it was when everybody was last asked for the conditions."""
        at = self._in(places)
        cabinet, soviet = np.average(self.told_obey[:, at], weights=self.persons[at], axis=1).tolist()
        return cabinet, soviet, 1.0 - cabinet - soviet

    def _in(self, places: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which assemblies meet in some places."""
        if places not in self._living_in:
            self._living_in[places] = np.isin(self.place, [place_index(p) for p in places])
        return self._living_in[places]

    def obeys(self) -> dict[str, Floats]:
        """The same three shares of every place, [places]."""
        total = np.bincount(self.place, weights=self.persons, minlength=len(PLACES))
        soviet = np.bincount(self.place, weights=self.persons * self.mean[:, strength.OBEY], minlength=len(PLACES))
        command = self.persons * self.mean[:, strength.FREE] * self.obedience
        cabinet = np.bincount(self.place, weights=command, minlength=len(PLACES))
        return {"cabinet": cabinet / total, "soviet": soviet / total, "nobody": 1.0 - (cabinet + soviet) / total}

    def strength(self) -> dict[str, dict[str, float]]:
        """Persons by zone and camp: whose orders the armed would obey today. Villages have no force of their own."""
        found: dict[str, dict[str, float]] = {}
        for force in self.command.forces:
            zone = found.setdefault(force.data.zone, dict.fromkeys(CAMPS, 0.0))
            for camp in CAMPS:
                zone[camp] += getattr(force.stand, camp)
        return found

    def record(self) -> None:
        """Today's strength, obedience by place, odds and risks into the table ``macro``."""
        m, row = self.model, self.model.recorder.row
        if self.asked is None:
            return  # the mechanism is switched off
        for series, shares in self.obeys().items():
            m.recorder.block("macro", m.day, [place.id for place in PLACES], f"obeys/{series}", shares.tolist())
        for zone, camps in self.strength().items():
            for camp, persons in camps.items():
                row("macro", m.day, zone, f"strength/{camp}", persons)
        for name in ("odds_coup", "odds_insurrection", "defenders", "insurgents", "marchers", "ordered", "resisters"):
            if not np.isnan(getattr(self.now, name)):
                row("macro", m.day, self.data.capital, name, getattr(self.now, name))
        everywhere = ("civil_war_risk_across", "civil_war_risk_within", "passage_command", "passage_soviets", "linked")
        for name in everywhere:
            row("macro", m.day, "empire", name, getattr(self.now, name))

    def charged(self, shooter: str) -> Floats:
        """Whose side answers for a shooting today [P]; see :func:`sim.politics.command.charged`.

        Where the cabinet stands in the soviets' name, it answers for those who shoot in it.
        """
        m = self.model
        side = m.government.held if self.answers_to_soviets() else m.parties.soviet_side.astype(np.float64)
        return charged(shooter, self.data, cabinets(), side)

    def outcomes(self) -> dict[str, float]:
        """Measures of the whole run; NaN for what was not reached.

        ``government_6_jan`` is the place, from 1, of the cabinet of 6 January in the table of cabinets (0: not
        reached); ``government_6_jan/<cabinet>`` is 1. Risks are those of the last asking.
        """
        m, marks, known = self.model, self.marks, list(cabinets())
        risings = [day for day in self._risings() if day <= m.day]
        found = {
            "soviet_power_date": marks.soviet_power_day,
            "insurrection_date": float(min(risings)) if risings else float("nan"),
            "civil_war_risk_across": self.now.civil_war_risk_across if self.asked is not None else float("nan"),
            "civil_war_risk_within": self.now.civil_war_risk_within if self.asked is not None else float("nan"),
            "government_6_jan": float(known.index(marks.cabinet) + 1) if marks.cabinet else 0.0,
        }
        return found | ({f"government_6_jan/{marks.cabinet}": 1.0} if marks.cabinet else {})

    # --- checkpoints --------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """All that a restart needs."""
        return {
            "linked": self.command.linked.copy(), "asked": self.asked,
            "now": asdict(self.now), "told": asdict(self.told), "told_obey": self.told_obey.copy(),
            "marks": asdict(self.marks),
        }  # fmt: skip

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        self.command.linked[:] = state["linked"]
        self.asked = state["asked"]
        self.now, self.told = Reckoning(**state["now"]), Reckoning(**state["told"])
        self.told_obey[:] = state["told_obey"]
        self.marks = Marks(**state["marks"])


def _bodies_of_cells(model: Revolution, board: Board) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Soviets and army committees, and which of them each cell has; one past the last for none.

    A body for which people like those of the cell vote comes before one that only sits there; the first of the table
    comes before later ones.
    """
    names = tuple(place.id for place in PLACES)
    bodies = tuple(b for b, r in board.rules.items() if any(s.kind != "factory_committee" for s in r.sections))
    sits: list[dict[str, set[str]]] = []
    for body in bodies:
        at: dict[str, set[str]] = {}
        for section in board.rules[body].sections:
            for place in view.matching(section.places, names):
                at.setdefault(names[place], set()).update(section.strata)
        sits.append(at)
    cells, found = model.cells, []
    for place, stratum in zip(cells.place, cells.stratum, strict=True):
        here = [b for b, at in enumerate(sits) if place in at]
        voting = [b for b in here if STRATA[stratum] in sits[b][place]]
        found.append((voting or here or [len(bodies)])[0])
    return bodies, np.array(found, dtype=np.int32)
