"""Men in uniform: the fronts, the fleets and the rear garrisons, and the men whom each province gave.

Strengths come from the evidence table ``social`` (Golovin's series for the Active Army, S078 to S080) and, for rear
troops, from ``provinces``. Who gave the men follows the inhabitants liable to service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.inputs.evidence import ProvinceRow, row
from sim.society.assumptions import spread
from sim.society.cell import Cell, Trades, blend, bounds
from sim.society.geography import (
    BASES,
    FRONT_POINTS,
    KIEV,
    MOSCOW,
    PETROGRAD,
    km,
    middle,
    nearest_european_front,
    own_front,
)

#: Votes cast at each front in November, the only sign of their relative size (memory rows, error factor 1.5).
FRONT_ROWS: Mapping[str, str] = {
    "northern_front": "S092",
    "western_front": "S093",
    "southwestern_front": "S094",
    "romanian_front": "S095",
    "caucasian_front": "S096",
}
#: Regions that gave the Black Sea Fleet more of its men than others.
OF_THE_BLACK_SEA = ("ukraine", "south")
#: Weights without memory rows: no other source, so equal fronts, the Caucasian half of a European one.
FRONT_FALLBACK = {front: 0.5 if front == "caucasian_front" else 1.0 for front in FRONT_ROWS}
#: Rear troops of the interior districts, the fallback without memory rows (S082, a note: 1.5 million).
REAR_FALLBACK = 1_500_000
#: Provinces whose rear troops counted as front troops when within this distance of the European line, in km.
FRONT_ZONE_KM = 350

#: Kinds of unit at a front and in a rear garrison (assumptions; regiments of the rear trained infantry replacements).
FRONT_UNITS: Trades = blend(
    ("soldier_front_infantry", 0.62),
    ("soldier_technical", 0.28),
    ("soldier_cavalry_cossack", 0.06),
    ("soldier_over_forty", 0.04),
)
REAR_UNITS: Trades = blend(
    ("soldier_technical", 0.09),
    ("soldier_cavalry_cossack", 0.02),
    ("soldier_rear_reserve", 0.74),
    ("soldier_evacuee", 0.09),
    ("soldier_over_forty", 0.06),
)

Tongues = tuple[float, float, float, float]


@dataclass(frozen=True)
class Forces:
    """Persons in uniform and what they were made of. Keys are front, fleet or province ids."""

    fronts: Mapping[str, float]
    fleets: Mapping[str, float]
    garrisons: Mapping[str, float]
    #: Men each province gave, capitals included.
    given: Mapping[str, float]
    #: Mother tongues of the men of each front and of the Black Sea Fleet, and of all in uniform under 'all'.
    tongues: Mapping[str, Tongues]

    @property
    def total(self) -> float:
        """Everyone in uniform, garrisons at their strength of February."""
        return sum(self.fronts.values()) + sum(self.fleets.values()) + sum(self.garrisons.values())


def liable_share(province: ProvinceRow, assumed: Mapping[str, float]) -> float:
    """Share of a province's inhabitants who were liable to service."""
    other = tongues_of(province)[3]
    if province.region == "steppe_turkestan" or province.province == "yakutsk":
        return 1 - other * (1 - assumed["liable_other_steppe"])
    if province.region == "caucasus":
        return 1 - other * (1 - assumed["liable_other_caucasus"])
    return 1.0


def tongues_of(province: ProvinceRow) -> Tongues:
    """Mother tongues of a province; for the railway zone in China, never counted in 1897, Russian is assumed."""
    return province.tongues or (0.9, 0.05, 0.0, 0.05)


def forces(
    provinces: tuple[ProvinceRow, ...],
    inhabitants: Mapping[str, float],
    assumed: Mapping[str, float],
    memory_rows: bool,
) -> Forces:
    """Everyone in uniform in February 1917. ``inhabitants`` are those of 1917 with the men in uniform at home."""
    liable = {p.province: inhabitants[p.province] * liable_share(p, assumed) for p in provinces}
    fleets = _fleets(assumed)
    rear = _garrisons(provinces, liable, assumed, memory_rows)
    fronts = _fronts(assumed, memory_rows)
    total = sum(fronts.values()) + sum(fleets.values()) + sum(rear.values())
    inside = total * (1 - assumed["army_from_outside"]) / sum(liable.values())
    given = {key: count * inside for key, count in liable.items()}
    return Forces(fronts, fleets, rear, given, _army_tongues(provinces, given, assumed))


def _fronts(assumed: Mapping[str, float], memory_rows: bool) -> dict[str, float]:
    """The Active Army (mean of January and May) parted by front; Helsingfors' soldiers stand apart."""
    strength = (row("social", "S078").number + row("social", "S079").number) / 2
    weights = {key: row("social", votes).number for key, votes in FRONT_ROWS.items()} if memory_rows else FRONT_FALLBACK
    found = {front: strength * weight / sum(weights.values()) for front, weight in weights.items()}
    found["northern_front"] -= assumed["helsingfors_soldiers"]
    return found


def _fleets(assumed: Mapping[str, float]) -> dict[str, float]:
    """Sailors (and, at the bases, soldiers under '<base>/soldier') of both fleets."""
    baltic = row("social", "S101").number
    kronstadt = row("social", "S099").number
    sailors = kronstadt * assumed["kronstadt_sailors"]
    helsingfors = baltic * assumed["helsingfors_sailors"]
    return {
        "kronstadt": sailors,
        "kronstadt/soldier": kronstadt * assumed["kronstadt_soldiers"],
        "helsingfors": helsingfors,
        "helsingfors/soldier": assumed["helsingfors_soldiers"],
        "baltic_fleet": baltic - sailors - helsingfors,
        "black_sea_fleet": baltic * assumed["black_sea"],
    }


def _garrisons(
    provinces: tuple[ProvinceRow, ...], liable: Mapping[str, float], assumed: Mapping[str, float], memory_rows: bool
) -> dict[str, float]:
    """Rear troops of each province in February 1917."""
    found: dict[str, float] = {}
    for p in provinces:
        if p.garrison_1917 is not None and (memory_rows or not p.group_is_memory("garrison")):
            found[p.province] = float(p.garrison_1917)
        elif p.km_to_european_front <= FRONT_ZONE_KM and p.garrison_1917 is None:
            found[p.province] = 0.0
        elif memory_rows:
            found[p.province] = liable[p.province] * assumed["garrison_rate"]
    if not memory_rows:
        rest = {p.province: liable[p.province] for p in provinces if p.province not in found}
        found |= {key: REAR_FALLBACK * count / sum(rest.values()) for key, count in rest.items()}
    return found


def _army_tongues(
    provinces: tuple[ProvinceRow, ...], given: Mapping[str, float], assumed: Mapping[str, float]
) -> dict[str, Tongues]:
    """Mother tongues by front: the provinces nearest to a front weigh more among its men, and so with the Black Sea."""
    homes = {p.province: own_front(p) for p in provinces}
    shares = {p.province: tongues_of(p) for p in provinces}
    found: dict[str, Tongues] = {}
    near = {f: ({key for key in homes if homes[key] == f}, assumed["own_front"]) for f in FRONT_ROWS}
    southern = {p.province for p in provinces if p.region in OF_THE_BLACK_SEA}
    near |= {"black_sea_fleet": (southern, assumed["own_fleet"]), "all": (set(), 1.0)}
    for front, (own, factor) in near.items():
        weights = {key: men * (factor if key in own else 1.0) for key, men in given.items()}
        whole = sum(weights.values())
        mixed = [sum(weights[key] * shares[key][i] for key in given) / whole for i in range(4)]
        found[front] = (mixed[0], mixed[1], mixed[2], mixed[3])
    return found


def cells(army: Forces, industry: Mapping[str, float], assumed: Mapping[str, float]) -> list[Cell]:
    """The cells of the fronts, the fleets and the bases (rear garrisons are counted with their provinces)."""
    made = [cell for front in FRONT_ROWS for cell in _front_cells(front, army, assumed)]
    made += [_sailors(base, army, industry, assumed) for base in BASES]
    made += [_base_soldiers(base, army, industry, assumed) for base in ("kronstadt", "helsingfors")]
    return made


def _front_cells(front: str, army: Forces, assumed: Mapping[str, float]) -> list[Cell]:
    officers = army.fronts[front] * assumed["officers"]
    shrunk = row("social", "S080").number / row("social", "S079").number
    where, tongues = middle(FRONT_POINTS[front]), army.tongues[front]
    counted = f"Active Army of S078 and S079, parted by the votes of {FRONT_ROWS[front]} (memory)"
    of_them = f"{assumed['officers']:.0%} of the front are officers (assumption): {counted}."
    reads = assumed["literate_soldier"], assumed["literate_middle"]
    rank_and_file = army.fronts[front] - officers
    messes = blend(("propertied_officer", 1.0))
    said = f"{counted}, less officers."
    error = spread("officers")
    return [
        _military(front, front, "soldier", rank_and_file, where, tongues, FRONT_UNITS, reads[0], shrunk, said, 1.5),
        _military(front, front, "propertied", officers, where, tongues, messes, reads[1], shrunk, of_them, 1.5, error),
    ]


def _sailors(base: str, army: Forces, industry: Mapping[str, float], assumed: Mapping[str, float]) -> Cell:
    whole = "of the Baltic Fleet's 80,000 sailors (S101, memory)"
    said = {
        "kronstadt": f"{assumed['kronstadt_sailors']:.0%} (assumption) of the 50,000 people of S099.",
        "helsingfors": f"{assumed['helsingfors_sailors']:.0%} (assumption) {whole}.",
        "baltic_fleet": "The Baltic Fleet's 80,000 sailors (S101, memory) less those at Kronstadt and Helsingfors.",
        "black_sea_fleet": f"{assumed['black_sea']:.0%} (assumption) {whole}.",
    }[base]
    error = 1.25 if base == "kronstadt" else 1.5
    tongues = army.tongues.get(base, army.tongues["all"])
    return _military(
        base, _province(base), "sailor", army.fleets[base], BASES[base], tongues, blend(("sailor", 1.0)),
        assumed["literate_sailor"], 1.0, said, error, industry=industry.get(_province(base), 0.0),
    )  # fmt: skip


def _base_soldiers(base: str, army: Forces, industry: Mapping[str, float], assumed: Mapping[str, float]) -> Cell:
    said = {
        "kronstadt": f"{assumed['kronstadt_soldiers']:.0%} (assumption) of the 50,000 people of S099.",
        "helsingfors": "Assumption; taken off the Northern Front, which counted the troops in Finland.",
    }[base]
    return _military(
        base, _province(base), "soldier", army.fleets[f"{base}/soldier"], BASES[base], army.tongues["all"], REAR_UNITS,
        assumed["literate_soldier"], 1.0, said, 1.5, industry=industry.get(_province(base), 0.0),
    )  # fmt: skip


def _province(base: str) -> str:
    return "petrograd" if base == "kronstadt" else base


def _military(
    place: str,
    province: str,
    stratum: str,
    persons: float,
    where: tuple[float, float],
    tongues: Tongues,
    trades: Trades,
    literacy: float,
    autumn: float,
    reckoning: str,
    *errors: float,
    industry: float = 0.0,
) -> Cell:
    """A cell of people in uniform: all of them adult men, all of them present in an assembly."""
    nearest, distance = nearest_european_front(where)
    low, high = bounds(persons, *errors)
    at_front = place in FRONT_POINTS
    return Cell(
        place=place, province=province, stratum=stratum, persons=persons, low=low, high=high, electorate=1.0,
        at_work=persons, persons_autumn=autumn, km_to_petrograd=km(where, PETROGRAD), km_to_moscow=km(where, MOSCOW),
        km_to_kiev=km(where, KIEV),
        km_to_european_front=0.0 if at_front and place != "caucasian_front" else distance,
        nearest_front=place if at_front else nearest, rail=True, literacy=literacy, industry=industry, urban_share=0.0,
        black_earth=0.0, serf_share=0.0, tongues=tongues, garrison_per_civilian=0.0, women=0.0, cossack_share=0.0,
        trades=trades, reckoning=reckoning,
    )  # fmt: skip
