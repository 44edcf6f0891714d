"""The places of the model: where people live, in one fixed order, and the names that stand for several of them.

A place is a district of Petrograd, a city, a garrison, a base, a fleet, a front, or the towns, garrisons or villages
of a region. A region is the list of its provinces in the evidence table ``provinces``. A *whole* (``petrograd``,
``volga``, ``fronts``, ``empire``) is the sum of its parts; tables hold the parts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from sim.inputs.evidence import REGIONS, load
from sim.words.errors import unknown

KINDS = ("district", "city", "garrison", "base", "fleet", "front", "towns", "garrisons", "villages", "industrial")

VILLAGERS = ("worker", "peasant", "middle", "propertied")
CIVILIANS = ("worker", "middle", "propertied")

#: Title in plain English of each region.
REGION_TITLES: Mapping[str, str] = {
    "northern": "Northern region",
    "western": "Western region",
    "central_industrial": "Central Industrial region",
    "black_earth": "Black Earth region",
    "volga": "Volga region",
    "urals": "Urals",
    "ukraine": "Ukraine",
    "south": "South (Don, Kuban, Stavropol, Taurida, Bessarabia)",
    "caucasus": "Caucasus",
    "siberia": "Siberia",
    "steppe_turkestan": "Steppe and Turkestan",
}


@dataclass(frozen=True)
class Place:
    """One place. ``region`` is the whole in which it is counted: a city, a region, ``fleets`` or ``fronts``.

    ``provinces`` are ids of the table ``provinces`` (none for fleets and fronts); ``strata`` are those who live there.
    """

    id: str
    title: str
    kind: str
    region: str
    provinces: tuple[str, ...]
    strata: tuple[str, ...]


#: Capitals stand apart from the towns of their regions.
_APART = {"petrograd_city": "northern", "moscow_city": "central_industrial"}
#: Provinces from which an industrial place takes a part (the rest stays in the towns and villages of the region).
INDUSTRIAL = {"ukraine/donbas": ("ekaterinoslav", "don", "kharkov"), "caucasus/baku": ("baku",)}

_DISTRICTS = {
    "vyborg": "Petrograd, Vyborg district",
    "peterhof": "Petrograd, Peterhof district",
    "narva": "Petrograd, Narva district",
    "vasilevsky": "Petrograd, Vasilevsky Island",
    "petrograd_side": "Petrograd, Petrograd Side",
    "nevsky": "Petrograd, Nevsky district",
    "moscow_gate": "Petrograd, Moscow Gate district",
    "centre": "Petrograd, centre and the other districts",
}
_FRONTS = {
    "northern_front": "Northern Front",
    "western_front": "Western Front",
    "southwestern_front": "South-Western Front",
    "romanian_front": "Romanian Front",
    "caucasian_front": "Caucasian Front",
}


def _build() -> tuple[Place, ...]:
    """Every place, in the order that ``october list places`` shows and every table keeps."""
    city = ("petrograd_city",)
    made = [
        Place(f"petrograd/{key}", title, "district", "petrograd", city, CIVILIANS) for key, title in _DISTRICTS.items()
    ]
    made += [
        Place("petrograd/garrison", "Petrograd, garrison", "garrison", "petrograd", city, ("soldier",)),
        Place("moscow/city", "Moscow", "city", "moscow", ("moscow_city",), CIVILIANS),
        Place("moscow/garrison", "Moscow, garrison", "garrison", "moscow", ("moscow_city",), ("soldier",)),
        Place("kronstadt", "Kronstadt", "base", "fleets", ("petrograd",), ("worker", "soldier", "sailor")),
        Place("helsingfors", "Helsingfors, base and fortress", "base", "fleets", (), ("soldier", "sailor")),
        Place("baltic_fleet", "Baltic Fleet, other ships and bases", "fleet", "fleets", (), ("sailor",)),
        Place("black_sea_fleet", "Black Sea Fleet", "fleet", "fleets", (), ("sailor",)),
    ]
    made += [Place(key, title, "front", "fronts", (), ("soldier", "propertied")) for key, title in _FRONTS.items()]
    for region, title in REGION_TITLES.items():
        provinces = tuple(p.province for p in load("provinces") if p.region == region and p.province not in _APART)
        made += [
            Place(f"{region}/towns", f"{title}, towns", "towns", region, provinces, CIVILIANS),
            Place(f"{region}/garrisons", f"{title}, garrisons", "garrisons", region, provinces, ("soldier",)),
            Place(
                f"{region}/villages",
                f"{title}, villages",
                "villages",
                region,
                provinces,
                ("worker", "peasant", "middle", "propertied"),
            ),
        ]
    made += [
        Place("ukraine/donbas", "Donets basin", "industrial", "ukraine", INDUSTRIAL["ukraine/donbas"], CIVILIANS),
        Place(
            "caucasus/baku", "Baku and its oilfields", "industrial", "caucasus", INDUSTRIAL["caucasus/baku"], CIVILIANS
        ),
    ]
    return tuple(made)


PLACES: tuple[Place, ...] = _build()
#: Position of each place on the place axis of every array.
PLACE: Mapping[str, int] = {place.id: i for i, place in enumerate(PLACES)}

#: Names for several places: each city and region, then the kinds, then everything.
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "capitals": ("petrograd", "moscow"),
    "fleets": ("fleets",),
    "fronts": ("fronts",),
}
_BALTIC = ("kronstadt", "helsingfors", "baltic_fleet")
_KIND_WHOLES = {
    "districts": ("district",),
    "towns": ("towns",),
    "villages": ("villages",),
    "garrisons": ("garrison", "garrisons"),
}
WHOLES: tuple[str, ...] = (
    "petrograd",
    "moscow",
    "capitals",
    "fleets",
    "baltic",
    "fronts",
    *REGIONS,
    *_KIND_WHOLES,
    "empire",
)


def place_index(place: str) -> int:
    """Position of a place on the place axis; raises :class:`InputError` for a name that does not exist."""
    if place not in PLACE:
        raise unknown("place", place, PLACE)
    return PLACE[place]


@lru_cache(maxsize=256)
def parts(whole: str) -> tuple[str, ...]:
    """The places that a whole is the sum of, in order; a place is its own only part."""
    if whole in PLACE:
        return (whole,)
    if whole in ("empire", "all"):
        return tuple(PLACE)
    if whole == "baltic":
        return _BALTIC
    if whole in _KIND_WHOLES:
        return tuple(place.id for place in PLACES if place.kind in _KIND_WHOLES[whole])
    regions = _GROUPS.get(whole, (whole,))
    found = tuple(place.id for place in PLACES if place.region in regions)
    if not found:
        raise unknown("place or whole", whole, (*PLACE, *WHOLES))
    return found


@lru_cache(maxsize=1024)
def matching(pattern: str) -> tuple[str, ...]:
    """The places that a pattern names, in order.

    A pattern is a place, a whole, or a shape with a star: ``*/towns``, ``*/garrisons``, ``petrograd/*``. Raises
    :class:`InputError` when it names nothing.
    """
    if "*" not in pattern:
        return parts(pattern)
    found = tuple(place for place in PLACE if fnmatchcase(place, pattern))
    if not found:
        raise unknown("place pattern", pattern, (*PLACE, *WHOLES, "*/towns", "*/garrisons", "*/villages"))
    return found
