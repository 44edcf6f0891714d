"""A society on 23 February 1917: cells, groups, people, assemblies and the ties between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.society import access, assemblies, sampling, ties
from sim.society.cells import Cells
from sim.society.people import People
from sim.society.population import population, resized
from sim.words.identifiers import STRATA


@dataclass(frozen=True)
class Society:
    """Everyone, and where they stand to each other.

    ``groups`` names each group's place and stratum; group g owns the people ``group_start[g]:group_start[g + 1]``, cell
    c the people ``cell_start[c]:cell_start[c + 1]``.
    """

    cells: Cells
    people: People
    assemblies: assemblies.Assemblies
    kin: ties.Kin
    groups: tuple[tuple[str, str], ...]
    group_of_cell: NDArray[np.int64]
    group_start: NDArray[np.int64]
    cell_start: NDArray[np.int64]

    @property
    def group_persons(self) -> NDArray[np.float64]:
        """Real persons of each group."""
        persons = np.bincount(self.group_of_cell, weights=self.cells.persons, minlength=len(self.groups))
        return persons.astype(np.float64)


def found(
    agents: int, seed: int, parameters: Parameters, persons: Mapping[str, Mapping[str, float]] | None = None
) -> Society:
    """Make the society. ``persons`` as in :func:`sim.society.population.resized`.

    Raises :class:`InputError` when ``agents`` is too few for its cells.
    """
    cells = Cells(resized(population(), persons).cells if persons else population().cells)
    keys = list(zip(cells.place, (STRATA[s] for s in cells.stratum), strict=True))
    groups = tuple(dict.fromkeys(keys))
    index = {key: g for g, key in enumerate(groups)}
    group_of_cell = np.array([index[key] for key in keys], dtype=np.int64)
    if (np.diff(group_of_cell) < 0).any():
        raise ValueError("cells must come sorted by place and stratum, so that each group owns one slice of the people")
    access.open_channels(cells, parameters)
    people = sampling.sample(cells, group_of_cell, agents, seed, parameters)
    return Society(
        cells=cells,
        people=people,
        assemblies=assemblies.gather(people, cells, seed),
        kin=ties.knit(cells, parameters.tongue_barrier),
        groups=groups,
        group_of_cell=group_of_cell,
        group_start=np.searchsorted(people.group, np.arange(len(groups) + 1)).astype(np.int64),
        cell_start=np.searchsorted(people.cell, np.arange(cells.n + 1)).astype(np.int64),
    )
