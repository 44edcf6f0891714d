"""What people live on and the war they are in: hands the columns of the day to :mod:`economy` and :mod:`war`.

Forcing says what comes from outside; this adds to the hardship of the day what people's own acts do to it, and keeps
the slow states of cells (grain withheld, wages won, plants closed, control, obedience, men gone home).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.recorder import Recorder
from sim.mechanisms import economy, war
from sim.mechanisms.demands import mean_by_cell
from sim.words.identifiers import DEMAND, STRATUM, TRADE

if TYPE_CHECKING:
    from sim.engine.model import Revolution

#: Industrial workers whom the series of closures counts (S017).
INDUSTRIAL_WORKERS = 3_500_000.0
#: How much of the grain shortage of the country towns amid grain feel.
AMID_GRAIN = 0.5
#: How far ahead of it, in km, a German advance alarms the propertied and middle strata (Petrograd lies within).
AHEAD_OF_THE_FRONT_KM = 500.0

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]


def head(place: str) -> str:
    """The region, city, front or fleet that a place id begins with."""
    return place.split("/")[0]


class Livelihood:
    """Economy and war of one model, by cell."""

    def __init__(self, model: Revolution):
        self.m = model
        cells, society, forcing = model.cells, model.society, model.forcing
        stratum = cells.stratum
        self.peasants = np.flatnonzero(stratum == STRATUM["peasant"])
        self.workers = np.flatnonzero(stratum == STRATUM["worker"])
        self.is_worker = stratum == STRATUM["worker"]
        self.uniform = np.flatnonzero((stratum == STRATUM["soldier"]) | (stratum == STRATUM["sailor"]))
        self.towns = np.flatnonzero(np.isin(np.array(cells.kind), ("district", "city", "base", "towns", "industrial")))
        kinds = np.array(cells.kind)[self.uniform]
        self.rear = ~np.isin(kinds, ("front", "fleet"))
        self.front = self.uniform[kinds == "front"]
        bread = [forcing.hardship_of("bread", c.place, c.stratum, c.province) for c in cells.source]
        self.deficit = np.array([AMID_GRAIN if bread[i] == "bread.towns_producing" else 1.0 for i in self.towns])
        self.for_sale = np.array([cells.persons[i] * (bread[i] == "bread.villages_producing") for i in self.peasants])
        values, told = forcing.values(model.scenario.outside()), forcing.values()
        self.goods, self.goods_in_history = values["goods.shortage"], told["goods.shortage"]
        self.squeeze, self.threat = values["wages.squeeze"], values["transfer.threat"]
        self.fields, self.advance = values["field_work.bound"], values["german_advance_km"]
        self.laid_off = values["laid_off"] / 30.0 / INDUSTRIAL_WORKERS
        self.army = float(cells.persons[self.uniform].sum())
        self.monthly_desertion = float(told["desertion_before"][0]) / self.army
        memory = np.empty((cells.n, 1))
        mean_by_cell(society.cell_start, model.people.weight, model.people.memory[:, None], memory)
        self.memory = memory[self.workers, 0]
        self.railway = cells.trades[:, TRADE["worker_railway"]] * cells.at_work
        self.region = np.unique([head(p) for p in cells.place], return_inverse=True)[1]
        self.propertied = np.flatnonzero(stratum == STRATUM["propertied"])
        ahead = np.array([c.km_to_european_front for c in cells.source])
        anxious = (stratum == STRATUM["propertied"]) | (stratum == STRATUM["middle"])
        self.in_its_way = np.flatnonzero(anxious & (ahead < AHEAD_OF_THE_FRONT_KM))
        self.by_work, self.by_men = (_shares(x) for x in (cells.at_work[self.workers], cells.persons[self.uniform]))
        self.by_railway, self.by_sale = _shares(self.railway), _shares(self.for_sale)
        places = int(self.region.max()) + 1
        villagers = np.maximum(np.bincount(self.region[self.peasants], cells.persons[self.peasants], places), 1.0)
        self.by_region = np.zeros((places, self.peasants.size))
        self.by_region[self.region[self.peasants], np.arange(self.peasants.size)] = cells.persons[self.peasants]
        self.by_region /= villagers[:, None]
        self.first_land_of_villages = cells.demand[self.peasants, DEMAND["land"]]
        self.first_land_in_uniform = cells.demand[self.uniform, DEMAND["land"]]
        self.first_peace = cells.demand[self.uniform, DEMAND["peace"]]
        self.usual = self._starting_obedience()
        self.steady = self.usual.copy()
        self.home = war.homeward(self.peasants, self.uniform, self._ties_home())
        self.left = np.zeros(cells.n)
        self.lost_low = self.lost_high = 0.0
        self.missing = 0.0
        self.felt = np.zeros(cells.n, dtype=np.float32)
        cells.withheld[self.peasants] = cells.demand[self.peasants, DEMAND["land"]] * self.goods[model.first]

    def _starting_obedience(self) -> Exact:
        m, p = self.m, self.m.parameters
        peace = m.cells.demand[self.uniform, DEMAND["peace"]]
        nothing = np.zeros(self.uniform.size)
        level = war.level(
            peace, nothing.astype(np.float32), self._dread(m.first),
            p.obedience_base, p.obedience_peace, p.obedience_distrust,
        )  # fmt: skip
        m.cells.obedience[self.uniform] = level
        return level

    def _ties_home(self) -> Exact:
        """Persons of villages times their ties to units, [peasant cells, soldiers' cells]."""
        kin, cells = self.m.society.kin, self.m.cells
        place = np.full(cells.n, -1)
        place[self.uniform] = np.arange(self.uniform.size)
        ties = np.zeros((self.peasants.size, self.uniform.size))
        for row, c in enumerate(self.peasants):
            for j in range(int(kin.start[c]), int(kin.start[c + 1])):
                unit = place[kin.cell[j]]
                if unit >= 0:
                    ties[row, unit] += float(kin.weight[j]) * float(cells.persons[c])
        # A unit that no village is tied to (a fleet, a far front) sends its men home evenly.
        ties[:, ties.sum(axis=0) == 0.0] = cells.persons[self.peasants][:, None]
        return ties

    # --- the economy ------------------------------------------------------------------------------------------------

    def economy(self, hardship: Floats, struck: Exact, settled: Exact) -> None:
        """Add to the day's ``hardship`` [cells, K] what people's own acts do to it.

        ``struck`` [cells] is the share of those at work who are on strike, ``settled`` [cells] who came out yesterday.
        """
        p, cells, day = self.m.parameters, self.m.cells, self.m.day
        workers = self.workers
        self._grain(hardship, struck)
        won = economy.concession(float(self.squeeze[day]), p.wage_concession)
        economy.settle(cells.wage_gain, np.where(self.is_worker, settled, 0.0), won, p.wage_half_life)
        hardship[workers, DEMAND["bread"]] *= 1.0 - p.wage_relief * cells.wage_gain[workers]
        self._closures(hardship, struck, won / max(p.wage_concession, 1e-9))
        np.minimum(np.maximum(hardship, 0.0, out=hardship), 1.0, out=hardship)

    def _grain(self, hardship: Floats, struck: Exact) -> None:
        p, cells, day = self.m.parameters, self.m.cells, self.m.day
        peasants, bread, land = self.peasants, DEMAND["bread"], DEMAND["land"]
        idle = float((struck[self.workers] + cells.locked[self.workers]) @ self.by_work)
        withheld = cells.withheld[peasants]
        economy.withhold(withheld, cells.demand[peasants, land], float(self.goods[day]) + p.goods_feedback * idle)
        cells.withheld[peasants] = withheld
        usual = self.first_land_of_villages * self.goods_in_history[day]
        self.missing = economy.missing_grain(withheld, usual, self.by_sale)
        railways_out = float(struck @ self.by_railway)
        hardship[self.towns, bread] += economy.bread_lost(self.missing, railways_out, self.deficit, p.grain_feedback)
        hardship[peasants, land] *= 1.0 - p.seizure_relief * cells.seized[peasants]
        taken = self.by_region @ cells.seized[peasants]
        hardship[self.propertied, DEMAND["order"]] += p.seizure_alarm * taken[self.region[self.propertied]]

    def _closures(self, hardship: Floats, struck: Exact, yielded: float) -> None:
        m, p, cells, day = self.m, self.m.parameters, self.m.cells, self.m.day
        workers, work = self.workers, DEMAND["work"]
        closed, locked = cells.closed[workers], cells.locked[workers]
        control, suspicion = cells.control[workers], cells.suspicion[workers]
        fear = float(m.shocks.level("fear")[workers] @ self.by_work)
        office = m.government.perceived.astype(np.float32)
        strength = economy.ascendancy(office, m.parties.stance[:, DEMAND["order"]], fear)
        lockouts = economy.lock_out(control, struck[workers], strength, p.lockout_rate)
        danger = hardship[workers, work] / max(float(hardship[workers, work] @ self.by_work), 1e-9)
        economy.close(closed, locked, self.laid_off[day] * danger, lockouts, control)
        economy.suspect(suspicion, self.memory, 1.0 - yielded, closed, locked, p.suspicion_base, p.suspicion_memory)
        felt = economy.risk(closed)
        insecurity = 0.5 * hardship[workers, work] + m.shocks.total("insecurity")[workers]
        insecurity = np.minimum(np.maximum(insecurity, 0.0), 1.0)
        economy.take_control(control, felt, suspicion, insecurity, p.control_rate)
        cells.closed[workers], cells.locked[workers] = closed, locked
        cells.control[workers], cells.suspicion[workers] = control, suspicion
        # Forcing already holds the hardship of plants without materials; lockouts come on top.
        hardship[workers, work] += 0.5 * economy.risk(locked)
        hardship[workers, DEMAND["power"]] += p.closure_politics * suspicion * felt

    def insecurity(self) -> Floats:
        """How far people must fear for their work today, [cells] in 0..1."""
        cells = self.m.cells
        economy.insecurity_of_work(
            cells.hardship[:, DEMAND["work"]], self.m.shocks.total("insecurity"), cells.locked,
            self.is_worker, self.felt,
        )  # fmt: skip
        return self.felt

    # --- the war ----------------------------------------------------------------------------------------------------

    def _dread(self, day: int) -> Exact:
        p = self.m.parameters
        return war.dread(
            float(self.threat[day]), self.rear, self.m.cells.deserted[self.uniform], p.garrison_dread, p.comrades_gone
        )

    def war(self, hardship: Floats, responsible: Floats) -> None:
        """Obedience, those who go home, losses at the front, and what all this adds to the fear for order."""
        m, p, cells, day = self.m, self.m.parameters, self.m.cells, self.m.day
        uniform, order = self.uniform, DEMAND["order"]
        war.relax_obedience(
            self.steady, cells.demand[uniform, DEMAND["peace"]],
            (cells.blame[uniform] @ responsible).astype(np.float32), self._dread(day),
            p.obedience_base, p.obedience_peace, p.obedience_distrust, p.obedience_rate,
        )  # fmt: skip
        self.obey_today()
        obedience = cells.obedience[uniform]
        hardship[self.towns, order] += p.disorder_weight * war.disorder(obedience, cells.persons[uniform])
        hardship[self.in_its_way, order] += war.alarm(float(self.advance[day]), p.advance_alarm)
        self._go_home(obedience)
        low, high = war.losses(
            cells.persons[self.front] * (1.0 - cells.deserted[self.front]), cells.hardship[self.front, DEMAND["peace"]],
            float(m.government.policy[DEMAND["peace"]]),
        )  # fmt: skip
        self.lost_low += low
        self.lost_high += high
        np.minimum(np.maximum(hardship, 0.0, out=hardship), 1.0, out=hardship)

    def obey_today(self) -> None:
        """How far orders are obeyed, with what events have done to discipline up to this hour (D-031)."""
        discipline = self.m.shocks.total("discipline")[self.uniform]
        self.m.cells.obedience[self.uniform] = war.struck(self.steady, discipline)

    def _go_home(self, obedience: Floats) -> None:
        m, p, cells = self.m, self.m.parameters, self.m.cells
        uniform, policy = self.uniform, self.m.government.policy
        share = war.leave(
            obedience, self.usual,
            (cells.demand[uniform, DEMAND["land"]] - self.first_land_in_uniform).astype(np.float64),
            (cells.demand[uniform, DEMAND["peace"]] - self.first_peace).astype(np.float64),
            float(self.fields[m.day] - self.fields[0]), float(policy[DEMAND["land"]] + policy[DEMAND["peace"]]),
            m.shocks.level("fear")[uniform], self.monthly_desertion,
            (p.desertion_obedience, p.desertion_demand, p.desertion_fields, p.desertion_settled, p.desertion_fear),
        )  # fmt: skip
        share *= 1.0 - cells.deserted[uniform]
        cells.deserted[uniform] += share.astype(np.float32)
        gone = share * cells.persons[uniform]
        self.left[uniform] += gone
        cells.returned[self.peasants] += ((self.home @ gone) / cells.persons[self.peasants]).astype(np.float32)
        np.minimum(cells.returned, 1.0, out=cells.returned)

    # --- what is written down ---------------------------------------------------------------------------------------

    def write(self, recorder: Recorder) -> None:
        """The day's states of economy and war, for the table ``macro``."""
        cells, day = self.m.cells, self.m.day
        workers, uniform = self.workers, self.uniform
        told = {
            "obedience": cells.obedience[uniform] @ self.by_men,
            "obedience_front": np.average(cells.obedience[self.front], weights=cells.persons[self.front]),
            "deserters": cells.deserted[uniform] @ cells.persons[uniform],
            "grain_withheld": cells.withheld[self.peasants] @ self.by_sale,
            "grain_missing": self.missing,
            "wage_gain": cells.wage_gain[workers] @ self.by_work,
            "workers_closed_out": cells.closed[workers] @ self.by_work,
            "workers_locked_out": cells.locked[workers] @ self.by_work,
            "closures_seen_as_politics": cells.suspicion[workers] @ self.by_work,
            "workers_control": cells.control[workers] @ self.by_work,
            "villages_that_seized": np.average(cells.seized[self.peasants], weights=cells.persons[self.peasants]),
        }
        for series, value in told.items():
            recorder.row("macro", day, "empire", series, float(value))

    def state(self) -> dict[str, NDArray[Any]]:
        """What the columns of cells don't hold, for a checkpoint."""
        losses = np.array([self.lost_low, self.lost_high, self.missing])
        return {"left": self.left.copy(), "steady": self.steady.copy(), "war_losses": losses}

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Put back what :meth:`state` gave."""
        self.left[:] = state["left"]
        self.steady[:] = state["steady"]
        self.lost_low, self.lost_high, self.missing = (float(x) for x in state["war_losses"])


def _shares(persons: Exact) -> Exact:
    """Weights that add up to 1."""
    return np.asarray(persons / persons.sum())
