"""What an ensemble found: tidy tables, sums over wholes, a door to the figures.

A :class:`Results` reads a directory table by table when first asked, or holds in memory what was never kept.
Shares of a whole (a city, a region, the Empire, all strata) are sums over its parts weighted by real persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.running import doubt, manifest, store
from sim.words.calendar import show_date
from sim.words.errors import InputError, unknown
from sim.words.identifiers import PARTIES, STRATA

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.figure import Figure

    from sim.engine.model import Revolution
    from sim.inputs.scenario import Scenario

#: Columns that come as pandas categories, with the order of the categories where there is one of ours.
_CATEGORIES: dict[str, tuple[str, ...]] = {"party": PARTIES, "stratum": STRATA}
_BAND = ("low", "middle", "high")


class Results:
    """The tables of one ensemble, as pandas frames, and its manifest.

    >>> results = Results("results/historical")  # doctest: +SKIP
    >>> results.allegiance.query("party == 'bolshevik' and date == '1917-10-24'")  # doctest: +SKIP
    >>> results.share("bolshevik", place="petrograd", stratum="worker")  # doctest: +SKIP
    """

    def __init__(self, directory: str | Path | None = None, *, tables: Mapping[str, pa.Table] | None = None,
                 told: Mapping[str, Any] | None = None):  # fmt: skip
        if (directory is None) == (tables is None):
            raise TypeError("Results takes a directory, or tables with what a manifest tells (told=)")
        self.directory = Path(directory) if directory is not None else None
        self._tables = dict(tables) if tables is not None else None
        if self.directory is not None:
            self.manifest = manifest.read(self.directory)
            if "scenario" not in self.manifest:
                raise InputError(f"{directory} holds the work of several scenarios: name the folder of one of them.")
        else:
            self.manifest = dict(told or {})
        self._frames: dict[str, pd.DataFrame] = {}

    # --- what it is ------------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["scenario"]["name"])

    @property
    def title(self) -> str:
        """Title of the scenario, or its name when it has none."""
        return str(self.manifest["scenario"]["title"] or self.scenario)

    @property
    def runs(self) -> list[int]:
        """Numbers of the runs that finished."""
        return [run["run"] for run in self.manifest["runs"] if run["status"] == "finished"]

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Records of the runs that failed."""
        return [run for run in self.manifest["runs"] if run["status"] == "failed"]

    @property
    def dates(self) -> list[str]:
        """The recorded dates, ISO, Old Style."""
        import pyarrow.compute as pc

        return sorted(d for d in pc.unique(self.arrow("allegiance")["date"]).to_pylist())

    def __repr__(self) -> str:
        options = self.manifest["identity"]["options"]
        until = show_date(date.fromisoformat(options["until"]))
        failed = f", {len(self.failures)} failed" if self.failures else ""
        where = f", in {self.directory}" if self.directory is not None else ""
        return (
            f"<Results of '{self.scenario}': {len(self.runs)} runs{failed}, {options['agents']:,} people, "
            f"seed {options['seed']}, until {until}{where}>"
        )

    # --- the tables ------------------------------------------------------------------------------------------------

    def arrow(self, table: str) -> pa.Table:
        """A table as Arrow, read from the disk each time unless the results are in memory."""
        if table not in store.TABLES:
            raise unknown("table", table, store.TABLES)
        if self._tables is not None:
            return self._tables[table]
        assert self.directory is not None
        return store.read(self.directory, table)

    def frame(self, table: str) -> pd.DataFrame:
        """A table as a pandas frame: names as categories, dates as ISO strings (Old Style). Kept after first use."""
        if table not in self._frames:
            self._frames[table] = _to_pandas(self.arrow(table))
        return self._frames[table]

    @property
    def allegiance(self) -> pd.DataFrame:
        """run, date, place, stratum, party, share, persons (everybody of the group; ``share`` follow the party)."""
        return self.frame("allegiance")

    @property
    def soviet_power(self) -> pd.DataFrame:
        """run, date, place, stratum, share, persons (real people of the group, of whom share want soviet power)."""
        return self.frame("soviet_power")

    @property
    def soviets(self) -> pd.DataFrame:
        """run, date, body, party, seats."""
        return self.frame("soviets")

    @property
    def elections(self) -> pd.DataFrame:
        """run, date, election, place, party, votes, share."""
        return self.frame("elections")

    @property
    def province_elections(self) -> pd.DataFrame:
        """run, date, election, place, province, party, votes, share: the same by province, where it can be told."""
        return self.frame("province_elections")

    @property
    def actions(self) -> pd.DataFrame:
        """run, date, place, stratum, action, persons."""
        return self.frame("actions")

    @property
    def events(self) -> pd.DataFrame:
        """run, date, event, status, cause."""
        return self.frame("events")

    @property
    def macro(self) -> pd.DataFrame:
        """run, date, place, series, value."""
        return self.frame("macro")

    @property
    def outcomes(self) -> pd.DataFrame:
        """run, measure, value (dates are days from 23 February, or empty)."""
        return self.frame("outcomes")

    # --- sums over wholes ------------------------------------------------------------------------------------------

    def share(self, party: str, place: str = "empire", stratum: str | None = None) -> pd.DataFrame:
        """A party's share in a place or a whole: run, date, share, persons (real people of the whole).

        ``place`` is an id, a whole (``petrograd``, ``volga``, ``empire``) or a pattern (``*/villages``); ``stratum``
        None means all strata together.
        """
        if party not in PARTIES:
            raise unknown("party", party, PARTIES)
        people = self._select("allegiance", place, stratum)
        return _mean_share(people[people["party"] == party], ["run", "date"])

    def shares(self, by: str = "stratum", place: str = "empire", stratum: str | None = None) -> pd.DataFrame:
        """Every party's share in each stratum (``by="stratum"``) or place (``by="place"``) of a whole.

        Returns run, date, the column named by ``by``, party, share, persons.
        """
        if by not in ("stratum", "place"):
            raise unknown("grouping", by, ("stratum", "place"))
        people = self._select("allegiance", place, stratum)
        return _mean_share(people, ["run", "date", by, "party"])

    def soviet_share(self, place: str = "empire", stratum: str | None = None) -> pd.DataFrame:
        """Support for soviet power in a place or a whole: run, date, share, persons (real people of the whole)."""
        return _mean_share(self._select("soviet_power", place, stratum), ["run", "date"])

    def band(self, party: str, place: str = "empire", stratum: str | None = None, width: float = 0.8) -> pd.DataFrame:
        """The spread of :meth:`share` over runs: date, low, middle, high (80 per cent of runs unless said).

        Where runs drew from sets of parameters whose discrepancy is known, also :meth:`widen`'s two columns.
        """
        return self.widen(spread_of(self.share(party, place, stratum), width), width=width)

    def widen(self, band: pd.DataFrame, kind: str = "space", width: float = 0.8) -> pd.DataFrame:
        """A frame of low, middle, high (shares, 0..1) with ``wide_low`` and ``wide_high`` beside them.

        Low and high hold ``width`` of the runs: chance and doubt about parameters. The wide ones add what the model
        gets wrong whatever its parameters (:mod:`sim.running.doubt`), for a ``kind`` of question: space (votes and
        followings), soviets, congresses or motions (support for soviet power). Where that is not known, as for runs of
        the declared values, the frame comes back as it is.
        """
        return doubt.widen(band, doubt.points_of(self.manifest, kind), width)

    def _select(self, table: str, place: str, stratum: str | None) -> pd.DataFrame:
        frame = self.frame(table)
        chosen = frame["place"].isin(places_of(place, frame["place"].cat.categories))
        if stratum is not None:
            if stratum not in STRATA:
                raise unknown("stratum", stratum, STRATA)
            chosen &= frame["stratum"] == stratum
        if not chosen.any():
            raise InputError(f"nobody of stratum '{stratum}' lives in {place}.")
        return frame[chosen]

    # --- again ------------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> Scenario:
        """The scenario as it was run."""
        return manifest.scenario_of(self.manifest)

    def model(self, run: int | None = None) -> Revolution:
        """The model of one of the runs (the first unless named), on the eve of its first day.

        Made from what the manifest holds: the scenario's text, the seed, the options and the parameters. Lived again,
        it gives that run's tables, if the program is the same. Raises :class:`InputError` for a run there is not.
        """
        from sim.engine.model import Revolution

        number = self.runs[0] if run is None and self.runs else run
        if number is None or number not in self.runs:
            there = f"It has {_spans(self.runs)}." if self.runs else "It has none that finished."
            raise InputError(f"the result of '{self.scenario}' has no run {number}. {there}")
        options = self.manifest["identity"]["options"]
        record = next(record for record in self.manifest["runs"] if record["run"] == number)
        return Revolution(
            self.asked, agents=options["agents"], seed=record["seed"], until=options["until"],
            every=options["every"], parameters=manifest.values_of(self.manifest, record),
        )  # fmt: skip

    def why(self, party: str, place: str = "empire", stratum: str | None = None, **options: Any) -> Any:
        """What moved a group toward or from a party over a span, by channel: :func:`analysis.answers.why.why`."""
        return split([self], party, place, stratum, **options)

    # --- out -------------------------------------------------------------------------------------------------------

    def plot(self, kind: str = "strata", **options: Any) -> Figure:
        """A figure: strata, places, parties, policy, seats, regions, actions, elections or power.

        ``size`` is slide, page or poster; ``calendar`` os or ns; the rest is the kind's own, see
        :mod:`analysis.plots.kinds`.
        """
        return figure(self, kind=kind, **options)

    def save(self, directory: str | Path, fmt: store.Format = "parquet") -> Path:
        """Write the tables and the manifest to a new directory; returns it."""
        target = Path(directory)
        if target.exists() and any(target.iterdir()):
            raise InputError(f"{target} is not empty.")
        target.mkdir(parents=True, exist_ok=True)
        store.write_tables(target, fmt, {table: self.arrow(table) for table in store.TABLES})
        told = {**self.manifest, "identity": {**self.manifest["identity"]}}
        told["identity"]["options"] = {**told["identity"]["options"], "format": fmt}
        manifest.write(target, told)
        return target


def figure(*results: Any, kind: str, **options: Any) -> Figure:
    """A figure of results or of a comparison: the door to :mod:`analysis.plots`."""
    from analysis.plots.kinds import draw

    return draw(*results, kind=kind, **options)


def split(results: Sequence[Results], party: str, place: str, stratum: str | None, **options: Any) -> Any:
    """Why a group moved, or why two histories differ: the door to :mod:`analysis.answers.why`."""
    from analysis.answers.why import result_pair

    return result_pair(results, party, place, stratum, **options)


def _spans(numbers: list[int]) -> str:
    """'runs 0 to 3 and 7'-like words for sorted numbers."""
    spans: list[list[int]] = []
    for n in sorted(numbers):
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    told = [f"{a}" if a == b else f"{a} to {b}" for a, b in spans]
    return ("run " if len(numbers) == 1 else "runs ") + ", ".join(told)


def places_of(pattern: str, known: Any) -> list[str]:
    """The places of the tables that a place, a whole or a pattern names."""
    from sim.society.places import matching

    return sorted(set(matching(pattern)) & set(known))


def spread_of(shares: pd.DataFrame, width: float = 0.8) -> pd.DataFrame:
    """From run, date, share: the median over runs and the band that holds ``width`` of them."""
    tail = (1.0 - width) / 2.0
    by_date = shares.groupby("date")["share"]
    levels = zip((tail, 0.5, 1.0 - tail), _BAND, strict=True)
    low, middle, high = (by_date.quantile(level).rename(name) for level, name in levels)
    return low.to_frame().join([middle, high]).reset_index()


def _mean_share(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The mean share by ``keys``, weighted by persons, with the persons that it is a share of."""
    weighed = rows.assign(share=rows["share"] * rows["persons"])
    summed: pd.DataFrame = weighed.groupby(keys, observed=True, as_index=False)[["share", "persons"]].sum()
    summed["share"] = summed["share"] / summed["persons"]
    return summed


def _to_pandas(content: pa.Table) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    if "date" in content.column_names:
        index = content.column_names.index("date")
        content = content.set_column(index, "date", content["date"].cast(pa.string()))
    frame: pd.DataFrame = content.to_pandas()
    for column, order in _CATEGORIES.items():
        if column in frame and set(frame[column].cat.categories) <= set(order):
            frame[column] = frame[column].astype(pd.CategoricalDtype(list(order)))
    return frame
