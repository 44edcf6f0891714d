"""Lenses: a reading of 1917 as a named setting of mechanism parameters, in a file.

A lens says which mechanisms an author holds to have mattered, and how much: values or priors of parameters, and
mechanisms that it does without. It never names an outcome. Any scenario can be run under any lens; what the scenario
sets itself goes before a set of parameters drawn from the posterior, that set before the lens (the sets of a lens are
draws with priors of its own), and the lens before the declared values: :func:`settled` is where this order stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from sim.inputs.events import AnySource
from sim.inputs.fields import Id, LedgerId, Line, Mechanism, Model, Number, Text, malformed
from sim.inputs.known import Known, current
from sim.inputs.parameters import Parameters
from sim.inputs.problems import one_of, problems_of, sorted_problems
from sim.inputs.scenario import Scenario
from sim.inputs.tree import Scalar, Table, Tree, plain, problem_at, read_tree
from sim.words.errors import InputError, Problem, nearest, unknown

NEUTRAL = "neutral"


class Prior(Model):
    """What a lens holds of a parameter: the value that a run takes, and the range within which a fit may move it."""

    value: Number
    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _between(self) -> Prior:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise malformed(f"the value {self.value:g} lies outside {low:g} to {high:g}", "low <= value <= high")
        return self


def _bare(value: Any) -> Any:
    return {"value": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


AnyPrior = Annotated[Prior, BeforeValidator(_bare, json_schema_input_type=float | Prior)]


class Lens(Model):
    """One lens. ``camp`` says whose reading it is, so that a table can tell 'every left lens' from 'every lens'."""

    id: Id
    title: Line
    text: Text
    camp: Annotated[str, Field(pattern="^(neutral|left|other)$")] = "other"
    sources: tuple[AnySource, ...] = ()
    ledger: tuple[LedgerId, ...] = ()
    parameters: dict[Id, AnyPrior] = {}
    off: tuple[Mechanism, ...] = ()

    def values(self) -> dict[str, float]:
        """Parameter -> the value that a run takes."""
        return {name: prior.value for name, prior in self.parameters.items()}


def load_lens(name: str | None, known: Known | None = None) -> Lens:
    """A shipped lens by its id; the neutral one without a name. Raises :class:`InputError` for what is wrong."""
    from sim.inputs.scenario_file import shipped_lenses

    wanted = name or NEUTRAL
    if wanted not in shipped_lenses():
        raise unknown("lens", wanted[:60], shipped_lenses())
    return _shipped(wanted) if known is None else _read(wanted, known)


@cache
def _shipped(name: str) -> Lens:
    return _read(name, current())


def file_of(name: str) -> str:
    """What the file of a shipped lens is called."""
    return f"scenarios/lenses/{name}.yaml"


def read_lens(data: bytes, file: str, known: Known) -> Lens:
    """A lens out of the bytes of its file. Raises :class:`InputError` with every problem at its line."""
    tree, problems = read_tree(data, file)
    if not isinstance(tree, Table):
        raise InputError([problem_at(tree.spot, "a lens is a mapping of keys to values", "lines such as 'title: ...'")])
    problems = [*problems, *_out_of_range(tree, known)]
    try:
        found = Lens.model_validate(plain(tree), context={"known": known})
    except ValidationError as error:
        raise InputError(sorted_problems([*problems, *problems_of(error, tree, Lens)])) from None
    if problems:
        raise InputError(sorted_problems(problems))
    return found


def origins(name: str) -> dict[str, tuple[Any, int]]:
    """Parameter or switch of a shipped lens -> its value and the line that sets it."""
    tree, _ = read_tree(_bytes(name), file_of(name))
    found: dict[str, tuple[Any, int]] = {}
    for key in ("parameters", "off"):
        part = tree.values.get(key) if isinstance(tree, Table) else None
        for path, leaf in _leaves(part, key) if part is not None else ():
            found[path] = (leaf.value, leaf.spot.line)
    return found


def switched_off(scenario: Scenario, lens: Lens | None = None) -> tuple[str, ...]:
    """Mechanisms that a scenario or its lens (looked up, unless given) switches off, by name."""
    return tuple(sorted({*scenario.off, *(lens or load_lens(scenario.lens)).off}))


def settled(
    given: Parameters | Mapping[str, float] | None, scenario: Scenario, lens: Lens | None = None
) -> Parameters:
    """The values that a run takes: the scenario's own, over a set's, over the lens's, over the declared ones.

    ``given`` as names and values is a set. As a whole :class:`Parameters` it stands for the declared values, below the
    lens. ``lens`` is the scenario's, looked up unless given. Raises :class:`InputError` for what is out of range.
    """
    declared, drawn = (given, {}) if isinstance(given, Parameters) else (Parameters(), given or {})
    lens = lens or load_lens(scenario.lens)
    return declared.having(**lens.values()).having(**drawn).having(**scenario.parameters)


def under(scenario: Scenario, lens: str | None) -> Scenario:
    """The same scenario seen through another lens; as it is without one. Raises :class:`InputError`."""
    return scenario if lens is None else scenario.model_copy(update={"lens": load_lens(lens).id})


def _read(name: str, known: Known) -> Lens:
    found = read_lens(_bytes(name), file_of(name), known)
    if found.id != name:
        raise InputError(f"{file_of(name)} calls itself '{found.id}'. Expected id: {name}.")
    return found


def _bytes(name: str) -> bytes:
    return (resources.files("scenarios") / "lenses" / f"{name}.yaml").read_bytes()


def _leaves(tree: Tree, path: str) -> Iterator[tuple[str, Scalar]]:
    if isinstance(tree, Scalar):
        yield path, tree
        return
    below = tree.values.items() if isinstance(tree, Table) else ((str(i), item) for i, item in enumerate(tree.items))
    for key, value in below:
        yield from _leaves(value, f"{path}.{key}")


def _out_of_range(tree: Table, known: Known) -> Iterator[Problem]:
    """Parameters that are not declared, and numbers outside the declared range."""
    given = tree.values.get("parameters")
    declared = known.parameters
    if not isinstance(given, Table) or declared is None:
        return
    for name, value in given.values.items():
        if name not in declared:
            hint = nearest(name[:60], declared)
            yield problem_at(given.keys[name], f"unknown parameter '{name[:60]}'.{hint}", one_of(declared))
            continue
        low, high = declared[name].low, declared[name].high
        for _, leaf in _leaves(value, name):
            number = leaf.value
            if isinstance(number, (int, float)) and not low <= number <= high:
                expected = f"a number from {low:g} to {high:g} {declared[name].unit}"
                yield problem_at(leaf.spot, f"'{name}' is out of range: {number:g}", expected)
