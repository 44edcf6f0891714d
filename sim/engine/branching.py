"""Branching: a saved state taken up under another scenario, once it is sure that the past is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.history.parting import own_past, parting
from sim.inputs.scenario import Scenario
from sim.words.calendar import date_of, day_of, parse_date, show_date
from sim.words.errors import InputError


def scenario_of(state: Mapping[str, Any]) -> Scenario:
    """The scenario of a saved state, under its name. Its lens is looked up when the model is made."""
    made = state["made_of"]
    told = {key: value for key, value in made["scenario"].items() if key != "lens"}
    scenario = Scenario.model_validate(told).model_copy(update={"lens": made["scenario"].get("lens")})
    scenario._name = made["name"]
    return scenario


def branched(state: Mapping[str, Any], scenario: Scenario, until: date | str | None = None) -> dict[str, Any]:
    """The saved state with another scenario ahead of it. Raises :class:`InputError` where the past would be another."""
    made, before, day = state["made_of"], scenario_of(state), int(state["day"])
    apart = own_past(before, scenario)
    if apart:
        raise InputError(
            f"'{scenario.name}' differs from '{before.name}' in {', '.join(apart)} from the first day on: they have no "
            "past in common. Run it from its start."
        )
    since = parting(before, scenario)
    if since is not None and day >= day_of(since):
        raise InputError(
            f"'{scenario.name}' parts from '{before.name}' on {show_date(since)}, and the checkpoint is of "
            f"{show_date(date_of(day))}. Expected one of an earlier day."
        )
    last = made["until"] if until is None else parse_date(until).isoformat()
    if day >= min(day_of(date.fromisoformat(last)), day_of(date.fromisoformat(made["until"]))):
        raise InputError(f"the checkpoint is of {show_date(date_of(day))}, the last day of a run. Expected one before.")
    ahead = {"scenario": scenario.effective(), "name": scenario.name, "until": last}
    return {**state, "made_of": {**made, **ahead}}
