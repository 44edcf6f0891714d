"""What Mesa's DataCollector tells of a run: a row for each step, and groups by their type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.society.groups import Group
from sim.words.identifiers import PARTIES, PARTY

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Latest:
    """The last recorded day: allegiance [groups, P], support for soviet power and persons of groups."""

    day: date
    share: Floats
    support: Floats
    persons: Floats

    def country(self) -> dict[str, object]:
        """Means over everybody, by the name of the column."""
        everybody = self.persons.sum()
        means = {name: float(self.share[:, p] @ self.persons / everybody) for name, p in PARTY.items()}
        return {"date": self.day, "soviet_power": float(self.support @ self.persons / everybody), **means}


class Collector(mesa.DataCollector):
    """A DataCollector with a row for each step, which :func:`mesa.batch_run` counts on.

    People are summed on recorded days only (``every=1`` for all); a step between them repeats the last row, whose
    ``date`` says of which day it is. Groups are kept as arrays and laid out as rows when somebody asks for them.
    """

    def __init__(self, groups: Sequence[Group]):
        super().__init__(model_reporters={name: _told(name) for name in ("date", "soviet_power", *PARTIES)})
        self._groups = tuple(groups)
        self._kept: list[tuple[int, Latest]] = []
        self.row: dict[str, object] = {}

    def collect(self, model: Revolution) -> None:
        """Keep the model's last recorded day."""
        self.row = model.latest.country()
        self._kept.append((model.steps, model.latest))
        super().collect(model)

    def repeat(self) -> None:
        """Add the last row again."""
        for values in self.model_vars.values():
            values.extend(values[-1:])

    def get_agenttype_vars_dataframe(self, agent_type: type[Group]) -> pd.DataFrame:
        """Groups of a type on recorded days: place, support for soviet power, allegiance by party."""
        rows = [
            (step, g.unique_id, g.place, float(told.support[g.index]), _by_party(told.share[g.index]))
            for step, told in self._kept
            for g in self._groups
            if type(g) is agent_type
        ]
        columns = ["Step", "AgentID", "place", "soviet_power", "allegiance"]
        return pd.DataFrame.from_records(rows, columns=columns, index=["Step", "AgentID"])


def _by_party(share: Floats) -> dict[str, float]:
    return dict(zip(PARTIES, share.tolist(), strict=True))


def _told(column: str) -> Any:
    return lambda model: model.datacollector.row[column]
