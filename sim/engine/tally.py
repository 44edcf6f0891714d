"""The tally: what outcomes need of the year, kept week by week as it passes (ledger section F).

It reads and never writes: nothing in the model knows of it. Once a week, after the bodies have sat, it takes means over
cells, seats and what was last reckoned of forces; each day only the crowd in the capital's streets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.recorder import Recorder
from sim.inputs.cabinet_data import cabinets
from sim.society.places import matching
from sim.words.identifiers import DEMAND, PARTY, STRATA, STRATUM

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Floats = NDArray[np.float64]

LEAD, PARTNER = PARTY["bolshevik"], PARTY["left_sr"]
#: Of whom means are kept: each stratum, then these.
ROWS = (*STRATA, "capital_workers", "capital_middle", "popular", "everyone")
#: What is kept of cells.
COLUMNS = (
    *("power", "lead", "office", "trust_cabinet", "trust_moderates", "trust_others", "silenced_soviet"),
    *("silenced_other", "lost_to_charges", "order", "work", "refused", "threat", "confidence", "readiness"),
)
#: What is kept besides, one number a week.
SINGLE = (
    *("cabinet", "cabinet_parties", "in_soviets_name", "obey_cabinet", "obey_soviet", "linked", "odds_coup"),
    *("risk_across", "risk_within", "front_obedience", "grain_missing", "grain_withheld", "closed_out", "wage_lost"),
    *("control", "suspicion", "parties", "turnover", "strikers", "strong_towns", "deaths_high", "gone", "seized"),
)
WEEK = 7


class Tally:
    """Weeks of one run. ``weeks`` are days; ``means`` [weeks, ROWS, COLUMNS]; ``single`` [weeks, SINGLE]."""

    def __init__(self, model: Revolution):
        self.m = model
        cells, meeting = model.cells, model.society.assemblies
        capital = set(matching(model.armed.data.capital))
        there = np.isin(np.array(cells.place), sorted(capital))
        stratum = cells.stratum
        chosen = [stratum == STRATUM[s] for s in STRATA]
        chosen += [there & (stratum == STRATUM[s]) for s in ("worker", "middle")]
        chosen += [stratum <= STRATUM["peasant"], np.ones(cells.n, dtype=bool)]
        self.by_cell: Floats = np.stack([_shares(cells.persons * c) for c in chosen])
        persons = meeting.real_size * meeting.copies
        self.by_assembly: Floats = np.stack([_shares(persons * c[meeting.cell]) for c in chosen])
        self.in_capital = np.isin(model.armed.place, np.unique(model.armed.place[there[meeting.cell]]))
        self.capital_persons: Floats = _shares(model.armed.persons * self.in_capital)
        self.sits: Floats = np.array([float(d.sits_in_soviets) for d in model.parties.data])
        self.seen: Floats = np.array([float(not k) for k in model.parties.known])
        #: Forces that can reach the capital: which part is there in time, and under which names they are counted.
        self.near = [
            (f, min(1.0, model.parameters.deciding_days / max(float(days), 1e-9)),
             f"participants/{f.data.of.strata[0]}", f"defenders_on_eve/{f.kind}")
            for f, near, days in zip(model.armed.command.forces, model.armed.near, model.armed.days, strict=True)
            if near
        ]  # fmt: skip
        self.cabinets = list(cabinets())
        self.capital_people = np.flatnonzero(there[model.people.cell])
        people = model.people
        conscious = np.bincount(people.cell, people.weight * people.consciousness, cells.n)
        self.conscious: Floats = self.by_cell @ (conscious / np.bincount(people.cell, people.weight, cells.n))
        self.front = model._day.livelihood.front
        self.front_persons: Floats = _shares(cells.persons[self.front])
        self.weeks: list[int] = []
        self.means: list[Floats] = []
        self.single: list[Floats] = []
        self.majority: dict[str, int] = {}
        self.left_majority: dict[str, int] = {}
        self.seats_before: Floats | None = None
        self.apart: dict[str, list[float]] = {}
        self.largest, self.largest_day, self.most_on_strike = 0.0, -1, 0.0
        self.firsts: list[tuple[float, float]] = []
        self.eve: dict[str, float] = {}
        self.largest_share: dict[str, float] = {}
        self.kept: dict[str, float] = {}
        self.charges_open: Floats = np.zeros(cells.n)
        self.power_day: int | None = None

    # --- keeping ------------------------------------------------------------------------------------------------------

    def note(self) -> None:
        """Take down today."""
        m, movement = self.m, self.m._day.movement
        street = movement.in_the_street
        if street > self.largest:
            self.largest, self.largest_day = street, m.day
        self.most_on_strike = max(self.most_on_strike, movement.on_strike)
        if self.power_day is None and m.armed.answers_to_soviets():
            self.power_day = m.day
            self.kept |= {f"programme_promised/{k}": float(v) for k, v in self._promised().items()}
        if self.power_day is None and m.armed.asked == m.day:
            self.eve = self._forces()
        if self.power_day is not None and m.day == self.power_day + 8 * WEEK:
            self.kept |= {f"programme_kept/{k}": float(m.government.policy[i]) for k, i in DEMAND.items()}
        if (m.day - m.first) % WEEK == 0 or m.day == self.power_day:
            self._week()

    def _promised(self) -> dict[str, float]:
        """What the party with most weight in the cabinet stands for, by demand."""
        leading = int(self.m.government.held.argmax())
        return {k: float(self.m.parties.stance[leading, i]) for k, i in DEMAND.items()}

    def _week(self) -> None:
        m, cells = self.m, self.m.cells
        if m.chamber.board is None:
            return
        office, stance = m.government.held, m.parties.soviet_stance.astype(np.float64)
        blame = cells.blame.astype(np.float64)
        silenced = np.clip(m.shocks.total("silenced"), 0.0, 1.0)
        columns = np.empty((cells.n, len(COLUMNS) - 2))
        share = cells.share.astype(np.float64)
        columns[:, 0], columns[:, 1], columns[:, 2] = cells.soviet_power, share[:, LEAD], share @ (office > 0.0)
        against = np.stack([office, self.sits * (stance <= 0.0), (1.0 - self.sits) * self.seen])
        columns[:, 3:6] = np.exp(-blame @ against.T)
        columns[:, 6], columns[:, 7] = silenced @ (self.sits * self.seen), silenced @ ((1.0 - self.sits) * self.seen)
        columns[:, 8] = sum(m.stage.charges.loss.values(), self.charges_open)
        columns[:, 9] = cells.demand[:, DEMAND["order"]]
        columns[:, 10] = m._day.livelihood.insecurity()
        columns[:, 11] = blame @ against[2] * float(office @ against[2] > 0.0)
        columns[:, 12] = cells.demand[:, DEMAND["power"]]
        means = np.empty((len(ROWS), len(COLUMNS)))
        means[:, :-2] = self.by_cell @ columns
        means[:, -2] = means[:, 0] * (0.5 + self.conscious)
        means[:, -1] = self.by_assembly @ m._day.movement.boldness
        self.weeks.append(m.day)
        self.means.append(means)
        self.single.append(self._single())
        self.firsts.append((float(m._day.movement.firsts[1, 0]), float(m._day.movement.firsts[1, 1])))
        self.most_on_strike = 0.0
        self._bodies()

    def _single(self) -> Floats:
        m, live, armed = self.m, self.m._day.livelihood, self.m.armed
        cells, now, held = m.cells, m.armed.now, m.government.held
        cabinet = soviet = np.nan
        if armed.asked is not None:
            soviet = float(self.capital_persons @ armed.mean[:, 0])
            cabinet = float(self.capital_persons @ (armed.mean[:, 3] * armed.obedience))
        workers = live.workers
        seats = m.chamber.seats().get("petrograd_soviet")
        value = {
            "cabinet": float(self.cabinets.index(m.government.id)), "cabinet_parties": _effective(held),
            "in_soviets_name": float(armed.answers_to_soviets()), "obey_cabinet": cabinet, "obey_soviet": soviet,
            "linked": now.linked, "odds_coup": now.odds_coup,
            "risk_across": now.civil_war_risk_across, "risk_within": now.civil_war_risk_within,
            "front_obedience": float(cells.obedience[self.front] @ self.front_persons),
            "grain_missing": live.missing, "grain_withheld": float(cells.withheld[live.peasants] @ live.by_sale),
            "closed_out": float((cells.closed[workers] + cells.locked[workers]) @ live.by_work),
            "wage_lost": max(float(live.squeeze[m.day]) - float(cells.wage_gain[workers] @ live.by_work), 0.0),
            "control": float(cells.control[workers] @ live.by_work),
            "suspicion": float(cells.suspicion[workers] @ live.by_work),
            "parties": _effective(seats) if seats is not None else np.nan,
            "turnover": self._turnover(seats), "strikers": self.most_on_strike, "strong_towns": self._strong_towns(),
            "deaths_high": m.stage.deaths_high, "gone": float(cells.deserted[live.uniform] @ live.by_men),
            "seized": float(cells.seized[live.peasants] @ self.by_cell[STRATUM["peasant"], live.peasants]),
        }  # fmt: skip
        return np.array([value[name] for name in SINGLE])

    def _turnover(self, seats: Floats | None) -> float:
        before, self.seats_before = self.seats_before, None if seats is None else _shares(seats)
        if self.seats_before is None or before is None:
            return float("nan")
        return float(0.5 * np.abs(self.seats_before - before).sum())

    def _strong_towns(self) -> float:
        """Share of regions' town soviets in which the leading party of October holds half of the seats or more."""
        towns = np.array([s for b, s in self.m.chamber.seats().items() if b.endswith("/towns/soviet")])
        towns = towns[towns.sum(axis=1) > 0] if towns.size else towns
        return float((2.0 * towns[:, LEAD] >= towns.sum(axis=1)).mean()) if towns.size else float("nan")

    def _bodies(self) -> None:
        m, board = self.m, self.m.chamber.board
        assert board is not None
        seats = m.chamber.seats()
        names = list(seats)
        held = np.array([seats[body] for body in names])
        whole = np.maximum(held.sum(axis=1), 1e-9)
        for of, first in ((held[:, LEAD], self.majority), (held[:, LEAD] + held[:, PARTNER], self.left_majority)):
            for n in np.flatnonzero(2.0 * of > whole).tolist():
                first.setdefault(names[n], m.day)
        if self.power_day is None or self.power_day == m.day:
            self.largest_share = dict(zip(names, (held.max(axis=1) / whole).tolist(), strict=True))
        for body in m.chamber.watched():
            if body not in seats:
                continue  # closed
            plenary, committee = _shares(seats[body]), _shares(board.committee_of(body))
            apart = self.apart.setdefault(body, [0.0, 0.0, 0.0, -1.0])
            apart[0] += 1.0
            apart[1] += 0.5 * float(np.abs(plenary - board.wish_of(body)).sum())
            apart[2] += 0.5 * float(np.abs(plenary - committee).sum())
            if apart[3] < 0.0 and committee[LEAD] + committee[PARTNER] > 0.5:
                apart[3] = float(m.day)

    def _forces(self) -> dict[str, float]:
        """Who would come out on which side, be there in time, and by stratum and kind of force."""
        armed = self.m.armed
        found = {"defenders": armed.now.defenders, "insurgents": armed.now.insurgents}
        for force, arrived, of, kind in self.near:
            stand = force.stand
            found[of] = found.get(of, 0.0) + arrived * stand.rise
            found[kind] = found.get(kind, 0.0) + arrived * stand.defend
        return found | {f"obeyed_by_capital/{k}": v for k, v in self._obeyed().items()} | self._stances(found)

    def _obeyed(self) -> dict[str, float]:
        armed = self.m.armed
        soviet = float(self.capital_persons @ armed.mean[:, 0])
        cabinet = float(self.capital_persons @ (armed.mean[:, 3] * armed.obedience))
        return {"cabinet": cabinet, "soviet": soviet, "nobody": 1.0 - cabinet - soviet}

    def _stances(self, forces: Mapping[str, float]) -> dict[str, float]:
        """Active, supporting, neutral, opposed in the capital; and which reasons supporters have."""
        m, people = self.m, self.m.people
        at = self.capital_people
        weight, power = people.weight[at], people.soviet_power[at]
        total = float(weight.sum())
        for_it, against = power > 2.0 / 3.0, power < 1.0 / 3.0
        active = min((forces["insurgents"] + forces["defenders"]) / total, 1.0)
        supporting = float(weight[for_it].sum()) / total
        opposed = float(weight[against].sum()) / total
        followed = m.parties.soviet_stance[m.party_life.followed()[at]] > 0.0
        cell = people.cell[at]
        refuses = (m._day.refused[cell] * people.consciousness[at]) > 0.5
        felt = people.demand[at, DEMAND["power"]] > 0.5
        supporters = max(float(weight[for_it].sum()), 1e-9)
        by = {
            "party": for_it & followed, "coalition": for_it & refuses, "threat": for_it & felt,
            "none_of_these": for_it & ~followed & ~refuses & ~felt,
        }  # fmt: skip
        reasons = {f"supporters_by_reason/{k}": float(weight[v].sum()) / supporters for k, v in by.items()}
        passive = max(supporting - forces["insurgents"] / total, 0.0)
        shares = {"active": active, "supporting": passive, "opposed": max(opposed - forces["defenders"] / total, 0.0)}
        shares["neutral"] = max(1.0 - sum(shares.values()), 0.0)
        return reasons | {f"stance_in_capital/{k}": v for k, v in shares.items()}

    # --- tables -------------------------------------------------------------------------------------------------------

    def write(self, recorder: Recorder) -> None:
        """This week's derived series into the table ``macro``, on recorded days that are weeks of the run."""
        if not self.weeks or self.weeks[-1] != self.m.day:
            return
        m, mean, single = self.m, self.means[-1], self.single[-1]

        def row(place: str, series: str, value: float) -> None:
            recorder.row("macro", m.day, place, series, float(value))

        capital, workers, popular = m.armed.data.capital, ROWS.index("capital_workers"), ROWS.index("popular")
        at = {name: i for i, name in enumerate(COLUMNS)}
        row(capital, "policy_party_gap", mean[workers, at["power"]] - mean[workers, at["lead"]])
        row(capital, "confidence", mean[workers, at["confidence"]])
        for i, stratum in enumerate(STRATA):
            row("empire", f"readiness_gap/{stratum}", mean[i, at["power"]] - mean[i, at["readiness"]])
        for whom in ("cabinet", "moderates", "others"):
            row("empire", f"trust/{whom}", mean[popular, at[f"trust_{whom}"]])
        row("empire", "rural_support", mean[STRATUM["peasant"], at["office"]])
        row("empire", "belief_lost_to_charges", mean[popular, at["lost_to_charges"]])
        row("empire", "repression", mean[-1, at["silenced_soviet"]] + mean[-1, at["silenced_other"]])
        row("empire", "cabinet_parties", single[SINGLE.index("cabinet_parties")])
        for name, series in (("turnover", "turnover"), ("parties", "soviet_parties")):
            if np.isfinite(single[SINGLE.index(name)]):
                row("petrograd_soviet", series, single[SINGLE.index(name)])

    # --- checkpoints --------------------------------------------------------------------------------------------------

    _PLAIN = (
        *("majority", "left_majority", "apart", "largest", "largest_day", "most_on_strike", "eve", "kept", "power_day"),
        "largest_share",
    )

    def state(self) -> dict[str, Any]:
        """All that a restart needs."""
        found: dict[str, Any] = {name: _copy(getattr(self, name)) for name in self._PLAIN}
        found["weeks"] = list(self.weeks)
        found["means"] = np.array(self.means).reshape(-1, len(ROWS), len(COLUMNS))
        found["single"] = np.array(self.single).reshape(-1, len(SINGLE))
        found["firsts"] = np.array(self.firsts).reshape(-1, 2)
        found["seats_before"] = self.seats_before
        return found

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        for name in self._PLAIN:
            setattr(self, name, _copy(state[name]))
        self.weeks = [int(day) for day in state["weeks"]]
        self.means, self.single = list(state["means"]), list(state["single"])
        self.firsts = [(float(a), float(b)) for a, b in state["firsts"]]
        self.seats_before = None if state["seats_before"] is None else np.array(state["seats_before"])


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: list(v) if isinstance(v, list) else v for k, v in value.items()}
    return value


def _shares(persons: Floats) -> Floats:
    total = float(persons.sum())
    return np.asarray(persons / total if total > 0.0 else persons, dtype=np.float64)


def _effective(held: Floats) -> float:
    """Effective number: inverse of the sum of squared shares; 0 of nothing."""
    total = float(held.sum())
    return float(total**2 / (held**2).sum()) if total > 0.0 else 0.0
