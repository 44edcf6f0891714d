"""What a condition is made of: a small tree of terms, each of which can be evaluated, told and shown.

A term is built by :mod:`sim.inputs.conditions` after every check; nothing here can fail for want of a name or a type.
Terms are plain frozen values: they can be compared, hashed, pickled and sent to another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sim.inputs.quantities import QUANTITIES, Kind

Value = float | bool | date
#: Arguments of a quantity in the order of its declaration; what was left out stands with its default.
Arguments = tuple[str | None, ...]

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Gauge(Protocol):
    """What a condition is read off: see :class:`sim.engine.gauges.Gauges`."""

    def read(self, name: str, arguments: Arguments) -> Value:
        """A quantity today."""

    def held_for(self, text: str) -> int:
        """Days in a row, today among them, on which a watched truth has held."""


@dataclass(frozen=True)
class Constant:
    """A number, a date or true or false."""

    value: Value

    @property
    def kind(self) -> Kind:
        if isinstance(self.value, bool):
            return "truth"
        return "date" if isinstance(self.value, date) else "number"

    def of(self, gauge: Gauge) -> Value:
        return self.value

    def __str__(self) -> str:
        if isinstance(self.value, bool) or isinstance(self.value, date):
            return shown(self.value)
        short = f"{self.value:g}"
        return short if float(short) == self.value else repr(self.value)


@dataclass(frozen=True)
class Reading:
    """A quantity with its arguments."""

    name: str
    arguments: Arguments

    @property
    def kind(self) -> Kind:
        return QUANTITIES[self.name].gives

    def of(self, gauge: Gauge) -> Value:
        return gauge.read(self.name, self.arguments)

    def __str__(self) -> str:
        said = ", ".join(str(a) for a in self.arguments if a is not None)
        return self.name if QUANTITIES[self.name].bare else f"{self.name}({said})"


@dataclass(frozen=True)
class Sustained:
    """A truth that has held for some days in a row."""

    inner: Term
    days: int
    kind: Kind = "truth"

    def of(self, gauge: Gauge) -> Value:
        return gauge.held_for(str(self.inner)) >= self.days

    def __str__(self) -> str:
        return f"sustained({self.inner}, days={self.days})"


@dataclass(frozen=True)
class Not:
    """The opposite of a truth."""

    inner: Term
    kind: Kind = "truth"

    def of(self, gauge: Gauge) -> Value:
        return not self.inner.of(gauge)

    def __str__(self) -> str:
        return f"not {_bracketed(self.inner)}"


@dataclass(frozen=True)
class Joined:
    """Truths joined by ``and`` or ``or``."""

    word: str
    parts: tuple[Term, ...]
    kind: Kind = "truth"

    def of(self, gauge: Gauge) -> Value:
        found = (bool(part.of(gauge)) for part in self.parts)
        return all(found) if self.word == "and" else any(found)

    def __str__(self) -> str:
        return f" {self.word} ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class Compared:
    """Two numbers or two dates compared; a chain is several of these joined by ``and``."""

    left: Term
    sign: str
    right: Term
    kind: Kind = "truth"

    def of(self, gauge: Gauge) -> Value:
        a: Any = self.left.of(gauge)
        b: Any = self.right.of(gauge)
        return holds(a, self.sign, b)

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True)
class Reckoned:
    """Two numbers added, subtracted, multiplied or divided. Dividing by nothing gives nothing."""

    left: Term
    sign: str
    right: Term
    kind: Kind = "number"

    def of(self, gauge: Gauge) -> Value:
        return reckon(float(self.left.of(gauge)), self.sign, float(self.right.of(gauge)))  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"({self.left} {self.sign} {self.right})"


Term = Constant | Reading | Sustained | Not | Joined | Compared | Reckoned


def holds(a: Any, sign: str, b: Any) -> bool:
    """Whether a comparison of two values holds."""
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[sign])


def reckon(a: float, sign: str, b: float) -> float:
    """``a`` and ``b`` reckoned together; 0 for a division by 0."""
    if sign == "/":
        return a / b if b != 0.0 else 0.0
    return {"+": a + b, "-": a - b, "*": a * b}[sign]


def fixed(term: Term) -> float | None:
    """The number of a term that is made of numbers alone; None of one that asks for a quantity."""
    if isinstance(term, Constant) and term.kind == "number":
        return float(term.value)  # type: ignore[arg-type]
    if not isinstance(term, Reckoned):
        return None
    left, right = fixed(term.left), fixed(term.right)
    return None if left is None or right is None else reckon(left, term.sign, right)


def shown(value: Value | str | None) -> str:
    """A value as a condition shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e12 else f"{value:.4g}"
    return str(value)


def _bracketed(term: Term) -> str:
    return f"({term})" if isinstance(term, (Joined, Compared)) else str(term)


def below(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term."""
    if isinstance(term, (Compared, Reckoned)):
        return (term.left, term.right)
    if isinstance(term, Joined):
        return term.parts
    return (term.inner,) if isinstance(term, (Not, Sustained)) else ()


def everything(term: Term) -> Iterator[Term]:
    """A term and all inside it."""
    yield term
    for part in below(term):
        yield from everything(part)


def negated(term: Term) -> Term:
    """The opposite of a truth, with ``not`` pushed down to comparisons and readings."""
    if isinstance(term, Not):
        return term.inner
    if isinstance(term, Joined):
        return Joined("or" if term.word == "and" else "and", tuple(negated(part) for part in term.parts))
    if isinstance(term, Compared):
        return Compared(term.left, NEGATED[term.sign], term.right)
    if isinstance(term, Constant):
        return Constant(not term.value)
    return Not(term)


def told(term: Term, gauge: Gauge) -> list[str]:
    """What a truth rests on today, with values: all parts of an ``and``, the parts of an ``or`` that hold."""
    if isinstance(term, Not):
        plain = isinstance(term.inner, (Reading, Sustained))
        return [f"not {term.inner}"] if plain else told(negated(term.inner), gauge)
    if isinstance(term, Joined):
        chosen = [part for part in term.parts if term.word == "and" or part.of(gauge)]
        return [line for part in chosen or list(term.parts) for line in told(part, gauge)]
    if isinstance(term, Compared):
        return [f"{_with_value(term.left, gauge)} {term.sign} {_with_value(term.right, gauge)}"]
    if isinstance(term, Sustained):
        return [f"{term} (for {gauge.held_for(str(term.inner))} days)"]
    return [str(term) if term.kind == "truth" else _with_value(term, gauge)]


def _with_value(term: Term, gauge: Gauge) -> str:
    if isinstance(term, Constant):
        return str(term)
    value = term.of(gauge)
    if isinstance(term, Reckoned):
        readings = dict.fromkeys(part for part in everything(term) if isinstance(part, Reading))
        where = ", ".join(f"{part} = {shown(part.of(gauge))}" for part in readings)
        return f"{term} = {shown(value)} ({where})"
    return f"{term} = {shown(value)}"
