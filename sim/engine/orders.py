"""What a scenario orders day by day: cabinets' policies set from outside, and how well people are told of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.inputs.changes import ChannelWindow, StartingFear, StartingWant, level_on
from sim.society.places import matching
from sim.words.calendar import date_of
from sim.words.identifiers import CHANNEL, DEMAND, STRATUM, C

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Floats = NDArray[np.float64]


class Orders:
    """The dated changes of one scenario. It keeps nothing from one day to the next."""

    def __init__(self, model: Revolution):
        self.m = model
        scenario = model.scenario
        self._since = scenario.changes_from
        self._told = [(window, self._cells(window)) for window in scenario.information]

    def begin(self) -> None:
        """A day begins: whoever governs does what the scenario says."""
        scenario = self.m.scenario
        if scenario.policy:
            self.m.government.overrule(level_on(scenario.policy, self.m.today, self._since))

    def turns(self) -> bool:
        """Whether people are told of things otherwise today than yesterday."""
        yesterday = date_of(self.m.day - 1)
        return any(w.active(self.m.today, self._since) != w.active(yesterday, self._since) for w, _ in self._told)

    def access(self) -> Floats | None:
        """What the access of cells to channels is multiplied by today [cells, C]; ``None`` if by nothing."""
        holding = [(window, at) for window, at in self._told if window.active(self.m.today, self._since)]
        if not holding:
            return None
        factor = np.ones((self.m.cells.n, C))
        for window, at in holding:
            factor[np.ix_(at, np.array([CHANNEL[name] for name in window.channels]))] *= window.scale
        return factor

    def start(self) -> None:
        """What people bring along on the first day, if the scenario has it otherwise."""
        initial, people = self.m.scenario.initial, self.m.people
        for want in initial.wants:
            at = np.isin(people.cell, self._cells(want))
            for column in (people.want, people.demand):
                wanted = column[at, DEMAND[want.demand]] * np.float32(want.scale)
                column[at, DEMAND[want.demand]] = np.clip(wanted, 0.0, 1.0)
        for fear in initial.fear:
            self.m.shocks.add("fear", self._cells(fear), fear.level, fear.half_life)
        self.m.shocks.struck.clear()

    def _cells(self, where: ChannelWindow | StartingWant | StartingFear) -> NDArray[np.intp]:
        places = frozenset(place for pattern in where.places for place in matching(pattern))
        return self.m.cells.where(places, frozenset(STRATUM[stratum] for stratum in where.strata))
