"""A result in a few lines of text: who was followed by whom on the last day, and what came when."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sim.running import doubt, manifest
from sim.running.results import Results, spread_of
from sim.words.calendar import Style, date_of, show_date
from sim.words.identifiers import STRATA

#: Parties told for each stratum.
_FIRST = 3


def summary(results: Results, style: Style = "os") -> str:
    """Several lines, ending without a newline."""
    last, several = results.dates[-1], len(results.runs) > 1
    lines = [
        results.title,
        f"{_runs(len(results.runs))} of {results.manifest['identity']['options']['agents']:,} simulated people. "
        f"Shares on {show_date(date.fromisoformat(last), style)}{_spread_told(results) * several}:",
        *_switched_off(results),
        *_parameters(results, several),
        *_followings(results, last, several),
        *_dates(results.outcomes, style),
    ]
    return "\n".join(lines)


def _switched_off(results: Results) -> list[str]:
    """A run tells which mechanisms did not act."""
    off = results.manifest.get("off", [])
    return [f"Switched off: {', '.join(off)}."] if off else []


def _spread_told(results: Results) -> str:
    """What stands in brackets behind a share."""
    known = doubt.points_of(results.manifest, "space")
    return ", median and eight runs in ten" + (", with the model's own error added" if known is not None else "")


def _parameters(results: Results, several: bool) -> list[str]:
    """What the spread of several runs holds."""
    return [manifest.parameters_told(results.manifest)] if several else []


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _followings(results: Results, last: str, several: bool) -> list[str]:
    shares = results.shares("stratum")
    shares = shares[shares["date"] == last]
    lines = []
    for stratum in STRATA:
        here = shares[shares["stratum"] == stratum]
        bands = {
            str(party): results.widen(spread_of(rows)).iloc[0] for party, rows in here.groupby("party", observed=True)
        }
        first = sorted(bands.items(), key=lambda item: -item[1]["middle"])[:_FIRST]
        if first:
            lines.append(f"  {stratum:11s}" + ", ".join(_told(party, band, several) for party, band in first))
    return lines


def _told(party: str, band: pd.Series[float], several: bool) -> str:
    low, high = (band.get(f"wide_{end}", band[end]) for end in ("low", "high"))
    spread = f" ({low:.0%} to {high:.0%})" if several else ""
    return f"{party} {band['middle']:.0%}{spread}"


def _dates(outcomes: pd.DataFrame, style: Style) -> list[str]:
    """When each dated outcome came, and in how many runs."""
    lines = []
    dated = outcomes[outcomes["measure"].astype(str).str.endswith("_date")]
    for measure, rows in dated.groupby("measure", observed=True):
        days = rows["value"].dropna()
        name = str(measure).removesuffix("_date").replace("_", " ")
        if days.empty:
            lines.append(f"  {name}: in no run")
            continue
        median = show_date(date_of(round(float(days.median()))), style)
        lines.append(f"  {name}: in {len(days)} of {len(rows)} runs, median date {median}")
    return lines
