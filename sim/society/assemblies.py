"""Assemblies: where a person talks politics and votes by show of hands.

Assemblies are sampled, never shrunk: each keeps the real size of its kind and has at least eight simulated people; a
row stands for as many like it as the weights of its people say. Thresholds and seats count real persons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.society.cells import Cells
from sim.society.people import People
from sim.society.sizes import SizeClass, assembly_kind, size_classes
from sim.words.draws import Stream, uniforms

LEAST_MEMBERS = 8
USUAL_MEMBERS = 10


@dataclass(frozen=True)
class Assemblies:
    """One row an assembly. Assembly a owns the people ``start[a]:start[a + 1]``."""

    start: NDArray[np.int64]
    group: NDArray[np.int32]
    cell: NDArray[np.int32]
    trade: NDArray[np.int8]
    real_size: NDArray[np.float64]
    copies: NDArray[np.float64]

    @property
    def n(self) -> int:
        """How many assemblies are simulated."""
        return self.start.size - 1


def gather(people: People, cells: Cells, seed: int) -> Assemblies:
    """Cut each group's people into assemblies and write ``people.assembly``. Real sizes are drawn by persons."""
    starts, sizes = [0], []
    luck = uniforms(seed, Stream.ASSEMBLY_SIZE, 0, np.arange(people.n))
    bounds = np.flatnonzero(np.r_[True, np.diff(people.group) != 0, True])
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        at = int(first)
        while at < last:
            cell = cells.source[int(people.cell[at])]
            classes = size_classes(assembly_kind(cell.stratum, cells.kind[int(people.cell[at])]), cell.place)
            real = _draw_size(classes, float(luck[len(sizes)]))
            stands_for = float(people.weight[at]) * cell.at_work / cell.persons
            members = max(USUAL_MEMBERS, round(real / stands_for))
            if last - at - members < LEAST_MEMBERS:
                members = int(last) - at
            at += members
            starts.append(at)
            sizes.append(real)
    start = np.array(starts, dtype=np.int64)
    people.assembly[:] = np.repeat(np.arange(start.size - 1), np.diff(start))
    # The cell and the trade of an assembly are those of its middle member: people are sorted by both.
    middle = (start[:-1] + start[1:]) // 2
    at_work = (cells.at_work / cells.persons)[people.cell]
    persons = np.add.reduceat(people.weight * at_work, start[:-1])
    real_size = np.minimum(np.array(sizes, dtype=np.float64), persons)
    return Assemblies(
        start=start,
        group=people.group[middle].copy(),
        cell=people.cell[middle].copy(),
        trade=people.trade[middle].copy(),
        real_size=real_size,
        copies=persons / real_size,
    )


def _draw_size(classes: tuple[SizeClass, ...], u: float) -> float:
    """A size from classes, evenly on the log scale inside a class."""
    for size in classes:
        if u < size.share:
            return float(round(size.low * (size.high / size.low) ** (u / size.share)))
        u -= size.share
    return float(classes[-1].high)
