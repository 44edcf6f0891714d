"""What pydantic found wrong, in plain words and at the line and column of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.inputs.effects import EFFECTS, AnyEffect
from sim.inputs.tree import MAX_PROBLEMS, Listing, Spot, Table, Tree, problem_at
from sim.words.errors import Problem, nearest

Path = tuple[str | int, ...]

_TYPES = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "list_type": "a list",
    "finite_number": "a finite number",
    "float_parsing": "a number",
}
_BOUNDS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "a number of at least {}"),
    "less_than": ("lt", "a number below {}"),
    "less_than_equal": ("le", "a number of at most {}"),
    "string_too_long": ("max_length", "at most {} characters"),
    "string_too_short": ("min_length", "at least {} character"),
    "too_long": ("max_length", "at most {} items"),
    "too_short": ("min_length", "at least {} item"),
}


def problems_of(error: ValidationError, root: Tree, model: type[BaseModel]) -> list[Problem]:
    """Each error of a validation of ``plain(root)`` against ``model``, as a problem of the file; at most 100."""
    found = error.errors(include_url=False, include_input=False)
    # A list whose items are wrong would also be called too short: the items alone are worth a line.
    broken = {tuple(item["loc"][:-1]) for item in found}
    kept = [item for item in found if item["type"] != "too_short" or tuple(item["loc"]) not in broken]
    return [problem for item in kept[:MAX_PROBLEMS] for problem in _told(dict(item), root, model)][:MAX_PROBLEMS]


def _told(item: dict[str, Any], root: Tree, model: type[BaseModel]) -> list[Problem]:
    """One problem; of a condition, as many as it has faults."""
    if item["type"] != "condition":
        return [_problem(item, root, model)]
    spot = spot_of(root, item["loc"])
    name = key_name(tuple(step for step, _, _ in _steps(root, item["loc"])))
    return [
        problem_at(spot, f"'{name}', at character {fault.column}: {fault.message}", fault.expected)
        for fault in item["ctx"]["faults"]
    ]


def _problem(item: dict[str, Any], root: Tree, model: type[BaseModel]) -> Problem:
    context = item.get("ctx") or {}
    loc: Path = tuple(step for step, _, _ in _steps(root, item["loc"]))
    if item["type"] == "missing":
        loc += (item["loc"][-1],)
    message, expected = _worded(item["type"], item["msg"], context, loc, root, model)
    at_key = item["type"] == "extra_forbidden" or "[key]" in item["loc"]
    return problem_at(spot_of(root, loc, at_key), message, expected)


def _worded(
    kind: str, text: str, context: dict[str, Any], loc: Path, root: Tree, model: type[BaseModel]
) -> tuple[str, str]:
    """Message and expectation of one error."""
    name = key_name(loc)
    if kind == "extra_forbidden":
        known = fields_at(model, loc[:-1])
        where = f" in '{key_name(loc[:-1])}'" if loc[:-1] else ""
        return f"unknown key '{str(loc[-1])[:60]}'{where}.{_hint(str(loc[-1]), known)}", one_of(known)
    if kind == "missing":
        where = f" from '{key_name(loc[:-1])}'" if key_name(loc[:-1]) else ""
        return f"'{loc[-1]}' is missing{where}", f"'{loc[-1]}'"
    if kind == "unknown_name":
        known = context["known"]
        return f"unknown {context['kind']} '{context['name']}'.{_hint(context['name'], known)}", one_of(known)
    if kind == "malformed":
        return context["what"], context["expected"]
    if kind == "union_tag_invalid":
        return f"unknown effect '{context['tag'][:60]}'.{_hint(context['tag'], EFFECTS)}", one_of(EFFECTS)
    if kind == "union_tag_not_found":
        return "an effect is a mapping with one key, its kind", one_of(EFFECTS)
    if kind == "literal_error":
        return f"{_shown(root, loc)} is not a value of '{name}'", context["expected"]
    if kind in _TYPES:
        item = "an item of " if loc and isinstance(loc[-1], int) else ""
        return f"{item}'{name}' is {_shown(root, loc)}", _TYPES[kind]
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        shown = _shown(root, loc) if "than" in kind else "too long" if kind.endswith("long") else "empty"
        return f"'{name}' is {shown}", words.format(f"{context[bound]:g}")
    return text[:200], "another value"


def one_of(names: Iterable[str], limit: int = 24) -> str:
    """``one of a, b, c``; long lists are cut."""
    listed = list(names)
    if not listed:
        return "none: nothing of the kind can be named in this version"
    shown = ", ".join(listed[:limit]) + (f" and {len(listed) - limit} more" if len(listed) > limit else "")
    return f"one of {shown}" if len(listed) > 1 else shown


def _hint(name: str, known: Iterable[str]) -> str:
    return nearest(name[:60], known)


def key_name(loc: Path) -> str:
    """The last name in a path: what a reader would call the value."""
    return next((str(part) for part in reversed(loc) if isinstance(part, str)), "")[:60]


def _shown(root: Tree, loc: Path) -> str:
    """What stands at a path, in a few words."""
    tree = subtree(root, loc)
    if isinstance(tree, Table):
        return "a mapping" if tree.values else "an empty mapping"
    if isinstance(tree, Listing):
        return "a list" if tree.items else "an empty list"
    if tree.value is None:
        return "empty"
    if isinstance(tree.value, bool):
        return "true" if tree.value else "false"
    if isinstance(tree.value, str):
        return f"the text '{tree.value[:60]}'"
    return f"{tree.value}"


def _steps(root: Tree, loc: Path) -> Iterator[tuple[str | int, Tree, Tree]]:
    """Walk down a path: (step, the subtree above, the subtree below). Steps that the file does not have are skipped:
    pydantic puts the names of alternatives among them."""
    tree = root
    for step in loc:
        below: Tree | None = None
        if isinstance(tree, Table) and isinstance(step, str):
            below = tree.values.get(step)
        elif isinstance(tree, Listing) and isinstance(step, int) and 0 <= step < len(tree.items):
            below = tree.items[step]
        if below is not None:
            yield step, tree, below
            tree = below


def subtree(root: Tree, loc: Path) -> Tree:
    """The deepest subtree that a path reaches."""
    tree = root
    for _, _, below in _steps(root, loc):
        tree = below
    return tree


def spot_of(root: Tree, loc: Path, at_key: bool = False) -> Spot:
    """Where the value at a path stands, or its key."""
    spot = root.spot
    for step, above, below in _steps(root, loc):
        spot = above.keys[str(step)] if at_key and isinstance(above, Table) else below.spot
    return spot


def fields_at(model: type[BaseModel], loc: Path) -> tuple[str, ...]:
    """The keys that a file may use at a path below ``model``."""
    here: Any = model
    for step in loc:
        here = _descend(here, step)
    found = _first_model(here) or _first_model(_item(here))  # one change may stand for a list of one
    return tuple(info.alias or name for name, info in found.model_fields.items()) if found else ()


def _descend(annotation: Any, step: str | int) -> Any:
    """The annotation one step down. A step that names an alternative of a union stays where it is."""
    if isinstance(step, str) and step in EFFECTS and _mentions_effects(annotation):
        return EFFECTS[step]
    model = _first_model(annotation)
    if model is None or isinstance(step, int):
        return _item(annotation)
    for name, info in model.model_fields.items():
        if step in (name, info.alias):
            return info.annotation
    return annotation


def _item(annotation: Any) -> Any:
    """What the items of a list, or the values of a mapping, are."""
    for part in _flat(annotation):
        origin = get_origin(part)
        if origin in (tuple, list, dict):
            arguments = [argument for argument in get_args(part) if argument is not Ellipsis]
            return arguments[-1]
    return annotation


def _flat(annotation: Any) -> Iterator[Any]:
    """An annotation and the alternatives inside it, without descending into containers."""
    yield annotation
    if get_origin(annotation) in (tuple, list, dict):
        return
    for argument in get_args(annotation)[: 1 if get_origin(annotation) is Annotated else None]:
        yield from _flat(argument)


def _mentions_effects(annotation: Any) -> bool:
    effect = next(iter(EFFECTS.values())) if annotation is AnyEffect else None
    return effect is not None or any(isinstance(p, type) and p in EFFECTS.values() for p in _flat(annotation))


def _first_model(annotation: Any) -> type[BaseModel] | None:
    for part in _flat(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def sorted_problems(problems: Sequence[Problem]) -> list[Problem]:
    """In file order, without repeats, at most 100."""
    return sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.message))[:MAX_PROBLEMS]
