"""Groups: each place and stratum is one Mesa agent that owns a slice of the people's columns.

A group borrows the verbs of a Mesa AgentSet (``get``, ``agg``, ``select``), so that a Mesa user is at home, while the
people stay columns that kernels can sweep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.words.errors import unknown
from sim.words.identifiers import DEMANDS, PARTIES, PARTY, STRATA

if TYPE_CHECKING:
    from sim.society.people import People


class Group(mesa.Agent):
    """The people of one stratum in one place."""

    stratum = ""

    def __init__(self, model: Any, index: int, place: str, people: People, rows: slice):
        super().__init__(model)
        self.index = index
        self.place = place
        self.people = people
        self.rows = rows

    @property
    def n(self) -> int:
        """Simulated people."""
        return int(self.rows.stop - self.rows.start)

    @property
    def persons(self) -> float:
        """Real people."""
        return float(self.people.weight[self.rows].sum())

    def get(self, column: str) -> NDArray[Any]:
        """This group's slice of a column (a view, not a copy)."""
        if not hasattr(self.people, column):
            raise unknown("column", column, [c.name for c in self.people.COLUMNS])
        return np.asarray(getattr(self.people, column)[self.rows])

    def agg(self, column: str, how: Callable[[NDArray[Any]], Any] | None = None) -> Any:
        """The mean of a column weighted by persons, or ``how`` applied to the slice."""
        values = self.get(column)
        if how is not None:
            return how(values)
        return np.average(values, axis=0, weights=self.people.weight[self.rows])

    def select(self, test: Callable[[Group], NDArray[np.bool_]]) -> NDArray[np.intp]:
        """Row numbers of the people for whom ``test(group)`` is true."""
        return np.asarray(np.flatnonzero(test(self)) + self.rows.start, dtype=np.intp)

    @property
    def allegiance(self) -> dict[str, float]:
        """Share of each party among the group's people."""
        attitude = self.get("attitude").astype(np.float64)
        e = np.exp(attitude - attitude.max(axis=1, keepdims=True))
        mean = np.average(e / e.sum(axis=1, keepdims=True), axis=0, weights=self.people.weight[self.rows])
        return dict(zip(PARTIES, (float(x) for x in mean), strict=True))

    def share(self, party: str) -> float:
        """Share of one party among the group's people."""
        if party not in PARTY:
            raise unknown("party", party, PARTIES)
        return self.allegiance[party]

    @property
    def soviet_power(self) -> float:
        """Mean support for soviet power."""
        return float(self.agg("soviet_power"))

    @property
    def demands(self) -> dict[str, float]:
        """Mean of each demand."""
        return dict(zip(DEMANDS, (float(x) for x in self.agg("demand")), strict=True))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.place}: {self.persons:,.0f} persons, {self.n} simulated>"


class Workers(Group):
    """Industrial and transport workers (B-001 to B-006)."""

    stratum = "worker"


class Soldiers(Group):
    """Soldiers of the fronts and garrisons (B-009 to B-011)."""

    stratum = "soldier"


class Sailors(Group):
    """Sailors of the fleets and bases (B-012)."""

    stratum = "sailor"


class Peasants(Group):
    """Peasants, by the commune (B-013)."""

    stratum = "peasant"


class MiddleStrata(Group):
    """Intelligentsia, employees, officials (B-018, B-019)."""

    stratum = "middle"


class Propertied(Group):
    """Census society and officers of that standing (B-014 to B-017)."""

    stratum = "propertied"


GROUP_OF_STRATUM: dict[str, type[Group]] = {
    cls.stratum: cls for cls in (Workers, Soldiers, Sailors, Peasants, MiddleStrata, Propertied)
}
assert tuple(GROUP_OF_STRATUM) == STRATA
