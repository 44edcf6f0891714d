"""The spread of runs: medians and bands, and the sentence that says what they show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

import sim

#: Part of the runs that a band holds.
BAND = 0.8
#: Days after a change of history, or the last day with evidence, from which the model extrapolates.
FADES_AFTER = timedelta(days=42)
_EVIDENCE_ENDS = date(1918, 1, 6)


def bands(frame: pd.DataFrame, keys: Sequence[str], value: str = "share") -> pd.DataFrame:
    """Median and band over runs, by date and ``keys``: low, middle, high, and ``when``, the date on an axis."""
    grouped = frame.groupby([*keys, "date"], observed=True)[value]
    tail = (1.0 - BAND) / 2.0
    levels = ((tail, "low"), (0.5, "middle"), (1.0 - tail, "high"))
    low, middle, high = (grouped.quantile(level).rename(name) for level, name in levels)
    found: pd.DataFrame = low.to_frame().join([middle, high, grouped.size().rename("runs")]).reset_index()
    found = _of_all_runs(found, keys).drop(columns="runs")
    return found.assign(when=pd.to_datetime(found["date"]))


def _of_all_runs(found: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Without dates that only some runs recorded (an election that free history moved): their band is of other runs.

    Where most dates are of that kind, all are kept.
    """
    most = found.groupby(list(keys), observed=True)["runs"].transform("max") if keys else found["runs"].max()
    whole = found["runs"] == most
    return found[whole] if whole.mean() > 0.5 else found


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Low, middle and high of one number over runs."""
    tail = (1.0 - BAND) / 2.0
    low, middle, high = np.quantile(np.asarray(values, dtype=np.float64), (tail, 0.5, 1.0 - tail))
    return float(low), float(middle), float(high)


def told(
    results: Sequence[sim.Results], line: str = "Lines", band: str = "bands", pale: str = "pale bands"
) -> str:
    """What lines and bands show of these runs, and what of the doubt they leave out.

    ``pale`` is what shows the model's own error, where it is known; empty in a figure that does not show it, ``band``
    where one range shows all.
    """
    titles = " / ".join(result.title for result in results)
    counts = [len(result.runs) for result in results]
    if max(counts) == 1:
        return f"{titles}. One run: no spread is shown, and no doubt about the model."
    runs = " / ".join(map(str, counts))
    found = f"{titles}. {line}: median of {runs} runs; {band}: eight runs in ten, which show"
    sets = {name for result in results for name in result.manifest.get("parameter_sets", ())}
    if len(sets) <= len(results):
        return f"{found} chance alone, not doubt about the model."
    if not any(doubted(result) for result in results):
        return f"{found} chance and doubt about the parameters."
    if not pale:
        return f"{found} chance and doubt about the parameters, not the model's own error."
    if pale == band:
        return f"{found} chance and doubt about the parameters, with the model's own error added."
    return f"{found} chance and doubt about the parameters; {pale}: the model's own error added."


def doubted(result: sim.Results) -> bool:
    """Whether it is known how wrong the model is whatever its parameters, so that bands can be widened by it."""
    return bool((result.manifest.get("sets") or {}).get("discrepancy"))


def calendar_told(calendar: str) -> str:
    """How the dates of a figure are written."""
    styles = ("Old Style", "New Style") if calendar == "os" else ("New Style", "Old Style")
    return f"Dates {styles[0]} ({styles[1]})."


def span(results: Sequence[sim.Results]) -> tuple[date, date]:
    """First and last recorded date."""
    every = [day for result in results for day in (result.dates[0], result.dates[-1])]
    return date.fromisoformat(min(every)), date.fromisoformat(max(every))


def extrapolates(results: Sequence[sim.Results]) -> tuple[date, str]:
    """The day from which the model extrapolates, and the note that says so (empty if the runs end before it)."""
    changed = [day for day in map(divergence, results) if day]
    since = min([_EVIDENCE_ENDS, *(day + FADES_AFTER for day in changed)])
    if since >= span(results)[1]:
        return since, ""
    why = "six weeks after the change of history" if since < _EVIDENCE_ENDS else "the end of the evidence"
    return since, f"Grey ground: later than {why}, where the model extrapolates."


def divergence(results: sim.Results) -> date | None:
    """The day on which the scenario leaves history, if it does."""
    text = str(results.manifest["scenario"].get("text", ""))
    found = re.search(r"^divergence: '?\"?(\d{4}-\d{2}-\d{2})", text, re.MULTILINE)
    return date.fromisoformat(found[1]) if found else None
