"""Names and numbers in code: no place and no party where a rule is, and every parameter declared and used."""

from __future__ import annotations

import ast
import copy
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from year_kit import differences, made

from sim.engine.model import Revolution
from sim.engine.recorder import Recorder
from sim.inputs.evidence import REGIONS, load
from sim.inputs.parameters import DECLARATIONS, Declaration, Parameters
from sim.society.places import PLACE
from sim.words.errors import InputError
from sim.words.identifiers import PARTIES

SIM = Path(__file__).resolve().parents[1] / "sim"

# --- names in code --------------------------------------------------------------------------------------------------

PLACE_NAMES = {*PLACE, *REGIONS, *(row.province for row in load("provinces")), "petrograd", "moscow", "baltic"}
#: Rooms whose rules must hold everywhere and for everyone.
ROOMS = ("mechanisms", "engine", "politics", "history")
#: (file, name) that may stand in code, with the reason.
PLACES_ALLOWED = {
    ("history/acting.py", "petrograd/garrison"): "PLEDGES: to whom the pledge of 1 March was given (a table of data)",
    ("engine/movement.py", "kronstadt"): "CITY: which bases see the street of which city (a table of data)",
    ("engine/movement.py", "petrograd"): "CITY, and the label of series that only tables show",
}
PARTIES_ALLOWED = {
    ("engine/model.py", "bolshevik"): "the measure petrograd_soviet_majority_date, which nothing in the model reads",
    ("engine/outcomes.py", "bolshevik"): "the measure bolshevik_share_ca",
    ("engine/tally.py", "bolshevik"): "measures of who led the soviets, which nothing in the model reads",
    ("engine/tally.py", "left_sr"): "the same measures",
    ("engine/chamber.py", "bolshevik"): "the measure of local majorities, which only outcomes read",
    ("engine/chamber.py", "left_sr"): "the same measure",
    ("engine/diary.py", "right"): "a side of numpy.searchsorted, no party",
    ("politics/elections.py", "left_sr"): "lists drawn before the split of the party (D-083)",
    ("politics/elections.py", "sr"): "the same lists",
    (
        "politics/elections.py",
        "bolshevik",
    ): "where part of the Left SR's people went when their list was the old one (D-083)",
    ("politics/elections.py", "national"): "national lists stand by mother tongue",
    ("politics/elections.py", "national_socialist"): "national lists stand by mother tongue",
}


def literals(source: str) -> set[str]:
    """Strings in code that are not docstrings."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return {node.value for node in nodes if isinstance(node.value, str)}


def named(sources: Mapping[str, str], names: Iterable[str]) -> set[tuple[str, str]]:
    """(file, name) of every name that stands in code."""
    wanted = set(names)
    return {(file, word) for file, source in sources.items() for word in literals(source) & wanted}


@pytest.fixture(scope="module")
def rooms() -> dict[str, str]:
    files = sorted(path for room in ROOMS for path in (SIM / room).glob("*.py"))
    return {path.relative_to(SIM).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_no_rule_knows_a_place_by_name(rooms: dict[str, str]) -> None:
    found = named(rooms, PLACE_NAMES)
    assert found - set(PLACES_ALLOWED) == set(), "a rule knows a place by name: measure what makes it different"
    assert set(PLACES_ALLOWED) - found == set(), "these are gone from the code: take them off the list"


def test_no_rule_knows_a_party_by_name(rooms: dict[str, str]) -> None:
    found = named(rooms, PARTIES)
    # People of no party are a kind of their own everywhere: no list, no deputies' line, no responsibility.
    assert {pair for pair in found if pair[1] != "unaligned"} == set(PARTIES_ALLOWED)
    assert not {pair for pair in found if pair[0].startswith("mechanisms/")}


def test_names_in_code_would_be_seen() -> None:
    rule = 'def rule(p):\n    "kronstadt"\n    return 1.2 if p == "moscow/city" else {"penza": 1}[p]\n'
    source = f'"""petrograd/vyborg"""\n{rule}'
    assert named({"a.py": source}, PLACE_NAMES) == {("a.py", "moscow/city"), ("a.py", "penza")}


# --- parameters -----------------------------------------------------------------------------------------------------

#: Read by a name put together in Stage.size: test_acting.py holds each size to its parameter.
BY_SIZE = {"event_small", "event_medium", "event_large"}
#: Matter only in histories that come to it: a congress that votes for soviet power; committees left far behind;
#: people who expected a government of all soviet parties and see another. tests/test_walkout.py and
#: tests/test_knowledge.py hold them to it.
MAY_REST = {"walkout_resolve", "renewal_gap", "disappointment_rate"}

#: What moves free history alone: tests/test_course.py holds each to it.
OF_FREE_HISTORY = {name for name in DECLARATIONS if name.startswith(("hazard_", "reason_", "aspiration", "decision_"))}


@pytest.mark.parametrize("declared", DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_parameter_is_declared_in_full(declared: Declaration) -> None:
    assert declared.low < declared.high and declared.low <= declared.default <= declared.high
    assert math.isfinite(declared.low) and math.isfinite(declared.high)
    assert declared.scale == "linear" or declared.low > 0, "a range on the log scale begins above 0"
    for text in (declared.unit, declared.mechanism, declared.meaning, declared.source):
        assert text.strip() and not text.endswith(" ")
    assert declared.role in ("calibrated", "assumed", "observed")


def test_a_parameter_is_declared_once() -> None:
    tree = ast.parse((SIM / "inputs/parameters.py").read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Parameters").body
    counts = Counter(
        line.target.id for line in body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    )
    assert set(counts) == set(DECLARATIONS)
    assert [name for name, n in counts.items() if n > 1] == []
    meanings = Counter(d.meaning for d in DECLARATIONS.values())
    assert [m for m, n in meanings.items() if n > 1] == []


def test_values_outside_their_range_are_refused() -> None:
    for name, declared in DECLARATIONS.items():
        for wrong in (declared.low - 1e-6, declared.high + 1e-6, float("nan"), float("inf")):
            with pytest.raises(InputError, match=name):
                Parameters().having(**{name: wrong})
        assert Parameters().having(**{name: declared.low}).as_dict()[name] == declared.low
    with pytest.raises(InputError, match="blame_rate"):
        Parameters().having(blame_rat=1.0)


def read_names() -> set[str]:
    """Attributes that any code of the model reads, outside the declarations."""
    trees = (ast.parse(f.read_text(encoding="utf-8")) for f in SIM.rglob("*.py") if f.name != "parameters.py")
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def test_every_parameter_is_read() -> None:
    unread = set(DECLARATIONS) - read_names() - BY_SIZE
    assert unread == set(), "declared and read by nothing"


def ends(declared: Declaration) -> list[float]:
    """Both ends of the range, the farther from the default first."""
    return sorted((declared.low, declared.high), key=lambda end: -abs(end - declared.default))


class Stretch:
    """A few weeks of 1917 that can be lived again with other parameters."""

    def __init__(self, first: str, last: str):
        model = made(until=last).run(first)
        self.state = model.state()
        groups, persons = model.recorder.groups, model.recorder.persons
        self.state["recorder"] = Recorder(groups, persons).state()
        self.usual = self.tables({})

    def tables(self, values: dict[str, float]) -> dict[str, dict[str, np.ndarray]]:
        state = copy.deepcopy(self.state)
        state["made_of"]["parameters"].update(values)
        return Revolution.from_state(state).run().recorder.tables()

    def moved_by(self, name: str) -> bool:
        """Whether a parameter at an end of its range changes any table."""
        return any(differences(self.usual, self.tables({name: value})) for value in ends(DECLARATIONS[name]))


@pytest.mark.slow
def test_every_parameter_moves_some_output() -> None:
    # The Second Congress; the election; July with the charge of German money; its exposure; and from the start what
    # these few days don't tell.
    left = list(DECLARATIONS)
    spans = (
        ("1917-10-23", "1917-10-26"),
        ("1917-11-09", "1917-11-13"),
        ("1917-07-03", "1917-07-10"),
        ("1917-09-01", "1917-09-16"),
    )
    for span in spans:
        stretch = Stretch(*span)
        left = [name for name in left if not stretch.moved_by(name)]
    usual = from_the_start({})
    for name in set(left) - MAY_REST - OF_FREE_HISTORY:
        found = (from_the_start({name: value}) for value in ends(DECLARATIONS[name]))
        assert any(differences(usual, tables) for tables in found), f"{name} moves nothing"


def from_the_start(values: dict[str, float]) -> dict[str, dict[str, np.ndarray]]:
    return made(until="1917-07-06", parameters=Parameters().having(**values)).run().recorder.tables()


def test_a_parameter_without_effect_would_be_seen() -> None:
    stretch = Stretch("1917-03-10", "1917-03-12")
    assert stretch.moved_by("attitude_rate") and not stretch.moved_by("left_to_list")
