"""Whom people follow through the year: a panel for each stratum, for chosen places, or for each party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import OTHERS, Calendar, SizeName, both_dates
from analysis.words.naming import one_of, parties_of, place_title, short_title, who

#: A party whose median stays under this share in a panel, once the first weeks are over, counts among the others there.
_FAINTEST = 0.08
_SETTLING = timedelta(days=35)
#: The largest parties of a panel that keep a line of their own.
_MOST_LINES = 7
#: Places drawn where none are named, by stratum (None: all strata together).
CHOSEN: dict[str | None, tuple[str, ...]] = {
    None: (
        "petrograd/vyborg", "petrograd/garrison", "moscow/city", "kronstadt", "western_front", "romanian_front",
        "central_industrial/towns", "black_earth/villages", "ukraine/villages",
    ),
    "worker": (
        "petrograd/vyborg", "petrograd/peterhof", "petrograd/centre", "moscow/city", "central_industrial/towns",
        "urals/towns", "ukraine/donbas", "caucasus/baku", "south/towns",
    ),
    "soldier": (
        "petrograd/garrison", "moscow/garrison", "northern_front", "western_front", "southwestern_front",
        "romanian_front", "caucasian_front", "volga/garrisons", "ukraine/garrisons",
    ),
    "sailor": ("kronstadt", "helsingfors", "baltic_fleet", "black_sea_fleet"),
    "peasant": (
        "central_industrial/villages", "black_earth/villages", "volga/villages", "western/villages",
        "ukraine/villages", "siberia/villages",
    ),
    "middle": (
        "petrograd/centre", "moscow/city", "central_industrial/towns", "volga/towns", "ukraine/towns", "south/towns",
    ),
    "propertied": (
        "petrograd/centre", "moscow/city", "central_industrial/towns", "black_earth/villages", "ukraine/villages",
        "south/towns",
    ),
}  # fmt: skip


def draw_strata(
    results: Sequence[sim.Results], *, place: str = "empire", stratum: str | None = None,
    parties: Sequence[str] | None = None, size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One panel a stratum of ``place``, a line a party."""
    panels = []
    for result in results:
        shares = result.shares("stratum", place, stratum)
        present = set(shares["stratum"].unique())
        for name in [s for s in sim.STRATA if s in present]:
            panel = _party_panel(style.STRATUM_LINES[name].label, result, shares[shares["stratum"] == name], parties)
            panels.append(under(results, result, panel, calendar))
    title = f"Whom {who(stratum)} follow in {place_title(place)}"
    return _draw(results, panels, title, size, calendar, parties)


def draw_places(
    results: Sequence[sim.Results], *, place: str | Sequence[str] | None = None, stratum: str | None = None,
    parties: Sequence[str] | None = None, size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One panel a place, a line a party; ``place`` is one or several places, wholes or patterns."""
    people = who(stratum)
    panels = []
    for result in results:
        wanted = places_asked(result, place, stratum)
        # One pass over the table for all places, each then cut out of it.
        shares = result.shares("place", "empire", stratum)
        for where in wanted:
            panel = _party_panel(short_title(where), result, shares[shares["place"] == where], parties)
            panels.append(under(results, result, panel, calendar))
    title = f"Whom {people} follow, place by place"
    return _draw(results, panels, title, size, calendar, parties)


def draw_parties(
    results: Sequence[sim.Results], *, place: str = "empire", parties: Sequence[str] | None = None,
    size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One panel a party, a line a stratum."""
    panels = []
    for result in results:
        spread = result.widen(bands.bands(result.shares("stratum", place), ["stratum", "party"]))
        for party in parties_of(parties):
            here = spread[spread["party"] == party]
            curves = {
                name: Curve(style.STRATUM_LINES[name], rows.sort_values("date"))
                for name in sim.STRATA
                if len(rows := here[here["stratum"] == name])
            }
            panels.append(under(results, result, Panel(style.PARTY_LINES[party].label, curves), calendar))
    title = f"Who follows whom in {place_title(place)}: part of each stratum, party by party"
    words = Words(title, f"{bands.told(results)} {bands.calendar_told(calendar)}")
    return figure(results, panels, words, size, calendar)


# --- what is drawn -------------------------------------------------------------------------------------------------


def _party_panel(title: str, result: sim.Results, shares: pd.DataFrame, parties: Sequence[str] | None) -> Panel:
    """The parties' curves; the small ones summed up run by run, unless parties were asked for by name."""
    named = parties_of(parties)
    shares = shares.assign(party=shares["party"].astype(str))
    if parties is None:
        middle = bands.bands(shares, ["party"])
        settled = middle["when"] >= middle["when"].min() + _SETTLING
        settled = settled if settled.any() else ~settled
        peak = middle[settled].groupby("party")["middle"].max().sort_values(ascending=False)
        small = set(peak.index[_MOST_LINES:]) | set(peak.index[peak < _FAINTEST])
        if len(small) > 1:
            named = [party for party in named if party not in small]
            shares = shares.assign(party=shares["party"].where(~shares["party"].isin(small), OTHERS))
            shares = shares.groupby(["run", "date", "party"])["share"].sum().reset_index()
            named.append(OTHERS)
    spread = result.widen(bands.bands(shares, ["party"]))
    looks = style.PARTY_LINES | {OTHERS: style.OTHERS_LINE}
    return Panel(title, {p: Curve(looks[p], spread[spread["party"] == p].sort_values("date")) for p in named})


def places_asked(result: sim.Results, place: str | Sequence[str] | None, stratum: str | None) -> list[str]:
    """Ids of the places named, or of the chosen ones of a stratum, that the tables hold and where it lives."""
    known = set(result.allegiance["place"].cat.categories)
    if place is None:
        wanted: list[str] = [where for where in CHOSEN[stratum] if where in known]
        wanted = wanted or [where.id for where in sim.PLACES if where.id in known]
    else:
        patterns = [place] if isinstance(place, str) else place
        wanted = list(dict.fromkeys(where for pattern in patterns for where in sim.matching(pattern)))
    homes = {where.id for where in sim.PLACES if stratum is None or stratum in where.strata}
    found = [where for where in wanted if where in known & homes]
    if not found:
        one = f"stratum '{one_of('stratum', stratum, sim.STRATA)}'" if stratum else "the tables"
        raise sim.InputError(f"nobody of {one} lives in {', '.join(map(place_title, wanted))}.")
    return found


def under(results: Sequence[sim.Results], result: sim.Results, panel: Panel, calendar: Calendar) -> Panel:
    """The panel with the history it is of under its title, where several are drawn."""
    if len(results) == 1:
        return panel
    return replace(panel, under="\n".join(line for line in (_short(result, calendar), panel.under) if line))


def _short(result: sim.Results, calendar: Calendar) -> str:
    """A history in a few words; of one that is only left open, since when."""
    _, _, day = result.scenario.partition("@")
    return f"left open from {both_dates(date.fromisoformat(day), calendar)}" if day else result.title


def _draw(
    results: Sequence[sim.Results], panels: list[Panel], title: str, size: str, calendar: Calendar,
    parties: Sequence[str] | None,
) -> Figure:  # fmt: skip
    notes = []
    if any(OTHERS in panel.curves for panel in panels):
        notes.append(
            f"Others together: parties under {style.per_cent(_FAINTEST)} in the panel from the sixth week on, or after "
            f"its {_MOST_LINES} largest."
        )
    words = Words(title, f"{bands.told(results)} {bands.calendar_told(calendar)}", notes)
    return figure(results, panels, words, size, calendar)
