"""What a comparison found: paired differences with intervals, odds, where the histories part, what pairing gained.

Run ``r`` of a base and run ``r`` of another scenario share their seed, and so their luck. A :class:`Comparison` sets
them side by side. Every interval is that of a mean over pairs at 90 per cent; ``pairs`` says of how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.running import histories, manifest, tables
from sim.running.intervals import gain, paired, variances, wilson
from sim.running.measured import CAME, is_date, is_kind, is_named, title_of
from sim.running.results import Results, figure, split
from sim.words.errors import InputError, unknown
from sim.words.identifiers import PARTIES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: Days after a change of history from which the model extrapolates.
HORIZON = timedelta(days=42)
#: What a reader sees of a difference between runs besides the interval of its mean: eight pairs in ten.
_SPREAD = (0.1, 0.9)
_STATISTICS = ("base", "other", "difference", "low", "high")


class Comparison:
    """One base and one or more other scenarios, run with the same seeds.

    >>> comparison = sim.compare("historical", "no_offensive", runs=20)  # doctest: +SKIP
    >>> comparison.difference("bolshevik", place="petrograd", stratum="soldier")  # doctest: +SKIP
    >>> print(comparison.summary())  # doctest: +SKIP
    """

    def __init__(self, directory: str | Path | None = None, *, base: Results | None = None,
                 others: Mapping[str, Results] | None = None, told: Mapping[str, Any] | None = None):  # fmt: skip
        self.directory = Path(directory) if directory is not None else None
        if self.directory is not None:
            told = manifest.read(self.directory)
            if told.get("kind") != "comparison":
                raise InputError(f"{directory} is not the directory of a comparison.")
            base, *rest = (Results(self.directory / one["folder"]) for one in told["scenarios"])
            others = {one["folder"]: found for one, found in zip(told["scenarios"][1:], rest, strict=True)}
        if base is None or not others:
            raise TypeError("Comparison takes a directory, or base= and others=")
        self.base, self.others, self.manifest = base, dict(others), dict(told or {})
        self._kept: dict[str, pd.DataFrame] = {}

    # --- what it is ------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        names = ", ".join(f"'{name}'" for name in self.others)
        pairs = min(len(self.pairs(name)) for name in self.others)
        where = f", in {self.directory}" if self.directory is not None else ""
        return f"<Comparison of '{self.base.scenario}' with {names}: {pairs} pairs of runs{where}>"

    @property
    def results(self) -> list[Results]:
        """The base's results, then the others'."""
        return [self.base, *self.others.values()]

    def other(self, name: str | None = None) -> tuple[str, Results]:
        """The scenario of that name; the only one when none is named."""
        if name is None and len(self.others) > 1:
            raise InputError(f"several scenarios are compared with the base: name one of {', '.join(self.others)}.")
        chosen = name if name is not None else next(iter(self.others))
        if chosen not in self.others:
            raise unknown("scenario of the comparison", chosen, self.others)
        return chosen, self.others[chosen]

    def pairs(self, other: str | None = None) -> list[int]:
        """Runs that base and other both finished."""
        return sorted(set(self.base.runs) & set(self.other(other)[1].runs))

    def divergence(self, other: str | None = None) -> date | None:
        """The day on which the scenario says that it leaves history, or else the first on which it may part."""
        name, _ = self.other(other)
        told: dict[str, Any] = next((one for one in self.manifest.get("scenarios", ()) if one["folder"] == name), {})
        text = told.get("divergence") or told.get("parts")
        return date.fromisoformat(text) if text else None

    def extrapolates_from(self, other: str | None = None) -> date | None:
        """The day, six weeks after the change of history, from which the model extrapolates."""
        since = self.divergence(other)
        return since + HORIZON if since is not None else None

    # --- curves ----------------------------------------------------------------------------------------------------

    def difference(
        self, party: str = "bolshevik", place: str = "empire", stratum: str | None = None, other: str | None = None
    ) -> pd.DataFrame:
        """A party's share under base and other, and their difference, on each recorded date.

        Returns date, base, other, difference, low, high (of the mean, at 90 per cent), runs_low, runs_high (eight pairs
        in ten), pairs. ``place`` and ``stratum`` as in :meth:`sim.Results.share`: wholes and patterns too.
        """
        if party not in PARTIES:
            raise unknown("party", party, PARTIES)
        return self._curve(other, lambda results: results.share(party, place, stratum))

    def soviet_difference(
        self, place: str = "empire", stratum: str | None = None, other: str | None = None
    ) -> pd.DataFrame:
        """The same for support for soviet power."""
        return self._curve(other, lambda results: results.soviet_share(place, stratum))

    def differences_by(
        self, by: str = "stratum", place: str = "empire", stratum: str | None = None, other: str | None = None
    ) -> pd.DataFrame:
        """Every party's :meth:`difference` in each stratum (``by="stratum"``) or place of a whole at once.

        Returns date, the column named by ``by``, party, then the columns of :meth:`difference`.
        """
        name, found = self.other(other)
        runs = self.pairs(name)
        one, two = (results.shares(by, place, stratum) for results in (self.base, found))
        keys, a, b = histories.side_by_side(one, two, ("date", by, "party"), "share", runs)
        return keys.assign(**_statistics(a, b))

    def _curve(self, other: str | None, read: Any) -> pd.DataFrame:
        import pandas as pd

        name, found = self.other(other)
        runs = self.pairs(name)
        one, two = (_by_run(read(results), runs) for results in (self.base, found))
        dates = one.columns.intersection(two.columns)
        return pd.DataFrame({"date": dates, **_statistics(one[dates].to_numpy(), two[dates].to_numpy())})

    # --- tables ----------------------------------------------------------------------------------------------------

    @property
    def differences(self) -> pd.DataFrame:
        """date, place, stratum, party, base, other, difference, low, high; ``scenario`` first if there are several.

        Dates that all runs of both recorded; parts only, as in the tables of a run.
        """
        return self._table("differences", lambda name: self._shares(name, "allegiance", "party"))

    @property
    def soviet_power_differences(self) -> pd.DataFrame:
        """The same for support for soviet power: date, place, stratum, base, other, difference, low, high."""
        return self._table("soviet_power_differences", lambda name: self._shares(name, "soviet_power"))

    @property
    def outcome_differences(self) -> pd.DataFrame:
        """measure, base, other, difference, low, high, odds_above_zero; ``scenario`` first if there are several.

        Over the pairs in which both have the measure: an event that did not come has no date, and a measure that no
        pair has on both sides has no row. How often that is, says :attr:`outcome_odds`. ``odds_above_zero``: the share
        of these pairs in which the other's is the larger.
        """
        return self._table("outcome_differences", self._outcomes)

    @property
    def outcome_odds(self) -> pd.DataFrame:
        """How often each measure is there at all, and how often the other's is above, equal to, below the base's.

        measure, pairs, base_has, base_low, base_high, other_has, other_low, other_high (shares of the pairs, with
        Wilson's interval), both (number of pairs), above, equal, below (shares of these).
        """
        return self._table("outcome_odds", self._odds)

    @property
    def event_odds(self) -> pd.DataFrame:
        """event, base_odds, other_odds (shares of the pairs in which it came), base_date, other_date (medians)."""
        return self._table("event_odds", self._events)

    @property
    def parted(self) -> pd.DataFrame:
        """run, events, tables, one_point: the first day on which an event came in one history alone; the first recorded
        date on which any table differs; the first on which some party's share of a stratum of the Empire differs by a
        point. Empty where that never came.
        """
        return self._table("parted", lambda name: histories.parted(self.base, self.others[name], self.pairs(name)))

    @property
    def pairing(self) -> pd.DataFrame:
        """What pairing gained: measure, unpaired, with_pairs (variances of a difference), gain.

        ``gain`` is how many times more runs two independent ensembles would need for the same standard error.
        """
        return self._table("pairing", self._pairing)

    def all_tables(self) -> dict[str, pd.DataFrame]:
        """Every table of a comparison, by name."""
        return {name: getattr(self, name) for name in TABLES}

    def _table(self, name: str, of: Any) -> pd.DataFrame:
        import pandas as pd

        if name not in self._kept:
            read = tables.read(self.directory, name) if self.directory and self._told_all() else None
            if read is None:
                found = {other: of(other) for other in self.others}
                for other, frame in found.items():
                    if len(found) > 1:
                        frame.insert(0, "scenario", other)
                read = pd.concat(list(found.values()), ignore_index=True)
            self._kept[name] = read
        return self._kept[name]

    def _told_all(self) -> bool:
        return bool(self.manifest.get("status") == "finished" and "tables" in self.manifest)

    def of_other(self, table: str, other: str | None = None) -> pd.DataFrame:
        """The rows of a table that are of one scenario."""
        name, _ = self.other(other)
        frame: pd.DataFrame = getattr(self, table)
        if "scenario" not in frame:
            return frame
        return frame[frame["scenario"] == name].drop(columns="scenario").reset_index(drop=True)

    def _shares(self, name: str, table: str, *more: str) -> pd.DataFrame:
        keys, a, b = histories.side_by_side(
            self.base.frame(table), self.others[name].frame(table), ("date", "place", "stratum", *more), "share",
            self.pairs(name),
        )  # fmt: skip
        return keys.assign(**vars(paired(a, b)))

    def _events(self, name: str) -> pd.DataFrame:
        return histories.event_odds(self.base, self.others[name], self.pairs(name))

    def _outcomes(self, name: str) -> pd.DataFrame:
        import pandas as pd

        rows = []
        for measure, a, b in self.outcome_pairs(name):
            if is_named(measure):
                continue
            both = ~(np.isnan(a) | np.isnan(b))
            if both.any():
                found = vars(paired(a[both], b[both]))
                above = float((b[both] > a[both]).mean())
                rows.append((measure, *(float(found[key]) for key in _STATISTICS), above))
        return pd.DataFrame(rows, columns=["measure", *_STATISTICS, "odds_above_zero"])

    def _odds(self, name: str) -> pd.DataFrame:
        import pandas as pd

        rows = []
        for measure, a, b in self.outcome_pairs(name):
            has, both = (~np.isnan(a), ~np.isnan(b)), ~(np.isnan(a) | np.isnan(b))
            shares = [
                value
                for one in has
                for value in (_mean(one), *(float(bound) for bound in wilson(int(one.sum()), one.size)))
            ]
            gap = b[both] - a[both]
            rows.append((measure, a.size, *shares, int(both.sum()), _mean(gap > 0), _mean(gap == 0), _mean(gap < 0)))
        sides = [f"{side}_{what}" for side in ("base", "other") for what in ("has", "low", "high")]
        return pd.DataFrame(rows, columns=["measure", "pairs", *sides, "both", "above", "equal", "below"])

    def outcome_pairs(self, other: str | None = None) -> list[tuple[str, Any, Any]]:
        """(measure, base, other) of every outcome, values by pair [pairs].

        A date that a run has not is NaN; ``MEASURE/came`` says 1 or 0 for it. So do the kinds of what has kinds
        (``government_6_jan/...``).
        """
        name, found = self.other(other)
        runs = self.pairs(name)
        one, two = (_outcome_matrix(results, runs) for results in (self.base, found))
        measures = list(dict.fromkeys([*one, *two]))
        return [(measure, *(_values(side, measure, len(runs)) for side in (one, two))) for measure in measures]

    @staticmethod
    def title(measure: str) -> str:
        """An outcome in words."""
        return title_of(measure)

    def _pairing(self, name: str) -> pd.DataFrame:
        import pandas as pd

        runs, rows = self.pairs(name), []
        measured = self.outcome_pairs(name)
        since = self.extrapolates_from(name)
        until = [since.isoformat(), None] if since else [None]
        for date_, stratum, a, b in histories.followings(self.base, self.others[name], runs, "bolshevik", until):
            measured.append((f"bolshevik, {stratum}, {date_}", a, b))
        for measure, a, b in measured:
            both = ~(np.isnan(a) | np.isnan(b))
            if both.sum() > 1:
                unpaired, with_pairs = variances(a[both], b[both])
                rows.append((measure, unpaired, with_pairs, gain(unpaired, with_pairs)))
        return pd.DataFrame(rows, columns=["measure", "unpaired", "with_pairs", "gain"])

    # --- out -------------------------------------------------------------------------------------------------------

    def summary(self, calendar: str = "os") -> str:
        """The answer in a few sentences and odds."""
        from sim.running.comparison_words import summary

        return summary(self, "ns" if calendar == "ns" else "os")

    def why(
        self, party: str, place: str = "empire", stratum: str | None = None, other: str | None = None, **options: Any
    ) -> Any:
        """Why a group's share differs from the base's on a day, by channel: :func:`analysis.answers.why.why_other`."""
        return split([self.base, self.other(other)[1]], party, place, stratum, **options)

    def plot(self, kind: str = "differences", **options: Any) -> Figure:
        """A figure: differences, odds, timeline (see :mod:`analysis.plots.kinds`), or any kind of a run's figures."""
        return figure(self, kind=kind, **options)


#: Tables of a comparison, in the order of writing.
TABLES = (
    "differences", "soviet_power_differences", "outcome_differences", "outcome_odds", "event_odds", "parted", "pairing",
)  # fmt: skip


def _statistics(a: Any, b: Any) -> dict[str, Any]:
    """Means, difference, interval and spread of [pairs, ...]."""
    low, high = np.quantile(b - a, _SPREAD, axis=0) if len(a) else (np.nan, np.nan)
    return {**vars(paired(a, b)), "runs_low": low, "runs_high": high, "pairs": len(a)}


def _mean(values: Any) -> float:
    return float(values.mean()) if values.size else float("nan")


def _by_run(rows: pd.DataFrame, runs: list[int]) -> pd.DataFrame:
    """Shares as [run, date], dates that every run recorded."""
    table = rows.pivot(index="run", columns="date", values="share").reindex(runs)
    return table.dropna(axis="columns")


def _outcome_matrix(results: Results, runs: list[int]) -> dict[str, Any]:
    frame = results.outcomes
    names = frame["measure"].astype(str)
    table = frame.assign(measure=names).pivot(index="run", columns="measure", values="value").reindex(runs)
    found: dict[str, Any] = {}
    for measure in dict.fromkeys(names):
        found[measure] = table[measure].to_numpy(dtype=np.float64)
        if is_date(measure):
            found[f"{measure}{CAME}"] = (~np.isnan(found[measure])).astype(np.float64)
    return found


def _values(side: Mapping[str, Any], measure: str, runs: int) -> Any:
    """A measure by run; 0 for a kind that a run has not."""
    values = side.get(measure, np.full(runs, np.nan))
    return np.nan_to_num(values, nan=0.0) if is_kind(measure) or measure.endswith(CAME) else values
