"""The small language of conditions: ``share('bolshevik', place='petrograd') > 0.5 and not fired('kornilov_march')``.

A condition is an expression over the day's aggregates, declared in :mod:`sim.inputs.quantities`. It is read with
Python's own grammar, of which only a few kinds of node are let in: names and calls of declared quantities with literal
arguments, numbers, texts, true and false, comparisons, ``and``, ``or``, ``not``, ``+ - * /``. Nothing is ever run as
code. Everything is checked when it is read: names (with the nearest known one), types, ranges, size.
"""

from __future__ import annotations

import ast
import math
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.inputs import quantities
from sim.inputs.fields import shorten
from sim.inputs.known import Known, current, known_in
from sim.inputs.quantities import QUANTITIES, SUSTAINED, SUSTAINED_FORM, Quantity, Slot, WrongName
from sim.inputs.terms import (
    Arguments,
    Compared,
    Constant,
    Gauge,
    Joined,
    Not,
    Reading,
    Reckoned,
    Sustained,
    Term,
    everything,
    fixed,
    told,
)
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY
from sim.words.errors import InputError, Problem, nearest

#: Longest condition, in characters; deepest nesting; most terms.
MAX_LENGTH, MAX_DEPTH, MAX_TERMS = 1000, 24, 120
#: Longest time that a condition may have to hold.
MAX_DAYS = 200
#: What an error of a condition is said to stand in, when it is read by itself.
FILE = "condition"

Wanted = Literal["truth", "number"]
_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip
_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_KIND_WORDS = {"number": "a number", "truth": "a condition (true or false)", "date": "a date", "text": "a text"}
_LET_IN = "quantities, numbers, texts in quotes, comparisons, and, or, not, + - * /"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a condition; ``column`` counts from 1 inside its text."""

    column: int
    message: str
    expected: str


class _Wrong(Exception):
    """A part that can't be read; its fault has been noted."""


@dataclass(frozen=True)
class Condition:
    """A checked expression: a truth or a number over the day's aggregates."""

    text: str
    term: Term

    @property
    def gives(self) -> Wanted:
        """``truth`` or ``number``."""
        return "truth" if self.term.kind == "truth" else "number"

    def holds(self, gauges: Gauge) -> bool:
        """Whether it is true today."""
        return bool(self.term.of(gauges))

    def value(self, gauges: Gauge) -> float:
        """Its number today (1 or 0 for a truth)."""
        return float(self.term.of(gauges))  # type: ignore[arg-type]

    def describe(self, gauges: Gauge) -> str:
        """What it rests on today, with values: ``share(bolshevik, petrograd, soldier) = 0.54 > 0.5``."""
        return "; ".join(dict.fromkeys(told(self.term, gauges)))

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The quantities that it asks for, each once."""
        return tuple(dict.fromkeys(term for term in everything(self.term) if isinstance(term, Reading)))

    @cached_property
    def sustained(self) -> tuple[Sustained, ...]:
        """The truths whose duration it asks for, each once."""
        return tuple(dict.fromkeys(term for term in everything(self.term) if isinstance(term, Sustained)))

    def names(self) -> frozenset[tuple[str, str]]:
        """(kind, id) of everything that it mentions, such as ``('event', 'kornilov_march')``."""
        return frozenset(
            (slot.kind, word)
            for reading in self.readings
            for slot, word in zip(QUANTITIES[reading.name].slots, reading.arguments, strict=True)
            if word is not None
        )

    def __str__(self) -> str:
        return self.text


def parse(text: str, wanted: Wanted = "truth", known: Known | None = None) -> Condition:
    """Read a condition. ``known`` holds the names that may be used; without it, those that were offered.

    Raises :class:`InputError` with every fault found, whose columns count inside the text.
    """
    found, faults = read(text, wanted, current() if known is None else known)
    if found is None:
        raise InputError([Problem(FILE, 1, f.column, f"{f.message}.", f.expected) for f in faults])
    return found


def read(text: str, wanted: Wanted, known: Known) -> tuple[Condition | None, tuple[Fault, ...]]:
    """A condition, or what is wrong with it: exactly one of the two is given."""
    reader = _Reader(known)
    try:
        flat = " ".join(text.split("\n")).strip() if isinstance(text, str) else ""
        term = reader.whole(flat, wanted)
    except _Wrong:
        term = None
    if term is None or reader.faults:
        return None, tuple(sorted(reader.faults, key=lambda fault: fault.column))[:8]
    return Condition(flat, term), ()


class _Reader:
    """Turns Python's syntax tree into terms, noting every fault on the way."""

    def __init__(self, known: Known):
        self.known = known
        self.faults: list[Fault] = []
        self.terms = 0

    def whole(self, text: str, wanted: Wanted) -> Term:
        term = self._term(self._tree(text), 0)
        if term.kind != wanted:
            found = _KIND_WORDS[term.kind]
            raise self._wrong(1, f"this gives {found}", _KIND_WORDS[wanted])
        return term

    def _wrong(self, at: ast.AST | int, message: str, expected: str) -> _Wrong:
        column = at if isinstance(at, int) else getattr(at, "col_offset", 0) + 1
        self.faults.append(Fault(column, message, expected))
        return _Wrong()

    def _tree(self, text: str) -> ast.AST:
        if not text:
            raise self._wrong(1, "the condition is empty", _LET_IN)
        if len(text) > MAX_LENGTH:
            raise self._wrong(1, "the condition is too long", f"at most {MAX_LENGTH} characters")
        for i, letter in enumerate(text):
            if not " " <= letter <= "~" or letter in "\\#`":
                raise self._wrong(i + 1, f"the character U+{ord(letter):04X} is not allowed here", "plain letters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(text, mode="eval").body
        except SyntaxError as error:
            raise self._wrong(max(error.offset or 1, 1), f"this can't be read: {error.msg}", _LET_IN) from None
        except (RecursionError, MemoryError, ValueError):
            raise self._wrong(1, "the condition is nested too deeply", f"at most {MAX_DEPTH} levels") from None

    # --- terms --------------------------------------------------------------------------------------------------------

    def _term(self, node: ast.AST, depth: int) -> Term:
        self.terms += 1
        if depth > MAX_DEPTH:
            raise self._wrong(node, "the condition is nested too deeply", f"at most {MAX_DEPTH} levels")
        if self.terms > MAX_TERMS:
            raise self._wrong(node, "the condition has too many parts", f"at most {MAX_TERMS}")
        if isinstance(node, ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            return Joined(word, tuple(self._all(node.values, "truth", depth)))
        if isinstance(node, ast.UnaryOp):
            return self._unary(node, depth)
        if isinstance(node, ast.Compare):
            return self._comparison(node, depth)
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            left, right = self._all([node.left, node.right], "number", depth)
            if isinstance(node.op, ast.Div) and fixed(right) == 0.0:
                raise self._wrong(node.right, f"'{shorten(right)}' is zero: nothing is divided by it", "another number")
            return Reckoned(left, _SIGNS[type(node.op)], right)
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        raise self._wrong(node, "this is not part of the language of conditions", _LET_IN)

    def _all(self, nodes: list[ast.expr], kind: str, depth: int) -> list[Term]:
        """Every part, each of one kind; faults of all parts are noted before giving up."""
        found = []
        for node in nodes:
            try:
                found.append(self._of_kind(node, kind, depth))
            except _Wrong:
                continue
        if len(found) < len(nodes):
            raise _Wrong
        return found

    def _of_kind(self, node: ast.AST, kind: str, depth: int) -> Term:
        term = self._term(node, depth + 1)
        if term.kind != kind:
            raise self._wrong(node, f"'{shorten(term)}' is {_KIND_WORDS[term.kind]}", _KIND_WORDS[kind])
        return term

    def _unary(self, node: ast.UnaryOp, depth: int) -> Term:
        if isinstance(node.op, ast.Not):
            return Not(self._of_kind(node.operand, "truth", depth))
        if not isinstance(node.op, (ast.USub, ast.UAdd)):
            raise self._wrong(node, "this sign is not part of the language of conditions", _LET_IN)
        inner = self._of_kind(node.operand, "number", depth)
        if isinstance(node.op, ast.UAdd):
            return inner
        return Constant(-float(inner.value)) if isinstance(inner, Constant) else Reckoned(Constant(0.0), "-", inner)  # type: ignore[arg-type]

    def _constant(self, node: ast.Constant) -> Term:
        value = node.value
        if isinstance(value, bool):
            return Constant(value)
        if isinstance(value, (int, float)):
            if not abs(value) <= 1e12:
                raise self._wrong(node, "this number is too large", "a number of at most 1e12")
            return Constant(float(value))
        if isinstance(value, str) and (when := quantities.as_date(value)) is not None:
            if not FIRST_DAY <= when <= FURTHEST_DAY:
                span = f"an Old Style date from {FIRST_DAY} to {FURTHEST_DAY}"
                raise self._wrong(node, f"{when} lies outside the year", span)
            return Constant(when)
        if isinstance(value, str):
            raise self._wrong(
                node, f"the text '{shorten(value)}' stands by itself", "a date, or a name inside brackets"
            )
        raise self._wrong(node, "this is not part of the language of conditions", _LET_IN)

    def _name(self, node: ast.Name) -> Term:
        declared = QUANTITIES.get(node.id)
        if declared is not None and declared.bare:
            return Reading(node.id, ())
        if declared is not None or node.id == SUSTAINED:
            form = SUSTAINED_FORM if declared is None else declared.form
            raise self._wrong(node, f"'{node.id}' stands without brackets", form)
        raise self._unknown(node, node.id)

    def _unknown(self, node: ast.AST, word: str) -> _Wrong:
        names = (*QUANTITIES, SUSTAINED)
        message = f"unknown quantity '{shorten(word)}'.{nearest(word[:60], names)}".removesuffix(".")
        return self._wrong(node, message, f"one of {', '.join(names)}")

    # --- comparisons --------------------------------------------------------------------------------------------------

    def _comparison(self, node: ast.Compare, depth: int) -> Term:
        sides = [self._term(side, depth + 1) for side in (node.left, *node.comparators)]
        parts: list[Term] = []
        for i, operator in enumerate(node.ops):
            sign = _SIGNS.get(type(operator))
            if sign is None:
                raise self._wrong(node, "'is' and 'in' are not part of the language", "one of < <= > >= == !=")
            left, right = sides[i], sides[i + 1]
            if left.kind != right.kind or left.kind not in ("number", "date"):
                pair = f"{_KIND_WORDS[left.kind]} and {_KIND_WORDS[right.kind]}"
                raise self._wrong(node, f"{pair} can't be compared", "two numbers or two dates")
            self._in_range(node, left, sign, right)
            parts.append(Compared(left, sign, right))
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def _in_range(self, node: ast.AST, left: Term, sign: str, right: Term) -> None:
        """A threshold outside the range of a quantity decides nothing: the comparison always or never holds."""
        if isinstance(left, Constant):
            left, sign, right = right, _SWAPPED[sign], left
        if not (isinstance(left, Reading) and isinstance(right, Constant) and left.kind == "number"):
            return
        declared, limit = QUANTITIES[left.name], float(right.value)  # type: ignore[arg-type]
        low, high = declared.low, declared.high
        never = (
            (sign in (">", ">=", "==") and limit > high) or (sign in ("<", "<=", "==") and limit < low)
            or (sign == ">" and limit == high) or (sign == "<" and limit == low)
        )  # fmt: skip
        always = (
            (sign in ("<", "<=", "!=") and limit > high) or (sign in (">", ">=", "!=") and limit < low)
            or (sign == "<=" and limit == high) or (sign == ">=" and limit == low)
        )  # fmt: skip
        if never or always:
            word = "never" if never else "always"
            unit = f" {declared.unit}" if declared.unit not in ("share", "0..1") else ""
            message = f"'{shorten(Compared(left, sign, right))}' {word} holds"
            raise self._wrong(node, message, f"a number between {low:g} and {high:g}{unit}")

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, depth: int) -> Term:
        if not isinstance(node.func, ast.Name):
            raise self._wrong(node, "only quantities can be called", _LET_IN)
        name = node.func.id
        if name == SUSTAINED:
            return self._sustained(node, depth)
        declared = QUANTITIES.get(name)
        if declared is None:
            raise self._unknown(node, name)
        if declared.bare:
            raise self._wrong(node, f"'{name}' takes no brackets", name)
        return Reading(name, self._arguments(node, declared))

    def _arguments(self, node: ast.Call, declared: Quantity) -> Arguments:
        given: dict[str, ast.expr] = {}
        if len(node.args) > len(declared.slots):
            raise self._wrong(node, f"'{declared.name}' has too many arguments", declared.form)
        for slot, value in zip(declared.slots, node.args, strict=False):
            given[slot.name] = value
        names = [slot.name for slot in declared.slots]
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in names:
                hint = nearest(keyword.arg or "", names).removesuffix(".")
                message = f"'{declared.name}' has no argument '{shorten(keyword.arg or '**')}'.{hint}".removesuffix(".")
                raise self._wrong(keyword, message, declared.form)
            if keyword.arg in given:
                raise self._wrong(keyword, f"'{keyword.arg}' is given twice", declared.form)
            given[keyword.arg] = keyword.value
        faults = len(self.faults)
        found = [self._argument(node, declared, slot, given.get(slot.name)) for slot in declared.slots]
        if len(self.faults) > faults:
            raise _Wrong
        self._meant(node, declared, dict(zip(names, found, strict=True)))
        return tuple(found)

    def _argument(self, call: ast.Call, declared: Quantity, slot: Slot, node: ast.expr | None) -> str | None:
        if node is None:
            if slot.needed:
                self._wrong(call, f"'{declared.name}' needs '{slot.name}'", declared.form)
            return None if slot.needed else slot.default
        if isinstance(node, ast.Name):
            self._wrong(node, f"'{shorten(node.id)}' stands without quotes", f"'{shorten(node.id)}' in quotes")
            return None
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            self._wrong(
                node, f"'{slot.name}' of '{declared.name}' is not a name", f"the name of a {slot.kind} in quotes"
            )
            return None
        try:
            quantities.check_argument(slot.kind, node.value, self.known)
        except WrongName as wrong:
            self._misnamed(node, wrong)
        return node.value

    def _misnamed(self, node: ast.AST, wrong: WrongName) -> None:
        hint = nearest(wrong.word[:60], wrong.known)
        listed = ", ".join(wrong.known[:24]) + (f" and {len(wrong.known) - 24} more" if len(wrong.known) > 24 else "")
        expected = f"one of {listed}" if wrong.known else f"the id of a {wrong.kind}"
        self._wrong(node, f"unknown {wrong.kind} '{shorten(wrong.word)}'.{hint}".removesuffix("."), expected)

    def _meant(self, node: ast.Call, declared: Quantity, given: dict[str, Any]) -> None:
        """What two arguments mean together: a stratum that lives there, an option of the decision."""
        there = quantities.nobody_there(given.get("place"), given.get("stratum"), self.known)
        if there is not None:
            message = f"nobody of stratum '{given['stratum']}' lives in '{shorten(given['place'])}'"
            raise self._wrong(node, message, f"one of {', '.join(there)}")
        options = self.known.decisions.get(given["decision"], ()) if declared.name == "decided" else ()
        if options and given["option"] not in options:
            self._misnamed(node, WrongName(f"option of '{given['decision']}':", given["option"], tuple(options)))
            raise _Wrong

    def _sustained(self, node: ast.Call, depth: int) -> Term:
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        days = keywords.get("days")
        if len(node.args) != 1 or set(keywords) != {"days"}:
            raise self._wrong(node, "'sustained' needs a condition and a number of days", SUSTAINED_FORM)
        if not isinstance(days, ast.Constant) or type(days.value) is not int or not 2 <= days.value <= MAX_DAYS:
            raise self._wrong(node, "'days' is not a number of days", f"a whole number from 2 to {MAX_DAYS}")
        inner = self._of_kind(node.args[0], "truth", depth)
        if any(isinstance(part, Sustained) for part in everything(inner)):
            raise self._wrong(node, "'sustained' stands inside 'sustained'", "one of them")
        return Sustained(inner, days.value)


# --- fields -----------------------------------------------------------------------------------------------------------


def _field(wanted: Wanted) -> Any:
    def validate(value: Any, info: ValidationInfo) -> Condition:
        if isinstance(value, Condition) and value.gives == wanted:
            return value
        if isinstance(value, bool):
            value = str(value)
        elif isinstance(value, (int, float)) and wanted == "number" and math.isfinite(value):
            value = repr(value)
        if not isinstance(value, str):
            raise _as_error((Fault(1, f"'{shorten(value)}' is not a condition", _KIND_WORDS[wanted]),))
        found, faults = read(value, wanted, known_in(info.context))
        if found is None:
            raise _as_error(faults)
        return found

    schema: dict[str, Any] = {"type": "string", "maxLength": MAX_LENGTH, "description": _KIND_WORDS[wanted]}
    if wanted == "number":
        schema = {"anyOf": [{"type": "number"}, schema]}
    return Annotated[
        Condition,
        PlainValidator(validate, json_schema_input_type=Any),
        PlainSerializer(lambda found: found.text, return_type=str),
        WithJsonSchema(schema),
    ]


def _as_error(faults: tuple[Fault, ...]) -> PydanticCustomError:
    return PydanticCustomError("condition", "a condition can't be read", {"faults": faults})


#: Fields of events, decisions and scenarios: a condition that is true or false, and one that gives a number.
if TYPE_CHECKING:
    Truth = Condition
    Numeric = Condition
else:
    Truth = _field("truth")
    Numeric = _field("number")
