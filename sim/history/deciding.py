"""How a body decides: it takes the first option that is good enough (Simon, 1955).

An option's appeal is the weighted mean of its reasons, each a quantity of the day in 0..1, those against it counted as
negative; chance moves it a little, as persons and hours did. Options are looked at in the order in which the body came
upon them. If none reaches what the body asks for, it takes the one that appeals most.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from scipy.special import ndtri

from sim.inputs.decisions import Decision, Option
from sim.inputs.parameters import Parameters
from sim.inputs.terms import Gauge
from sim.words.draws import Stream, uniform


@dataclass(frozen=True)
class Choice:
    """What a body chose, and on what: the option's id, its appeal and the reasons in words."""

    option: str
    cause: str


def key_of(*names: str) -> int:
    """A number for a name that stays the same in every run and version: the person of a keyed draw."""
    return zlib.crc32("/".join(names).encode())


def appeal(option: Option, gauges: Gauge, p: Parameters) -> float:
    """Weighted mean of the reasons for an option less those against it, -1..1."""
    steps = {"weak": p.reason_weak, "medium": p.reason_medium, "strong": p.reason_strong}
    total = weights = 0.0
    for reason in option.appeal:
        size = 1.0 if reason.quantity is None else min(max(reason.quantity.value(gauges), 0.0), 1.0)
        weight = steps[reason.weight]
        weights += weight
        total += -weight * size if reason.against else weight * size
    return total / weights


def luck(seed: int, decision: str, option: str, tries: int) -> float:
    """A standard normal that depends on the seed, the option and how often the question was taken up."""
    u = uniform(seed, int(Stream.DECISION), tries, key_of(decision, option))
    return float(ndtri(min(max(u, 1e-9), 1.0 - 1e-9)))


def choose(decision: Decision, gauges: Gauge, p: Parameters, seed: int, tries: int) -> Choice:
    """The first option whose appeal and luck reach ``aspiration``; if none does, the one with the most."""
    found = [
        (appeal(option, gauges, p) + p.decision_noise * luck(seed, decision.id, option.id, tries), option)
        for option in decision.options
    ]
    size, option = next((pair for pair in found if pair[0] >= p.aspiration), max(found, key=lambda pair: pair[0]))
    told = "; ".join(dict.fromkeys(r.quantity.describe(gauges) for r in option.appeal if r.quantity is not None))
    return Choice(option.id, f"{option.id}, appeal {size:.2f}" + (f" ({told})" if told else ""))
