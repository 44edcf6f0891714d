"""Sampling: how many simulated people stand for each cell, and what each of them is like.

Groups (place and stratum) are sampled evenly, whatever their size, and each person carries a weight; inside a group
the sample follows the square root of the cells' sizes, with at least two people a cell. Traits are drawn by
stratified sampling inside the group, so that small runs agree with large ones (rule 5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.inputs.strata import strata_traits
from sim.society.cells import Cells
from sim.society.people import People
from sim.words.draws import Stream, stratified_normals, stratified_uniforms, uniforms
from sim.words.errors import InputError
from sim.words.identifiers import DEMAND, STRATUM, P

LEAST_PER_CELL = 2


def quotas(group_of_cell: NDArray[np.int64], persons: NDArray[np.float64], agents: int) -> NDArray[np.int64]:
    """Simulated people for each cell; adds up to ``agents``.

    Raises :class:`InputError` when there are not enough for two people in every cell.
    """
    cells = persons.size
    least = LEAST_PER_CELL * cells
    if agents < least:
        raise InputError(f"--agents {agents} is too few: the society has {cells} cells. Expected at least {least}.")
    groups = int(group_of_cell.max()) + 1
    root = np.sqrt(persons)
    in_group = np.bincount(group_of_cell, weights=root, minlength=groups)
    wish = (agents / groups) * root / in_group[group_of_cell]
    # Raise the small cells to the least and take the difference from the others in proportion.
    fixed = np.zeros(cells, dtype=bool)
    share = wish.copy()
    while True:
        low = ~fixed & (share < LEAST_PER_CELL)
        if not low.any():
            break
        fixed |= low
        share[fixed] = LEAST_PER_CELL
        share[~fixed] = wish[~fixed] * (agents - LEAST_PER_CELL * fixed.sum()) / wish[~fixed].sum()
    whole = np.floor(share).astype(np.int64)
    rest = agents - int(whole.sum())
    order = np.lexsort((np.arange(cells), -(share - whole)))
    whole[order[:rest]] += 1
    return whole


def sample(cells: Cells, group_of_cell: NDArray[np.int64], agents: int, seed: int, parameters: Parameters) -> People:
    """Make the people, sorted by group, cell and trade, with weights and traits."""
    count = quotas(group_of_cell, cells.persons, agents)
    order = np.lexsort((np.arange(cells.n), group_of_cell))
    cell = np.repeat(order, count[order])
    people = People(agents)
    people.cell[:] = cell
    people.group[:] = group_of_cell[cell]
    people.weight[:] = (cells.persons / count)[cell]
    _draw_traits(people, cells, seed, parameters)
    return people


def _pick(u: NDArray[np.float64], cumulative: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the first column whose cumulative share passes ``u``; ``cumulative`` [n, options]."""
    return np.asarray((u[:, None] >= cumulative).sum(axis=1).clip(0, cumulative.shape[1] - 1), dtype=np.int64)


def _cumulative(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)


def _draw_traits(people: People, cells: Cells, seed: int, parameters: Parameters) -> None:
    traits = strata_traits()
    ids = np.arange(people.n)
    cell, group = people.cell.astype(np.int64), people.group.astype(np.int64)
    stratum = cells.stratum[people.cell]

    tongue_shares = np.array([c.tongues for c in cells.source])

    # Trades are laid out in order inside a cell, so that plants are of one trade.
    jitter = stratified_uniforms(seed, Stream.TRAIT_TRADE, ids, cell)
    in_order = np.empty(people.n)
    in_order[np.lexsort((ids, cell))] = jitter[np.lexsort((jitter, cell))]
    people.trade[:] = _pick(in_order, _cumulative(cells.trades)[cell])
    trade = people.trade.astype(np.int64)

    people.tongue[:] = _pick(
        stratified_uniforms(seed, Stream.TRAIT_TONGUE, ids, cell), _cumulative(tongue_shares)[cell]
    )
    people.woman[:] = stratified_uniforms(seed, Stream.TRAIT_SEX, ids, group) < traits.women[trade]
    reads = traits.literacy[trade] * np.where(people.woman, traits.women_literacy, 1.0)
    reads = np.where(stratum == STRATUM["peasant"], cells.literacy[cell] * np.where(people.woman, 0.65, 1.25), reads)
    people.literate[:] = stratified_uniforms(seed, Stream.TRAIT_LITERACY, ids, group) < reads

    def around(mean: NDArray[np.float32], stream: Stream, spread: float) -> NDArray[np.float64]:
        return np.clip(mean[trade] + spread * stratified_normals(seed, stream, ids, group), 0.0, 1.0)

    people.consciousness[:] = around(traits.consciousness, Stream.TRAIT_CONSCIOUSNESS, 0.15)
    people.village_tie[:] = around(traits.village_tie, Stream.TRAIT_VILLAGE_TIE, 0.15)
    people.stubbornness[:] = stratified_uniforms(seed, Stream.TRAIT_STUBBORNNESS, ids, group)
    # Plants of over 500 were where owners shut everybody out in the spring of 1914 (S203).
    remembered = around(traits.memory, Stream.TRAIT_MEMORY, 0.15) * (0.6 + 0.6 * cells.plant_size[cell])
    people.memory[:] = np.clip(remembered, 0.0, 1.0)
    people.urgency[:] = np.exp(parameters.urgency_spread * stratified_normals(seed, Stream.START_DEMAND, ids, group))

    people.want[:] = traits.want[stratum] * traits.engagement[trade][:, None]
    people.urgency *= traits.engagement[trade]
    people.want[:, DEMAND["nation"]] = traits.nation_want[people.tongue]
    people.want[:, DEMAND["land"]] *= 0.4 + 0.6 * people.village_tie
    np.clip(people.want * people.urgency[:, None] ** np.float32(0.5), 0.0, 1.0, out=people.want)
    people.demand[:] = people.want
    for p in range(P):
        people.taste[:, p] = parameters.taste_spread * stratified_normals(seed, Stream.TASTE + p, ids, cell)
    people.member[:] = -1
    people.expects_soviets[:] = 0.5


def daily_luck(seed: int, stream: Stream, day: int, n: int) -> NDArray[np.float64]:
    """One draw a person for one decision on one day, shape [n]."""
    return uniforms(seed, stream, day, np.arange(n))
