"""Whether a condition can ever hold: found from its text alone, by the ranges that its parts leave each quantity.

``share('sr') > 0.6 and share('sr') < 0.4`` can't hold; nor can a date window that is empty, nor what waits for an event
that the scenario removes. The analysis is cautious: it speaks only when it is sure. A condition is written as
alternatives of demands that must hold together; each narrows the range of one quantity; a range that is empty rules
the alternative out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sim.inputs.quantities import QUANTITIES
from sim.inputs.terms import Compared, Constant, Joined, Not, Reading, Reckoned, Sustained, Term, negated
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY, day_of, show_date

#: Most alternatives that are looked at; a condition with more is taken to be possible.
MOST = 512
_INFINITE = float("inf")


@dataclass(frozen=True)
class Bounds:
    """What is known before the first day: the days of the scenario, events that can't have happened or must have."""

    first: date = FIRST_DAY
    last: date = FURTHEST_DAY
    #: Event -> why it can't have happened by the last day.
    gone: Mapping[str, str] = field(default_factory=dict)
    #: Event -> why it has happened by the first day.
    past: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``; an open end leaves its number out."""

    low: float = -_INFINITE
    high: float = _INFINITE
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def within(self, other: Range) -> Range:
        """What two ranges have in common."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Range(low, high, low_open, not high_closed)


def unreachable(term: Term, bounds: Bounds) -> str | None:
    """Why a truth can't hold on any day, in words; ``None`` if it might."""
    reasons = []
    for number, demands in enumerate(_alternatives(term, bounds)):
        reason = _contradiction(demands, bounds)
        if reason is None or number >= MOST:
            return None
        reasons.append(reason)
    return "; ".join(dict.fromkeys(reasons)) or None


def _alternatives(term: Term, bounds: Bounds) -> Iterator[tuple[Term, ...]]:
    """Sets of demands, one of which must hold as a whole. What lies inside ``sustained`` must hold too."""
    if isinstance(term, Not) and not isinstance(term.inner, (Reading, Sustained)):
        yield from _alternatives(negated(term.inner), bounds)
    elif isinstance(term, Sustained):
        yield from _alternatives(term.inner, bounds)
    elif isinstance(term, Joined) and term.word == "or":
        for part in term.parts:
            yield from _alternatives(part, bounds)
    elif isinstance(term, Joined):
        yield from _together(term.parts, bounds)
    else:
        yield (term,)


def _together(parts: tuple[Term, ...], bounds: Bounds) -> Iterator[tuple[Term, ...]]:
    if not parts:
        yield ()
        return
    for one in _alternatives(parts[0], bounds):
        if _contradiction(one, bounds) is not None and len(parts) > 1:
            yield one  # the rest can't mend it, and need not be multiplied out
            continue
        for rest in _together(parts[1:], bounds):
            yield (*one, *rest)


def _contradiction(demands: tuple[Term, ...], bounds: Bounds) -> str | None:
    ranges: dict[Reading, Range] = {}
    truths: dict[Reading, bool] = {}
    for term in demands:
        reason = _truth(term, truths, bounds) if not isinstance(term, Compared) else _narrowed(term, ranges, bounds)
        if reason is not None:
            return reason
    cabinets = [str(r) for r, wanted in truths.items() if r.name == "cabinet" and wanted]
    return f"{cabinets[0]} and {cabinets[1]} can't both govern" if len(cabinets) > 1 else None


def _truth(term: Term, truths: dict[Reading, bool], bounds: Bounds) -> str | None:
    wanted = not isinstance(term, Not)
    inner = term.inner if isinstance(term, Not) else term
    if isinstance(inner, Constant) and inner.value is not wanted:
        return "it says false"
    if not isinstance(inner, Reading):
        return None
    if truths.setdefault(inner, wanted) is not wanted:
        return f"{inner} would have to be both true and false"
    known = bounds.gone if wanted else bounds.past
    if inner.name == "fired" and (why := known.get(str(inner.arguments[0]))):
        return f"'{inner.arguments[0]}' {why}"
    return None


def _narrowed(term: Compared, ranges: dict[Reading, Range], bounds: Bounds) -> str | None:
    """Narrow the quantity on one side of a comparison by what the other side can be."""
    left, right = _range(term.left, ranges, bounds), _range(term.right, ranges, bounds)
    for side, sign, other in ((term.left, term.sign, right), (term.right, _SWAPPED[term.sign], left)):
        if not isinstance(side, Reading):
            continue
        found = _range(side, ranges, bounds).within(_allowed(sign, other))
        if found.empty:
            return _empty(side, ranges, bounds, term)
        ranges[side] = found
    if not _possible(left, term.sign, right):
        return f"'{term}' never holds"
    return _impossible_event(term, bounds)


_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _allowed(sign: str, other: Range) -> Range:
    if sign in ("<", "<="):
        return Range(high=other.high, high_open=sign == "<" or other.high_open)
    if sign in (">", ">="):
        return Range(low=other.low, low_open=sign == ">" or other.low_open)
    return other if sign == "==" else Range()


def _possible(left: Range, sign: str, right: Range) -> bool:
    if sign == "!=":
        return not (left.low == left.high == right.low == right.high)
    return not left.within(_allowed(sign, right)).empty


def _empty(side: Reading, ranges: dict[Reading, Range], bounds: Bounds, term: Compared) -> str:
    clock = side.name in ("date", "day") and any(r.name in ("date", "day") for r in ranges)
    if side in ranges or clock:
        return f"'{term}' contradicts what is asked of {side} beside it"
    if side.name in ("date", "day"):
        return f"'{term}' lies outside the scenario ({show_date(bounds.first)} to {show_date(bounds.last)})"
    return f"'{term}' never holds"


def _impossible_event(term: Compared, bounds: Bounds) -> str | None:
    """Days counted from an event that can't happen."""
    if isinstance(term.left, Reading) and isinstance(term.right, Constant) and term.left.name == "days_since":
        name = str(term.left.arguments[0])
        if term.sign in ("<", "<=") and name in bounds.gone:
            return f"'{name}' {bounds.gone[name]}"
    return None


def _range(term: Term, ranges: Mapping[Reading, Range], bounds: Bounds) -> Range:
    """What numbers a term can give. Dates count as day numbers."""
    if isinstance(term, Constant):
        value = float(day_of(term.value)) if isinstance(term.value, date) else float(term.value)
        return Range(value, value)
    if isinstance(term, Reading):
        if term.name in ("date", "day"):
            span = Range(float(day_of(bounds.first)), float(day_of(bounds.last)))
            both = [r for r in (Reading("date", ()), Reading("day", ())) if r in ranges]
            for reading in both:
                span = span.within(ranges[reading])
            return span
        declared = QUANTITIES[term.name]
        return ranges.get(term, Range(declared.low, declared.high))
    if isinstance(term, Reckoned):
        return _reckoned(_range(term.left, ranges, bounds), term.sign, _range(term.right, ranges, bounds))
    return Range()


def _reckoned(a: Range, sign: str, b: Range) -> Range:
    if sign == "+":
        return Range(a.low + b.low, a.high + b.high)
    if sign == "-":
        return Range(a.low - b.high, a.high - b.low)
    if sign == "/":
        if b.low <= 0.0 <= b.high:
            return Range()
        b = Range(1.0 / b.high, 1.0 / b.low)
    ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Range() if any(end != end for end in ends) else Range(min(ends), max(ends))

