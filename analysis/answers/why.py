"""Why: what moved a group toward a party or away from it over a span, by channel; the parts sum to the whole.

:func:`why` answers for one group, party and span; :func:`why_other` for the difference between two scenarios;
:func:`channels` gives the same numbers as plain data, so that any span is a difference of two dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.answers.traced import Group, Traced, trace
from analysis.answers.why_words import CHANNELS, DEMANDS, EVENT_WAYS, Channel
from analysis.running.progress import progress
from analysis.words.naming import PARTY_TITLES, one_of, place_title, the, who

DateLike = date | str | None


@dataclass
class Why:
    """A split of one change. Shares and changes are parts of 1; ``table`` has a row a channel, ``events`` one a cause.

    Columns of ``table``: channel, words, change (mean over runs), low, high (smallest and largest of the runs), own
    (the part through the attitude to the party itself), others (through the attitudes to other parties). ``since`` is
    the part of a demand that is a change of the demand itself (0 for other channels). Columns of ``events``: event,
    title, date, way, change, low, high; within the channels, not beside them.
    """

    title: str
    party: str
    place: str
    stratum: str | None
    since: date
    until: date
    runs: tuple[int, ...]
    start: float
    end: float
    table: pd.DataFrame
    events: pd.DataFrame
    between: tuple[str, str] | None = None

    @property
    def change(self) -> float:
        """The whole: what the parts sum to."""
        return self.end - self.start

    def sentence(self, calendar: str = "os") -> str:
        """The split in words."""
        from analysis.answers.why_words import sentence

        return sentence(self, calendar)

    def plot(self, size: str = "page", calendar: str = "os") -> Any:
        """The split as a figure: one bar a channel, from the share at the start to the share at the end."""
        from analysis.plots import style
        from analysis.plots.why import draw

        with style.house_style(size):
            return draw(self, size, calendar)  # type: ignore[arg-type]

    def save(self, path: str | Path, **options: Any) -> None:
        """Write the figure as PNG, SVG or PDF."""
        from analysis.plots.kinds import save

        save(self.plot(**options), path)


def why(
    results: sim.Results,
    party: str,
    place: str = "empire",
    stratum: str | None = None,
    *,
    since: DateLike = None,
    until: DateLike = None,
    run: int | None = None,
    runs: int | None = None,
    events: bool = True,
    quiet: bool = True,
) -> Why:
    """Split a party's change in a group between the evenings of two days (Old Style), by living runs again.

    ``run`` names one run (the first unless said), ``runs`` takes the first so many. Without ``since`` the span begins
    on the first day, without ``until`` it ends on the last. Raises :class:`sim.InputError` for what there is not.
    """
    first, last = _span(results, since, until)
    group, chosen = _group(results, party, place, stratum), _runs(results, run, runs)
    traced = _trace_all(results, [group], chosen, last, events, quiet)
    parts = [_part(t, party, first, last) for t in traced]
    causes = [_causes(t, party, first, last) for t in traced]
    return Why(
        results.title, party, place, stratum, first, last, tuple(chosen),
        float(np.mean([p.start for p in parts])), float(np.mean([p.end for p in parts])),
        _table(parts), _events(causes, _catalogue(results, traced)),
    )  # fmt: skip


def why_other(
    base: sim.Results,
    other: sim.Results,
    party: str,
    place: str = "empire",
    stratum: str | None = None,
    *,
    until: DateLike = None,
    run: int | None = None,
    runs: int | None = None,
    events: bool = True,
    quiet: bool = True,
) -> Why:
    """Split the difference between two scenarios on a day: paired runs, ``other`` less ``base``, since the first day.

    Both must have been run with the same people and seed. ``start`` is the share in ``base``, ``end`` in ``other``.
    """
    _paired(base, other)
    first, last = _span(base, None, until)
    _span(other, None, last)
    group = _group(base, party, place, stratum)
    chosen = [r for r in _runs(base, run, runs) if r in other.runs]
    if not chosen:
        raise sim.InputError("the two results have no run in common.")
    pairs = [_trace_all(r, [group], chosen, last, events, quiet) for r in (base, other)]
    eve = first - timedelta(days=1)
    parts, causes = [], []
    for one, two in zip(*pairs, strict=True):
        a, b = (_part(t, party, eve, last) for t in (one, two))
        gone = {key: -effect for key, effect in (_causes(one, party, eve, last) or {}).items()}
        here = _causes(two, party, eve, last) or {}
        parts.append(_Part(a.end, b.end, b.change - a.change, b.own - a.own, b.grown - a.grown))
        causes.append({key: here.get(key, 0.0) + gone.get(key, 0.0) for key in {**here, **gone}})
    return Why(
        other.title, party, place, stratum, first, last, tuple(chosen),
        float(np.mean([p.start for p in parts])), float(np.mean([p.end for p in parts])),
        _table(parts), _events(causes, {**_catalogue(other, pairs[1]), **_catalogue(base, pairs[0])}),
        (base.title, other.title),
    )  # fmt: skip


def result_pair(results: Sequence[sim.Results], party: str, place: str, stratum: str | None, **asked: Any) -> Why:
    """:func:`why` for one result, :func:`why_other` for two."""
    if len(results) == 1:
        return why(results[0], party, place, stratum, **asked)
    if len(results) > 2:
        raise sim.InputError(f"{len(results)} results. Expected one, or two to tell apart.")
    if asked.pop("since", None) is not None:
        raise sim.InputError("two results are told apart on one day: give --until, not --from.")
    return why_other(results[0], results[1], party, place, stratum, **asked)


def channels(
    results: sim.Results,
    groups: Sequence[Group],
    run: int | None = None,
    *,
    every: int = 7,
    parties: Sequence[str] = sim.PARTIES,
    quiet: bool = True,
) -> pd.DataFrame:
    """What each channel has done to each share since the eve of the first day: plain data, from one traced run.

    ``groups`` are pairs of a place (or whole) and a stratum (None: all). Columns: date (ISO, Old Style), place,
    stratum ('' for all), party, channel, cumulative_change (a part of 1), share (of the party on that day). The
    change over a span is the difference of two dates; over all channels it adds up to the change of the share.
    """
    first, last = _span(results, None, None)
    for place, stratum in groups:
        _group(results, parties[0], place, stratum)
    with progress((last - first).days + 1, "channels", quiet, of="days") as report:
        traced = trace(results, groups, run, every=every, report=report)
    merge, names = merge_terms(traced.channels)
    columns = [sim.PARTIES.index(one_of("party", p, sim.PARTIES)) for p in parties]
    change = np.einsum("mc,dgcp->dgpm", merge, traced.change)[:, :, columns]
    share = np.broadcast_to(traced.share[:, :, columns, None], change.shape)
    places = [place for place, _ in traced.groups]
    strata = [stratum or "" for _, stratum in traced.groups]
    axes = ([d.isoformat() for d in traced.dates], range(len(places)), list(parties), names)
    index = pd.MultiIndex.from_product(axes, names=["date", "group", "party", "channel"])
    frame = pd.DataFrame({"cumulative_change": change.ravel(), "share": share.ravel()}, index=index).reset_index()
    at = frame.pop("group").to_numpy()
    frame.insert(1, "place", np.array(places)[at])
    frame.insert(2, "stratum", np.array(strata)[at])
    return frame


# --- what is asked ---------------------------------------------------------------------------------------------------


def _span(results: sim.Results, since: DateLike, until: DateLike) -> tuple[date, date]:
    options = results.manifest["identity"]["options"]
    model_first = results.asked.start
    final = date.fromisoformat(options["until"])
    first = _day(since) or model_first
    last = _day(until) or final
    for name, day in (("--from", first), ("--until", last)):
        if not model_first <= day <= final:
            raise sim.InputError(f"{name} {day} is outside the runs' days, {model_first} to {final} (Old Style).")
    if not first <= last:
        raise sim.InputError(f"--until {last} comes before --from {first}.")
    return first, last


def _day(when: DateLike) -> date | None:
    if when is None or isinstance(when, date):
        return when
    try:
        return date.fromisoformat(when)
    except ValueError:
        raise sim.InputError(f"'{when}' is not a date. Expected the form 1917-06-18.") from None


def _group(results: sim.Results, party: str, place: str, stratum: str | None) -> Group:
    one_of("party", party, sim.PARTIES)
    if stratum is not None:
        one_of("stratum", stratum, sim.STRATA)
    results.share(party, place, stratum)  # refuses a place that does not exist, or where nobody of the stratum lives
    return place, stratum


def _runs(results: sim.Results, run: int | None, runs: int | None) -> list[int]:
    if run is not None and runs is not None:
        raise sim.InputError("--run names one run, --runs so many of the first: give one of them.")
    if runs is None:
        return [results.runs[0] if run is None and results.runs else run or 0]
    if runs > len(results.runs):
        raise sim.InputError(f"--runs {runs}: the result has {len(results.runs)} finished runs.")
    return results.runs[:runs]


def _paired(base: sim.Results, other: sim.Results) -> None:
    one, two = (r.manifest["identity"]["options"] for r in (base, other))
    for name in ("agents", "seed"):
        if one[name] != two[name]:
            raise sim.InputError(
                f"the two results are not paired: {name} {one[name]} and {two[name]}. Run both with the same."
            )


def _trace_all(
    results: sim.Results, groups: Sequence[Group], runs: Sequence[int], last: date, events: bool, quiet: bool
) -> list[Traced]:
    days = ((last - results.asked.start).days + 1) * len(runs)
    with progress(days, f"why: {results.scenario}", quiet, of="days") as report:
        return [trace(results, groups, r, causes=events, until=last, report=report) for r in runs]


# --- what came out ---------------------------------------------------------------------------------------------------


@dataclass
class _Part:
    """One run's split, by the channels that are shown."""

    start: float
    end: float
    change: np.ndarray[Any, Any]
    own: np.ndarray[Any, Any]
    grown: np.ndarray[Any, Any]


def merge_terms(known: Sequence[str]) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Which terms make up each channel that is shown, [channels, terms]; every term belongs to one."""
    merge = np.array([[float(term in channel.terms) for term in known] for channel in CHANNELS.values()])
    if not np.array_equal(merge.sum(axis=0), np.ones(len(known))):
        raise ValueError("every term of a traced run must stand in one channel of analysis/answers/why_words.py")
    return merge, list(CHANNELS)


def _part(traced: Traced, party: str, first: date, last: date) -> _Part:
    a, b, p = traced.at(first), traced.at(last), sim.PARTIES.index(party)
    merge, _ = merge_terms(traced.channels)
    change = traced.change[b, 0, :, p] - traced.change[a, 0, :, p]
    own = traced.own[b, 0, :, p] - traced.own[a, 0, :, p]
    grown = np.array([change[traced.channels.index(c.grew)] if c.grew else 0.0 for c in CHANNELS.values()])
    return _Part(
        float(traced.share[a, 0, p]), float(traced.share[b, 0, p]), merge @ change, merge @ own, grown
    )  # fmt: skip


def _table(parts: Sequence[_Part]) -> pd.DataFrame:
    change = np.array([p.change for p in parts])
    own = np.mean([p.own for p in parts], axis=0)
    mean = change.mean(axis=0)
    return pd.DataFrame(
        {
            "channel": list(CHANNELS), "words": [c.words for c in CHANNELS.values()], "change": mean,
            "low": change.min(axis=0), "high": change.max(axis=0), "own": own, "others": mean - own,
            "since": np.mean([p.grown for p in parts], axis=0),
        }
    )  # fmt: skip


def _causes(traced: Traced, party: str, first: date, last: date) -> dict[tuple[str, str], float] | None:
    if traced.causes is None:
        return None
    a, b, p = traced.at(first), traced.at(last), sim.PARTIES.index(party)
    return {key: float(effect[b, 0, p] - effect[a, 0, p]) for key, effect in traced.causes.items()}


def _catalogue(results: sim.Results, traced: Sequence[Traced]) -> Mapping[str, tuple[str, date]]:
    """Events among the causes: title, and date in the first of the runs in which it happened."""
    titles = {event: title for t in traced for event, title in t.titles.items()}
    rows = results.events[results.events["run"].isin([t.run for t in traced])]
    when = rows.drop_duplicates("event").set_index("event")["date"]
    return {event: (title, date.fromisoformat(when[event])) for event, title in titles.items() if event in when}


def _events(
    causes: Sequence[Mapping[tuple[str, str], float] | None], catalogue: Mapping[str, tuple[str, date]]
) -> pd.DataFrame:
    """Single causes, the largest first; low and high over runs, in which it may be missing (0)."""
    met = [c for c in causes if c is not None]
    rows = []
    for event, way in dict.fromkeys(key for c in met for key in c):
        found = [c.get((event, way), 0.0) for c in met]
        title, when = catalogue.get(event, (EVENT_WAYS.get(event, event), None))
        rows.append((event, title, when, way, float(np.mean(found)), min(found), max(found)))
    frame = pd.DataFrame(rows, columns=["event", "title", "date", "way", "change", "low", "high"])
    return frame.sort_values("change", key=lambda c: -c.abs(), ignore_index=True, kind="stable")


def group_words(place: str, stratum: str | None) -> str:
    """'soldiers, Petrograd' for a group."""
    return f"{who(stratum)} of {place_title(place)}"


def party_words(party: str) -> str:
    """'the Bolsheviks' inside a sentence."""
    return the(PARTY_TITLES[party])


__all__ = ["CHANNELS", "DEMANDS", "Channel", "Why", "channels", "why", "why_other"]
