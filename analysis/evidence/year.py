"""One run's tables, asked in the words of the patterns.

Shares are in per cent; ``None`` is what the tables don't hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

import sim
from analysis.evidence.contests import HOME_KINDS
from analysis.evidence.observe import Book, parties_of

Numbers = dict[str, float]


class Year:
    """One run's tables, asked in the words of the patterns."""

    def __init__(self, tables: Mapping[str, Any]):
        self.book = Book(tables)
        self._tables = tables

    def vote(
        self, target: str, election: str, day: date, *patterns: str, provinces: tuple[str, ...] = ()
    ) -> float | None:
        """A family's share of all votes in places (patterns), or of the provinces' homes; None if none was held."""
        returns = self.book.returns(election, day)
        places = {p for pattern in patterns for p in sim.matching(pattern)} if patterns else homes()
        chosen = [v for (p, q), v in returns.items() if p in places and (not provinces or q in provinces)]
        if not chosen:
            return None
        votes = np.sum(chosen, axis=0)
        return 100.0 * sum(float(votes[sim.PARTIES.index(p)]) for p in parties_of(target)) / float(votes.sum())

    def seats(self, party: str, body: str, day: date, declared: bool = False) -> float | None:
        """A party's share of a body's seats."""
        seats = self.book.seats(body, day)
        if seats is None or seats.sum() == 0:
            return None
        whole = seats.sum() - (seats[sim.PARTIES.index("unaligned")] if declared else 0.0)
        return 100.0 * float(seats[sim.PARTIES.index(party)] / whole)

    def wants_soviet_power(self, place: str, stratum: str, day: date) -> float | None:
        """Support for soviet power in a place or whole, per cent."""
        found = self.book.support(frozenset(sim.matching(place)), frozenset({stratum}), day)
        return None if found is None else 100.0 * found

    def acted(self, action: str, first: date, last: date, place: str = "empire", stratum: str = "") -> float | None:
        """Persons in an action from ``first`` to ``last``, summed over days; None where no action is recorded."""
        table = self._tables["actions"]
        names = np.asarray(table["action"], dtype=np.str_)
        if not names.size:
            return None
        days = np.asarray(table["date"]).astype("datetime64[D]")
        there = (names == action) & (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        there &= np.isin(np.asarray(table["place"], dtype=np.str_), sim.matching(place))
        if stratum:
            there &= np.asarray(table["stratum"], dtype=np.str_) == stratum
        return float(np.asarray(table["persons"], dtype=np.float64)[there].sum())

    def months(self, action: str, first: int, last: int, place: str = "empire") -> Numbers | None:
        """Persons in an action a day, by month of 1917 (1 to 12)."""
        spans = {
            m: (date(1917, m, 1), date(1917, m + 1, 1) if m < 12 else date(1918, 1, 1)) for m in range(first, last + 1)
        }
        found = {str(m): self.acted(action, a, _before(b), place) for m, (a, b) in spans.items()}
        return all_known(
            {m: None if n is None else n / (spans[int(m)][1] - spans[int(m)][0]).days for m, n in found.items()}
        )

    def persons(self, place: str, stratum: str) -> float:
        """People of a stratum in a place or whole."""
        table = self._tables["soviet_power"]
        days = np.asarray(table["date"]).astype("datetime64[D]")
        if not days.size:
            return 0.0
        there = (days == days.min()) & (np.asarray(table["stratum"], dtype=np.str_) == stratum)
        there &= np.isin(np.asarray(table["place"], dtype=np.str_), sim.matching(place))
        return float(np.asarray(table["persons"], dtype=np.float64)[there].sum())

    def follows(self, party: str, places: str, stratum: str, day: date) -> float | None:
        """Allegiance to a party among people, per cent."""
        table = self._tables["allegiance"]
        there = np.asarray(table["date"]).astype("datetime64[D]") == np.datetime64(day)
        there &= np.asarray(table["stratum"], dtype=np.str_) == stratum
        there &= np.isin(np.asarray(table["place"], dtype=np.str_), sim.matching(places))
        there &= np.asarray(table["party"], dtype=np.str_) == party
        share, persons = (np.asarray(table[c], dtype=np.float64)[there] for c in ("share", "persons"))
        return 100.0 * float(share @ persons / persons.sum()) if there.any() else None

    def told(self, series: str, place: str, day: date) -> float | None:
        """A macro series of a place (or a zone) on a recorded day."""
        table = self._tables["macro"]
        there = (np.asarray(table["series"], dtype=np.str_) == series) & (
            np.asarray(table["place"], dtype=np.str_) == place
        )
        there &= np.asarray(table["date"]).astype("datetime64[D]") == np.datetime64(day)
        return float(np.asarray(table["value"], dtype=np.float64)[there][0]) if there.any() else None

    def total(self, series: str, places: tuple[str, ...]) -> float | None:
        """A macro series summed over places and days; None where no day tells it of any place."""
        table = self._tables["macro"]
        there = np.asarray(table["series"], dtype=np.str_) == series
        there &= np.isin(np.asarray(table["place"], dtype=np.str_), places)
        return float(np.asarray(table["value"], dtype=np.float64)[there].sum()) if there.any() else None

    def happened(self, event: str) -> date | None:
        """The day on which an event struck; None if it never did."""
        table = self._tables["events"]
        there = np.asarray(table["event"], dtype=np.str_) == event
        there &= np.isin(np.asarray(table["status"], dtype=np.str_), ("pinned", "fired", "forced"))
        if not there.any():
            return None
        found: date = np.asarray(table["date"]).astype("datetime64[D]")[there][0].item()
        return found

    def monthly(self, series: str, first: int, last: int) -> Numbers | None:
        """A series told once a month, by month of 1917 (1 to 12)."""
        ends = {m: _before(date(1917, m + 1, 1) if m < 12 else date(1918, 1, 1)) for m in range(first, last + 1)}
        return all_known({str(m): self.told(series, "empire", day) for m, day in ends.items()})

    def majority(self, body: str, *parties: str) -> date | None:
        """The first recorded day on which parties together hold more than half of a body's seats; None if never."""
        return self.book.first_majority(body, [sim.PARTIES.index(p) for p in parties])

    def series(self, name: str) -> float | None:
        """The first value of a macro series."""
        table = self._tables["macro"]
        there = np.asarray(table["series"], dtype=np.str_) == name
        return float(np.asarray(table["value"], dtype=np.float64)[there][0]) if there.any() else None


@lru_cache(maxsize=1)
def homes() -> frozenset[str]:
    """Places where provinces vote: all but fronts, fleets and bases."""
    return frozenset(place.id for place in sim.PLACES if place.kind in HOME_KINDS)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def all_known(found: Mapping[str, float | None]) -> Numbers | None:
    """The numbers, or None if one of them is missing."""
    known = {name: value for name, value in found.items() if value is not None}
    return known if len(known) == len(found) else None
