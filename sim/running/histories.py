"""Two histories of one seed, set side by side: rows of the same key, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.running.results import Results
from sim.words.identifiers import STRATA

if TYPE_CHECKING:
    import pandas as pd

#: Tables in which histories can part, besides the events.
_DATED = ("allegiance", "soviet_power", "soviets", "elections", "actions", "macro")
#: A difference of shares that a reader would notice.
POINT = 0.01
_CAME = ("pinned", "fired", "forced")


def side_by_side(
    one: pd.DataFrame, other: pd.DataFrame, keys: Sequence[str], value: str, runs: Sequence[int]
) -> tuple[pd.DataFrame, Any, Any]:
    """Rows of two tables by ``keys``: the keys in order, and the values of each as [runs, keys].

    Only keys that every one of ``runs`` has in both tables.
    """
    import pandas as pd

    frames = [frame[frame["run"].isin(runs)] for frame in (one, other)]
    whole = pd.concat(frames, ignore_index=True)
    code = whole.groupby(list(keys), observed=True).ngroup().to_numpy()
    found = whole.loc[np.unique(code, return_index=True)[1], list(keys)]
    row = whole["run"].map({run: i for i, run in enumerate(runs)}).to_numpy()
    side = (np.arange(len(whole)) >= len(frames[0])).astype(int)
    values = np.full((2, len(runs), len(found)), np.nan)
    values[side, row, code] = whole[value].to_numpy()
    kept = ~np.isnan(values).any(axis=(0, 1))
    return found[kept].reset_index(drop=True), values[0][:, kept], values[1][:, kept]


def came(results: Results) -> pd.DataFrame:
    """run, event, date of each event that came, its first date."""
    events = results.events
    happened = events[events["status"].isin(_CAME)]
    plain = happened.assign(event=happened["event"].astype(str))
    return plain.groupby(["run", "event"])["date"].min().reset_index()


def event_odds(base: Results, other: Results, runs: Sequence[int]) -> pd.DataFrame:
    """How often each event came in base and other, and the median of its dates (the earlier of two middle ones)."""
    import pandas as pd

    sides = []
    for results in (base, other):
        rows = came(results)
        by_event = rows[rows["run"].isin(runs)].groupby("event")["date"]
        odds = by_event.count() / max(len(runs), 1)
        sides += [odds, by_event.agg(lambda dates: sorted(dates)[(len(dates) - 1) // 2])]
    found = pd.concat(sides, axis=1, keys=["base_odds", "base_date", "other_odds", "other_date"])
    found[["base_odds", "other_odds"]] = found[["base_odds", "other_odds"]].fillna(0.0)
    dates = found[["base_date", "other_date"]].min(axis=1)
    columns = ["event", "base_odds", "other_odds", "base_date", "other_date"]
    return found.assign(first=dates).rename_axis("event").reset_index().sort_values(["first", "event"])[columns]


def parted(base: Results, other: Results, runs: Sequence[int]) -> pd.DataFrame:
    """run, events, tables, one_point: the first dates of three kinds of difference, ISO, None where there is none."""
    import pandas as pd

    columns = {
        "events": _first_event(base, other, runs),
        "tables": _first_row(base, other, runs),
        "one_point": _first_point(base, other, runs),
    }
    found = {name: [days.get(run) for run in runs] for name, days in columns.items()}
    return pd.DataFrame({"run": list(runs), **{name: pd.Series(days, dtype=object) for name, days in found.items()}})


def _first_event(base: Results, other: Results, runs: Sequence[int]) -> dict[int, str]:
    sets = []
    for results in (base, other):
        rows = came(results)
        rows = rows[rows["run"].isin(runs)]
        sets.append(set(zip(rows["run"].tolist(), rows["event"].tolist(), rows["date"].tolist(), strict=True)))
    first: dict[int, str] = {}
    for run, _, day in sets[0] ^ sets[1]:
        first[run] = min(day, first.get(run, day))
    return first


def _first_row(base: Results, other: Results, runs: Sequence[int]) -> dict[int, str]:
    """First recorded date on which the rows of a run differ, by a sum of hashes over the rows of each date.

    Dates that only one of the two recorded (an election that the other does not have) differ by themselves.
    """
    first: dict[int, str] = {}
    for table in _DATED:
        one, two = (_fingerprints(results.frame(table), runs) for results in (base, other))
        for run, day in {key for key in {*one, *two} if one.get(key) != two.get(key)}:
            first[run] = min(day, first.get(run, day))
    return first


def _fingerprints(frame: pd.DataFrame, runs: Sequence[int]) -> dict[tuple[int, str], int]:
    import pandas as pd

    rows = frame[frame["run"].isin(runs)]
    hashes = pd.util.hash_pandas_object(rows.drop(columns=["run", "date"]), index=False)
    summed = hashes.groupby([rows["run"], rows["date"]]).sum().rename("sum").reset_index()
    keys = zip(summed["run"].tolist(), summed["date"].tolist(), strict=True)
    return dict(zip(keys, summed["sum"].tolist(), strict=True))


def _first_point(base: Results, other: Results, runs: Sequence[int]) -> dict[int, str]:
    one, two = (results.shares("stratum") for results in (base, other))
    keys, a, b = side_by_side(one, two, ("date", "stratum", "party"), "share", runs)
    days = keys["date"].to_numpy()
    apart = np.abs(b - a) >= POINT
    return {run: str(days[row].min()) for run, row in zip(runs, apart, strict=True) if row.any()}


def followings(
    base: Results, other: Results, runs: Sequence[int], party: str, until: Sequence[str | None]
) -> Iterator[tuple[str, str, Any, Any]]:
    """(date, stratum, base, other): a party's share of each stratum of the Empire, [runs].

    For each of ``until`` (ISO, None for the end) the last date up to it that all runs recorded; each date once.
    """
    frames = [results.shares("stratum") for results in (base, other)]
    one, two = (frame[frame["party"] == party] for frame in frames)
    keys, a, b = side_by_side(one, two, ("date", "stratum"), "share", runs)
    dates = keys["date"].astype(str)
    last = [max((day for day in dates if limit is None or day <= limit), default=None) for limit in until]
    for i, (day, stratum) in enumerate(zip(dates, keys["stratum"].astype(str), strict=True)):
        if day in last and stratum in STRATA:
            yield day, stratum, a[:, i], b[:, i]
