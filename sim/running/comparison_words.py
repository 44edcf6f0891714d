"""A comparison in a few sentences: what came in how many runs, whose following differs, how far it can be trusted."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from sim.running import histories, manifest
from sim.running.comparison import Comparison
from sim.running.intervals import LEVEL
from sim.running.measured import CAME, is_date, is_declared, is_kind, is_named, is_single, title_of
from sim.words.calendar import Style, date_of, show_date
from sim.words.identifiers import STRATA

Row = dict[Any, Any]

#: Differences of shares below this, in the mean, are not told one by one.
_LEAST = 0.005
#: Measures that are told; the others stand in the tables.
FIRST = (
    "soviet_power_date", "insurrection_date", "petrograd_soviet_majority_date",
    "bolshevik_share_ca", "civil_war_risk_across", "civil_war_risk_within", "deaths_low", "deaths_high",
    "initiative_rank_and_file", "rural_support_change",
)  # fmt: skip


def summary(comparison: Comparison, style: Style = "os") -> str:
    """The answer for each scenario that was set beside the base, without a newline at the end."""
    return "\n\n".join("\n".join(_answer(comparison, name, style)) for name in comparison.others)


def _answer(comparison: Comparison, name: str, style: Style) -> list[str]:
    other, runs = comparison.others[name], comparison.pairs(name)
    agents = comparison.base.manifest["identity"]["options"]["agents"]
    head = f"{other.title}, beside {comparison.base.title}"
    if not runs:
        return [head, "No pair of runs finished: there is nothing to compare."]
    lines = [
        head,
        f"{len(runs)} {'pair' if len(runs) == 1 else 'pairs'} of runs with the same luck, {agents:,} simulated people "
        f"each. Intervals: {LEVEL:.0%}, of the mean over pairs.",
        *_parameters(comparison, len(runs)),
        *_freedom(comparison, name, style),
        *_parting(comparison, name, style),
        *_dated(comparison, name, style),
        *_measured(comparison, name),
        *_followings(comparison, name, style),
        *pairing(comparison, name, style),
    ]
    return [*lines, _horizon(comparison, name, style)]


def _parameters(comparison: Comparison, pairs: int) -> list[str]:
    """What the intervals hold, and what they do not."""
    told = comparison.base.manifest
    if pairs < 2:
        return []
    words = [manifest.parameters_told(told)]
    if "sets" in told:
        words.append(
            "Both runs of a pair take the same set: differences hold chance and doubt about parameters. What the model "
            "gets wrong whatever its parameters is in both sides, and what is left of it in a difference is not known: "
            "nothing is added for it."
        )
    return [" ".join(words)]


def _freedom(comparison: Comparison, name: str, style: Style) -> list[str]:
    """A word on a base that is pinned beside a scenario that is not: two things differ, not one."""
    told = {one["folder"]: one for one in comparison.manifest.get("scenarios", ())}
    base: dict[str, Any] = next(iter(told.values()), {})
    since = told.get(name, {}).get("free_from")
    if not since or base.get("free_from") == since:
        return []
    return [
        f"From {_day(since, style)} events are left to the model in the one and not in the other, so part of every "
        f"difference comes from that alone. For the change by itself: october compare {base['name']}@{since} {name}"
    ]


def _parting(comparison: Comparison, name: str, style: Style) -> list[str]:
    parted = comparison.of_other("parted", name)
    runs = len(parted)
    apart = parted[["events", "tables"]].min(axis=1).dropna()
    if apart.empty:
        return ["The histories never part: every table is the same to the last digit."]
    told = f"The histories part from {_day(apart.min(), style)}"
    told += "" if apart.nunique() == 1 else f" to {_day(apart.max(), style)}"
    told += "" if len(apart) == runs else f", in {_in(len(apart), runs)}"
    seen = sorted(parted["one_point"].dropna())
    if not seen:
        return [f"{told}. No party's following in any stratum of the Empire ever differs by a point."]
    by = f"in {_in(len(seen), runs)}, median {_day(seen[(len(seen) - 1) // 2], style)}"
    return [f"{told}. Some stratum's following of a party differs by a point {by}."]


def _dated(comparison: Comparison, name: str, style: Style) -> list[str]:
    """What came or did not come, in how many runs, and how much later."""
    lines, never = [], []
    for measure, row, gap in _outcomes(comparison, name):
        if not is_date(measure) or not _is_told(measure):
            continue
        pairs = int(row["pairs"])
        came = [round(float(row[side]) * pairs) for side in ("base_has", "other_has")]
        if came == [0, 0]:
            never.append(title_of(measure))
            continue
        line = f"  {title_of(measure)}: in {_in(came[1], pairs)}, beside {came[0]}"
        if row["both"]:
            line += f"; {_later(gap, style)}"
            line += "" if row["both"] == pairs else f" (over the {int(row['both'])} pairs that have both)"
        lines.append(line)
    return [*lines, *([f"  In no run of either: {'; '.join(never)}"] if never else [])]


def _measured(comparison: Comparison, name: str) -> list[str]:
    """Kinds that some runs have and others have not, and the quantities that most readers ask for."""
    lines, more = [], 0
    for measure, row, gap in sorted(_outcomes(comparison, name), key=_by_kind):
        if measure.endswith(CAME) or not row["both"] or row["equal"] == 1.0 or is_date(measure) and _is_told(measure):
            continue
        both = int(row["both"])
        if is_kind(measure):
            came = [round(float(gap[side]) * both) for side in ("other", "base")]
            lines.append(f"  {title_of(measure)}: in {_in(came[0], both)}, beside {came[1]}")
        elif _is_told(measure):
            higher, lower = (round(float(row[way]) * both) for way in ("above", "below"))
            lines.append(
                f"  {title_of(measure)}: {_number(gap['other'])} beside {_number(gap['base'])}; "
                f"higher in {higher} and lower in {lower} of {both} pairs"
            )
        else:
            more += 1
    return [*lines, *([f"  {more} further measures differ: see the table outcome_differences."] if more else [])]


def _is_told(measure: str) -> bool:
    """Whether the summary tells a measure by itself; what no table declares is somebody's own, and told."""
    return measure in FIRST or not is_declared(measure) and is_single(measure)


def _by_kind(outcome: tuple[str, Row, Row]) -> tuple[bool, str, float]:
    """Kinds last, the most frequent first."""
    measure, _, gap = outcome
    if not is_kind(measure):
        return (False, "", 0.0)
    return (True, measure.partition("/")[0], -float(gap.get("other", 0.0)))


def _outcomes(comparison: Comparison, name: str) -> list[tuple[str, Row, Row]]:
    """Each measure with its row of odds and its row of differences, which is empty where no pair has both."""
    gaps = {row["measure"]: row for row in comparison.of_other("outcome_differences", name).to_dict("records")}
    odds = comparison.of_other("outcome_odds", name).to_dict("records")
    told = [row for row in odds if not is_named(str(row["measure"]))]
    return [(str(row["measure"]), row, gaps.get(row["measure"], {})) for row in told]


def _later(gap: Row, style: Style) -> str:
    median = show_date(date_of(round(float(gap["other"]))), style)
    days = float(gap["difference"])
    if days == 0.0 and not gap["low"] < 0.0:
        return f"on the same day, {median} in the mean"
    way = "later" if days > 0 else "earlier"
    low, high = sorted(abs(float(gap[key])) for key in ("low", "high"))
    if np.isnan(low):
        return f"{abs(days):.0f} days {way}"
    if gap["low"] <= 0.0 <= gap["high"]:
        bounds = f"{gap['low']:+.1f} to {gap['high']:+.1f}"
        return f"mean {median}, {abs(days):.1f} days {way}, an interval that holds zero ({bounds})"
    return f"mean {median}, {abs(days):.1f} days {way} ({low:.1f} to {high:.1f})"


def _followings(comparison: Comparison, name: str, style: Style) -> list[str]:
    """For each stratum the party whose following differs most, at the horizon and on the last day."""
    keys, a, b = histories.side_by_side(
        comparison.base.shares("stratum"), comparison.others[name].shares("stratum"), ("date", "stratum", "party"),
        "share", comparison.pairs(name),
    )  # fmt: skip
    days = sorted(keys["date"].unique())
    since = comparison.extrapolates_from(name)
    horizon = [day for day in days if since is None or day <= since.isoformat()]
    lines = []
    for day in dict.fromkeys([*horizon[-1:], days[-1]]):
        told = []
        for stratum in STRATA:
            chosen = np.flatnonzero((keys["date"] == day) & (keys["stratum"] == stratum))
            if not chosen.size:
                continue
            means = (b - a)[:, chosen].mean(axis=0)
            most = chosen[int(np.abs(means).argmax())]
            if abs(float((b - a)[:, most].mean())) >= _LEAST:
                told.append(_following(stratum, str(keys["party"].iloc[most]), a[:, most], b[:, most]))
        none = "" if told else " none of half a point"
        lines += [f"Largest differences of following on {_day(str(day), style)}:{none}", *told]
    return lines


def _following(stratum: str, party: str, a: Any, b: Any) -> str:
    gap = float((b - a).mean())
    agree = int(((b - a) * np.sign(gap) > 0).sum())
    way = "more" if gap > 0 else "less"
    return (
        f"  {stratum:11s}{party} {b.mean():.0%} beside {a.mean():.0%}: {100 * abs(gap):.1f} points {way}, "
        f"in {agree} of {a.size} pairs"
    )


def pairing(comparison: Comparison, name: str, style: Style) -> list[str]:
    """How many times the runs unpaired ensembles would need: for shares at the horizon and the end, for outcomes."""
    rows = comparison.of_other("pairing", name).replace(np.inf, np.nan).dropna()
    dates = rows["measure"].str.extract(r", (\d{4}-\d\d-\d\d)$", expand=False)
    days = sorted(dates.dropna().unique())
    groups = [(f"shares by stratum on {_day(day, style)}", rows[dates == day]["gain"]) for day in days]
    groups.append(("the outcomes above", rows[rows["measure"].isin(FIRST)]["gain"]))
    told = [
        f"for {what} {gains.median():.1f} (median of {len(gains)}, {gains.min():.1f} to {gains.max():.1f})"
        for what, gains in groups
        if len(gains)
    ]
    return [f"Times the runs that unpaired ensembles need for the same precision: {'; '.join(told)}."] * bool(told)


def _horizon(comparison: Comparison, name: str, style: Style) -> str:
    since = comparison.extrapolates_from(name)
    if since is None:
        return "No day of divergence is stated: from when on the model extrapolates can't be told."
    return f"From {show_date(since, style)}, six weeks after the change of history, the model extrapolates."


def _in(count: int, runs: int) -> str:
    return f"{count} of {runs} {'run' if runs == 1 else 'runs'}"


def _day(iso: str, style: Style) -> str:
    return show_date(date.fromisoformat(iso), style)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
