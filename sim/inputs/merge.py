"""How a scenario builds on another: ``extends``.

The child's word goes before the parent's:
- a mapping is merged key by key; any other value replaces the parent's;
- ``off`` and the lists under ``events`` add up; an event that the child names anywhere under ``events`` is first
  struck from all that the parent said about it, and ``pin: all`` or ``free: all`` replace the parent's opposite;
- title, question, kind, sources, ledger and card describe one file and are not inherited.

Every subtree keeps the spot of the file that it came from, so the origin of each value can be told.
"""

from __future__ import annotations

from sim.inputs.scenario import DESCRIPTION
from sim.inputs.tree import Listing, Scalar, Table, Tree

_NAMING = ("pin", "free", "remove", "shift", "force")
_OPPOSITE = {"pin": "free", "free": "pin"}


def merge(parent: Table, child: Table) -> Table:
    """The child's scenario on top of its parent's."""
    inherited = without(parent, (*DESCRIPTION, "extends"))
    events, own = inherited.values.get("events"), child.values.get("events")
    if isinstance(events, Table) and isinstance(own, Table):
        inherited = _with(inherited, "events", _give_way(events, own))
    return _overlay(inherited, child, ())


def without(table: Table, dropped: tuple[str, ...]) -> Table:
    """A table less some of its keys."""
    kept = [key for key in table.values if key not in dropped]
    return Table(table.spot, {k: table.keys[k] for k in kept}, {k: table.values[k] for k in kept})


def _with(table: Table, key: str, value: Tree) -> Table:
    return Table(table.spot, table.keys, {**table.values, key: value})


def _overlay(below: Table, above: Table, path: tuple[str, ...]) -> Table:
    keys, values = dict(below.keys), dict(below.values)
    for key, value in above.values.items():
        old = values.get(key)
        here = (*path, key)
        if isinstance(old, Table) and isinstance(value, Table):
            value = _overlay(old, value, here)
        elif isinstance(old, Listing) and isinstance(value, Listing) and _adds_up(here):
            value = Listing(value.spot, _joined(old.items, value.items))
        keys[key], values[key] = above.keys[key], value
    return Table(above.spot, keys, values)


def _adds_up(path: tuple[str, ...]) -> bool:
    return path == ("off",) or (len(path) == 2 and path[0] == "events")


def _joined(old: tuple[Tree, ...], new: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Old items that the new ones do not repeat (a text by itself, an added event by its id), then the new."""
    named = {_identity(item) for item in new} - {None}
    return tuple(item for item in old if _identity(item) not in named) + new


def _identity(item: Tree) -> object:
    if isinstance(item, Table):
        item = item.values.get("id", item)
    return item.value if isinstance(item, Scalar) else None


def _give_way(events: Table, child: Table) -> Table:
    """The parent's changes less what the child says about the same events."""
    named = {name for key in _NAMING for name in _names(child.values.get(key))}
    dropped = tuple(_OPPOSITE[key] for key in _OPPOSITE if _is_all(child.values.get(key)))
    values: dict[str, Tree] = {}
    for key, value in without(events, dropped).values.items():
        if key in _NAMING and isinstance(value, Listing):
            value = Listing(value.spot, tuple(item for item in value.items if _identity(item) not in named))
        elif key in _NAMING and isinstance(value, Table):
            value = without(value, tuple(name for name in value.values if name in named))
        values[key] = value
    return Table(events.spot, {key: events.keys[key] for key in values}, values)


def _names(tree: Tree | None) -> list[object]:
    if isinstance(tree, Listing):
        return [item.value for item in tree.items if isinstance(item, Scalar)]
    return list(tree.values) if isinstance(tree, Table) else []


def _is_all(tree: Tree | None) -> bool:
    return isinstance(tree, Scalar) and tree.value == "all"
