"""Doubted numbers: by what a run multiplies the magnitudes of events and the figures from outside that rest on memory.

Every factor is a pure function of the run's seed and of the effect or series that it belongs to, so that a
counterfactual and its baseline doubt alike.
"""

from __future__ import annotations

import math

from sim.history.deciding import key_of
from sim.inputs.changes import ALL, Doubt
from sim.inputs.forcing import Forcing
from sim.inputs.series import Knot, Quantity
from sim.words.draws import Stream, uniform


def event_factor(doubt: Doubt, seed: int, event: str, effect: int) -> float:
    """By what the magnitude of one effect (its place in the event's list) is multiplied in the run of a seed."""
    if doubt.event_sizes == 1.0:
        return 1.0
    return between(doubt.event_sizes, seed, Stream.EVENT_SIZE, key_of(event, str(effect)))


def doubted(source: Forcing, doubt: Doubt, seed: int) -> Forcing:
    """The series from outside as the run of a seed sees them; the same object where nothing is doubted."""
    if not doubt.of_outside:
        return source
    quantities = tuple(_doubted(quantity, doubt, seed) for quantity in source.file.quantities)
    return Forcing(source.file.model_copy(update={"quantities": quantities}))


def between(most: float, seed: int, stream: Stream, key: int) -> float:
    """A factor between 1 / ``most`` and ``most``, even in the logarithm."""
    return math.exp((2.0 * float(uniform(seed, int(stream), 0, key)) - 1.0) * math.log(most))


def _doubted(quantity: Quantity, doubt: Doubt, seed: int) -> Quantity:
    if not quantity.memory:
        return quantity
    if doubt.memory_left_out == ALL or quantity.id in doubt.memory_left_out:
        return quantity.model_copy(update={"knots": quantity.without_memory()})
    if doubt.memory_drawn == ALL or quantity.id in doubt.memory_drawn:
        factor = between(quantity.error_factor, seed, Stream.OUTSIDE, key_of(quantity.id))
        return quantity.model_copy(update={"knots": tuple(_times(quantity, knot, factor) for knot in quantity.knots)})
    return quantity


def _times(quantity: Quantity, knot: Knot, factor: float) -> Knot:
    """A figure from memory at another level; one on a scale from 0 to 1 stays on it."""
    if not knot.memory:
        return knot
    value = knot.value * factor
    return knot.model_copy(update={"value": min(max(value, 0.0), 1.0) if quantity.scale == "ordinal" else value})
