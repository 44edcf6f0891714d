"""What the count of the people assumes where the evidence has no figure.

Each assumption has a value, a range, a unit and a reason. ``october list places`` names them in its reckonings, the
docs print them, and a test checks that each of them moves the count. A figure that a row of evidence gives is never
repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """A number chosen with a reason: ``value`` in ``low``..``high``, in ``unit``."""

    value: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str


_A = Assumption
_OURS = "assumption"
_CENSUS = "memory: age tables of the census of 1897 (20 and over: 51.7 per cent), unverified"

ASSUMPTIONS: Mapping[str, Assumption] = {
    # The whole.
    "growth": _A(
        1.01, 0.96, 1.05, "factor",
        "inhabitants of February 1917, men in uniform counted at home, over the official figure of 1 January 1914",
        "assumption: births less deaths +3.5 per cent, refugees from the occupied west +2, killed and captured -2.6, "
        "half of the 4.4 per cent by which the official figures exceed the recalculated ones -2",
    ),
    # The army.
    "army_from_outside": _A(0.05, 0.02, 0.1, "share", "men in uniform from Poland and other occupied provinces", _OURS),
    "liable_other_caucasus": _A(
        0.5, 0.3, 0.8, "share", "inhabitants of the Caucasus outside the three Slav tongues who were liable to service",
        "assumption: Muslims were exempt, Georgians and Armenians served",
    ),
    "liable_other_steppe": _A(
        0.02, 0.0, 0.1, "share", "the same in the Steppe, Turkestan and Yakutsk",
        "assumption: exempt by law; the call of 1916 was for labour",
    ),
    "town_callup": _A(
        0.7, 0.5, 1.0, "ratio",
        "men called up per townsman, over those per villager",
        "assumption: exempt defence workers",
    ),
    "officers": _A(0.03, 0.02, 0.05, "share", "officers and officials of that standing at the fronts", _OURS),
    "garrison_rate": _A(
        0.005, 0.002, 0.01, "soldiers per liable inhabitant",
        "rear troops where the table has none (away from the fronts)",
        "assumption: half the mean of the provinces that have a figure",
    ),
    "garrison_autumn": _A(
        0.5, 0.42, 0.7, "factor", "rear troops in October over those of February",
        "S073 to S076: reserve troops of the Moscow and Kazan districts fell to 0.42 between December and 15 September",
    ),
    "black_sea": _A(0.5, 0.35, 0.7, "ratio", "sailors of the Black Sea Fleet over those of the Baltic Fleet", _OURS),
    "kronstadt_sailors": _A(0.42, 0.3, 0.55, "share", "sailors among the people of Kronstadt", _OURS),
    "kronstadt_soldiers": _A(0.28, 0.2, 0.4, "share", "soldiers among the people of Kronstadt", _OURS),
    "helsingfors_sailors": _A(0.31, 0.2, 0.45, "share", "sailors of the Baltic Fleet at Helsingfors", _OURS),
    "helsingfors_soldiers": _A(20_000, 10_000, 35_000, "persons", "soldiers at Helsingfors and Sveaborg", _OURS),
    # Townspeople.
    "household_capital": _A(
        2.0, 1.7, 2.4, "persons",
        "a factory worker of a capital with dependants who live there",
        _OURS,
    ),
    "household_town": _A(2.2, 1.8, 2.7, "persons", "the same in a town", _OURS),
    "household_village": _A(2.6, 2.0, 3.2, "persons", "the same in a factory village", _OURS),
    "household_settlement": _A(
        2.4, 1.9, 3.0, "persons",
        "the same in the settlements of the Donets basin and Baku",
        _OURS,
    ),
    "industry_in_towns": _A(0.45, 0.35, 0.6, "share", "industrial workers who live in places with town status", _OURS),
    "other_manual_capital": _A(
        0.25, 0.18, 0.32, "share",
        "civilians of a capital in other wage work (transport, building, crafts, service)",
        _OURS,
    ),
    "other_manual_town": _A(0.36, 0.2, 0.45, "share", "the same in a town", _OURS),
    "propertied_capital": _A(0.08, 0.05, 0.11, "share", "civilians of a capital in propertied society", _OURS),
    "propertied_town": _A(0.06, 0.04, 0.09, "share", "the same in a town", _OURS),
    "middle_settlement": _A(0.12, 0.06, 0.2, "ratio", "middle strata per worker in the Donets basin", _OURS),
    "propertied_settlement": _A(0.015, 0.005, 0.03, "ratio", "propertied people per worker in the Donets basin", _OURS),
    "donbas_ekaterinoslav": _A(
        0.55, 0.45, 0.7, "share",
        "industrial workers of Ekaterinoslav in the Donets basin",
        _OURS,
    ),
    "donbas_don": _A(0.6, 0.5, 0.75, "share", "industrial workers of the Don in the Donets basin", _OURS),
    "donbas_kharkov": _A(0.12, 0.05, 0.2, "share", "industrial workers of Kharkov province in the Donets basin", _OURS),
    "baku_fields": _A(
        0.9, 0.8, 0.97, "share",
        "industrial workers of Baku province in the city and its oilfields",
        _OURS,
    ),
    "baku_russian": _A(
        0.34, 0.25, 0.42, "share", "Russian speakers in Baku and its oilfields",
        "memory: town census of Baku, 1913, unverified; the rest 'other'",
    ),
    "baku_city": _A(0.8, 0.7, 0.9, "share", "townspeople of Baku province who live in Baku", _OURS),
    # Villagers.
    "village_middle": _A(0.02, 0.01, 0.03, "share", "teachers, clergy, zemstvo and co-operative staff, traders", _OURS),
    "village_propertied": _A(0.004, 0.002, 0.007, "share", "landowners and their families", _OURS),
    "poor_base": _A(0.3, 0.2, 0.4, "share", "poor peasants where there was no serfdom", _OURS),
    "poor_serf": _A(
        0.3, 0.1, 0.5, "share", "what full serfdom in 1858 adds to it",
        "assumption after S142 (Finkel, Gehlbach and Kofanov 2017): unrest followed former serfdom and good soil",
    ),
    # Who may vote, who is a woman, who reads.
    "adults_capital": _A(0.64, 0.58, 0.68, "share", "people of 20 and over among civilians of a capital", _CENSUS),
    "adults_town": _A(0.57, 0.53, 0.61, "share", "the same in a town before the call-up", _CENSUS),
    "adults_village": _A(0.505, 0.48, 0.525, "share", "the same in villages before the call-up", _CENSUS),
    "women_capital": _A(0.5, 0.46, 0.54, "share", "women among the voters of a capital", _OURS),
    "women_settlement": _A(0.4, 0.3, 0.45, "share", "women among the voters of the Donets basin and Baku", _OURS),
    "town_odds": _A(
        4.0, 3.5, 9.0, "odds ratio",
        "literate adults of a town in 1917 over literate inhabitants of its province in 1897",
        "set so that the towns of European Russia come to the 78.9 per cent of S107",
    ),
    "village_odds": _A(
        2.75, 2.0, 3.5, "odds ratio", "the same for villages",
        "set so that the villages of European Russia come to the 42.5 per cent of S108",
    ),
    "capital_odds": _A(
        2.7, 2.0, 3.5, "odds ratio", "the same for a capital, a town already in 1897",
        "between the men and women workers of S112 and S113 (memory rows)",
    ),
    "literate_soldier": _A(
        0.68, 0.6, 0.75, "share",
        "soldiers who read",
        "assumption a little below the men of S104 (1920)",
    ),
    "literate_sailor": _A(0.85, 0.75, 0.95, "share", "sailors who read", _OURS),
    "literate_middle": _A(0.95, 0.9, 0.99, "share", "people of the middle and propertied strata who read", _OURS),
    "town_tongue": _A(
        0.45, 0.3, 0.7, "factor", "Ukrainian and Belorussian speakers in a town, over their share in its province",
        "memory: census of 1897 (a third of the townspeople of Ukraine), unverified",
    ),
    "own_front": _A(2.0, 1.0, 4.0, "factor", "weight of the provinces nearest to a front among its soldiers", _OURS),
    "own_fleet": _A(
        4.0, 1.0, 8.0, "factor", "weight of Ukraine and the south among the men of the Black Sea Fleet",
        "memory: national claims of 1917 that most of its sailors were Ukrainians, likely high; unverified",
    ),
    # Work.
    "memory_weight": _A(
        0.7, 0.0, 1.0, "share",
        "weight of the remembered industrial workers against the verified occupations of 1897",
        _OURS,
    ),
    "railway": _A(0.2, 0.1, 0.3, "share", "railwaymen among other manual workers, where there is a railway", _OURS),
    "employed_middle": _A(
        0.4, 0.3, 0.5, "share",
        "people of the middle and propertied strata who work or serve",
        _OURS,
    ),
}  # fmt: skip


def values(**changes: float) -> dict[str, float]:
    """The values of all assumptions, some of them changed (for the study of their weight)."""
    return {name: changes.get(name, assumed.value) for name, assumed in ASSUMPTIONS.items()}


def spread(name: str) -> float:
    """The factor by which an assumption may be wrong, the larger of both sides."""
    assumed = ASSUMPTIONS[name]
    return max(assumed.high / assumed.value, assumed.value / assumed.low if assumed.low else 1.0)
