"""Differences between histories: ribbons round zero, by stratum or place, paler where the model extrapolates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import SOVIET_POWER_LINE, Calendar, Line, SizeName
from analysis.words.naming import one_of, parties_of, place_title, short_title, strata_in, the, who

#: Title, place and stratum of a panel.
Group = tuple[str, str, str | None]
_Rows = dict[tuple[str, str | None], pd.DataFrame]

_LONG, _SHORT = (0, (4.5, 1.5)), (0, (1, 1))
#: Scenarios in order; none is a party's colour.
SCENARIO_LOOKS = (("#0072B2", "-"), ("#D55E00", _LONG), ("#117733", _SHORT), ("#AA4499", "-"), ("#999933", _LONG))
#: The base's colour, where it has a line of its own.
BASE_COLOUR = "#4D4D4D"
#: A party that differs less than this everywhere has no line; nor have more than so many, unless named.
_LEAST, _MOST = 0.005, 5
#: From so many scenarios on, letters stand for their titles, which would crowd out the panels.
_LETTERED = 3


def draw(
    comparison: sim.Comparison, *, place: str | Sequence[str] | None = None, stratum: str | None = None,
    parties: Sequence[str] | None = None, other: str | None = None, size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """Whose following differs: a panel a stratum, or a place if several are named or a stratum is.

    One scenario beside the base: a line a party, with support for soviet power. Several: a line a scenario, for one
    party (the Bolsheviks unless one is named).
    """
    tags: dict[str, str] = {}
    names = [comparison.other(other)[0]] if other or len(comparison.others) == 1 else list(comparison.others)
    groups = _groups(comparison, place, stratum)
    if len(names) == 1:
        panels = _by_party(comparison, names[0], groups, parties)
        what = f"{comparison.others[names[0]].title}: whose following differs"
    else:
        party = one_of("party", parties[0], sim.PARTIES) if parties else "bolshevik"
        tags = _tags(comparison, names)
        panels = _by_scenario(comparison, tags, groups, party)
        what = f"How following of {the(style.PARTY_LINES[party].label)} differs"
    where = f" in {place_title(place)}" if isinstance(place, str) else ""
    pairs = min(len(comparison.pairs(name)) for name in names)
    many = "one pair of runs" if pairs == 1 else f"{pairs} pairs of runs"
    lettered = len(tags) >= _LETTERED
    key = "; ".join(f"{tag}: {comparison.others[name].title}" for name, tag in tags.items())
    shown = "bands: 90 % interval of that mean" if lettered else (
        "dark bands: 90 % interval of that mean; pale bands: eight pairs in ten"
    )  # fmt: skip
    told = (f"{key}. " if lettered else "") + (
        f"Points of share more or less than in '{comparison.base.title}'. Lines: mean of {many} with the same luck; "
        f"{shown}. {bands.calendar_told(calendar)}"
    )
    results = [comparison.base, *(comparison.others[name] for name in names)]
    notes = []
    if len(names) == 1 and parties is None:
        notes.append("Lines: what differs most; a panel leaves out what differs in it by less than half a point.")
    if bands.doubted(comparison.base):
        notes.append("What the model gets wrong whatever its parameters is in both sides: nothing is added for it.")
    return figure(results, panels, Words(f"{what}{where}", told, notes), size, calendar)


def _groups(
    comparison: sim.Comparison, place: str | Sequence[str] | None, stratum: str | None
) -> list[Group]:
    who(stratum)
    if place is None or isinstance(place, str):
        where = place or "empire"
        strata = [stratum] if stratum else strata_in(where, comparison.base.soviet_power["stratum"].unique())
        return [(style.STRATUM_LINES[s].label, where, s) for s in strata]
    return [(short_title(where), where, stratum) for where in place]


def _by_party(
    comparison: sim.Comparison, other: str, groups: Sequence[Group], parties: Sequence[str] | None
) -> list[Panel]:
    rows = _rows(comparison, other, groups)
    found = []
    for title, where, stratum in groups:
        here = rows[where, stratum]
        curves = {party: here[here["party"] == party] for party in parties_of(parties)}
        if parties is None:
            curves["soviet_power"] = comparison.soviet_difference(where, stratum, other)
        found.append((title, curves))
    kept = _worth_a_line([curves for _, curves in found]) if parties is None else parties_of(parties)
    looks = style.PARTY_LINES | {"soviet_power": SOVIET_POWER_LINE}
    return [
        Panel(
            title,
            {name: _curve(comparison, other, looks[name], curves[name]) for name in _seen(curves, kept, parties)},
            unit="points",
        )
        for title, curves in found
    ]


def _rows(comparison: sim.Comparison, other: str, groups: Sequence[Group]) -> _Rows:
    """Differences of all parties in each group; one pass over the tables for all strata of a place."""
    found: _Rows = {}
    for _, where, stratum in groups:
        if stratum is None:
            each = {party: comparison.difference(party, where, None, other) for party in sim.PARTIES}
            found[where, None] = pd.concat([rows.assign(party=party) for party, rows in each.items()])
        elif (where, stratum) not in found:
            alone = stratum if len(groups) == 1 else None
            by_stratum = comparison.differences_by("stratum", where, alone, other)
            here = {s: by_stratum[by_stratum["stratum"] == s] for s in sim.STRATA}
            found |= {(where, s): rows for s, rows in here.items() if len(rows)}
            if (where, stratum) not in found:
                raise sim.InputError(f"nobody of stratum '{stratum}' lives in {place_title(where)}.")
    return found


def _seen(curves: dict[str, pd.DataFrame], kept: Sequence[str], parties: Sequence[str] | None) -> list[str]:
    """Those of a panel that differ in it; all that were asked for by name."""
    if parties is not None:
        return list(kept)
    return [name for name in kept if float(curves[name]["difference"].abs().max()) >= _LEAST] or list(kept[:1])


def _worth_a_line(panels: Sequence[dict[str, pd.DataFrame]]) -> list[str]:
    """The curves that differ most in some panel, in their usual order; the first of all where none differs."""
    peak = {name: max(float(curves[name]["difference"].abs().max()) for curves in panels) for name in panels[0]}
    most = sorted(peak, key=lambda name: -peak[name])[: _MOST + 1]
    kept = [name for name in peak if name in most and peak[name] >= _LEAST]
    return kept or most[:1]


def _tags(comparison: sim.Comparison, names: Sequence[str]) -> dict[str, str]:
    """What stands at the end of a scenario's lines: its title, or a letter (told in the head) where there are many."""
    titles = {name: comparison.others[name].title for name in names}
    return titles if len(names) < _LETTERED else dict(zip(names, ascii_uppercase, strict=False))


def _by_scenario(
    comparison: sim.Comparison, tags: Mapping[str, str], groups: Sequence[Group], party: str
) -> list[Panel]:
    names = list(tags)
    looks = {name: Line(tags[name], *SCENARIO_LOOKS[i % len(SCENARIO_LOOKS)]) for i, name in enumerate(names)}
    rows = {name: _rows(comparison, name, groups) for name in names}
    panels = []
    for title, where, stratum in groups:
        here = {name: rows[name][where, stratum] for name in names}
        curves = {n: _curve(comparison, n, looks[n], found[found["party"] == party]) for n, found in here.items()}
        if len(names) >= _LETTERED:
            curves = {n: replace(curve, rows=_inner_alone(curve.rows)) for n, curve in curves.items()}
        panels.append(Panel(title, curves, unit="points"))
    return panels


def _inner_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the spread of pairs: of many scenarios, one would hide the other."""
    inner = rows.rename(columns={"inner_low": "kept_low", "inner_high": "kept_high"})
    return inner.assign(low=inner.pop("kept_low"), high=inner.pop("kept_high"))


def _curve(comparison: sim.Comparison, other: str, look: Line, rows: pd.DataFrame) -> Curve:
    """The mean difference, its interval inside, the spread of pairs outside."""
    shown = pd.DataFrame(
        {
            "when": pd.to_datetime(rows["date"]), "middle": rows["difference"],
            "low": rows[["runs_low", "low"]].min(axis=1), "high": rows[["runs_high", "high"]].max(axis=1),
            "inner_low": rows["low"], "inner_high": rows["high"],
        }
    ).sort_values("when")  # fmt: skip
    return Curve(look, shown, fades=comparison.extrapolates_from(other))
