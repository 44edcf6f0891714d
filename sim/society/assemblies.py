"""Assemblies: where a person talks politics and votes by show of hands.

Assemblies are sampled, never shrunk: each keeps the real size of its kind and has at least eight simulated people; a
row stands for as many like it as the weights of its people say. Thresholds and seats count real persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.society.cells import Cells
from sim.society.people import People
from sim.society.sizes import SizeClass, assembly_kind, size_classes
from sim.words.draws import Stream, stratified_uniforms, uniforms

LEAST_MEMBERS = 8
USUAL_MEMBERS = 10
#: Steps of the log scale inside a class of sizes.
STEPS = 16


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
    """Cut each group's people into assemblies and write ``people.assembly`` and ``people.threshold``."""
    starts: list[int] = [0]
    sizes: list[float] = []
    luck = uniforms(seed, Stream.ASSEMBLY_SIZE, 0, np.arange(people.n))
    bounds = np.flatnonzero(np.r_[True, np.diff(people.group) != 0, True])
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        at = int(first)
        while at < last:
            cell = cells.source[int(people.cell[at])]
            classes = size_classes(assembly_kind(cell.stratum, cells.kind[int(people.cell[at])]), cell.place)
            stands_for = float(people.weight[at]) * cell.at_work / cell.persons
            real = _draw_size(classes, stands_for, int(last - first), float(luck[len(sizes)]))
            members = max(USUAL_MEMBERS, round(real / stands_for))
            if last - at - members < LEAST_MEMBERS:
                members = int(last) - at
            at += members
            starts.append(at)
            sizes.append(real)
    start = np.array(starts, dtype=np.int64)
    people.assembly[:] = np.repeat(np.arange(start.size - 1), np.diff(start))
    people.threshold[:] = _thresholds(people, seed)
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


def _thresholds(people: People, seed: int) -> NDArray[np.float64]:
    """Share of the others at which each person joins: spread evenly over 0.05 to 0.95 inside the person's own assembly.

    Ten people who stand for hundreds must not leave gaps that hundreds would not have: drawn without regard to the
    assembly, they stopped half of all cascades at 20,000 people and hardly any at 2,000 (docs/scale.md).
    """
    meeting = people.assembly.astype(np.int64)
    return 0.05 + 0.9 * stratified_uniforms(seed, Stream.TRAIT_THRESHOLD, np.arange(people.n), meeting)


def _draw_size(classes: tuple[SizeClass, ...], stands_for: float, most: int, u: float) -> float:
    """A size from classes, evenly on the log scale inside a class, so that each class holds its share of the *people*.

    A plant that takes more simulated people (``stands_for`` real ones each, at most ``most`` people) is drawn as much
    less often: else large plants would be counted twice, by their share and by their members, and the more so the
    finer the sample.
    """
    sizes, ratio, share = _grid(classes)
    chance = np.cumsum(share / np.clip(sizes / stands_for, USUAL_MEMBERS, max(most, USUAL_MEMBERS)))
    at = min(int(np.searchsorted(chance, u * chance[-1], side="right")), sizes.size - 1)
    before = chance[at - 1] if at else 0.0
    within = (u * chance[-1] - before) / (chance[at] - before)
    return float(round(sizes[at] * ratio[at] ** (within - 0.5)))


@lru_cache(maxsize=64)
def _grid(classes: tuple[SizeClass, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Classes cut into steps of the log scale: the middle size of each step, its ratio of ends, its share."""
    step = (np.arange(STEPS) + 0.5) / STEPS
    sizes = np.concatenate([c.low * (c.high / c.low) ** step for c in classes])
    ratio = np.repeat([(c.high / c.low) ** (1.0 / STEPS) for c in classes], STEPS)
    share = np.repeat([c.share / STEPS for c in classes], STEPS)
    return sizes, ratio, share
