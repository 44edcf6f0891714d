"""Ties between cells: letters, leave, kin and neighbours that carry what people elsewhere follow (H-21, D-097, D-158).

People of one cell tell each other. A village is tied to its own front, not to an average of fronts; to the towns and
garrison of its province; a garrison to the workers of its town; a fleet to the workers of its base. Weights are ordinal
and declared in :data:`TIES`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.society.cells import Cells
from sim.words.identifiers import STRATA


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
        "letters and leave from the front that the province's men serve on (D-158)",
    ),
    Tie("peasant", "soldier", "same_province", 0.3, "the garrison of the province (B-011)", 0.02),
    Tie("peasant", "worker", "same_province", 0.8, "kin in the province's factories and towns", 0.2),
    Tie("soldier", "worker", "same_city", 0.5, "workers of the garrison's city (D-041)"),
    Tie("soldier", "worker", "same_province", 0.3, "workers of the garrison's province"),
    Tie("soldier", "peasant", "own_front", 0.2, "letters from home (D-036)"),
    Tie("worker", "soldier", "same_city", 0.3, "the garrison of the workers' city"),
    Tie("worker", "worker", "same_city", 0.3, "plants of other districts"),
    Tie("worker", "peasant", "same_province", 0.1, "the home village of recent migrants (B-003)"),
    Tie("sailor", "sailor", "same_fleet", 0.4, "ships and bases of one fleet (D-038)"),
    Tie("sailor", "worker", "same_fleet", 0.3, "workers of the base and of the capital"),
)

#: Cities and fleets by the first part of the place id.
_CITY = {"petrograd": "petrograd", "moscow": "moscow", "kronstadt": "petrograd"}
_FLEET = {
    "kronstadt": "baltic",
    "helsingfors": "baltic",
    "baltic_fleet": "baltic",
    "petrograd": "baltic",
    "black_sea_fleet": "black_sea",
}


@dataclass(frozen=True)
class Kin:
    """Ties in compressed rows: cell c hears from ``cell[start[c]:start[c + 1]]`` with ``weight``, by any relation."""

    start: NDArray[np.int64]
    cell: NDArray[np.int32]
    weight: NDArray[np.float32]


def _keys(cells: Cells, relation: str, index: int) -> str | None:
    place, kind = cells.place[index], cells.kind[index]
    head = place.split("/")[0]
    if relation == "same_cell":
        return str(index)
    if relation == "own_front":
        return place if kind == "front" else (cells.source[index].nearest_front if kind == "villages" else None)
    if relation == "same_province":
        return cells.province[index] if kind in ("towns", "garrisons", "villages", "industrial") else None
    if relation == "same_city":
        return _CITY.get(head)
    return _FLEET.get(head)


def knit(cells: Cells) -> Kin:
    """Work out the ties of all cells. Sources of one relation share its weight by their numbers of people."""
    heard: list[list[tuple[int, float]]] = [[] for _ in range(cells.n)]
    for tie in TIES:
        sources: dict[str, list[int]] = {}
        for i in range(cells.n):
            key = _keys(cells, tie.relation, i)
            if key is not None and STRATA[int(cells.stratum[i])] == tie.source:
                sources.setdefault(key, []).append(i)
        for i in range(cells.n):
            if STRATA[int(cells.stratum[i])] != tie.stratum:
                continue
            key = _keys(cells, tie.relation, i)
            others = (
                [j for j in sources.get(key, []) if j != i or tie.relation == "same_cell"] if key is not None else []
            )
            total = sum(cells.persons[j] for j in others)
            full = min(1.0, total / (tie.full_at * cells.persons[i])) if tie.full_at > 0.0 else 1.0
            heard[i].extend((j, full * tie.weight * cells.persons[j] / total) for j in others)
    start = np.cumsum([0, *(len(h) for h in heard)]).astype(np.int64)
    flat = [pair for row in heard for pair in row]
    return Kin(
        start=start,
        cell=np.array([j for j, _ in flat], dtype=np.int32),
        weight=np.array([w for _, w in flat], dtype=np.float32),
    )
