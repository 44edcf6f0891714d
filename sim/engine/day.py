"""A day: binds each phase of the table to what does it.

Every phase hands a mechanism the columns that it needs, and nothing more. A phase whose mechanism a scenario
switches off is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.day_table import PHASES
from sim.engine.livelihood import Livelihood
from sim.engine.movement import Movement
from sim.engine.party_life import PartyLife
from sim.engine.recorder import Recorder
from sim.history import acting
from sim.inputs.forcing import MacroRow
from sim.mechanisms import assemblies, attitudes, blame, credibility, demands, reach, soviet_power
from sim.words.identifiers import DEMAND, PARTIES, STRATUM, K, P

if TYPE_CHECKING:
    from sim.engine.model import Revolution

#: Cells hear from each other by letter and visit: what people elsewhere follow is refreshed on every seventh day.
WEEK = 7
#: Where a party is not heard at all, a hundredth of the people still know of it.
LEAST_REACH = 0.01


def considered(reach: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Utility [cells, P] of being heard at all: people choose among the parties that they know of."""
    return np.asarray(np.log(LEAST_REACH + np.maximum(reach, known)), dtype=np.float32)


class Day:
    """The phases of one model, bound in the order of the table."""

    def __init__(self, model: Revolution):
        self.m = model
        cells = model.cells
        self.phases: list[tuple[str, Callable[[], None]]] = [
            (phase.name, getattr(self, phase.name))
            for phase in PHASES
            if phase.mechanism is None or phase.mechanism not in model.off
        ]
        self.followed: int | None = None
        self.responsible = model.government.perceived.astype(np.float32)
        self.policy = model.government.policy.astype(np.float32)
        self.clarity = np.zeros(cells.n, dtype=np.float32)
        self.appeal = np.zeros((cells.n, K, P), dtype=np.float32)
        self.baseline = np.zeros((cells.n, K), dtype=np.float32)
        self.livelihood = Livelihood(model)
        self.movement = Movement(model, self.livelihood)
        self.floor = np.full(cells.n, model.parameters.blame_floor, dtype=np.float32)
        self.floor[cells.stratum == STRATUM["peasant"]] = model.parameters.blame_floor_peasant
        self.charge_left = np.zeros(cells.n, dtype=np.float32)
        self.charge_left[cells.stratum == STRATUM["middle"]] = model.parameters.charge_left_middle
        self.charge_left[cells.stratum == STRATUM["propertied"]] = model.parameters.charge_left_propertied
        self.identity = model.parties.identity[cells.stratum]
        self.popular = np.flatnonzero(cells.stratum <= STRATUM["peasant"])
        self.popular_persons = cells.persons[self.popular]
        #: What changes with the week's talk only, reckoned when first asked for after it has changed.
        self._considered: NDArray[np.float32] | None = None
        self._isolation: NDArray[np.float32] | None = None
        self.measured: dict[int, list[MacroRow]] = {}
        for row in model.forcing.macro_rows(sorted(model.recorded), model.scenario.outside()):
            self.measured.setdefault(row.day, []).append(row)
        self.pressing = model.forcing.hardship(cells.source, model.scenario.outside())
        self.parties = PartyLife(model)
        self.outside = 1.0 - model.parties.origins.sits
        self.refused = np.zeros(cells.n, dtype=np.float32)

    def live(self) -> None:
        """Run every phase once."""
        self.m.stage.day = self.m.day
        self.m.orders.begin()
        self.m.gauges.begin()
        for _, phase in self.phases:
            phase()

    def watch(self, seen: Callable[[str], None]) -> None:
        """Have ``seen(name of the phase)`` called after each phase from now on."""

        def watched(name: str, phase: Callable[[], None]) -> Callable[[], None]:
            def then() -> None:
                phase()
                seen(name)

            return then

        self.phases = [(name, watched(name, phase)) for name, phase in self.phases]

    @property
    def weekly(self) -> bool:
        """Whether a week of the run has passed today."""
        return (self.m.day - self.m.first) % WEEK == 0

    # --- what comes from outside and from events --------------------------------------------------------------------

    def forcing(self) -> None:
        self.baseline[:] = self.pressing.on(self.m.day)

    def economy(self) -> None:
        self.livelihood.economy(self.baseline, self.movement.struck, self.movement.settled)

    def war(self) -> None:
        self.livelihood.war(self.baseline, self.responsible)

    def bodies(self) -> None:
        m, p = self.m, self.m.parameters
        m.course.live(m.day, m.gauges, self.ask_whom_they_obey)
        for decision, option in m.course.taken:
            m.recorder.row("macro", m.day, "empire", f"decision/{decision}/{option}", 1.0)
        if m.parties.changes_on(m.today, m.rows_of_today()):
            m.parties.speak(m.today, m.happened())
        m.parties.take_sides(m.chamber.seats())
        self.responsible[:] = m.government.answer(
            m.chamber.seats(),
            m.parties.soviet_stance.astype(np.float64),
            days=1,
            lag=p.responsibility_lag,
            support_share=p.support_share,
        )

    def events(self) -> None:
        m = self.m
        m.shocks.fade()
        for entry in m.course.striking(m.day):
            if any(effect.kind == "elect" for effect in entry.event.effects):
                m.recorded.add(m.day)
            for index, delay in acting.strike(m.stage, entry.event):
                m.news.append((m.day + delay, entry.event.id, index, delay))
            m.recorder.row("events", m.day, entry.event.id, entry.status, entry.cause)
        self._write_toll()
        if "discipline" in m.shocks.struck and "war" not in m.scenario.off:
            self.livelihood.obey_today()
        due = [n for n in m.news if n[0] == m.day]
        m.news = [n for n in m.news if n[0] > m.day]
        for _, event, index, delay in due:
            acting.arrive(m.stage, m.event(event), index, delay)
        self.policy[:] = m.government.policy
        np.clip(self.baseline + m.shocks.total("hardship"), 0.0, 1.0, out=m.cells.hardship, casting="unsafe")

    def _write_toll(self) -> None:
        """Deaths of today's shootings as a range, by event and place (D-120, F-32)."""
        m = self.m
        for (event, place), deaths in m.stage.toll.items():
            for bound, persons in zip(("low", "high"), deaths, strict=True):
                m.recorder.row("macro", m.day, place, f"deaths_{bound}/{event}", float(persons))
        m.stage.toll.clear()

    # --- what people make of it -------------------------------------------------------------------------------------

    def demands(self) -> None:
        m, p = self.m, self.m.parameters
        demands.relax_demands(
            m.people.cell, m.people.want, m.people.urgency, m.cells.hardship, m.cells.push,
            self.policy, p.policy_relief, p.demand_rate, m.people.demand,
        )  # fmt: skip
        demands.mean_by_cell(m.society.cell_start, m.people.weight, m.people.demand, m.cells.demand)

    def blame(self) -> None:
        m, p = self.m, self.m.parameters
        office = self.responsible
        blame.clarity(m.cells.reach, m.cells.demand, m.parties.stance, office, p.clarity_floor, self.clarity)
        blame.charge(
            m.cells.demand, self.policy, self.clarity, office, m.parties.soviet_side, self.charge_left,
            self.floor, p.blame_rate, p.blame_half_life, m.cells.blame,
        )  # fmt: skip
        blame.lay_on_shooters(m.cells.blame, m.stage.shot_at, p.shooting_blame)
        m.stage.shot_at.clear()

    def credibility(self) -> None:
        m, p = self.m, self.m.parameters
        credibility.keep_or_break(
            m.cells.demand, self.policy, self.clarity, self.responsible,
            p.delivery_rate, p.failure_rate, m.cells.credibility,
        )  # fmt: skip
        if self.weekly:
            kin, before = m.society.kin, m.cells.credibility.copy()
            credibility.pass_on(
                kin.start, kin.cell, kin.heard, m.cells.share, p.belief_spread, before, m.cells.credibility
            )

    def reach(self) -> None:
        """Who is heard changes with the week's talk, and on any day on which something shuts or opens a voice."""
        m = self.m
        if not (self.weekly or m.shocks.struck & {"channel", "silenced", "opened"} or m.orders.turns()):
            return
        self.hear()

    def hear(self) -> None:
        """Reckon anew how far each party is heard in each cell."""
        m = self.m
        access = m.cells.access * np.exp(m.shocks.total("channel"))
        if (told := m.orders.access()) is not None:
            access = (access * told).astype(access.dtype)
        silenced = np.clip(m.shocks.total("silenced"), 0.0, 1.0)
        opened = m.shocks.total("opened").astype(np.float32)
        if m.parameters.agitator_voice > 0.0:
            opened = opened + np.float32(m.parameters.agitator_voice) * self.parties.agitators()
        reach.hear(
            access.astype(np.float32), m.parties.voice, opened,
            silenced.astype(np.float32), m.society.kin.start, m.society.kin.cell, m.society.kin.heard,
            m.cells.share, m.parameters.kin_tie, m.cells.reach,
        )  # fmt: skip
        self._considered = None

    def standing(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """What all people of a cell have in common toward each party today, [cells, P]: identity, reach, less blame."""
        m, p = self.m, self.m.parameters
        fading = p.identity_weight * 0.5 ** ((m.day - m.first + 1) / p.identity_half_life)
        if self._considered is None:
            self._considered = considered(m.cells.reach, m.parties.known)
        return fading * self.identity, self._considered, -m.cells.blame

    def attitudes(self) -> None:
        m, p = self.m, self.m.parameters
        identity, considered, blamed = self.standing()
        standing = (identity + considered + blamed).astype(np.float32)
        attitudes.appeal(m.parties.stance, m.cells.credibility, p.programme_weight, self.appeal)
        attitudes.relax_attitudes(
            m.people.cell, m.people.demand, m.people.soviet_power, m.people.consciousness, m.people.taste,
            standing, self.appeal, m.parties.allied, m.parties.soviet_stance,
            p.independence_weight, p.soviet_issue_weight, p.attitude_rate, m.people.attitude,
        )  # fmt: skip

    def assemblies(self) -> None:
        m = self.m
        assemblies.pull_together(
            m.society.assemblies.start,
            m.people.weight,
            m.people.stubbornness,
            m.parameters.assembly_pull,
            m.people.attitude,
        )

    def soviet_power(self) -> None:
        m, p = self.m, self.m.parameters
        distrust = m.cells.blame @ self.responsible
        self.refused = soviet_power.coalition(m.cells.blame, self.outside, m.government.held, m.cells.patience)
        soviet_power.relax_support(
            m.people.cell, m.people.demand, self.parties.followed(), m.people.consciousness,
            distrust.astype(np.float32), self.refused, self.isolation(),
            m.parties.soviet_stance, m.cells.soviet_start, DEMAND["power"],
            p.soviet_distrust, p.soviet_coalition, p.soviet_threat, p.soviet_following, p.split_fear, p.soviet_rate,
            m.people.soviet_power,
        )  # fmt: skip

    def isolation(self) -> NDArray[np.float32]:
        """How far a cell that is for soviet power sees itself ahead of the popular strata of the country, 0..1."""
        if self._isolation is None:
            power = self.m.cells.soviet_power
            country = np.average(power[self.popular], weights=self.popular_persons)
            self._isolation = np.asarray(np.clip(power - country, 0.0, 1.0), dtype=np.float32)
        return self._isolation

    def readiness(self) -> None:
        self.movement.steel()

    def action(self) -> None:
        self.movement.act()

    def strength(self) -> None:
        """On days for it, forces are asked whose orders they would obey."""
        self.m.armed.note()
        if self.m.armed.due():
            self.follow()
            self.m.armed.muster()

    def follow(self) -> None:
        """Whom people follow today; reckoned once, since attitudes are formed by now."""
        if self.followed != self.m.day:
            attitudes.follow(self.m.people.attitude, self.m.shares)
            self.followed = self.m.day

    def ask_whom_they_obey(self) -> None:
        """Forces are asked this morning, because something that is about to happen turns on it."""
        if "strength" in self.m.scenario.off:
            return
        self.follow()
        self.m.armed.survey_now()
        self.m.gauges.forget()
        self.followed = None

    # --- bodies and tables ------------------------------------------------------------------------------------------

    def elections(self) -> None:
        """Once a week, whenever a body is called and on the day of an outrage, deputies follow their electors."""
        m = self.m
        if not (self.weekly or m.chamber.called or "outrage" in m.shocks.struck):
            return
        self.follow()
        if self.weekly:
            demands.mean_by_cell(m.society.cell_start, m.people.weight, m.shares, m.cells.share)
            support = np.empty((m.cells.n, 1), dtype=np.float32)
            demands.mean_by_cell(m.society.cell_start, m.people.weight, m.people.soviet_power[:, None], support)
            m.cells.soviet_power[:] = support[:, 0]
            self._isolation = None
        m.chamber.sit(m.today, m.shares, m.people.soviet_power)

    def party_levels(self) -> None:
        if self.weekly:
            self.parties.settle()

    def membership(self) -> None:
        if self.weekly:
            self.parties.enrol()

    def knowledge(self) -> None:
        if self.weekly:
            self.parties.learn()

    def record(self) -> None:
        m = self.m
        self.movement.close_day(m.recorder)
        m.tally.note()
        if m.day in m.recorded:
            m.write_day()

    def write(self, recorder: Recorder) -> None:
        """Actions since the last recorded day, and the day's macro series, into the tables."""
        m = self.m
        self.movement.write(recorder)
        self.livelihood.write(recorder)
        for row in self.measured.get(m.day, ()):
            recorder.row("macro", row.day, row.place, row.series, row.value)
        for party, share in zip(PARTIES, self.responsible, strict=True):
            recorder.row("macro", m.day, "empire", f"responsibility/{party}", float(share))
        self.parties.write(recorder)
        m.tally.write(recorder)

    def state(self) -> dict[str, np.ndarray[Any, Any]]:
        """What the day carries over to the next, for a checkpoint."""
        own = {"responsible": self.responsible.copy(), "policy": self.policy.copy()}
        return own | self.livelihood.state() | self.movement.state()

    def load(self, state: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Put back what :meth:`state` gave."""
        self.responsible[...], self.policy[...] = state["responsible"], state["policy"]
        self._considered = self._isolation = None
        self.livelihood.load(state)
        self.movement.load(state)
