"""Scenario files: finding, reading, building on one another, checking, explaining.

``load_scenario`` returns a complete :class:`Scenario` or raises one :class:`InputError` with every problem of the file
and of those it extends, each at its line and column. The names of events and places that a file may use are those that
their owners offered (:mod:`sim.inputs.known`); a file that names events can't be read before the catalogue is imported.
"""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.inputs.checks import check
from sim.inputs.known import Known, current
from sim.inputs.left_open import left_open, split
from sim.inputs.merge import merge
from sim.inputs.problems import problems_of, sorted_problems
from sim.inputs.scenario import Scenario
from sim.inputs.tree import MAX_BYTES, Listing, Scalar, Spot, Table, Tree, plain, problem_at, read_tree
from sim.inputs.unanswerable import unanswerable
from sim.words.errors import InputError, OctoberError, Problem, nearest, unknown

#: Most files in a chain of ``extends``.
MAX_CHAIN = 8

_ENDINGS = (".yaml", ".yml")
_SHIPPED_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_BESIDE = re.compile(r"[^/\\:\x00]{1,120}\.ya?ml")


class _File:
    """A scenario file, shipped or the user's: what to call it, and its bytes."""

    def __init__(self, name: str, label: str, where: Path | Traversable, folder: Path | None):
        self.name, self.label, self.where, self.folder = name, label, where, folder

    @property
    def identity(self) -> str:
        return str(self.where.resolve()) if isinstance(self.where, Path) else f"shipped {self.label}"

    def read(self) -> bytes:
        if isinstance(self.where, Path):
            return _read_path(self.where, self.label)
        return self.where.read_bytes()


def load_scenario(name_or_path: str | Path, known: Known | None = None) -> Scenario:
    """A shipped scenario by name (``historical``), or one from a YAML file.

    ``NAME@DATE`` is that scenario left to the model from the day on (:mod:`sim.inputs.left_open`). ``known`` holds the
    names that the file may use; without it, those that were offered. Raises :class:`InputError` with every problem
    found.
    """
    if isinstance(name_or_path, str) and "@" in name_or_path and not name_or_path.endswith(_ENDINGS):
        name, since = split(name_or_path)
        if since is not None:
            return left_open(load_scenario(name, known), since)
    file = _find(name_or_path)
    tree, problems = _assembled(file)
    scenario, more = _validated(tree, current() if known is None else known)
    if scenario is None or problems or more:
        raise InputError(sorted_problems([*problems, *more]))
    scenario._name = file.name
    scenario._origins = {key: origin for key, *origin in _leaves(tree)}  # type: ignore[misc]
    return scenario


def check_file(path: str | Path, known: Known | None = None) -> list[Problem]:
    """Every problem of a scenario file, in file order; an empty list when there is none."""
    try:
        load_scenario(path, known)
    except InputError as error:
        return error.problems
    return []


def explain(scenario: Scenario) -> list[tuple[str, Any, str, int]]:
    """Each value of the effective scenario as (dotted key, value, file, line). A default has the file ``default``."""
    from sim.inputs import lens

    rows = [(key, value, file, line) for key, (value, file, line) in scenario._origins.items()]
    if scenario.lens is not None:
        told = lens.origins(scenario.lens).items()
        rows += [(f"lens.{key}", value, lens.file_of(scenario.lens), line) for key, (value, line) in told]
    given = {row[0] for row in rows}
    for key in ("start", "until"):
        if key not in given:
            rows.append((key, getattr(scenario, key).isoformat(), "default", 0))
    order = list(Scenario.model_fields)
    return sorted(rows, key=lambda row: order.index(row[0].split(".")[0]))


@cache
def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the project: ``historical`` first, the rest by name."""
    return tuple(sorted(_shipped_files(), key=lambda name: (name != "historical", name != "open", name)))


@cache
def shipped_lenses() -> tuple[str, ...]:
    """Names of the lenses that come with the project."""
    folder = resources.files("scenarios") / "lenses"
    found = {item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")}
    return tuple(sorted(found, key=lambda name: (name != "neutral", name)))


@cache
def _shipped_files() -> dict[str, tuple[str, Traversable]]:
    """Name -> (label, file) of the shipped scenarios, at the root of the package and in ``whatif``."""
    root = resources.files("scenarios")
    found = {}
    for label, folder in (("scenarios", root), ("scenarios/whatif", root / "whatif")):
        for item in folder.iterdir() if folder.is_dir() else ():
            if item.name.endswith(".yaml"):
                found[item.name.removesuffix(".yaml")] = (f"{label}/{item.name}", item)
    return found


def _find(name_or_path: str | Path) -> _File:
    """The file that a user's argument means: a path if it looks like one, else a shipped name."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(_ENDINGS) or "/" in text or "\\" in text:
        path = Path(name_or_path)
        return _File(path.stem, text, path, path.parent)
    if text not in _shipped_files():
        if "\x00" not in text and len(text) < 200 and Path(text).is_file():
            raise InputError(f"'{text}' is not a shipped scenario. To read a file, its name must end in .yaml.")
        raise unknown("scenario", text[:60], shipped())
    label, file = _shipped_files()[text]
    return _File(text, label, file, None)


def _read_path(path: Path, label: str) -> bytes:
    """At most ``MAX_BYTES + 1`` bytes of an ordinary file (a pipe or a device could be endless)."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{label[:200]} is not a file.")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = nearest(path.stem, shipped()).replace("Did you mean", "Did you mean the shipped scenario")
        raise InputError(f"there is no file {label[:200]}.{hint}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name can't be used"
        raise InputError(f"{label[:200]!r} can't be read: {reason}.") from None


def _assembled(file: _File) -> tuple[Table, list[Problem]]:
    """The file on top of those it extends, and the problems that leave them readable."""
    chain: list[Table] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    while True:
        data = file.read()
        seen[file.identity] = file.label
        tree, found = read_tree(data, file.label)
        problems += found
        if not isinstance(tree, Table):
            expected = "lines such as 'extends: historical'"
            raise InputError([*problems, problem_at(tree.spot, "a scenario is a mapping of keys to values", expected)])
        chain.append(tree)
        parent = tree.values.get("extends")
        if not isinstance(parent, Scalar) or not isinstance(parent.value, str):
            break  # none, or of the wrong type, which the types report
        try:
            file = _parent(file, parent, seen, len(chain))
        except InputError as error:
            problems += error.problems
            break
    merged = chain[-1]
    for child in reversed(chain[:-1]):
        merged = merge(merged, child)
    return merged, problems


def _parent(file: _File, given: Scalar, seen: dict[str, str], length: int) -> _File:
    """The file that ``extends`` names: a shipped scenario, or a file in the same folder."""
    name, spot = str(given.value), given.spot
    expected = "the name of a shipped scenario, or of a .yaml file in the same folder"
    if _SHIPPED_NAME.fullmatch(name):
        if name not in _shipped_files():
            hint = nearest(name, shipped())
            raise InputError([problem_at(spot, f"unknown scenario '{name}'.{hint}", f"one of {', '.join(shipped())}")])
        label, where = _shipped_files()[name]
        parent = _File(name, label, where, None)
    elif file.folder is not None and _BESIDE.fullmatch(name) and not name.startswith("."):
        path = file.folder / name
        _refuse_escape(path, file.folder, spot)
        parent = _File(path.stem, str(path), path, file.folder)
    else:
        raise InputError([problem_at(spot, f"'{name[:60]}' can't be extended", expected)])
    if parent.identity in seen:
        raise InputError([problem_at(spot, f"'{name[:60]}' extends itself, through {len(seen)} file(s)", "no circle")])
    if length >= MAX_CHAIN:
        raise InputError([problem_at(spot, "too many files extend one another", f"at most {MAX_CHAIN}")])
    return parent


def _refuse_escape(path: Path, folder: Path, spot: Spot) -> None:
    """The file must exist and truly lie in the folder: a link may not lead out of it."""
    try:
        if path.is_file() and path.resolve().parent == folder.resolve():
            return
        message = "lies outside the folder of this file" if path.exists() else "does not exist"
    except (OSError, RuntimeError):
        message = "can't be followed"
    raise InputError([problem_at(spot, f"'{path.name[:60]}' {message}", "a file in the same folder")])


def _validated(tree: Table, known: Known) -> tuple[Scenario | None, list[Problem]]:
    """The typed scenario, or ``None``, with every problem of types and of sense."""
    if known.lenses == Known.lenses:
        known = replace(known, lenses=shipped_lenses())
    _refuse_unchecked(tree, known)
    added = {name: None for name in _added_ids(tree)}
    context = {"known": replace(known, events={**added, **known.events}) if known.events is not None else known}
    problems = check(tree, known)
    try:
        scenario = Scenario.model_validate(plain(tree), context=context)
    except ValidationError as error:
        return None, problems + problems_of(error, tree, Scenario)
    return scenario, [*problems, *unanswerable(scenario, tree, known)]


def _refuse_unchecked(tree: Table, known: Known) -> None:
    """A file that names events must not slip through because nobody has said which events there are."""
    events = tree.values.get("events")
    named = isinstance(events, Table) and any(not isinstance(value, Scalar) for value in events.values.values())
    if named and known.events is None:
        raise OctoberError("names of events can't be checked: import sim.history.catalogue before reading files")


def _added_ids(tree: Table) -> list[str]:
    events = tree.values.get("events")
    added = events.values.get("add") if isinstance(events, Table) else None
    items = added.items if isinstance(added, Listing) else ()
    ids = [item.values.get("id") for item in items if isinstance(item, Table)]
    return [found.value for found in ids if isinstance(found, Scalar) and isinstance(found.value, str)]


def _leaves(tree: Tree, path: tuple[str, ...] = ()) -> list[tuple[str, Any, str, int]]:
    """Dotted key, value, file and line of each single value."""
    if isinstance(tree, Scalar):
        return [(".".join(path), tree.value, tree.spot.file, tree.spot.line)]
    below = tree.values.items() if isinstance(tree, Table) else ((str(i), item) for i, item in enumerate(tree.items))
    rows = [row for key, value in below for row in _leaves(value, (*path, key))]
    return rows or [(".".join(path), plain(tree), tree.spot.file, tree.spot.line)]
