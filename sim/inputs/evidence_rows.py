"""What a row of evidence is: the types, readers and checks of the tables that :mod:`sim.inputs.evidence` loads.

Each column is a typed field of a frozen row. Dates are Old Style. ``start`` and ``end`` with ``precision`` stand for
what the source says: a month is a span of days, never a day.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from sim.words.identifiers import PARTIES

CONFIDENCES = ("high", "medium", "low")
PRECISIONS = ("day", "span", "month", "year")
MEASURES = ("vote_share", "seats", "resolution", "members", "turnout", "split")
#: Labels of the sources that the project maps to parties in writing (evidence notes, politics).
JOINT_LABELS = ("socialist_bloc", "social_democrat_joint", "popular_socialist")
REGIONS = (
    "northern",
    "western",
    "central_industrial",
    "black_earth",
    "volga",
    "urals",
    "ukraine",
    "south",
    "caucasus",
    "siberia",
    "steppe_turkestan",
)
#: Factor by which a figure may be wrong either way. Memory rows carry 1.5 by the rule of the evidence notes; the
#: others are our reading of the three grades (high: a count read in a source; medium: rounded; low: one author).
ERROR_FACTORS: Mapping[str, float] = {"high": 1.05, "medium": 1.15, "low": 1.3}
MEMORY_ERROR_FACTOR = 1.5


class BadCell(ValueError):
    """A cell that can't be read; the message says what was expected."""


Reader = Callable[[str], Any]


def _text(cell: str) -> str:
    return cell


def _word(cell: str) -> str:
    if not cell:
        raise BadCell("some text")
    return cell


def _date(cell: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        raise BadCell("a date of the form 1917-06-18")
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise BadCell("a day that exists, of the form 1917-06-18") from None


def _number(cell: str, low: float, high: float, said: str) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        raise BadCell(said) from None
    if not (math.isfinite(value) and low <= value <= high):
        raise BadCell(said)
    return value


def _real(cell: str) -> float | None:
    return _number(cell, -1e15, 1e15, "a number or nothing")


def _needed(cell: str) -> float:
    value = _real(cell)
    if value is None:
        raise BadCell("a number")
    return value


def _share(cell: str) -> float | None:
    return _number(cell, 0.0, 1.0, "a share from 0 to 1, or nothing")


def _percent(cell: str) -> float | None:
    return _number(cell, 0.0, 100.0, "per cent from 0 to 100, or nothing")


def _count(cell: str) -> int | None:
    said = "a whole number, 0 or more, or nothing"
    value = _number(cell, 0.0, 1e12, said)
    if value is None:
        return None
    if value != int(value):
        raise BadCell(said)
    return int(value)


def _flag(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise BadCell("0 or 1")
    return cell == "1"


def _one_of(*words: str) -> Reader:
    def read(cell: str) -> str:
        if cell not in words:
            raise BadCell("one of " + ", ".join(word or "(nothing)" for word in words))
        return cell

    return read


def _col(reader: Reader) -> Any:
    """A column of a table: a dataclass field that knows how its cells are read."""
    return field(metadata={"reader": reader})


@dataclass(frozen=True)
class Row:
    """What every row of evidence has: an id, a source and a grade of confidence."""

    KEY: ClassVar[str] = "id"

    @property
    def is_memory(self) -> bool:
        """Whether the figure was not verified: its source begins with 'memory:'."""
        return str(getattr(self, "source", "")).startswith("memory:")

    @property
    def error_factor(self) -> float:
        """The factor by which the figure may be wrong either way; at least 1.5 for a memory row."""
        return error_factor(str(getattr(self, "source", "")), str(getattr(self, "confidence", "low")))

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """(column, what is wrong, what is expected) for what no single cell can show."""
        return iter(())


def error_factor(source: str, confidence: str) -> float:
    """The error factor of a figure with this source and grade."""
    grade = ERROR_FACTORS.get(confidence, max(ERROR_FACTORS.values()))
    return max(grade, MEMORY_ERROR_FACTOR) if source.startswith("memory:") else grade


@dataclass(frozen=True)
class DatedRow(Row):
    """A row that holds for a span of days, ``start`` to ``end`` (both inside, Old Style)."""

    id: str = _col(_word)
    start: date = _col(_date)
    end: date = _col(_date)
    precision: str = _col(_one_of(*PRECISIONS))

    @property
    def days(self) -> int:
        """Number of days in the span."""
        return (self.end - self.start).days + 1

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """A span that runs backwards, or that says more or less than its precision does."""
        if self.end < self.start:
            yield "end", f"the span ends ({self.end}) before it starts ({self.start})", f"{self.start} or later"
        elif self.precision == "day" and self.start != self.end:
            yield "precision", "precision 'day' but start and end differ", "one day, or precision 'span'"
        elif self.precision == "span" and self.start == self.end:
            yield "precision", "precision 'span' but start and end are one day", "two dates, or precision 'day'"
        elif self.precision == "month" and not self._whole(months=1):
            yield (
                "precision",
                "precision 'month' but the span is no whole month",
                "the first and the last day of one month",
            )
        elif self.precision == "year" and not self._whole(months=12):
            yield "precision", "precision 'year' but the span is no whole year", "1 January to 31 December of one year"

    def _whole(self, months: int) -> bool:
        first, last = self.start, self.end
        ends = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        covered = (last.year - first.year) * 12 + last.month - first.month + 1
        return ends and covered == months and (months == 1 or first.month == 1)


@dataclass(frozen=True)
class SocialRow(DatedRow):
    """A figure about the society, the army or the economy. ``low`` and ``high`` bound ``value``."""

    series: str = _col(_word)
    place: str = _col(_word)
    stratum: str = _col(_text)
    type: str = _col(_one_of("number", "range", "votes", "text"))
    value: str = _col(_word)
    low: float | None = _col(_real)
    high: float | None = _col(_real)
    unit: str = _col(_word)
    qualifier: str = _col(_text)
    use: str = _col(_one_of("forcing", "outcome"))
    confidence: str = _col(_one_of(*CONFIDENCES))
    source: str = _col(_word)
    locator: str = _col(_text)
    note: str = _col(_text)

    @property
    def votes(self) -> tuple[int, int] | None:
        """(for, against) of a vote, None for other types."""
        match = re.fullmatch(r"(\d+)-(\d+)", self.value) if self.type == "votes" else None
        return (int(match[1]), int(match[2])) if match else None

    @property
    def number(self) -> float | None:
        """The figure; the middle of a range; None for votes and text."""
        if self.type == "number":
            return float(self.value)
        if self.type == "range" and self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return None

    def bounds(self) -> tuple[float, float]:
        """Low and high of the figure, the wider of what the row says and its error factor."""
        if self.number is None or self.low is None or self.high is None:
            raise ValueError(f"{self.id} holds no number")
        return min(self.low, self.number / self.error_factor), max(self.high, self.number * self.error_factor)

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Faults of dates, then of the value against its type and bounds."""
        yield from super().faults()
        if self.type == "number":
            yield from self._number_faults()
        elif self.type == "range":
            yield from self._range_faults()
        elif self.type == "votes" and self.votes is None:
            yield "value", f"'{self.value}' is no vote", "votes for and against, as in 400-19"
        if self.type in ("votes", "text") and (self.low is not None or self.high is not None):
            yield "low", f"bounds given for a row of type '{self.type}'", "nothing"

    def _number_faults(self) -> Iterator[tuple[str, str, str]]:
        try:
            value = float(self.value)
        except ValueError:
            yield "value", f"'{self.value}' is no number", "a number, or type 'text'"
            return
        if self.low is None or self.high is None:
            yield "low", "a number without bounds", "low and high (the value itself where no range is known)"
        elif not self.low <= value <= self.high:
            yield "value", f"{value:g} lies outside its bounds", f"{self.low:g} to {self.high:g}"

    def _range_faults(self) -> Iterator[tuple[str, str, str]]:
        match = re.fullmatch(r"([\d.]+)-([\d.]+)", self.value)
        if not match:
            yield "value", f"'{self.value}' is no range", "low and high, as in 150000-200000"
        elif self.low is None or self.high is None or self.low > self.high:
            yield "low", "the range has no bounds, or they run backwards", "low no greater than high"
        elif (float(match[1]), float(match[2])) != (self.low, self.high):
            yield "value", f"'{self.value}' differs from its bounds", f"{self.low:g}-{self.high:g}"


@dataclass(frozen=True)
class PoliticsRow(DatedRow):
    """A vote, a share of seats, a resolution or a membership count, as a source gives it."""

    kind: str = _col(_word)
    measure: str = _col(_one_of(*MEASURES))
    place: str = _col(_word)
    stratum: str = _col(_text)
    party_label: str = _col(_text)
    party: str = _col(_one_of(*PARTIES, *JOINT_LABELS, ""))
    count: int | None = _col(_count)
    total: int | None = _col(_count)
    share: float | None = _col(_percent)
    use: str = _col(_one_of("calibrate", "validate", "context"))
    confidence: str = _col(_one_of(*CONFIDENCES))
    source: str = _col(_word)
    locator: str = _col(_text)
    note: str = _col(_text)

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Faults of dates, counts above their totals, shares that contradict the counts, fitted memory rows."""
        yield from super().faults()
        if self.count is not None and self.total is not None:
            if self.count > self.total:
                yield "count", f"{self.count} is more than the total of {self.total}", f"at most {self.total}"
            elif self.share is not None and self.total and abs(100 * self.count / self.total - self.share) > 1.0:
                yield "share", f"{self.share:g} does not follow from the counts", f"{100 * self.count / self.total:.1f}"
        if self.is_memory and self.use != "context":
            yield "use", f"a memory row can't be used to {self.use}", "context"


@dataclass(frozen=True)
class ChronologyRow(DatedRow):
    """A dated event. ``expected_sign`` is a compiler's or a source's claim: for tests of signs, never an input."""

    title: str = _col(_word)
    actors: str = _col(_text)
    strata: str = _col(_text)
    mechanism: str = _col(_text)
    expected_sign: str = _col(_text)
    confidence: str = _col(_one_of(*CONFIDENCES))
    source: str = _col(_word)
    locator: str = _col(_text)


#: The groups of columns of a province that share one source and one grade.
PROVINCE_GROUPS = (
    "population",
    "urban",
    "literacy",
    "language",
    "industry",
    "occupation_1897",
    "geography",
    "rail",
    "garrison",
    "soil",
    "serf",
    "serf_all",
    "votes",
)


@dataclass(frozen=True)
class ProvinceRow(Row):
    """A province of 1917, an electoral district as a rule. Shares are 0 to 1; None is unknown, never zero."""

    KEY: ClassVar[str] = "province"

    province: str = _col(_word)
    name: str = _col(_word)
    region: str = _col(_one_of(*REGIONS))
    electoral_district: str = _col(_word)
    capital: str = _col(_word)
    lat: float = _col(_needed)
    lon: float = _col(_needed)
    population_1897: int | None = _col(_count)
    population_1914: int | None = _col(_count)
    population_1914_recalculated: int | None = _col(_count)
    population_source: str = _col(_text)
    population_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    urban_share: float | None = _col(_share)
    urban_share_1914: float | None = _col(_share)
    urban_source: str = _col(_text)
    urban_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    literacy_1897: float | None = _col(_share)
    literacy_source: str = _col(_text)
    literacy_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    mother_tongue_russian: float | None = _col(_share)
    mother_tongue_ukrainian: float | None = _col(_share)
    mother_tongue_belorussian: float | None = _col(_share)
    mother_tongue_other: float | None = _col(_share)
    language_source: str = _col(_text)
    language_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    industrial_workers: int | None = _col(_count)
    industry_source: str = _col(_text)
    industry_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    manufacturing_share_1897: float | None = _col(_share)
    mining_share_1897: float | None = _col(_share)
    occupation_1897_source: str = _col(_text)
    occupation_1897_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    km_to_petrograd: float = _col(_needed)
    km_to_moscow: float = _col(_needed)
    km_to_front: float = _col(_needed)
    front_nearest: str = _col(_one_of("european", "caucasus"))
    km_to_european_front: float = _col(_needed)
    geography_source: str = _col(_text)
    geography_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    rail: bool = _col(_flag)
    rail_source: str = _col(_text)
    rail_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    garrison_1917: int | None = _col(_count)
    garrison_source: str = _col(_text)
    garrison_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    black_earth_soil: float | None = _col(_share)
    soil_source: str = _col(_text)
    soil_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    serf_share_1858: float | None = _col(_share)
    serf_source: str = _col(_text)
    serf_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    serf_share_all_1858: float | None = _col(_share)
    serf_all_source: str = _col(_text)
    serf_all_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    ca_1917_valid_votes: int | None = _col(_count)
    votes_source: str = _col(_text)
    votes_confidence: str = _col(_one_of(*CONFIDENCES, ""))
    note: str = _col(_text)

    @property
    def id(self) -> str:
        """The id of the province."""
        return self.province

    @property
    def source(self) -> str:
        """The source of its population."""
        return self.population_source

    @property
    def confidence(self) -> str:
        """The grade of its population."""
        return self.population_confidence

    @property
    def tongues(self) -> tuple[float, float, float, float] | None:
        """Shares of Russian, Ukrainian, Belorussian and other mother tongues, or None where unknown."""
        shares = (
            self.mother_tongue_russian,
            self.mother_tongue_ukrainian,
            self.mother_tongue_belorussian,
            self.mother_tongue_other,
        )
        known = [share for share in shares if share is not None]
        return (known[0], known[1], known[2], known[3]) if len(known) == 4 else None

    def group_error(self, group: str) -> float:
        """The error factor of a group of columns (see :data:`PROVINCE_GROUPS`)."""
        return error_factor(getattr(self, f"{group}_source"), getattr(self, f"{group}_confidence"))

    def group_is_memory(self, group: str) -> bool:
        """Whether a group of columns was not verified."""
        return str(getattr(self, f"{group}_source")).startswith("memory:")

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Impossible coordinates, tongues that do not sum to one, memory figures graded above low."""
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            yield "lat", f"{self.lat:g}, {self.lon:g} is no place on the globe", "degrees of latitude and longitude"
        if self.tongues and abs(sum(self.tongues) - 1) > 0.01:
            yield "mother_tongue_russian", f"the four tongues sum to {sum(self.tongues):.3f}", "a sum of 1"
        for group in PROVINCE_GROUPS:
            grade = getattr(self, f"{group}_confidence")
            if self.group_is_memory(group) and grade not in ("low", ""):
                yield f"{group}_confidence", f"an unverified figure graded '{grade}'", "low"
