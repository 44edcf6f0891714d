"""What single events did to beliefs and demands, within the terms of a traced run.

An event that bears out a warning, makes a charge or exposes one changes beliefs: that step is its own. An event that
strikes at what people live on adds a shock to hardship, which fades: of the demand that hardship presses, the event has
the part that its shock has in the hardship (shocks that are cut off at the bounds are cut in proportion). What events
do through policy, office, fear, blame and reach is not followed here; it stands in the terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms import attitude_terms as terms
from sim.words.identifiers import K, P

if TYPE_CHECKING:
    from sim.engine.trace import Tracer

Exact = NDArray[np.float64]
Floats = NDArray[np.float32]

#: A shock to hardship below this is over.
LEAST = 1e-4
BELIEF, DEMAND = "belief", "demand"


class Causes:
    """For each (event, way) met so far, a level and a part [n, P], and what it did to the shares, [groups, P]."""

    def __init__(self, tracer: Tracer):
        self.t, self.m = tracer, tracer.m
        n = tracer.rows.size
        self.cells, self.at = tracer.cells, tracer.cell
        self.keys: dict[tuple[str, str], int] = {}
        self.level, self.part, self.move = (np.zeros((n, 0, P)) for _ in range(3))
        self.sum = np.zeros((len(tracer.groups), 0, P))
        self.believed: list[tuple[int, Exact]] = []
        self.pressed: dict[int, Exact] = {}
        self.of_demand: dict[int, Exact] = {}
        self.shocks: dict[tuple[str, float], Exact] = {}
        self.layers = self._layers()
        #: What had come of each on the days that the tracer keeps, [groups, causes, P], of the causes met by then.
        self.kept: list[Exact] = [self.sum.copy()]

    def index(self, event: str, way: str) -> int:
        """The column of an event and a way in which it acts; a new one if it was not met before."""
        if (event, way) not in self.keys:
            self.keys[event, way] = len(self.keys)
            self.level, self.part, self.move, self.sum = (
                np.concatenate([a, np.zeros((a.shape[0], 1, P))], axis=1)
                for a in (self.level, self.part, self.move, self.sum)
            )
        return self.keys[event, way]

    def note_belief(self, cause: str, change: Exact) -> None:
        """A change of the programmes' appeal [cells, K, P] that a change of beliefs made."""
        if change.any():
            self.believed.append((self.index(cause, BELIEF), change))

    def _layers(self) -> dict[float, Exact]:
        return {half_life: layer[self.cells] for half_life, layer in self.m.shocks.layers("hardship").items()}

    def note_shock(self, event: str) -> None:
        """Hardship may have been shaken since the last look: the event did it."""
        if "hardship" not in self.m.shocks.struck:
            return
        now = self._layers()
        for half_life, layer in now.items():
            added = layer - self.layers.get(half_life, 0.0)
            if np.abs(added).max(initial=0.0) > 1e-12:
                self.shocks[event, half_life] = self.shocks.get((event, half_life), 0.0) + added
        self.layers = now

    def press(self) -> None:
        """After the demands of the day: what part of each person's demands each event's shock has come to."""
        if not (self.shocks or self.of_demand):
            return
        m, p, rows = self.m, self.m.parameters, self.t.rows
        people, cells = m.people, self.cells
        total = m.shocks.total("hardship")[cells]
        lasting = m.cells.hardship[cells] - m.pressing_without_events()[cells]
        kept = np.clip(np.divide(lasting, total, out=np.zeros_like(total), where=np.abs(total) > 1e-9), 0.0, 1.0)
        urgency = people.urgency[rows][:, None].astype(np.float64)
        asked = (m.cells.push * m.cells.hardship)[cells][self.at] * urgency
        cut = np.minimum(asked, 1.0) / np.maximum(asked, 1e-9)
        easing = 1.0 - p.policy_relief * m.government.policy
        weight = (1.0 - people.want[rows]) * m.cells.push[cells][self.at] * urgency * cut * easing
        aims: dict[str, Exact] = {}
        for (event, _), shock in self.shocks.items():
            aims[event] = aims.get(event, 0.0) + (kept * shock)[self.at] * weight
        for event in {event for event, _ in self.shocks}:
            self.of_demand.setdefault(self.index(event, DEMAND), np.zeros((rows.size, K)))
        for (event, way), e in self.keys.items():
            if way == DEMAND:
                had = self.of_demand[e]
                self.pressed[e] = p.demand_rate * (aims.get(event, 0.0) - had)
                self.of_demand[e] = had + self.pressed[e]

    def fade(self) -> None:
        """Over night shocks fade, as those of the model do; what is all but gone is forgotten."""
        for (event, half_life), shock in list(self.shocks.items()):
            self.shocks[event, half_life] = shock * 0.5 ** (1.0 / half_life)
            if np.abs(shock).max() < LEAST:
                del self.shocks[event, half_life]
        self.layers = {half_life: layer * 0.5 ** (1.0 / half_life) for half_life, layer in self.layers.items()}

    def relax(self, demand: Floats, demand_before: Floats, now: Floats, before: Floats, rate: float) -> None:
        """Move each cause's part of the attitudes for a day; arguments as of ``attitude_terms.relax_terms``."""
        mean = 0.5 * (demand.astype(np.float64) + demand_before)
        for e, change in self.believed:
            self.level[:, e] += np.einsum("nk,nkp->np", mean, change[self.at])
        both = 0.5 * (now.astype(np.float64) + before)[self.at]
        for e, change in self.pressed.items():
            self.level[:, e] += np.einsum("nk,nkp->np", change, both)
        self.believed.clear()
        self.pressed.clear()
        self.move = rate * (self.level - self.part)
        self.part += self.move

    def split(self, start: NDArray[np.int64], counted: Exact, before: Floats, after: Floats) -> None:
        """What the day's moves did to the shares; arguments as of ``attitude_terms.split_shares``."""
        terms.split_shares(start, counted, before, after, self.move, self.sum, np.zeros_like(self.sum))
        self.move[:] = 0.0

    def keep(self) -> None:
        """Keep what has come of each cause by today."""
        self.kept.append(self.sum.copy())
