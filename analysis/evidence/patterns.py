"""The patterns of 1917 that a history must show before its counterfactuals are trusted, and two negative controls.

Each pattern has a source, a pass rule in words, a function that reads its numbers off the tables of a run (``None``
where the tables don't hold them) and one that applies the rule to the numbers' means over runs. What can't be measured
is said to be so; it never passes. Shares are in per cent, dates Old Style.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

import sim
from analysis.evidence import force_patterns as force
from analysis.evidence.contests import other_tongues
from analysis.evidence.observe import Floats
from analysis.evidence.verdicts import Pattern, marks
from analysis.evidence.year import Numbers, Year, all_known, homes

NOVEMBER = date(1917, 11, 12)
#: Days that must be recorded one by one: those of force, mid-June, ends of months, the eve of the ebb and its end.
DAYS = (*force.DAYS, date(1917, 6, 15), date(1918, 1, 5), date(1918, 4, 30))
#: Regions as the evidence counts them, by provinces.
REGIONS: Mapping[str, tuple[str, ...]] = {
    "central_industrial": (
        "vladimir", "kostroma", "moscow", "moscow_city", "nizhny_novgorod", "ryazan", "tula", "tver", "yaroslavl",
    ),
    "volga_black_earth": (
        "astrakhan", "voronezh", "kursk", "orel", "penza", "samara", "saratov", "simbirsk", "tambov",
    ),
    "urals": ("vyatka", "kazan", "perm", "ufa"),
    "ukraine": ("volhynia", "ekaterinoslav", "kiev", "poltava", "taurida", "kharkov", "kherson", "chernigov"),
}  # fmt: skip


def measure(tables: Mapping[str, Any]) -> dict[str, Numbers | None]:
    """Pattern id -> its numbers in one run."""
    year = Year(tables)
    return {pattern.id: pattern.measure(year) for pattern in PATTERNS}


def _near(value: float, wanted: float, tolerance: float) -> bool:
    return abs(value - wanted) <= tolerance


# --- 1 to 5: the capitals ---------------------------------------------------------------------------------------------
def _policy_first(year: Year) -> Numbers | None:
    return all_known(
        {
            "workers_for_soviet_power": year.wants_soviet_power("petrograd", "worker", date(1917, 6, 15)),
            "city_bolshevik": year.vote("bolshevik", "petrograd_district_dumas", date(1917, 5, 27), "petrograd"),
            "congress_bolshevik": year.seats("bolshevik", "first_congress", date(1917, 6, 3), declared=True),
        }
    )


def _policy_first_met(n: Numbers) -> bool:
    t = marks()["share"]
    near = _near(n["city_bolshevik"], 20.0, t) and _near(n["congress_bolshevik"], 13.5, t)
    return n["workers_for_soviet_power"] > 50.0 and near


#: Votes of the capitals through the year: name -> election, day, place.
CAPITALS = {
    "petrograd_may": ("petrograd_district_dumas", date(1917, 5, 27), "petrograd"),
    "petrograd_august": ("petrograd_duma", date(1917, 8, 20), "petrograd"),
    "petrograd_november": ("constituent_assembly", NOVEMBER, "petrograd"),
    "moscow_june": ("moscow_duma", date(1917, 6, 25), "moscow"),
    "moscow_november": ("constituent_assembly", NOVEMBER, "moscow"),
}


def _capitals(year: Year, target: str, *names: str) -> dict[str, float | None]:
    return {f"{target}_{name}": year.vote(target, *CAPITALS[name]) for name in names}


def _petrograd(year: Year) -> Numbers | None:
    return all_known(_capitals(year, "bolshevik", "petrograd_may", "petrograd_august", "petrograd_november"))


def _petrograd_met(n: Numbers) -> bool:
    may, august, november = n.values()
    near = all(_near(v, w, marks()["share"]) for v, w in ((may, 20.0), (august, 33.0), (november, 45.0)))
    return near and may < august < november


def _moscow(year: Year) -> Numbers | None:
    return all_known(
        _capitals(year, "bolshevik", "moscow_june", "moscow_november")
        | _capitals(year, "kadet", "moscow_june", "moscow_november", "petrograd_august", "petrograd_november")
    )


def _moscow_met(n: Numbers) -> bool:
    t = marks()["share"]
    near = _near(n["bolshevik_moscow_june"], 11.5, t) and _near(n["bolshevik_moscow_november"], 49.0, t)
    rise = n["kadet_moscow_november"] > n["kadet_moscow_june"]
    return near and rise and n["kadet_petrograd_november"] > n["kadet_petrograd_august"]


def _centre(year: Year) -> Numbers | None:
    names = ("petrograd_may", "petrograd_november", "moscow_june", "moscow_november")
    found: dict[str, float | None] = {}
    for target in ("sr", "menshevik", "kadet"):
        found |= _capitals(year, target, *names)
    return all_known(found)


def _centre_met(n: Numbers) -> bool:
    pairs = (("petrograd_may", "petrograd_november"), ("moscow_june", "moscow_november"))
    fall = all(n[f"{t}_{b}"] < n[f"{t}_{a}"] for t in ("sr", "menshevik") for a, b in pairs)
    return fall and all(n[f"kadet_{b}"] >= n[f"kadet_{a}"] - 1.0 for a, b in pairs)


# --- 6 to 8: space ----------------------------------------------------------------------------------------------------
FRONTS = {
    "western_front": 67.0,
    "northern_front": 61.0,
    "romanian_front": 15.0,
    "caucasian_front": 14.0,
    "black_sea_fleet": 21.0,
}


def _fronts(year: Year) -> Numbers | None:
    return all_known({p: year.vote("bolshevik", "constituent_assembly", NOVEMBER, p) for p in (*FRONTS, "baltic")})


def _fronts_met(n: Numbers) -> bool:
    near = all(_near(n[place], share, marks()["front"]) for place, share in FRONTS.items())
    order = n["western_front"] >= n["northern_front"] > max(n["romanian_front"], n["caucasian_front"])
    return near and order and n["baltic"] > 50.0


def _garrisons(year: Year) -> Numbers | None:
    found = {}
    for province in ("vladimir", "vyatka"):
        by_kind = [
            year.vote("bolshevik", "constituent_assembly", NOVEMBER, f"*/{kind}", provinces=(province,))
            for kind in ("garrisons", "towns")
        ]
        found[province] = None if by_kind[0] is None or by_kind[1] is None else by_kind[0] - by_kind[1]
    return all_known(found)


def _garrisons_met(n: Numbers) -> bool:
    return all(gap >= marks()["garrison_gap"] for gap in n.values())


def _regions(year: Year) -> Numbers | None:
    return all_known(
        {name: year.vote("bolshevik", "constituent_assembly", NOVEMBER, provinces=p) for name, p in REGIONS.items()}
    )


def _regions_met(n: Numbers) -> bool:
    values = list(n.values())
    near = all(_near(v, w, marks()["region"]) for v, w in zip(values, (44.0, 16.0, 12.0, 10.0), strict=True))
    return near and values == sorted(values, reverse=True)


# --- 9, 10, 14: acts --------------------------------------------------------------------------------------------------
VILLAGES = ("black_earth", "volga", "central_industrial", "northern", "western", "urals", "ukraine", "south", "siberia")


def _villages(year: Year) -> Numbers | None:
    months = year.months("land_seizure", 4, 10, "villages")
    autumn = {r: year.acted("land_seizure", date(1917, 9, 1), date(1917, 10, 31), f"{r}/villages") for r in VILLAGES}
    if months is None or all_known(autumn) is None:
        return None
    rates = {r: n / max(year.persons(f"{r}/villages", "peasant"), 1.0) for r, n in autumn.items() if n is not None}
    rank = sorted(rates, key=lambda r: -rates[r])
    return months | {"rank_black_earth": 1.0 + rank.index("black_earth"), "rank_volga": 1.0 + rank.index("volga")}


def _villages_met(n: Numbers) -> bool:
    waves = n["4"] < n["7"] and n["6"] < n["7"] and n["8"] < n["7"] and max(n["9"], n["10"]) > n["8"]
    return waves and n["rank_black_earth"] + n["rank_volga"] <= 3.5


def _strikes(year: Year) -> Numbers | None:
    """Strikers by month, in thousands; metal's share of them from April to July and from August to October."""
    all_, metal = year.monthly("month/strike", 4, 10), year.monthly("month/strike_metal", 4, 10)
    if all_ is None or metal is None:
        return None
    found = {month: count / 1000.0 for month, count in all_.items()}
    for name, first, last in (("metal_to_july", 4, 7), ("metal_after", 8, 10)):
        months = [str(m) for m in range(first, last + 1)]
        whole = sum(all_[m] for m in months)
        found[name] = 100.0 * sum(metal[m] for m in months) / whole if whole else math.nan
    return found


def _strikes_met(n: Numbers) -> bool:
    months = {m: v for m, v in n.items() if m.isdigit()}
    shape = months["9"] == max(months.values()) and months["4"] == min(months.values()) and months["10"] < months["9"]
    return shape and n["metal_after"] < n["metal_to_july"]


def _desertion(year: Year) -> Numbers | None:
    earlier = year.series("desertion_before")
    spring = year.acted("desertion", date(1917, 3, 1), date(1917, 8, 31), stratum="soldier")
    autumn = year.acted("desertion", date(1917, 9, 1), date(1917, 10, 31), stratum="soldier")
    winter = year.acted("desertion", date(1917, 11, 1), date(1917, 12, 31), stratum="soldier")
    if earlier is None or spring is None or autumn is None or winter is None:
        return None
    return {"times_earlier_rate": spring / 6.0 / earlier, "winter_to_autumn": winter / autumn if autumn else 0.0}


def _desertion_met(n: Numbers) -> bool:
    low, high = marks()["desertion"]
    return bool(low <= n["times_earlier_rate"] <= high) and n["winter_to_autumn"] > 2.0


# --- 11 to 13, 15: power ----------------------------------------------------------------------------------------------
def _congress(year: Year) -> Numbers | None:
    mandated = year.book.mandated("second_congress", date(1917, 10, 25))
    return all_known(
        {
            "bolshevik": year.seats("bolshevik", "second_congress", date(1917, 10, 25)),
            "mandated": None if mandated is None else 100.0 * mandated,
        }
    )


def _congress_met(n: Numbers) -> bool:
    return _near(n["bolshevik"], 45.0, marks()["share"]) and _near(n["mandated"], 75.0, marks()["share"])


TOWN_SOVIETS = (
    "northern",
    "western",
    "central_industrial",
    "black_earth",
    "volga",
    "urals",
    "ukraine",
    "south",
    "siberia",
)


def _ebb(year: Year) -> Numbers | None:
    winter, spring = date(1918, 1, 5), date(1918, 4, 30)
    first: dict[date, int] = {}
    for day in (winter, spring):
        seats = [year.book.seats(f"{region}/towns/soviet", day) for region in TOWN_SOVIETS]
        known = [s for s in seats if s is not None]
        if len(known) < len(seats):
            return None
        first[day] = sum(int(s[0] > max(s[1:-1])) for s in known)
    ebb = {
        stratum: _fall(
            year.follows("bolshevik", place, stratum, winter), year.follows("bolshevik", place, stratum, spring)
        )
        for stratum, place in (("worker", "empire"), ("soldier", "garrisons"))
    }
    found = all_known({f"fall_{stratum}": fall for stratum, fall in ebb.items()})
    if found is None:
        return None
    return {"led_in_january": float(first[winter]), "led_in_april": float(first[spring])} | found


def _fall(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else before - after


def _ebb_met(n: Numbers) -> bool:
    half = len(TOWN_SOVIETS) / 2
    return n["led_in_january"] > half >= n["led_in_april"] and n["fall_worker"] > max(n["fall_soldier"], 0.0)


# --- controls ---------------------------------------------------------------------------------------------------------
def _georgia(year: Year) -> Numbers | None:
    def share(target: str) -> float | None:
        return year.vote(target, "constituent_assembly", NOVEMBER, provinces=("tiflis", "kutais"))

    return all_known({target: share(target) for target in ("menshevik", "bolshevik", "sr", "right")})


def _georgia_met(n: Numbers) -> bool:
    return n["menshevik"] == max(n.values()) and n["bolshevik"] < 10.0


def _don(year: Year) -> Numbers | None:
    def share(target: str) -> float | None:
        return year.vote(target, "constituent_assembly", NOVEMBER, provinces=("don",))

    found = {target: share(target) for target in ("bolshevik", "sr", "right")}
    return all_known(found | {"country": year.vote("bolshevik", "constituent_assembly", NOVEMBER, "empire")})


def _don_met(n: Numbers) -> bool:
    behind = n["bolshevik"] < max(n["sr"], n["right"]) and n["bolshevik"] < n["country"]
    return behind and n["bolshevik"] <= marks()["don_bolshevik"]


def _nation(year: Year) -> Numbers | None:
    def share(target: str) -> float | None:
        return year.vote(target, "constituent_assembly", NOVEMBER, "empire")

    return all_known({target: share(target) for target in ("bolshevik", "sr", "menshevik", "kadet")})


def _nation_met(n: Numbers) -> bool:
    m = marks()
    return bool(
        m["nation_bolshevik"][0] <= n["bolshevik"] <= m["nation_bolshevik"][1]
        and m["nation_sr"][0] <= n["sr"] <= m["nation_sr"][1]
    )


def _national(year: Year) -> Numbers | None:
    """Share of national lists in the country, and in the provinces where nearly all or few voters speak Russian."""
    returns = year.book.returns("constituent_assembly", NOVEMBER)
    lists = [sim.PARTIES.index(party) for party in ("national_socialist", "national")]
    found: dict[str, float | None] = {"country": _share_of(lists, list(returns.values()))}
    others = {
        province: other_tongues(homes(), frozenset({province})) for place, province in returns if place in homes()
    }
    for name, low, high in (("russian_provinces", 0.0, 0.1), ("other_provinces", 0.5, 1.0)):
        chosen = [v for (place, q), v in returns.items() if place in homes() and low <= others[q] <= high]
        found[name] = _share_of(lists, chosen)
    return all_known(found)


def _share_of(parties: list[int], returns: list[Floats]) -> float | None:
    """Per cent of these parties in summed votes."""
    total = np.sum(returns, axis=0) if returns else np.zeros(len(sim.PARTIES))
    return 100.0 * float(total[parties].sum() / total.sum()) if total.sum() > 0 else None


def _national_met(n: Numbers) -> bool:
    low, high = marks()["nation_national"]
    return bool(low <= n["country"] <= high) and n["russian_provinces"] <= marks()["share"]


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "1", "February: strikers by day, then mutiny", "Hasegawa, The February Revolution (1981)",
        "128, 214 and 305 thousand strikers on 23-25 February within a quarter; mutiny near nil on the 26th, "
        "general by the night of the 27th",
        force.february, force.february_met,
        seen="readiness of the untried and the day in which discipline breaks were set with the strikers of 23 to 25 "
        "February and the mutiny of the 27th in view",
    ),
    Pattern(
        "2", "Policy before party", "Mandel (1984); First Congress: Presidential Library (Petrograd)",
        "Petrograd's workers over half for soviet power by mid-June, the city 20 per cent Bolshevik, 13.5 of the "
        "Congress's declared delegates",
        _policy_first, _policy_first_met,
        seen="that a shared coalition is refused was made a rule because support for soviet power came too late, and "
        "its weight was set by hand",
        fitted=("petrograd_may", "first_congress"),
    ),
    Pattern(
        "3", "Petrograd, all classes", "V006, V022, V282", "20 in May, 33 on 20 August, 45 in November, rising",
        _petrograd, _petrograd_met, fitted=("petrograd_may", "petrograd_november"),
    ),
    Pattern(
        "4", "Moscow, and Kadets in both capitals", "V010, V211, V008, V380, V280; Rosenberg (1969)",
        "11 to 12 in June, 48 to 50 in November; Kadets rise in both capitals from summer to November",
        _moscow, _moscow_met, fitted=("moscow_june", "moscow_november", "petrograd_november"),
    ),
    Pattern(
        "5", "The centre empties at both ends", "Reed (1919); Rosenberg (1969)",
        "Mensheviks and SRs fall in both capitals while Kadets hold or gain", _centre, _centre_met,
        fitted=("petrograd_may", "petrograd_november", "moscow_june", "moscow_november"),
    ),
    Pattern(
        "6", "Fronts and fleets", "Sviatitsky's count, in Lenin (1919)",
        "Western 67 >= Northern 61 > Romanian 15, about Caucasian 14; Baltic over 50, Black Sea 21",
        _fronts, _fronts_met, fitted=("northern_front", "western_front", "caucasian_front", "black_sea_fleet"),
    ),
    Pattern(
        "7", "Garrison less civilians", "Radkey (1989) and Spirin (1968), as reported",
        "at least 40 points in Vladimir and Vyatka", _garrisons, _garrisons_met,
        fitted=("vyatka_garrison", "vyatka_town"),
    ),
    Pattern(
        "8", "Regions", "Sviatitsky's count, in Lenin (1919)",
        "Central Industrial 44 > Volga and Black Earth 16 > Urals 12 > Ukraine 10", _regions, _regions_met,
        fitted=("central_industrial", "volga_black_earth", "east_urals", "ukraine"),
    ),
    Pattern(
        "9", "Village unrest in two waves", "Gill, Peasants and Government (1979); shape from memory",
        "rise to July, fall in August, a second wave in September-October, highest in Black Earth and Volga",
        _villages, _villages_met,
    ),
    Pattern(
        "10", "Strikes through the year", "Koenker and Rosenberg, Strikes and Revolution in Russia (1989), from memory",
        "low in April, peak in September, down in October; metal's share falls after July",
        _strikes, _strikes_met,
        seen="how often strikes begin of themselves was set with strikers by month in view",
    ),
    Pattern(
        "11", "Kornilov's march", "Munck, The Kornilov Revolt (1987)",
        "over within five days (pinned in this scenario), deaths near nil, nine men in ten never engage",
        force.march, force.march_met, pinned="the march and its end are pinned to their dates, and so its days",
    ),
    Pattern(
        "12", "October: few fight", "Rabinowitch, The Bolsheviks Come to Power (1976), from memory",
        "at most 3,000 defenders, insurgents a small part of the garrison and most stay out; at most ten deaths in "
        "Petrograd, hundreds in Moscow",
        force.october, force.october_met,
        seen="that those who want peace above all fight for nobody was made a rule because too many came out",
    ),
    Pattern(
        "13", "Second Congress", "V072, V075", "45 per cent Bolshevik, 75 per cent mandated for soviet power",
        _congress, _congress_met, fitted=("second_congress", "second_congress_mandates"),
    ),
    Pattern(
        "14", "Desertion", "Wildman (1980, 1987), from memory",
        "March to August four to six times the earlier monthly rate; going home in mass only from November",
        _desertion, _desertion_met,
        seen="how far desertion follows lost obedience and field work was set with the counts of deserters in view",
    ),
    Pattern(
        "15", "Ebb by spring 1918", "Brovkin, The Mensheviks after October (1987), from memory",
        "Bolsheviks lead most town soviets in January, at most half in April; more lost among workers than soldiers",
        _ebb, _ebb_met, beyond="January to April 1918 lies past the year that the model was made for",
    ),
    Pattern(
        "control: Georgia", "Georgia stays Menshevik", "Suny, The Making of the Georgian Nation (1988)",
        "Mensheviks first in Tiflis and Kutais, Bolsheviks under 10", _georgia, _georgia_met,
    ),
    Pattern(
        "control: Don", "The Don resists", "V273; Radkey (1989)",
        "Bolsheviks at most 20, not first, and weaker than in the country", _don, _don_met,
    ),
    Pattern(
        "nation", "The electorate's sum", "V135 to V141",
        "about 24 per cent Bolshevik and 38 to 44 SR with Left SR",
        _nation, _nation_met,
        fitted=("northern", "central_industrial", "volga_black_earth", "east_urals", "ukraine", "northern_front",
                "western_front", "caucasian_front", "black_sea_fleet"),
    ),
    Pattern(
        "national lists", "National lists by mother tongue", "V131, V135 to V142; census of 1897 by province",
        "13 to 26 per cent in the country, at most 5 where fewer than a tenth have another mother tongue",
        _national, _national_met,
        seen="how tongues part people was settled by hand with the fitted side's votes for national lists in view",
    ),
    Pattern(
        "recall", "Recall pulse of December", "A-032 to A-036: Reed (1918), in Campbell (2017)",
        "about one seat in a hundred lost by the governing party in days, and half of them back within three weeks",
        force.recall, force.recall_met,
    ),
    Pattern(
        "local power", "Local majorities for soviet power",
        "S294 to S345, towns that fell to forces from outside left out",
        "regions' town soviets come to a majority of Bolsheviks, Left SRs and Menshevik Internationalists in the order "
        "of the dated local takeovers (rank correlation 0.5), most of them in 1917; the majority is measured, not the "
        "taking of power",
        force.local_power, force.local_power_met,
    ),
)  # fmt: skip
