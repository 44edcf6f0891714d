"""The groups of people that the page can show: every place, the usual wholes, each stratum that lives there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sim

#: Wholes offered beside the places, in the order of the menu.
WHOLES: tuple[str, ...] = (
    "empire", "petrograd", "moscow", "fronts", "fleets", "baltic", "garrisons", "towns", "villages",
    "northern", "western", "central_industrial", "black_earth", "volga", "urals", "ukraine", "south", "caucasus",
    "siberia", "steppe_turkestan",
)  # fmt: skip
#: Stands for all strata together.
EVERYBODY = "all"


@dataclass(frozen=True)
class Group:
    """People of one place or whole, of one stratum or all; ``cells`` are rows of (place, stratum) that make it up."""

    place: str
    stratum: str
    whole: bool
    cells: tuple[int, ...]

    @property
    def id(self) -> str:
        """``empire|soldier``: how the page names it."""
        return f"{self.place}|{self.stratum}"


@lru_cache(maxsize=4)
def groups_of(cells: tuple[tuple[str, str], ...]) -> tuple[Group, ...]:
    """Every group that can be made of the (place, stratum) cells of the tables: wholes first, then places."""
    made = [group for whole in WHOLES for group in _of_place(whole, set(sim.matching(whole)), True, cells)]
    for place in dict.fromkeys(place for place, _ in cells):
        made += _of_place(place, {place}, False, cells)
    return tuple(made)


def _of_place(name: str, places: Iterable[str], whole: bool, cells: tuple[tuple[str, str], ...]) -> list[Group]:
    """All strata together, then each by itself; a place of one stratum has only the first."""
    inside = set(places)
    here = [(index, stratum) for index, (place, stratum) in enumerate(cells) if place in inside]
    strata = [stratum for stratum in sim.STRATA if any(s == stratum for _, s in here)]
    found = [Group(name, EVERYBODY, whole, tuple(index for index, _ in here))] if here else []
    if len(strata) > 1 or whole:
        for stratum in strata:
            found.append(Group(name, stratum, whole, tuple(index for index, s in here if s == stratum)))
    return found
