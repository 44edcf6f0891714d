"""How large the assemblies were in which people talked politics and voted by show of hands.

The size of a factory says how many deputies it sends, how fast word goes round and how safe it is to act. Sizes are
real persons; assemblies are sampled from these tables and never shrunk (model design; ledger A-023).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SizeClass:
    """A class of assemblies: from ``low`` to ``high`` persons, holding ``share`` of the people of the stratum."""

    low: int
    high: int
    share: float
    source: str


#: Share of Petrograd's workers by the size of their plant, 1917. The top class reaches to the Putilov works.
PLANT_SIZES: tuple[SizeClass, ...] = (
    SizeClass(10, 50, 0.030, "S040 (Smith, Red Petrograd, 1983)"),
    SizeClass(51, 100, 0.032, "S041 (Smith, Red Petrograd, 1983)"),
    SizeClass(101, 500, 0.159, "S042 (Smith, Red Petrograd, 1983)"),
    SizeClass(501, 1000, 0.100, "S043 (Smith, Red Petrograd, 1983)"),
    SizeClass(1001, 30_000, 0.679, "S044 (Smith, Red Petrograd, 1983); the largest from S046"),
)
#: Workers of the largest plant of Petrograd, the Putilov works (S046; S047 has 40,000).
LARGEST_PLANT = 30_000
#: Mean workers per enterprise in Petrograd, 40 per cent above that of Russia (S045).
MEAN_PLANT_PETROGRAD = 409
MEAN_PLANT_RUSSIA = round(MEAN_PLANT_PETROGRAD / 1.4)

#: Factories outside Petrograd: the same classes, the largest class lighter so that plants are smaller on average.
PLANT_SIZES_ELSEWHERE: tuple[SizeClass, ...] = (
    SizeClass(10, 50, 0.06, "assumption after S045"),
    SizeClass(51, 100, 0.06, "assumption after S045"),
    SizeClass(101, 500, 0.24, "assumption after S045"),
    SizeClass(501, 1000, 0.17, "assumption after S045"),
    SizeClass(1001, 15_000, 0.47, "assumption after S045"),
)

#: Assemblies of the other strata, and of wage workers outside factories.
ASSEMBLY_SIZES: Mapping[str, tuple[SizeClass, ...]] = {
    "workshop": (SizeClass(10, 120, 1.0, "assumption: depots, artels, building gangs, courtyards"),),
    "company": (SizeClass(120, 260, 1.0, "assumption: a company of the line, about 200"),),
    "reserve_company": (SizeClass(250, 1200, 1.0, "S060 (Pipes, 1990): reserve companies of over 1,000 men"),),
    "ship": (
        SizeClass(80, 150, 0.3, "assumption: destroyers and torpedo boats, shore crews"),
        SizeClass(400, 700, 0.35, "assumption: cruisers, depots, companies ashore"),
        SizeClass(900, 1100, 0.35, "assumption: battleships"),
    ),
    "commune": (SizeClass(80, 700, 1.0, "assumption: adults of a village commune, about 300"),),
    "office": (SizeClass(10, 120, 1.0, "assumption: offices, schools, shops, about 40"),),
    "circle": (SizeClass(10, 80, 1.0, "assumption: clubs, boards, officers' messes"),),
}

#: Which kind of assembly people of a stratum meet in, by kind of place where it differs.
ASSEMBLY_OF: Mapping[str, str] = {
    "sailor": "ship",
    "peasant": "commune",
    "middle": "office",
    "propertied": "circle",
}


def assembly_kind(stratum: str, place_kind: str) -> str:
    """``factory``, ``company``, ``reserve_company``, ``ship``, ``commune``, ``office`` or ``circle``."""
    if stratum == "worker":
        return "factory"
    if stratum == "soldier":
        return "company" if place_kind == "front" else "reserve_company"
    return ASSEMBLY_OF[stratum]


def size_classes(kind: str, place: str) -> tuple[SizeClass, ...]:
    """The size classes of a kind of assembly in a place; shares sum to 1."""
    if kind == "factory":
        return PLANT_SIZES if place.startswith("petrograd/") or place == "kronstadt" else PLANT_SIZES_ELSEWHERE
    return ASSEMBLY_SIZES[kind]
