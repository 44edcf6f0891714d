"""What bodies may see of the people: builds the tables that :mod:`sim.politics.view` declares from the society."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.demands import mean_by_cell
from sim.politics.view import AssemblyView, CellView
from sim.society.places import PLACES, place_index
from sim.society.society import Society
from sim.words.identifiers import P

_PLACES = tuple(place.id for place in PLACES)


class Views:
    """The fixed part of both views, and the means that change."""

    def __init__(self, society: Society):
        self._society = society
        cells, meeting = society.cells, society.assemblies
        self._cell_place = np.array([place_index(p) for p in cells.place], dtype=np.int64)
        self.provinces = tuple(dict.fromkeys(p for p in cells.province))
        index = {p: i for i, p in enumerate(self.provinces)}
        self._cell_province = np.array([index[p] for p in cells.province], dtype=np.int64)
        self._tongue = cells.tongues
        self._women = np.array([c.women for c in cells.source], dtype=np.float64)
        self._assembly_place = self._cell_place[meeting.cell]
        self._assembly_stratum = cells.stratum[meeting.cell].astype(np.int64)

    def assemblies(self, shares: NDArray[np.float32], soviet_power: NDArray[np.float32]) -> AssemblyView:
        """Assemblies today, from the people's allegiance [n, P] and support for soviet power [n]."""
        meeting, people = self._society.assemblies, self._society.people
        share = np.empty((meeting.n, P))
        mean_by_cell(meeting.start, people.weight, shares, share)
        support = np.empty((meeting.n, 1))
        mean_by_cell(meeting.start, people.weight, soviet_power[:, None], support)
        return AssemblyView(
            place_names=_PLACES,
            place=self._assembly_place,
            group=meeting.group.astype(np.int64),
            stratum=self._assembly_stratum,
            trade=meeting.trade.astype(np.int64),
            real_size=meeting.real_size,
            copies=meeting.copies,
            share=share / share.sum(axis=1, keepdims=True),
            soviet_power=support[:, 0],
        )

    def cells(self, shares: NDArray[np.float32]) -> CellView:
        """The electorate by cell today, from the people's allegiance [n, P]."""
        society = self._society
        share = np.empty((society.cells.n, P))
        mean_by_cell(society.cell_start, society.people.weight, shares, share)
        return CellView(
            place_names=_PLACES,
            province_names=self.provinces,
            place=self._cell_place,
            province=self._cell_province,
            stratum=society.cells.stratum.astype(np.int64),
            persons=society.cells.voters,
            share=share / share.sum(axis=1, keepdims=True),
            turnout=np.ones(society.cells.n),
            tongue=self._tongue,
            women=self._women,
        )
