"""Civilians and rear garrisons, province by province.

The inhabitants of 1917 are those of 1914 times a stated growth; the men in uniform are taken off where they came from.
What is left is parted into townspeople and villagers by the urban share, and those into strata by the rules below. The
capitals are counted as they stood on 1 January 1917 (S025), so nobody is taken off there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sim.inputs.evidence import ProvinceRow, row
from sim.society.army import REAR_UNITS, Forces, tongues_of
from sim.society.assumptions import spread
from sim.society.cell import Cell, Trades, blend, bounds
from sim.society.geography import KIEV, km, own_front
from sim.society.industry import (
    BAKU_TRADES,
    DONBAS_TRADES,
    central_trades,
    district_workers,
    factory_trades,
    named_shares,
    petrograd_trades,
    with_other_manual,
)
from sim.society.places import INDUSTRIAL

#: Share of the Cossack estate among inhabitants (memory: the hosts about 1913-16, unverified; error factor 1.5).
COSSACK_SHARE: Mapping[str, float] = {
    "don": 0.39,
    "kuban_black_sea": 0.41,
    "terek_dagestan": 0.13,
    "orenburg": 0.24,
    "uralsk": 0.19,
    "astrakhan": 0.03,
    "transbaikal": 0.28,
    "priamur": 0.08,
    "akmolinsk": 0.06,
    "semipalatinsk": 0.04,
    "semirechye": 0.03,
}
#: How the civilians of Petrograd who are not factory workers' families fall on the districts (assumption): other wage
#: workers, middle strata, propertied society.
DISTRICT_CIVILIANS: Mapping[str, tuple[float, float, float]] = {
    "vyborg": (0.09, 0.08, 0.03),
    "peterhof": (0.03, 0.02, 0.005),
    "narva": (0.11, 0.07, 0.04),
    "vasilevsky": (0.10, 0.13, 0.12),
    "petrograd_side": (0.13, 0.18, 0.14),
    "nevsky": (0.06, 0.04, 0.015),
    "moscow_gate": (0.06, 0.06, 0.05),
    "centre": (0.42, 0.42, 0.60),
}
#: A stratum of townspeople never leaves less than this share of them to the others.
TOWN_WORKERS_MOST = 0.6
#: Kinds of settlement with shares of their own.
Kind = Literal["capital", "town", "settlement", "village"]
#: Error factor of any count that rests on remembered industrial workers.
MEMORY_ERROR = 1.5


@dataclass(frozen=True)
class Reckoner:
    """What the count of every province shares."""

    assumed: Mapping[str, float]
    army: Forces
    workers: Mapping[str, float]
    inhabitants: Mapping[str, float]
    memory_rows: bool


def cells(reckoner: Reckoner, provinces: tuple[ProvinceRow, ...]) -> list[Cell]:
    """The cells of every province, capitals first."""
    by_id = {p.province: p for p in provinces}
    central = central_trades(reckoner.workers)
    made = _petrograd(reckoner, by_id["petrograd_city"])
    made += _moscow(reckoner, by_id["moscow_city"], central["moscow_city"])
    made.append(_kronstadt_workers(reckoner, by_id["petrograd"]))
    for p in provinces:
        if p.province not in ("petrograd_city", "moscow_city"):
            made += _province(reckoner, p, central.get(p.province) or factory_trades(p))
    return [cell for cell in made if cell.persons > 0]


# --- the capitals


def capital_inhabitants(petrograd: ProvinceRow, moscow: ProvinceRow) -> dict[str, float]:
    """Everyone in each capital, garrison included: Petrograd by S025, Moscow grown since 1914 as Petrograd was."""
    counted = float(row("social", "S025").number)
    grown = counted / float(petrograd.population_1914 or 1)
    return {"petrograd_city": counted, "moscow_city": float(moscow.population_1914 or 0) * grown}


def _petrograd(r: Reckoner, city: ProvinceRow) -> list[Cell]:
    a = r.assumed
    factory = district_workers(r.memory_rows)
    civilians = r.inhabitants["petrograd_city"] - r.army.garrisons["petrograd_city"]
    families = sum(factory.values()) * a["household_capital"]
    other, propertied = civilians * a["other_manual_capital"], civilians * a["propertied_capital"]
    middle = civilians - families - other - propertied
    trades = petrograd_trades(r.memory_rows)
    made = []
    for district, (manual, office, society) in DISTRICT_CIVILIANS.items():
        workers = factory[district] * a["household_capital"]
        persons = {"worker": workers + other * manual, "middle": middle * office, "propertied": propertied * society}
        mixed = with_other_manual(trades[district], workers / persons["worker"], a["railway"])
        said = "S028 by S050 to S056 (memory), with dependants, and other wage workers (assumption)"
        made += _townspeople(r, city, f"petrograd/{district}", persons, mixed, said, kind="capital")
    made.append(_garrison(r, city, "petrograd/garrison"))
    return made


def _moscow(r: Reckoner, city: ProvinceRow, factory: Trades) -> list[Cell]:
    a = r.assumed
    civilians = r.inhabitants["moscow_city"] - r.army.garrisons["moscow_city"]
    families = r.workers["moscow_city"] * a["household_capital"]
    other, propertied = civilians * a["other_manual_capital"], civilians * a["propertied_capital"]
    persons = {
        "worker": families + other,
        "middle": civilians - families - other - propertied,
        "propertied": propertied,
    }
    mixed = with_other_manual(factory, families / persons["worker"], a["railway"])
    said = (
        "Moscow's industrial workers (memory; S023 and S024 have about 158,000 under inspection) and other wage workers"
    )
    made = _townspeople(r, city, "moscow/city", persons, mixed, said, kind="capital")
    return [*made, _garrison(r, city, "moscow/garrison")]


def _kronstadt_workers(r: Reckoner, province: ProvinceRow) -> Cell:
    persons = _kronstadt_civilians(r)
    share = persons / float(row("social", "S099").number)
    mixed = with_other_manual(named_shares((0.7, 0.0, 0.02, 0.08, 0.0, 0.2)), 0.6, 0.0)
    said = f"{share:.0%} (what sailors and soldiers leave) of the 50,000 people of S099."
    cell = _civil(r, province, "kronstadt", "worker", persons, mixed, said, 1.3, kind="capital")
    return replace(cell, km_to_petrograd=30.0)


def _kronstadt_civilians(r: Reckoner) -> float:
    share = 1 - r.assumed["kronstadt_sailors"] - r.assumed["kronstadt_soldiers"]
    return float(row("social", "S099").number) * share


# --- provinces


def _province(r: Reckoner, p: ProvinceRow, factory: Trades) -> list[Cell]:
    """Towns, garrison, villages and, where there are any, the industrial settlements of a province."""
    town, village = _present(r, p)
    if p.province == "petrograd":
        town -= _kronstadt_civilians(r)
    apart = _apart(r, p, town, village)
    town, village = town - apart.from_towns, village - apart.from_villages
    workers = r.workers[p.province] - apart.workers
    in_town = _workers_in_towns(r, workers, town)
    made = _town_cells(r, p, town, in_town, factory)
    made += _village_cells(r, p, village, workers - in_town, factory)
    return [*made, _garrison(r, p, f"{p.region}/garrisons"), *apart.cells]


def _present(r: Reckoner, p: ProvinceRow) -> tuple[float, float]:
    """Civilians in the towns and in the villages of a province once its men in uniform are gone."""
    home = r.inhabitants[p.province]
    urban = p.urban_share_1914 if p.urban_share_1914 is not None else p.urban_share
    share = urban if urban is not None else 0.3  # the railway zone in China, not in the tables: assumption
    given, rate = r.army.given[p.province], r.assumed["town_callup"]
    from_towns = given * share * rate / (share * rate + 1 - share)
    return home * share - from_towns, home * (1 - share) - (given - from_towns)


def _workers_in_towns(r: Reckoner, workers: float, town: float) -> float:
    room = max(TOWN_WORKERS_MOST - r.assumed["other_manual_town"], 0.0) * town / r.assumed["household_town"]
    return min(workers * r.assumed["industry_in_towns"], room)


def _town_cells(r: Reckoner, p: ProvinceRow, town: float, workers: float, factory: Trades) -> list[Cell]:
    a = r.assumed
    families, other = workers * a["household_town"], town * a["other_manual_town"]
    propertied = town * a["propertied_town"]
    persons = {
        "worker": families + other,
        "propertied": propertied,
        "middle": town - families - other - propertied,
    }
    share = families / persons["worker"] if persons["worker"] else 0.0
    mixed = with_other_manual(factory, share, a["railway"] if p.rail else 0.0)
    said = "Industrial workers of the province (memory, tempered by the occupations of 1897) and other wage workers"
    return _townspeople(r, p, f"{p.region}/towns", persons, mixed, said)


def _village_cells(r: Reckoner, p: ProvinceRow, village: float, workers: float, factory: Trades) -> list[Cell]:
    a = r.assumed
    place = f"{p.region}/villages"
    persons = {
        "worker": workers * a["household_village"],
        "middle": village * a["village_middle"],
        "propertied": village * a["village_propertied"],
    }
    peasants = village - sum(persons.values())
    poor = min(a["poor_base"] + a["poor_serf"] * (p.serf_share_1858 or 0.0), 0.9)
    home = "inhabitants of 1914 grown to 1917, less townspeople and the men in uniform"
    said = {
        "worker": "Industrial workers outside towns (memory, tempered by the occupations of 1897) with dependants",
        "middle": f"{a['village_middle']:.1%} of the villagers (assumption)",
        "propertied": f"{a['village_propertied']:.1%} of the villagers (assumption)",
    }
    trades = {
        "worker": factory,
        "middle": blend(("middle_intelligentsia", 0.6), ("middle_employee", 0.4)),
        "propertied": blend(("propertied_census", 1.0)),
    }
    errors = {"worker": MEMORY_ERROR, "middle": spread("village_middle"), "propertied": spread("village_propertied")}
    made = [
        _civil(r, p, place, key, count, trades[key], f"{said[key]}: {home}.", errors[key], kind="village")
        for key, count in persons.items()
    ]
    split = blend(("peasant_poor", poor), ("peasant_middling", 1 - poor))
    rest = f"What the other villagers leave: {home}."
    return [*made, _civil(r, p, place, "peasant", peasants, split, rest, 1.05, kind="village")]


@dataclass(frozen=True)
class Apart:
    """The part of a province that is a place of its own, and the people that it takes from the rest."""

    cells: tuple[Cell, ...] = ()
    from_towns: float = 0.0
    from_villages: float = 0.0
    workers: float = 0.0


def _apart(r: Reckoner, p: ProvinceRow, town: float, village: float) -> Apart:
    if p.province in INDUSTRIAL["ukraine/donbas"]:
        return _donbas(r, p, village)
    if p.province in INDUSTRIAL["caucasus/baku"]:
        return _baku(r, p, town)
    return Apart()


def _donbas(r: Reckoner, p: ProvinceRow, village: float) -> Apart:
    """The part of a province in the Donets basin: settlements without town status."""
    a = r.assumed
    share = a[f"donbas_{p.province}"]
    workers = r.workers[p.province] * share
    families = workers * a["household_settlement"]
    persons = {
        "worker": families,
        "middle": families * a["middle_settlement"],
        "propertied": families * a["propertied_settlement"],
    }
    said = f"{share:.0%} (assumption) of the province's industrial workers (memory) with dependants"
    trades = with_other_manual(named_shares(DONBAS_TRADES), 0.94, 0.8)
    made = _townspeople(r, p, "ukraine/donbas", persons, trades, said, kind="settlement")
    return Apart(tuple(made), 0.0, min(sum(persons.values()), village), workers)


def _baku(r: Reckoner, p: ProvinceRow, town: float) -> Apart:
    """Baku, its Black and White Town and the oilfields around it."""
    a = r.assumed
    city = town * a["baku_city"]
    workers = r.workers["baku"] * a["baku_fields"]
    families = workers * a["household_settlement"]
    other, propertied = city * a["other_manual_town"], city * a["propertied_town"]
    persons = {"worker": families + other, "middle": city - other - propertied, "propertied": propertied}
    trades = with_other_manual(named_shares(BAKU_TRADES), families / persons["worker"], a["railway"])
    said = f"{a['baku_fields']:.0%} (assumption) of the province's industrial workers (memory) and other wage workers"
    made = _townspeople(r, p, "caucasus/baku", persons, trades, said, kind="settlement")
    russian = a["baku_russian"]
    made = [replace(cell, tongues=(russian, 0.0, 0.0, 1 - russian)) for cell in made]
    return Apart(tuple(made), city, families, workers)


# --- cells


def _townspeople(
    r: Reckoner,
    p: ProvinceRow,
    place: str,
    persons: Mapping[str, float],
    trades: Trades,
    said: str,
    kind: Kind = "town",
) -> list[Cell]:
    """Workers, middle strata and propertied society of a place of townspeople."""
    society = spread("propertied_capital" if kind == "capital" else "propertied_town")
    base = (
        "the count of 1 January 1917 (S025)"
        if kind == "capital"
        else "townspeople of 1914 grown to 1917, less men in uniform"
    )
    split = {
        "worker": trades,
        "middle": blend(("middle_intelligentsia", 0.35), ("middle_employee", 0.65)),
        "propertied": blend(("propertied_census", 0.92), ("propertied_officer", 0.08)),
    }
    words = {
        "worker": f"{said}: {base}.",
        "middle": f"What workers and propertied society leave of {base}.",
        "propertied": f"A share of {base} (assumption).",
    }
    if place == "ukraine/donbas":
        in_proportion = "In proportion to the workers (assumption), as the settlements had no town status."
        words = {"worker": f"{said}.", "middle": in_proportion, "propertied": in_proportion}
    errors = {"worker": MEMORY_ERROR, "middle": MEMORY_ERROR, "propertied": society}
    return [
        _civil(r, p, place, key, count, split[key], words[key], errors[key], kind=kind)
        for key, count in persons.items()
    ]


def _civil(
    r: Reckoner,
    p: ProvinceRow,
    place: str,
    stratum: str,
    persons: float,
    trades: Trades,
    reckoning: str,
    error: float,
    kind: Kind = "town",
) -> Cell:
    """One civilian cell with the covariates of its province."""
    voters, women = _adults(r, p, kind)
    low, high = bounds(persons, error, 1.03 if kind == "capital" else spread("growth"))
    return replace(
        _covariates(r, p, place, trades, town=kind != "village"),
        stratum=stratum,
        persons=persons,
        low=low,
        high=high,
        electorate=voters,
        at_work=_at_work(r, stratum, persons, voters, kind),
        literacy=_literacy(r, p, stratum, kind),
        women=women,
        reckoning=reckoning,
    )


def _adults(r: Reckoner, p: ProvinceRow, kind: Kind) -> tuple[float, float]:
    """Share of voters among civilians, and of women among those, once the men in uniform are gone."""
    a = r.assumed
    if kind == "capital":
        return a["adults_capital"], a["women_capital"]
    adults = a["adults_village"] if kind == "village" else a["adults_town"]
    gone = r.army.given[p.province] / r.inhabitants[p.province] * (1.0 if kind == "village" else a["town_callup"])
    voters = (adults - gone) / (1 - gone)
    women = a["women_settlement"] if kind == "settlement" else adults / 2 / (adults - gone)
    return voters, women


def _at_work(r: Reckoner, stratum: str, persons: float, voters: float, kind: Kind) -> float:
    """People who meet in the assemblies of the stratum."""
    a = r.assumed
    if stratum == "peasant":
        return persons * voters
    if stratum in ("middle", "propertied"):
        return persons * a["employed_middle"]
    return persons / a[f"household_{kind}"]


def _literacy(r: Reckoner, p: ProvinceRow, stratum: str, kind: Kind) -> float:
    """Share of adults who read in 1917: the odds of 1897 times the factor of towns or villages (S103 to S109)."""
    a = r.assumed
    if stratum in ("middle", "propertied"):
        return a["literate_middle"]
    before = p.literacy_1897 if p.literacy_1897 is not None else 0.24  # S103, the mean of the Empire
    factor = a["town_odds" if kind == "settlement" else f"{kind}_odds"]
    odds = before / (1 - before) * factor
    return odds / (1 + odds)


def _garrison(r: Reckoner, p: ProvinceRow, place: str) -> Cell:
    """The rear troops of a province: half of them strangers to it."""
    persons = r.army.garrisons[p.province]
    known = p.garrison_1917 is not None
    local, army = tongues_of(p), r.army.tongues["all"]
    tongues = tuple((x + y) / 2 for x, y in zip(local, army, strict=True))
    verified = known and not p.group_is_memory("garrison")
    said = (
        "The province's rear troops in February (Pipes, 1990)."
        if verified
        else "The province's rear troops in early 1917 (memory)."
        if known and r.memory_rows
        else "No figure: rear troops per inhabitant liable to service (assumption)."
    )
    low, high = bounds(persons, 1.3 if verified else MEMORY_ERROR if known else spread("garrison_rate"))
    if verified:
        high = max(high, float(row("social", "S063").number))
    autumn = row("social", "S067").number / row("social", "S060").number if verified else r.assumed["garrison_autumn"]
    return replace(
        _covariates(r, p, place, REAR_UNITS, town=True),
        stratum="soldier",
        persons=persons,
        low=low,
        high=high,
        electorate=1.0,
        at_work=persons,
        persons_autumn=autumn,
        literacy=r.assumed["literate_soldier"],
        tongues=(tongues[0], tongues[1], tongues[2], tongues[3]),
        women=0.0,
        reckoning=said,
    )


def _covariates(r: Reckoner, p: ProvinceRow, place: str, trades: Trades, town: bool) -> Cell:
    """A cell that knows its province and not yet its people."""
    # Blanks: no landlords' serfs and no black earth are known where those columns are empty (docs/population.md).
    home = r.inhabitants[p.province]
    townspeople = home * (p.urban_share_1914 or 0.0)
    return Cell(
        place=place, province=p.province, stratum="", persons=0.0, low=0.0, high=0.0, electorate=0.0, at_work=0.0,
        persons_autumn=1.0, km_to_petrograd=p.km_to_petrograd, km_to_moscow=p.km_to_moscow,
        km_to_kiev=km((p.lat, p.lon), KIEV),
        km_to_european_front=p.km_to_european_front, nearest_front=own_front(p), rail=p.rail, literacy=0.0,
        industry=r.workers[p.province] / home, urban_share=p.urban_share_1914 or 0.0,
        black_earth=p.black_earth_soil or 0.0, serf_share=p.serf_share_1858 or 0.0,
        tongues=_town_tongues(p, r.assumed["town_tongue"]) if town else tongues_of(p),
        garrison_per_civilian=r.army.garrisons[p.province] / townspeople if townspeople else 0.0,
        women=0.0, cossack_share=COSSACK_SHARE.get(p.province, 0.0), trades=trades, reckoning="",
    )  # fmt: skip


def _town_tongues(p: ProvinceRow, factor: float) -> tuple[float, float, float, float]:
    """Mother tongues of a province's towns: fewer Ukrainians and Belorussians, the rest shared by Russian and other."""
    russian, ukrainian, belorussian, other = tongues_of(p)
    if p.urban_share == 1.0:
        return russian, ukrainian, belorussian, other
    moved = (ukrainian + belorussian) * (1 - factor)
    return russian + moved / 2, ukrainian * factor, belorussian * factor, other + moved / 2
