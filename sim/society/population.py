"""How many people lived where in 1917: every cell with its count, its range and how it was reckoned.

:func:`population` is the count that the model samples people from; :func:`places_table` and :func:`totals` are what
``october list places`` prints. :func:`reckon` is the same count under other assumptions, or without unverified rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from sim.inputs.evidence import load
from sim.society import army, civilians
from sim.society.assumptions import values
from sim.society.cell import Cell
from sim.society.industry import industrial_workers
from sim.society.places import PLACE, PLACES, Place, matching
from sim.words.errors import InputError, unknown
from sim.words.identifiers import STRATA, STRATUM

__all__ = ["Cell", "Population", "places_table", "population", "reckon", "resized", "totals"]


@dataclass(frozen=True)
class Population:
    """Every cell, sorted by place, stratum and province."""

    cells: tuple[Cell, ...]

    @property
    def persons(self) -> float:
        """Everyone, men in uniform included."""
        return sum(cell.persons for cell in self.cells)

    @property
    def voters(self) -> float:
        """Everyone who may vote for the Constituent Assembly."""
        return sum(cell.voters for cell in self.cells)

    @cached_property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """The groups (place, stratum) that have people, in order."""
        return tuple(dict.fromkeys(cell.group for cell in self.cells))

    def select(
        self, places: str = "all", strata: Iterable[str] = STRATA, province: str | None = None
    ) -> tuple[Cell, ...]:
        """The cells of the places that a pattern names, of some strata, of one province or all."""
        wanted, kinds = set(matching(places)), set(strata)
        for stratum in kinds - set(STRATA):
            raise unknown("stratum", stratum, STRATA)
        return tuple(
            cell
            for cell in self.cells
            if cell.place in wanted and cell.stratum in kinds and province in (None, cell.province)
        )


@lru_cache(maxsize=4)
def population(memory_rows: bool = True) -> Population:
    """The count of February 1917. Without ``memory_rows``, unverified figures give way to their stated fallbacks."""
    return reckon(memory_rows=memory_rows)


def reckon(memory_rows: bool = True, **assumptions: float) -> Population:
    """The count under changed assumptions (names of :data:`sim.society.assumptions.ASSUMPTIONS`)."""
    provinces = load("provinces")
    assumed = values(**assumptions)
    by_id = {p.province: p for p in provinces}
    # At home in 1917, the men in uniform included; the capitals as counted, by which the call-up is already gone.
    home = {p.province: float(p.population_1914 or 0) * assumed["growth"] for p in provinces}
    workers = industrial_workers(provinces, assumed["memory_weight"], memory_rows)
    forces = army.forces(provinces, home, assumed, memory_rows)
    home |= civilians.capital_inhabitants(by_id["petrograd_city"], by_id["moscow_city"])
    industry = {key: count / home[key] for key, count in workers.items()}
    reckoner = civilians.Reckoner(assumed, forces, workers, home, memory_rows)
    made = civilians.cells(reckoner, provinces) + army.cells(forces, industry, assumed)
    return Population(tuple(sorted(made, key=_order)))


def resized(people: Population, persons: Mapping[str, Mapping[str, float]]) -> Population:
    """Other numbers of people: place or whole -> stratum -> persons, spread over its cells as the people there were.

    What else is known of the cells (distances, literacy, industry around) stays. Raises :class:`InputError` where
    nobody of a stratum lives, and for people who are counted twice.
    """
    factor: dict[tuple[str, str, str], float] = {}
    for place, strata in persons.items():
        for stratum, number in strata.items():
            cells = people.select(place, (stratum,))
            if not cells:
                raise InputError(f"nobody of stratum '{stratum}' lives in {place}: their number can't be changed.")
            if twice := [cell.place for cell in cells if cell.key in factor]:
                raise InputError(f"the {stratum}s of {twice[0]} are counted twice. Expected one number for them.")
            now = sum(cell.persons for cell in cells)
            factor.update({cell.key: number / now for cell in cells})
    return Population(tuple(_times(cell, factor[cell.key]) if cell.key in factor else cell for cell in people.cells))


def _times(cell: Cell, by: float) -> Cell:
    counts = {name: getattr(cell, name) * by for name in ("persons", "low", "high", "at_work")}
    return replace(cell, **counts, reckoning=f"{cell.reckoning} Changed by the scenario.")


def _order(cell: Cell) -> tuple[int, int, str]:
    return PLACE[cell.place], STRATUM[cell.stratum], cell.province


def places_table(memory_rows: bool = True) -> list[dict[str, Any]]:
    """One row a place and stratum: place, title, stratum, persons, low, high, electorate, reckoning.

    ``electorate`` is the number of persons who may vote. ``low`` and ``high`` are sums over provinces, as if all
    provinces erred the same way.
    """
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in population(memory_rows).cells:
        found.setdefault(cell.group, []).append(cell)
    ordered = ((place, stratum) for place in PLACES for stratum in STRATA if stratum in place.strata)
    return [_row(place, stratum, found[place.id, stratum]) for place, stratum in ordered]


def _row(place: Place, stratum: str, cells: list[Cell]) -> dict[str, Any]:
    sentences = dict.fromkeys(cell.reckoning for cell in cells)
    return {
        "place": place.id,
        "title": place.title,
        "stratum": stratum,
        "persons": round(sum(cell.persons for cell in cells)),
        "low": round(sum(cell.low for cell in cells)),
        "high": round(sum(cell.high for cell in cells)),
        "electorate": round(sum(cell.voters for cell in cells)),
        "reckoning": " ".join(sentences),
    }


def totals(memory_rows: bool = True) -> dict[str, Any]:
    """Sums of the count: persons and voters of the Empire, by stratum, by kind of place, and men in uniform."""
    people = population(memory_rows)
    kinds = {place.id: place.kind for place in PLACES}
    return {
        "persons": round(people.persons),
        "electorate": round(people.voters),
        "in_uniform": round(
            sum(
                cell.persons
                for cell in people.cells
                if cell.stratum in ("soldier", "sailor") or kinds[cell.place] == "front"
            )
        ),
        "strata": _sums((cell.stratum, cell) for cell in people.cells),
        "kinds": _sums((kinds[cell.place], cell) for cell in people.cells),
        "cells": len(people.cells),
        "groups": len(people.groups),
    }


def _in_uniform(cell: Cell, kind: str) -> bool:
    return cell.stratum in ("soldier", "sailor") or kind == "front"


def _sums(labelled: Iterable[tuple[str, Cell]]) -> Mapping[str, dict[str, int]]:
    found: dict[str, list[Cell]] = {}
    for label, cell in labelled:
        found.setdefault(label, []).append(cell)
    return {
        label: {"persons": round(sum(c.persons for c in cells)), "electorate": round(sum(c.voters for c in cells))}
        for label, cells in found.items()
    }
