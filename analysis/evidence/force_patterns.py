"""Patterns of force and of power taken: February, Kornilov's march, October, local soviets, the recall of December.

Each pattern has a function that reads its numbers off the tables of a run (``None`` where they don't hold them) and one
that applies the rule to the numbers' means over runs. They are listed, with sources, in
:mod:`analysis.evidence.patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

import sim
from analysis.evidence.verdicts import marks
from analysis.evidence.year import Numbers, Year, all_known

#: Days that must be recorded one by one.
DAYS = (
    *(date(1917, 2, d) for d in range(23, 29)),
    *(date(1917, 8, d) for d in range(27, 32)),
    date(1917, 10, 25),
    *(date(1917, 11, d) for d in (23, 30)),
    *(date(1917, 12, d) for d in (2, 8, 22)),
)
STRIKERS = {"23": 128_000.0, "24": 214_000.0, "25": 305_000.0}
MARCH, OCTOBER, RECALL = date(1917, 8, 27), date(1917, 10, 25), date(1917, 12, 1)
CAPITAL = "petrograd"

#: Days on which soviets took local power (rows S298 to S338 of the table of outcomes), by region, without towns that
#: fell to forces from outside or where fighting came from outside: Kiev, Odessa, Poltava and the rest of Ukraine,
#: Novocherkassk and the Don, Mogilev (Stavka), Orenburg and Astrakhan (Cossacks), Helsingfors (a war of its own).
LOCAL: Mapping[str, tuple[date, ...]] = {
    "central_industrial": (
        date(1917, 10, 25), date(1917, 10, 27), date(1917, 10, 28), date(1917, 10, 28), date(1917, 11, 28),
        date(1917, 12, 2), date(1917, 12, 7),
    ),
    "western": (date(1917, 10, 25), date(1917, 10, 27), date(1917, 10, 30), date(1917, 10, 30)),
    "urals": (date(1917, 10, 26), date(1917, 10, 26), date(1917, 10, 27), date(1917, 11, 1), date(1917, 11, 25)),
    "volga": (date(1917, 10, 26), date(1917, 10, 27), date(1917, 10, 27), date(1917, 11, 14)),
    "black_earth": (date(1917, 10, 30), date(1917, 10, 31), date(1917, 11, 1), date(1917, 12, 22)),
    "northern": (date(1917, 10, 25), date(1917, 11, 2), date(1918, 1, 4), date(1918, 1, 26), date(1918, 2, 4)),
}  # fmt: skip


def _near(value: float, wanted: float, part: float) -> bool:
    return abs(value / wanted - 1.0) <= part


# --- February ---------------------------------------------------------------------------------------------------------
def february(year: Year) -> Numbers | None:
    """Strikers of the capital on three days; soldiers who came out on two, as shares of the garrison."""
    garrison = year.persons("petrograd/garrison", "soldier")
    found = {f"strikers_{d}": year.told("on_strike", CAPITAL, date(1917, 2, int(d))) for d in STRIKERS}
    for day in (26, 27):
        on = date(1917, 2, day)
        acts = [year.acted(a, on, on, "petrograd/garrison", "soldier") for a in ("refusal", "demonstration")]
        known = [n for n in acts if n is not None]
        found[f"mutiny_{day}"] = sum(known) / garrison if garrison and len(known) == len(acts) else None
    return all_known(found)


def february_met(n: Numbers) -> bool:
    """Strikers within a quarter; mutiny near nil on the 26th, general on the 27th."""
    m = marks()
    strikers = all(_near(n[f"strikers_{d}"], count, m["strikers"]) for d, count in STRIKERS.items())
    return strikers and n["mutiny_26"] <= m["mutiny_near_nil"] and n["mutiny_27"] >= m["mutiny_general"]


# --- Kornilov's march -------------------------------------------------------------------------------------------------
def march(year: Year) -> Numbers | None:
    """Days from the march to its end (pinned in `historical`), deaths, and the share that would have engaged."""
    begun, ended = year.happened("kornilov_march"), year.happened("kornilov_stopped")
    ordered, marchers = year.told("ordered", CAPITAL, MARCH), year.told("marchers", CAPITAL, MARCH)
    deaths = [
        year.total(f"deaths_high/{e}", tuple(sim.matching("empire"))) for e in ("kornilov_march", "kornilov_stopped")
    ]
    return all_known(
        {
            "days": None if begun is None or ended is None else float((ended - begun).days),
            "deaths": None if begun is None else sum(d or 0.0 for d in deaths),
            "engaged": marchers / ordered if ordered and marchers is not None else None,
        }
    )


def march_met(n: Numbers) -> bool:
    """Over within five days, next to no deaths, nine in ten never engage."""
    m = marks()
    return n["days"] <= 5.0 and n["deaths"] <= m["march_deaths"] and n["engaged"] <= m["march_engaged"]


# --- October ----------------------------------------------------------------------------------------------------------
def october(year: Year) -> Numbers | None:
    """Who came out in the capital on 25 October, as persons and as shares of those under arms there; deaths."""
    out = {side: year.told(side, CAPITAL, OCTOBER) for side in ("defenders", "insurgents")}
    camps = [year.told(f"strength/{c}", CAPITAL, OCTOBER) for c in ("government", "high_command", "soviets", "neutral")]
    garrison = year.persons("petrograd/garrison", "soldier")
    armed = sum(c for c in camps if c is not None)
    rose = out["insurgents"]
    stayed = None if rose is None or out["defenders"] is None or not armed else 1.0 - (rose + out["defenders"]) / armed
    capital = tuple(p for p in sim.matching(CAPITAL))
    moscow = [year.total("deaths_low/moscow_fighting", ("moscow", *sim.matching("moscow")))]
    return all_known(
        {
            **out,
            "insurgents_to_garrison": rose / garrison if rose is not None and garrison else None,
            "stayed_out": stayed,
            "deaths_petrograd": year.total("deaths_high/insurrection_25_oct", (CAPITAL, *capital)),
            "deaths_moscow": moscow[0],
        }
    )


def october_met(n: Numbers) -> bool:
    """Few defenders, insurgents few next to the garrison, most neither; few deaths here and hundreds in Moscow."""
    m = marks()
    few = n["defenders"] <= m["october_defenders"] and n["insurgents_to_garrison"] <= m["october_insurgents"]
    deaths = n["deaths_petrograd"] <= m["october_deaths"] and n["deaths_moscow"] >= m["moscow_deaths"]
    return few and n["stayed_out"] > 0.5 and deaths


# --- local power ------------------------------------------------------------------------------------------------------
def local_power(year: Year) -> Numbers | None:
    """Rank order of regions: when towns' soviets took power, and when parties for it had the majority there."""
    days = {
        region: year.majority(f"{region}/towns/soviet", "bolshevik", "left_sr", "menshevik_internationalist")
        for region in LOCAL
    }
    if all(day is None for day in days.values()):
        return None
    never = date(1918, 5, 1)
    model = [(days[r] or never).toordinal() for r in LOCAL]
    told = [float(np.median([d.toordinal() for d in LOCAL[r]])) for r in LOCAL]
    first = min(d for d in days.values() if d is not None)
    return {
        "rank_correlation": _rank_correlation(np.array(model, float), np.array(told)),
        "regions_with_majority_1917": float(sum(d is not None and d.year == 1917 for d in days.values())),
        "first_day": float((first - date(1917, 2, 23)).days),
    }


def local_power_met(n: Numbers) -> bool:
    """The order of regions is that of the dated local takeovers, and most regions have their majority in 1917."""
    return n["rank_correlation"] >= marks()["local_order"] and n["regions_with_majority_1917"] > len(LOCAL) / 2


def _rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's, ties sharing their mean rank; 0 where one side is all alike."""
    ranks = [np.array([(v < x).sum() + 0.5 * ((v == x).sum() - 1) for x in v], float) for v in (one, other)]
    spread = [r.std() for r in ranks]
    if min(spread) == 0.0:
        return 0.0
    return float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())) / (spread[0] * spread[1]))


# --- recall -----------------------------------------------------------------------------------------------------------
def recall(year: Year) -> Numbers | None:
    """Seats of the governing party in the capital's soviet that the shooting of December cost, per cent of the house.

    Against what it would have had on the line of the week before; and the part of the loss made good in three weeks.
    """

    def held(day: date) -> float | None:
        return year.seats("bolshevik", "petrograd_soviet", day)

    week, before, after, later = (
        held(d) for d in (date(1917, 11, 23), date(1917, 11, 30), *(RECALL + timedelta(n) for n in (1, 21)))
    )
    if week is None or before is None or after is None or later is None:
        return None
    trend = (before - week) / 7.0
    lost = before + 2.0 * trend - after
    return {"lost": lost, "back": 0.0 if lost <= 0.0 else min(max((later - after) / lost, 0.0), 2.0)}


def recall_met(n: Numbers) -> bool:
    """About one seat in a hundred in days, and at least half of them back in three weeks."""
    low, high = marks()["recall_lost"]
    return bool(low <= n["lost"] <= high) and n["back"] >= marks()["recall_back"]
