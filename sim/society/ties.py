"""Ties between cells: letters, leave, kin and neighbours that carry what people elsewhere follow (H-21, D-097, D-158).

People of one cell tell each other. A village is tied to the fronts that its men serve on, the nearest more than the
others; to the towns and garrison of its province; to the factories of the capitals as far as its people went to work
there; a garrison to the workers of its town and a town to its garrison; a fleet to the workers of its base. Kin and
comrades understand each other; among strangers part of a word is lost on people of another mother tongue. Weights are
ordinal and declared in :data:`TIES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from sim.society.assumptions import ASSUMPTIONS
from sim.society.cell import Cell
from sim.society.cells import Cells
from sim.words.identifiers import STRATA, TONGUE, TONGUES

#: Seasonal work took villagers to the capital they could reach: most of those who left went less than this far, in km
#: (Burds, Peasant Dreams and Market Politics, 1998: Central Industrial provinces gave most; the length is ours).
MIGRATION_KM = 250.0
#: Troops at rest, hospitals and workshops filled the country behind a front to about this depth, in km (assumption).
FRONT_ZONE_KM = 150.0


@dataclass(frozen=True)
class Tie:
    """Cells of ``stratum`` hear from cells of ``source`` that stand in a relation to them."""

    stratum: str
    source: str
    relation: str
    weight: float
    meaning: str
    #: Sources per listener (persons) at which the tie is at full weight; 0: always. A village with little industry
    #: around has few kin in factories.
    full_at: float = 0.0


TIES = (
    *(Tie(stratum, stratum, "same_cell", 0.5, "comrades, workmates, neighbours (D-017, H-19)") for stratum in STRATA),
    Tie(
        "peasant",
        "soldier",
        "own_front",
        0.6,
        "letters and leave from the fronts that the province's men serve on (D-158)",
    ),
    Tie("peasant", "soldier", "same_province", 0.3, "the garrison of the province (B-011)", 0.02),
    Tie("peasant", "worker", "same_province", 0.8, "kin in the province's factories and towns", 0.2),
    # The strongest: who worked there for a season was still of the household (Burds, 1998).
    Tie("peasant", "worker", "went_to_work", 2.0, "kin in the factories of the capitals (B-003)"),
    Tie("peasant", "soldier", "behind_the_front", 0.5, "troops quartered in the village"),
    Tie("soldier", "worker", "same_city", 0.5, "workers of the garrison's city (D-041)"),
    Tie("soldier", "worker", "same_province", 0.3, "workers of the garrison's province"),
    Tie("soldier", "peasant", "own_front", 0.2, "letters from home (D-036)"),
    Tie("worker", "soldier", "same_city", 0.3, "the garrison of the workers' city"),
    Tie("worker", "soldier", "same_province", 0.3, "the garrison of the workers' province", 0.5),
    Tie("worker", "soldier", "behind_the_front", 0.5, "troops and workshops of the front around the town"),
    Tie("worker", "worker", "same_city", 0.3, "plants of other districts"),
    Tie("worker", "peasant", "same_province", 0.1, "the home village of recent migrants (B-003)"),
    Tie("sailor", "sailor", "same_fleet", 0.4, "ships and bases of one fleet (D-038)"),
    Tie("sailor", "worker", "same_fleet", 0.3, "workers of the base and of the capital"),
)

#: Relations between people who need not be kin or comrades: they talk as far as they share a mother tongue.
STRANGERS = ("same_province", "same_city", "same_fleet", "behind_the_front")
#: Cities and fleets by the first part of the place id.
_CITY = {"petrograd": "petrograd", "moscow": "moscow", "kronstadt": "petrograd"}
_FLEET = {
    "kronstadt": "baltic",
    "helsingfors": "baltic",
    "baltic_fleet": "baltic",
    "petrograd": "baltic",
    "black_sea_fleet": "black_sea",
}
_INLAND = ("towns", "garrisons", "villages", "industrial")


@dataclass(frozen=True)
class Kin:
    """Ties in compressed rows: cell c is tied to ``cell[start[c]:start[c + 1]]`` with ``weight``, by any relation.

    ``heard`` is the weight of what is understood of it.
    """

    start: NDArray[np.int64]
    cell: NDArray[np.int32]
    weight: NDArray[np.float32]
    heard: NDArray[np.float32]


def _fronts_of_home(cells: Cells) -> Mapping[str, float]:
    """Soldiers of each front."""
    return {
        cells.place[i]: float(cells.persons[i])
        for i in range(cells.n)
        if cells.kind[i] == "front" and STRATA[int(cells.stratum[i])] == "soldier"
    }


def _source(cells: Cells, relation: str, index: int) -> str | None:
    """The key under which others find a cell by a relation."""
    place, kind = cells.place[index], cells.kind[index]
    head = place.split("/")[0]
    if relation == "same_cell":
        return str(index)
    if kind == "front" and relation in ("own_front", "behind_the_front"):
        return place
    if relation == "own_front":
        return cells.source[index].nearest_front if kind == "villages" else None
    if relation == "behind_the_front":
        return None
    if relation == "went_to_work":
        return head if head in ("petrograd", "moscow") else None
    if relation == "same_province":
        return cells.province[index] if kind in _INLAND else None
    return _CITY.get(head) if relation == "same_city" else _FLEET.get(head)


def _bonds(cells: Cells, relation: str, index: int, fronts: Mapping[str, float]) -> dict[str, float]:
    """The keys to which a cell stands in a relation, and how closely (0..1)."""
    kind, cell = cells.kind[index], cells.source[index]
    if relation == "own_front" and kind == "villages":
        return _served_on(cell.nearest_front, fronts)
    if relation == "behind_the_front":
        return {cell.nearest_front: exp(-cell.km_to_european_front / FRONT_ZONE_KM)} if kind in _INLAND else {}
    if relation == "went_to_work":
        distances = {"petrograd": cell.km_to_petrograd, "moscow": cell.km_to_moscow}
        return {city: exp(-km / MIGRATION_KM) for city, km in distances.items()} if kind == "villages" else {}
    key = _source(cells, relation, index)
    return {key: 1.0} if key is not None else {}


def _served_on(nearest: str, fronts: Mapping[str, float]) -> dict[str, float]:
    """Where a province's men served: on every front by its size, on the nearest more, as in the army's make-up."""
    weights = {f: size * (ASSUMPTIONS["own_front"].value if f == nearest else 1.0) for f, size in fronts.items()}
    total = sum(weights.values())
    return {front: weight / total for front, weight in weights.items()}


def understood(cells: Cells, barrier: float) -> NDArray[np.float64]:
    """How much of a word of one cell (column) gets through to another (row), 0..1 [cells, cells].

    People of one mother tongue understand each other, Russians and Belorussians too; between any others ``barrier`` of
    a word is lost. The peoples counted as other are not told apart.
    """
    east = [TONGUE["russian"], TONGUE["belorussian"]]
    alike = np.eye(len(TONGUES))
    alike[np.ix_(east, east)] = 1.0
    shared: NDArray[np.float64] = cells.tongues @ alike @ cells.tongues.T
    return 1.0 - barrier * (1.0 - shared)


def knit(cells: Cells, barrier: float) -> Kin:
    """The ties of all cells. Sources of one relation share its weight by their numbers of people.

    ``barrier`` is the parameter ``tongue_barrier``. No chance is in ties: they are worked out once a process for the
    same cells, and are not to be written to.
    """
    plain, strange, kin = _knit(cells.source)
    rows = np.repeat(np.arange(cells.n), np.diff(kin.start))
    through = understood(cells, barrier)[rows, kin.cell]
    return replace(kin, heard=(plain + strange * through).astype(np.float32))


@lru_cache(maxsize=2)
def _knit(source: tuple[Cell, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64], Kin]:
    """Weight among kin and comrades and weight among strangers, tie by tie, and both together."""
    cells = Cells(source)
    fronts = _fronts_of_home(cells)
    heard: list[list[tuple[int, float, bool]]] = [[] for _ in range(cells.n)]
    for tie in TIES:
        sources: dict[str, list[int]] = {}
        for i in range(cells.n):
            if STRATA[int(cells.stratum[i])] == tie.source:
                key = _source(cells, tie.relation, i)
                if key is not None:
                    sources.setdefault(key, []).append(i)
        for i in range(cells.n):
            if STRATA[int(cells.stratum[i])] != tie.stratum:
                continue
            for bond, closeness in _bonds(cells, tie.relation, i, fronts).items():
                others = [j for j in sources.get(bond, []) if j != i or tie.relation == "same_cell"]
                total = sum(cells.persons[j] for j in others)
                full = min(1.0, total / (tie.full_at * cells.persons[i])) if tie.full_at > 0.0 else 1.0
                weight = closeness * full * tie.weight
                strange = tie.relation in STRANGERS
                heard[i].extend((j, weight * cells.persons[j] / total, strange) for j in others)
    flat = [tied for row in heard for tied in row]
    weights = np.array([w for _, w, _ in flat])
    strangers = np.array([s for _, _, s in flat])
    kin = Kin(
        start=np.cumsum([0, *(len(h) for h in heard)]).astype(np.int64),
        cell=np.array([j for j, _, _ in flat], dtype=np.int32),
        weight=weights.astype(np.float32),
        heard=weights.astype(np.float32),
    )
    return weights * ~strangers, weights * strangers, kin
