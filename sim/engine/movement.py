"""Who comes out: hands the columns of the day to :mod:`readiness` and :mod:`action`, and counts what people did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.livelihood import Livelihood, head
from sim.engine.recorder import Recorder
from sim.inputs.strata import strata_traits
from sim.mechanisms import action, readiness
from sim.mechanisms.action import HALT, HOLD, STREET, F
from sim.mechanisms.demands import mean_by_cell
from sim.mechanisms.strength import sides_with
from sim.words.calendar import date_of
from sim.words.draws import Stream, uniforms
from sim.words.identifiers import ACTIONS, CHANNEL, DEMAND, STRATUM, TRADE, C, K

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]

#: Places that are one city for what people see in the street.
CITY = {"kronstadt": "petrograd"}
#: Rounds of a day: word goes from plant to plant, street to street, a few times between morning and night.
ROUNDS = 3
#: What assemblies would do is asked on every third day, and on any day on which something strikes; the Red Guard enrols
#: weekly.
MUSTER, WEEK = 3, 7
#: What people of a stratum hear of others' acts through.
HEARD_BY = {
    "worker": ("workplace",),
    "soldier": ("committees", "workplace"),
    "sailor": ("committees", "workplace"),
    "peasant": ("village",),
    "middle": ("capital_press",),
    "propertied": ("capital_press",),
}
#: People of a village commune with children, of whom one deserter at home is a part (A-003).
COMMUNE = 500.0
#: Hardship of the land question on a middling day of the farming year.
USUAL_SEASON = 0.6
#: Villages that have taken land are slowly made to give it back, or the use of it lapses with the crop: half a year.
TAKEN_HALF_LIFE = 180.0


class Movement:
    """Readiness and action of one model, by person and assembly."""

    def __init__(self, model: Revolution, livelihood: Livelihood):
        self.m, self.livelihood = model, livelihood
        cells, meeting = model.cells, model.society.assemblies
        of_cell = cells.stratum
        self.claim = action.claims()[of_cell]
        self.taken = (self.claim.sum(axis=2) > 0.0).astype(np.float64)
        self.catching = action.catching()[of_cell]
        at_front = np.array(cells.kind) == "front"
        self.catching[at_front] *= action.SEEN_AT_FRONT
        # There are no streets in the trenches: what men at the front do, they do by refusing orders.
        self.taken[at_front, STREET] = self.catching[at_front, STREET] = 0.0
        #: What a stratum comes out for presses this much when nothing presses: sparks are told for that.
        self.always = np.matmul(self.claim, strata_traits().want[of_cell].astype(np.float64)[:, :, None])[:, :, 0]
        heads = [CITY.get(head(p), head(p)) for p in cells.place]
        popular = np.where(of_cell <= STRATUM["sailor"], 0, of_cell)
        persons = meeting.real_size * meeting.copies
        kinds = [f"{h} {s}" for h, s in zip(heads, of_cell, strict=True)]
        towns = [f"{h} {s}" for h, s in zip(heads, popular, strict=True)]
        self.kind, self.kind_persons = _numbered(kinds, meeting.cell, persons)
        self.town, self.town_persons = _numbered(towns, meeting.cell, persons)
        self.stratum = cells.stratum[meeting.cell]
        name = action.names()[self.stratum]
        self.column = np.ascontiguousarray(name)
        self.group_at_work = np.maximum(np.bincount(meeting.group, persons, len(model.groups)), 1.0)
        self.of_trust = np.flatnonzero(self.stratum <= STRATUM["sailor"])
        in_petrograd = np.array(heads) == "petrograd"
        self.there = np.flatnonzero(in_petrograd[meeting.cell])
        self.plants_there = np.flatnonzero(in_petrograd[meeting.cell] & (self.stratum == STRATUM["worker"]))
        self.workers_there = in_petrograd[livelihood.workers]
        self.under_orders = np.isin(np.arange(cells.n), livelihood.uniform)
        self.of_metal = (meeting.trade == TRADE["worker_metal"]) & (self.stratum == STRATUM["worker"])
        self.of_villages = np.flatnonzero(self.stratum == STRATUM["peasant"])
        self.place_of_worker = [cells.place[i] for i in livelihood.workers]
        in_place = np.bincount(model.society.group_of_cell, cells.at_work * livelihood.is_worker, len(model.groups))
        part = cells.at_work / np.maximum(in_place[model.society.group_of_cell], 1.0)
        self.part_of_place = part[livelihood.workers]
        self.base = self._sparks()
        self.used_to_it = np.array([action.USED_TO_IT.get(s, 1.0) for s in STRATUM])[of_cell]
        self.every_meeting = np.arange(meeting.n)
        channels = np.array([[CHANNEL[HEARD_BY[s][i]] for s in STRATUM] for i in (0, -1)])[:, of_cell]
        #: Of each cell, the two channels through which it hears of others, as places among all [cells x C].
        self.channels = np.arange(cells.n) * C + channels
        self.announced = np.zeros(cells.n)
        grouped = np.empty((cells.n, 1))
        mean_by_cell(model.society.cell_start, model.people.weight, model.people.consciousness[:, None], grouped)
        self.paid = np.flatnonzero((of_cell == STRATUM["worker"]) | (of_cell == STRATUM["middle"]))
        self.consciousness = grouped[self.paid, 0]
        self.estates = 0.4 + cells.serf_share + 0.6 * cells.black_earth
        self.out, self.crowd, self.begun = (np.zeros((meeting.n, F)) for _ in range(3))
        self.spent, self.starts, self.boldness, self.party, self.following = (np.zeros(meeting.n) for _ in range(5))
        self.would = np.zeros(model.people.n, dtype=np.bool_)
        self.struck, self.settled = np.zeros(cells.n), np.zeros(cells.n)
        self.took_part = np.zeros((len(model.groups), len(ACTIONS)))
        #: The same of today alone.
        self.today = np.zeros_like(self.took_part)
        self.month = np.zeros(len(ACTIONS))
        self.villages = self.metal = 0.0
        self.firsts = np.zeros((2, 2))
        #: Persons of the capital today, at work's end.
        self.on_strike = self.in_the_street = 0.0
        self.held = model.government.held.copy()
        self.fresh = np.zeros((cells.n, K), dtype=np.float32)
        self.news, self.struck_anew = (np.zeros(cells.n, dtype=np.float32) for _ in range(2))
        self.unmet = np.zeros(cells.n)
        self.pressed, self.spark, self.catch = (np.zeros((cells.n, F)) for _ in range(3))
        self.idle, self.began = np.zeros(len(model.groups)), np.zeros(len(model.groups))

    def _sparks(self) -> Exact:
        """How often an assembly comes out of itself, by cell and form, a day, where things press half."""
        p, stratum = self.m.parameters, self.m.cells.stratum
        spark = np.zeros((stratum.size, F))
        for name, value in (("worker", p.strike_spark), ("middle", p.strike_spark), ("peasant", p.seizure_spark)):
            spark[stratum == STRATUM[name], HALT] = value
        for name in ("soldier", "sailor"):
            spark[stratum == STRATUM[name], HALT] = p.refusal_spark
        spark[:, STREET] = p.street_spark
        spark[:, HOLD] = p.hold_spark
        for name, often in action.USED_TO_IT.items():
            spark[stratum == STRATUM[name]] *= often
        return np.asarray(spark * self.taken)

    # --- readiness --------------------------------------------------------------------------------------------------

    def steel(self) -> None:
        """What has newly struck, what time people give those in office, and who would take the initiative."""
        m, p, cells, people = self.m, self.m.parameters, self.m.cells, self.m.people
        readiness.stir(m.shocks.total("hardship"), cells.push, cells.custom, self.fresh, self.struck_anew, self.news)
        change = np.maximum(m.government.held - self.held, 0.0)
        self.held[:] = m.government.held
        readiness.unmet(cells.demand, m.government.policy, self.unmet)
        readiness.hope(cells.patience, change, cells.blame, self.unmet, self.news, p.patience_half_life)
        fear = m.shocks.level("fear").astype(np.float32)
        struck = np.float32(p.outrage_weight) * self.struck_anew
        readiness.steel(
            people.cell, people.demand, people.soviet_power, people.consciousness, people.member,
            fear, self.livelihood.insecurity(), struck, cells.patience,
            p.readiness_base, p.grievance_weight, p.efficacy_weight, p.fear_weight, p.insecurity_weight,
            p.member_weight, p.patience_weight, p.honour_weight, people.fear, people.insecurity, people.readiness,
        )  # fmt: skip

    # --- action -----------------------------------------------------------------------------------------------------

    def act(self) -> None:
        """A day of coming out and going back, and what it leaves behind."""
        m, p, people, meeting = self.m, self.m.parameters, self.m.people, self.m.society.assemblies
        self._press()
        self._call_out()
        if m.shocks.struck or (m.day - m.first) % MUSTER == 0:
            action.muster(
                meeting.start, people.weight, people.readiness, people.threshold, people.memory, people.member,
                meeting.real_size, p.follow_weight, p.memory_weight, p.cell_weight,
                self.boldness, self.party, self.following, self.would,
            )  # fmt: skip
        luck = uniforms(m.draw_seed, Stream.ACTION, m.day, self.every_meeting)
        action.rise(
            meeting.cell, self.kind, self.town, meeting.real_size, meeting.copies, self.boldness, self.following,
            self.spark, self.catch, luck, action.LASTING, action.TIRING, p.rest_days, ROUNDS,
            self.kind_persons, self.town_persons, self.out, self.crowd, self.spent, self.begun, self.starts,
        )  # fmt: skip
        action.mark(meeting.start, self.out, meeting.copies, luck, self.would, people.acting)
        self._count()
        if (m.day - m.first) % WEEK == 0:
            self._arm()

    def _press(self) -> None:
        """How hard presses what each form is for."""
        m, p, live = self.m, self.m.parameters, self.livelihood
        action.press(
            self.claim, m.cells.demand, self.fresh, m.cells.patience, p.outrage_weight, p.patience_weight, self.pressed
        )
        squeeze = float(live.squeeze[m.day])
        action.turn_to_politics(self.pressed, self.paid, squeeze, self.consciousness, p.futility_weight)

    def _call_out(self) -> None:
        """How often assemblies come out of themselves, when called, and because others do.

        Word of an action is the day's rise of what is heard, in logs.
        """
        m, p = self.m, self.m.parameters
        heard = m.shocks.total("channel")
        announced = np.maximum(*heard.take(self.channels))
        called = p.call_weight * np.maximum(announced - self.announced, 0.0) * self.used_to_it
        action.call_out(
            np.exp(p.claim_weight * (self.pressed - self.always)), self._occasion(), self.base, self.catching,
            self.taken, self.under_orders, called, np.exp(p.assurance_weight * announced), p.contagion,
            self.spark, self.catch,
        )  # fmt: skip
        self.announced[:] = announced

    def _occasion(self) -> Exact:
        """What besides demands gives occasion to a form, as a factor, [cells, F]."""
        p, cells, day = self.m.parameters, self.m.cells, self.m.day
        occasion = np.ones((cells.n, F))
        peasants, uniform = self.livelihood.peasants, self.livelihood.uniform
        hands = 1.0 - p.hands_weight * float(self.livelihood.fields[day])
        unchecked = 1.0 - float(cells.obedience[uniform] @ self.livelihood.by_men)
        deserters = np.minimum(cells.returned[peasants] * COMMUNE, 5.0)
        season = (cells.hardship[peasants, DEMAND["land"]] / USUAL_SEASON) ** p.season_weight
        led = 1.0 + p.deserter_pull * deserters
        occasion[peasants, HALT] = season * unchecked * self.estates[peasants] * hands * led
        # A company comes out when orders no longer bind most of it (D-031); where people may meet, many need no leave.
        loose = sides_with(1.0 - cells.obedience[uniform].astype(np.float64), p.unit_steepness)
        occasion[uniform, HALT] = loose
        occasion[uniform, STREET] = loose + (1.0 - loose) * float(self.m.government.policy[DEMAND["power"]])
        occasion[:, HOLD] = 0.1 + cells.control
        return occasion

    def _count(self) -> None:
        m, cells, meeting = self.m, self.m.cells, self.m.society.assemblies
        groups = m.society.group_of_cell
        action.tally(
            meeting.group, self.column, self.begun, self.crowd, self.group_at_work, self.today, self.idle, self.began
        )  # fmt: skip
        self.took_part += self.today
        self.month += self.today.sum(axis=0)
        self.struck[:] = self.idle.take(groups) * self.livelihood.is_worker
        self.settled[:] = self.began.take(groups)
        action.take_land(cells.seized, self.livelihood.peasants, self.settled, 0.5 ** (1.0 / TAKEN_HALF_LIFE))
        self.villages += float(self.starts[self.of_villages].sum())
        self.metal += float(self.begun[self.of_metal, HALT].sum())
        starts = self.starts[self.of_trust]
        by_party = float((starts * self.party[self.of_trust]).sum())
        self.firsts[:, 0] += float(starts.sum()) - by_party
        self.firsts[:, 1] += by_party

    def _arm(self) -> None:
        """Once a week, those who join the Red Guard and those who leave it."""
        m, p, cells = self.m, self.m.parameters, self.m.cells
        workers = self.livelihood.workers
        armed = m.stage.armed
        rifles = np.array([armed.get(place, 0.0) for place in self.place_of_worker])
        wanted = cells.demand[workers, DEMAND["power"]] + p.outrage_weight * self.fresh[workers, DEMAND["power"]]
        guard = cells.red_guard[workers]
        joined = action.enrol(
            guard, np.clip(wanted * cells.soviet_power[workers], 0.0, 1.0), rifles * self.part_of_place,
            cells.at_work[workers], cells.patience[workers], WEEK * p.guard_rate, WEEK, p.guard_elsewhere,
        )  # fmt: skip
        cells.red_guard[workers] = guard
        self._add(workers, "red_guard", joined)

    def _add(self, cells: NDArray[np.intp], name: str, persons: Exact) -> None:
        """Count persons [cells] of an act that people do one by one."""
        groups = self.m.society.group_of_cell[cells]
        by_group = np.bincount(groups, persons, len(self.took_part))
        self.took_part[:, ACTIONS.index(name)] += by_group
        self.today[:, ACTIONS.index(name)] += by_group
        self.month[ACTIONS.index(name)] += persons.sum()

    # --- what is written down ---------------------------------------------------------------------------------------

    def close_day(self, recorder: Recorder) -> None:
        """Take over who left the army today; on the last day of a month or of the run, write its sums."""
        live = self.livelihood
        self._add(live.uniform, "desertion", live.left[live.uniform])
        live.left[:] = 0.0
        m = self.m
        m.gauges.note(self.today)
        self.today[:] = 0.0
        self._write_streets(recorder)
        if date_of(m.day + 1).month == m.today.month and m.day < m.last:
            return
        for name, persons in zip(ACTIONS, self.month, strict=True):
            recorder.row("macro", m.day, "empire", f"month/{name}", float(persons))
        recorder.row("macro", m.day, "empire", "month/villages_seizing", self.villages)
        recorder.row("macro", m.day, "empire", "month/strike_metal", self.metal)
        recorder.row("macro", m.day, "fronts", "month/losses_low", live.lost_low)
        recorder.row("macro", m.day, "fronts", "month/losses_high", live.lost_high)
        recorder.row("macro", m.day, "empire", "initiative_rank_and_file", _rank_and_file(self.firsts[0]))
        self.month[:] = 0.0
        self.villages = self.metal = live.lost_low = live.lost_high = 0.0
        self.firsts[0] = 0.0

    def _write_streets(self, recorder: Recorder) -> None:
        """How many are out in Petrograd today, on strike and in the street."""
        m = self.m
        self.on_strike = float(self.crowd[self.plants_there, HALT].sum())
        self.in_the_street = float(self.crowd[self.there, STREET].sum())
        recorder.row("macro", m.day, "petrograd", "on_strike", self.on_strike)
        recorder.row("macro", m.day, "petrograd", "in_the_street", self.in_the_street)

    def write(self, recorder: Recorder) -> None:
        """Persons who came out since the last recorded day, into the table ``actions``."""
        m = self.m
        group, act = np.nonzero(self.took_part)
        places, strata = ([m.society.groups[g][i] for g in group.tolist()] for i in (0, 1))
        acts, persons = [ACTIONS[a] for a in act.tolist()], self.took_part[group, act].tolist()
        recorder.block("actions", m.day, places, strata, acts, persons)
        self.took_part[:] = 0.0
        workers = self.livelihood.workers
        guard = m.cells.red_guard[workers] * m.cells.at_work[workers]
        recorder.row("macro", m.day, "empire", "red_guard", float(guard.sum()))
        recorder.row("macro", m.day, "petrograd", "red_guard", float(guard[self.workers_there].sum()))

    def initiative(self) -> float:
        """Share of plants, companies and ships that came out whose first mover carried no party card, over the run."""
        return _rank_and_file(self.firsts[1])

    _KEPT = (
        *("out", "crowd", "spent", "boldness", "party", "following", "would", "fresh", "announced"),
        *("struck", "settled", "took_part", "month", "firsts", "held"),
    )

    def state(self) -> dict[str, NDArray[Any]]:
        """What the columns don't hold, for a checkpoint."""
        kept = {name: getattr(self, name).copy() for name in self._KEPT}
        return kept | {"villages": np.array([self.villages, self.metal])}

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Put back what :meth:`state` gave."""
        for name in self._KEPT:
            getattr(self, name)[...] = state[name]
        self.villages, self.metal = (float(x) for x in state["villages"])


def _rank_and_file(firsts: Exact) -> float:
    """Share of first movers without a card; NaN when nobody moved."""
    total = float(firsts.sum())
    return float(firsts[0]) / total if total > 0.0 else float("nan")


def _numbered(keys: list[str], cell: NDArray[np.int32], persons: Exact) -> tuple[NDArray[np.int64], Exact]:
    """Number the keys of cells; return that of each assembly's cell, and the persons of each."""
    number = np.unique(keys, return_inverse=True)[1]
    of = number[cell].astype(np.int64)
    return of, np.maximum(np.bincount(of, persons, int(number.max()) + 1), 1.0)
