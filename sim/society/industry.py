"""Industrial workers by province and trade.

The count by province is a memory column; the verified occupations of 1897 temper it, and the whole is scaled to the
3.5 million of S017. Trades are known for Petrograd (S033 to S038) and the Central Industrial region (S021, S022) as
wholes; how they fall on districts and provinces is assumed, then fitted to those wholes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.inputs.evidence import ProvinceRow, row
from sim.society.cell import Trades

#: Trades of factories and mines, in the order of the columns below.
FACTORY_TRADES = (
    "worker_metal",
    "worker_textile",
    "worker_printing",
    "worker_chemical_food",
    "worker_mining",
    "worker_other",
)
Shares = tuple[float, float, float, float, float, float]

#: Rows of industrial workers by district of Petrograd (memory rows); the rest of the city is the centre.
DISTRICT_ROWS: Mapping[str, str] = {
    "vyborg": "S050",
    "peterhof": "S055",
    "narva": "S052",
    "vasilevsky": "S051",
    "petrograd_side": "S054",
    "nevsky": "S053",
    "moscow_gate": "S056",
}
#: Where each trade was at home in Petrograd, before it is fitted to the city's totals (assumption: great metal works in
#: Vyborg, Peterhof and Nevsky, rubber in Narva, printers on the Petrograd Side and in the centre).
DISTRICT_TRADES: Mapping[str, Shares] = {
    "vyborg": (0.80, 0.12, 0.01, 0.03, 0.0, 0.04),
    "peterhof": (0.90, 0.03, 0.00, 0.05, 0.0, 0.02),
    "narva": (0.25, 0.25, 0.02, 0.42, 0.0, 0.06),
    "vasilevsky": (0.60, 0.10, 0.06, 0.16, 0.0, 0.08),
    "petrograd_side": (0.50, 0.08, 0.22, 0.10, 0.0, 0.10),
    "nevsky": (0.70, 0.20, 0.01, 0.06, 0.0, 0.03),
    "moscow_gate": (0.55, 0.03, 0.01, 0.16, 0.0, 0.25),
    "centre": (0.45, 0.12, 0.15, 0.15, 0.0, 0.13),
}
#: Cotton is 42.7 per cent of the Central Industrial region's workers (S022); flax and wool are added by assumption.
FLAX_AND_WOOL = 0.09
PRINTING_CENTRAL, CHEMICAL_FOOD_CENTRAL, MINING_CENTRAL = 0.02, 0.14, 0.02
#: The same by province of the Central Industrial region (assumption: arms at Tula, ships and engines at Sormovo).
CENTRAL_TRADES: Mapping[str, Shares] = {
    "vladimir": (0.08, 0.80, 0.00, 0.06, 0.0, 0.06),
    "kostroma": (0.07, 0.80, 0.00, 0.06, 0.0, 0.07),
    "moscow_city": (0.28, 0.30, 0.08, 0.22, 0.0, 0.12),
    "moscow": (0.18, 0.64, 0.01, 0.10, 0.01, 0.06),
    "nizhny_novgorod": (0.62, 0.08, 0.01, 0.15, 0.0, 0.14),
    "ryazan": (0.20, 0.35, 0.01, 0.25, 0.04, 0.15),
    "tula": (0.66, 0.02, 0.01, 0.15, 0.10, 0.06),
    "tver": (0.15, 0.60, 0.01, 0.12, 0.0, 0.12),
    "yaroslavl": (0.12, 0.55, 0.01, 0.20, 0.0, 0.12),
    "kaluga": (0.35, 0.20, 0.01, 0.14, 0.05, 0.25),
}
#: Elsewhere by region (assumption: mines of the Urals and Siberia, sugar of the Right Bank, mills of the Volga) ...
REGION_TRADES: Mapping[str, Shares] = {
    "northern": (0.30, 0.30, 0.02, 0.10, 0.02, 0.26),
    "western": (0.20, 0.12, 0.04, 0.32, 0.0, 0.32),
    "central_industrial": (0.186, 0.517, 0.02, 0.14, 0.02, 0.117),
    "black_earth": (0.28, 0.08, 0.02, 0.42, 0.02, 0.18),
    "volga": (0.26, 0.14, 0.03, 0.39, 0.01, 0.17),
    "urals": (0.54, 0.02, 0.01, 0.08, 0.25, 0.10),
    "ukraine": (0.26, 0.03, 0.03, 0.53, 0.02, 0.13),
    "south": (0.25, 0.03, 0.02, 0.25, 0.30, 0.15),
    "caucasus": (0.15, 0.06, 0.03, 0.26, 0.30, 0.20),
    "siberia": (0.12, 0.01, 0.02, 0.20, 0.45, 0.20),
    "steppe_turkestan": (0.08, 0.06, 0.02, 0.44, 0.20, 0.20),
}
#: ... and for provinces unlike their region (Bryansk, the yards of Nikolaev, Krivoi Rog, the Kharkov engine works).
PROVINCE_TRADES: Mapping[str, Shares] = {
    "petrograd": (0.55, 0.12, 0.01, 0.20, 0.0, 0.12),
    "estonia": (0.35, 0.42, 0.02, 0.08, 0.0, 0.13),
    "orel": (0.62, 0.05, 0.01, 0.22, 0.01, 0.09),
    "saratov": (0.34, 0.08, 0.03, 0.40, 0.0, 0.15),
    "simbirsk": (0.18, 0.45, 0.01, 0.24, 0.0, 0.12),
    "ekaterinoslav": (0.55, 0.01, 0.02, 0.12, 0.22, 0.08),
    "kharkov": (0.40, 0.04, 0.03, 0.38, 0.03, 0.12),
    "kherson": (0.42, 0.05, 0.05, 0.33, 0.02, 0.13),
    "kiev": (0.14, 0.02, 0.04, 0.68, 0.0, 0.12),
}
#: The settlements of the Donets basin and Baku (assumption: coal and iron; oil counted as mining).
DONBAS_TRADES: Shares = (0.28, 0.0, 0.01, 0.05, 0.62, 0.04)
BAKU_TRADES: Shares = (0.20, 0.02, 0.02, 0.08, 0.60, 0.08)


def industrial_workers(
    provinces: Sequence[ProvinceRow], memory_weight: float, memory_rows: bool = True
) -> dict[str, float]:
    """Industrial workers of each province in 1917.

    The remembered count and the one that the occupations of 1897 imply are averaged in logarithms, ``memory_weight`` on
    the first (none without memory rows); the sum is that of S017, Petrograd city that of S028.
    """
    weight = memory_weight if memory_rows else 0.0
    others = [p for p in provinces if p.province != "petrograd_city"]
    occupied = _occupied(others)
    remembered = {p.province: float(p.industrial_workers or 0) for p in others}
    per_person = sum(remembered.values()) / sum(occupied.values())
    raw = {key: (count**weight) * ((occupied[key] * per_person) ** (1 - weight)) for key, count in remembered.items()}
    city = row("social", "S028").number
    scale = (row("social", "S017").number - city) / sum(raw.values())
    return {"petrograd_city": city} | {key: count * scale for key, count in raw.items()}


def _occupied(provinces: Sequence[ProvinceRow]) -> dict[str, float]:
    """People living by manufacture and mining, by the shares of 1897; unknown shares take their region's mean."""
    shares: dict[str, float] = {}
    for p in provinces:
        if p.manufacturing_share_1897 is not None:
            shares[p.province] = p.manufacturing_share_1897 + (p.mining_share_1897 or 0.0)
    by_region: dict[str, list[float]] = {}
    for p in provinces:
        if p.province in shares:
            by_region.setdefault(p.region, []).append(shares[p.province])
    means = {region: sum(found) / len(found) for region, found in by_region.items()}
    return {p.province: shares.get(p.province, means[p.region]) * float(p.population_1914 or 0) for p in provinces}


def district_workers(memory_rows: bool = True) -> dict[str, float]:
    """Industrial workers by district of Petrograd; their sum is S028. Without memory rows, equal eighths."""
    whole = row("social", "S028").number
    if not memory_rows:
        return {key: whole / len(DISTRICT_TRADES) for key in DISTRICT_TRADES}
    found = {key: float(row("social", source).number) for key, source in DISTRICT_ROWS.items()}
    return found | {"centre": whole - sum(found.values())}


def petrograd_trades(memory_rows: bool = True) -> dict[str, Trades]:
    """Trades of the factory workers of each district, fitted to the totals of the city (S033, S034, S036 to S038)."""
    workers = district_workers(memory_rows)
    whole = row("social", "S028").number
    metal = row("social", "S033").number / whole
    textile = row("social", "S034").number / 100
    printing = row("social", "S037").number / whole
    chemical_food = (row("social", "S036").number + row("social", "S038").number) / whole
    totals = (metal, textile, printing, chemical_food, 0.0, 1 - metal - textile - printing - chemical_food)
    return fit_margins(DISTRICT_TRADES, workers, totals)


def central_trades(workers: Mapping[str, float]) -> dict[str, Trades]:
    """Trades of each province of the Central Industrial region, fitted to the region's totals (S020 to S022)."""
    metal = row("social", "S021").number / row("social", "S020").number
    textile = row("social", "S022").number / 100 + FLAX_AND_WOOL
    named = (metal, textile, PRINTING_CENTRAL, CHEMICAL_FOOD_CENTRAL, MINING_CENTRAL)
    return fit_margins(CENTRAL_TRADES, {key: workers[key] for key in CENTRAL_TRADES}, (*named, 1 - sum(named)))


def fit_margins(
    seeds: Mapping[str, Shares], rows: Mapping[str, float], columns: Shares, rounds: int = 40
) -> dict[str, Trades]:
    """Shares by row, nearest to the seeds, whose sum over rows gives the column shares (iterative proportional fit).

    ``rows`` are persons; ``columns`` are shares of their sum (Deming and Stephan 1940).
    """
    whole = sum(rows.values())
    table = {key: [share * rows[key] for share in seeds[key]] for key in rows}
    for _ in range(rounds):
        for j, share in enumerate(columns):
            total = sum(line[j] for line in table.values())
            if total > 0:
                for line in table.values():
                    line[j] *= share * whole / total
        for key, line in table.items():
            factor = rows[key] / sum(line)
            table[key] = [count * factor for count in line]
    return {key: named_shares([count / rows[key] for count in line]) for key, line in table.items()}


def named_shares(shares: Sequence[float]) -> Trades:
    """(trade, share) pairs of factory trades, the empty ones left out."""
    return tuple((trade, share) for trade, share in zip(FACTORY_TRADES, shares, strict=True) if share > 1e-9)


def factory_trades(province: ProvinceRow) -> Trades:
    """Trades of the factory workers of a province outside Petrograd and the Central Industrial region."""
    return named_shares(PROVINCE_TRADES.get(province.province, REGION_TRADES[province.region]))


def with_other_manual(factory: Trades, factory_share: float, railway: float) -> Trades:
    """Trades of a place whose workers are ``factory_share`` factory workers; the others are railwaymen or 'other'."""
    shares = {trade: share * factory_share for trade, share in factory}
    rest = 1 - factory_share
    shares["worker_other"] = shares.get("worker_other", 0.0) + rest * (1 - railway)
    if rest * railway > 0:
        shares["worker_railway"] = rest * railway
    return tuple((trade, share) for trade, share in shares.items() if share > 0)
