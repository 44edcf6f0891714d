"""Which series from outside the model listens to: a change to another one would be answered with silence (rule 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.inputs.conditions import Condition
from sim.inputs.decisions import decisions
from sim.inputs.known import Known
from sim.inputs.scenario import Scenario

#: Series that mechanisms read besides the hardships, which are all felt.
READ = frozenset(
    {"goods.shortage", "wages.squeeze", "transfer.threat", "field_work.bound", "german_advance_km", "laid_off"}
)


def conditions_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    """Every condition inside a model, with the path of keys and positions that leads to it."""
    if isinstance(value, Condition):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from conditions_in(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from conditions_in(below, (*path, key))
    elif isinstance(value, (tuple, list)):
        for i, below in enumerate(value):
            yield from conditions_in(below, (*path, i))


def unheard(scenario: Scenario, known: Known) -> tuple[str, ...]:
    """Series of ``forcing`` that a scenario changes and nothing in the model, nor any condition, listens to."""
    if not scenario.forcing:
        return ()
    from sim.inputs.forcing import forcing

    heard = READ | {hardship.id for hardship in forcing().hardships} | _asked_for(scenario, known)
    base = forcing().values()
    silent = []
    for name in scenario.forcing:
        changed = forcing().values({name: {"scale": 0.5}})
        if heard.isdisjoint(series for series in changed if not np.array_equal(changed[series], base[series])):
            silent.append(name)
    return tuple(silent)


def _asked_for(scenario: Scenario, known: Known) -> set[str]:
    """Series that conditions of events and decisions read."""
    asking: Iterable[Any] = (*(known.events or {}).values(), *decisions().values(), scenario)
    found = {condition for asks in asking for _, condition in conditions_in(asks)}
    return {word for condition in found for kind, word in condition.names() if kind == "outside"}
