"""One probe of the model: history, and a what-if beside it with the same luck, under whatever a study changes.

``measure(probe)`` gives predictions for every contest, the numbers of :mod:`analysis.evidence.outputs`, and the
what-if's effect: its numbers less history's. History is lived once up to the day on which the two part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sim
from analysis.evidence.contests import contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.outputs import DAYS, outputs
from analysis.running.simulate import SELDOM, changed

#: The what-if whose effect is studied: the moderates take power in September.
FLAGSHIP = "soviet_power_september"
#: The last day that history's outcomes are read off.
UNTIL = date(1918, 1, 6)
#: Numbers whose difference is the what-if's effect, beside those that say whether a thing came.
EFFECTS = (
    "bolshevik/empire/worker/1917-10-24", "bolshevik/empire/soldier/1917-10-24", "bolshevik/empire/worker/1918-01-06",
    "bolshevik/empire/soldier/1918-01-06", "bolshevik/empire/peasant/1918-01-06",
    "soviet_power/empire/worker/1918-01-06", "soviet_power/empire/peasant/1918-01-06", "bolshevik_share_ca",
    "civil_war_risk_across", "civil_war_risk_within", "deaths_high", "soviet_parties_end", "land_taken",
    "men_gone_home", "soviet_power_date",
)  # fmt: skip
#: Dates of which the effect is whether they come: 1 in the what-if alone, -1 in history alone.
CAME = ("insurrection_date",)
EFFECT = "effect/"


@dataclass(frozen=True)
class Probe:
    """One run of history, and of ``what_if`` beside it unless None.

    ``parameters`` as (name, value); ``changes`` are parts of the scenario by name (``off``, ``doubt``,
    ``representation``); ``every``, ``days``: what is recorded besides the usual days.
    """

    seed: int
    agents: int = 2_000
    parameters: tuple[tuple[str, float], ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    what_if: str | None = None
    until: date = UNTIL
    every: int = SELDOM
    days: tuple[date, ...] = ()


def measure(probe: Probe) -> dict[str, dict[str, Any]]:
    """``figures`` (contest -> target -> per cent) and ``numbers`` (name -> number, the effect among them)."""
    base, other = lived(probe)
    numbers = outputs(base)
    if other is not None:
        numbers |= effect(numbers, outputs(other))
    return {"figures": predict(base, contests()), "numbers": numbers}


def lived(probe: Probe) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Tables of history and of the what-if."""
    history = changed("historical", probe.changes)
    model = sim.Revolution(
        history, agents=probe.agents, seed=probe.seed, until=probe.until, every=probe.every,
        parameters=sim.Parameters().having(**dict(probe.parameters)),
    )  # fmt: skip
    _record(model, probe)
    other = None
    if probe.what_if is not None:
        scenario = changed(probe.what_if, probe.changes)
        if scenario.divergence is None:
            raise sim.InputError(f"'{probe.what_if}' has no divergence: it has no past in common with history.")
        packed = model.run(scenario.divergence - timedelta(days=1)).checkpoint()
        other = sim.Revolution.branch(packed, scenario)
        _record(other, probe)
    tables = model.run().recorder.tables()
    return tables, None if other is None else other.run().recorder.tables()


def _record(model: sim.Revolution, probe: Probe) -> None:
    first = model.scenario.start
    days = {*days_asked(contests()), *DAYS, *probe.days}
    model.recorded.update(model.first + (day - first).days for day in days if first <= day <= probe.until)


def effect(history: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """What differs in the what-if, by name."""
    nan = math.nan
    found = {f"{EFFECT}{name}": other.get(name, nan) - history.get(name, nan) for name in EFFECTS}
    came = {name: [math.isfinite(run.get(name, nan)) for run in (history, other)] for name in CAME}
    return found | {f"{EFFECT}{name.removesuffix('_date')}_came": float(o) - float(h) for name, (h, o) in came.items()}
