"""October 1917: a model of the Russian Revolution, for asking what would have followed had it gone otherwise.

The public names are listed in ``_HOMES`` and are fetched when first used, so that ``import sim`` costs nothing and
the command line answers at once.

>>> import sim
>>> results = sim.run("historical", runs=20, agents=20_000, seed=1917)  # doctest: +SKIP
>>> results.share("bolshevik", place="petrograd", stratum="worker")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine.model import Revolution as Revolution
    from sim.history.catalogue import alternatives as alternatives
    from sim.history.catalogue import decision_points as decision_points
    from sim.history.catalogue import events as events
    from sim.inputs.evidence import read_rows as read_rows
    from sim.inputs.evidence_rows import PoliticsRow as PoliticsRow
    from sim.inputs.forcing import forcing as forcing
    from sim.inputs.lens import load_lens as load_lens
    from sim.inputs.parameter_sets import parameter_sets as parameter_sets
    from sim.inputs.parameters import DECLARATIONS as DECLARATIONS
    from sim.inputs.parameters import Parameters as Parameters
    from sim.inputs.parameters import calibrated as calibrated
    from sim.inputs.scenario import Scenario as Scenario
    from sim.inputs.scenario_file import shipped_lenses as shipped_lenses
    from sim.running.api import run as run
    from sim.running.compare import compare as compare
    from sim.running.comparison import Comparison as Comparison
    from sim.running.contingency import Contingency as Contingency
    from sim.running.contingency import contingency as contingency
    from sim.running.lenses import compare_lenses as compare_lenses
    from sim.running.results import Results as Results
    from sim.running.vocabulary import load as load
    from sim.society.groups import MiddleStrata as MiddleStrata
    from sim.society.groups import Peasants as Peasants
    from sim.society.groups import Propertied as Propertied
    from sim.society.groups import Sailors as Sailors
    from sim.society.groups import Soldiers as Soldiers
    from sim.society.groups import Workers as Workers
    from sim.society.places import PLACES as PLACES
    from sim.society.places import matching as matching
    from sim.society.population import population as population
    from sim.words.calendar import new_style as new_style
    from sim.words.calendar import old_style as old_style
    from sim.words.errors import InputError as InputError
    from sim.words.identifiers import PARTIES as PARTIES
    from sim.words.identifiers import STRATA as STRATA

__version__ = "0.1.0"

#: Public name -> the module that holds it.
_HOMES = {
    "load": "sim.running.vocabulary",
    "run": "sim.running.api",
    "compare": "sim.running.compare",
    "compare_lenses": "sim.running.lenses",
    "Comparison": "sim.running.comparison",
    "contingency": "sim.running.contingency",
    "Contingency": "sim.running.contingency",
    "Results": "sim.running.results",
    "Revolution": "sim.engine.model",
    "Workers": "sim.society.groups",
    "Soldiers": "sim.society.groups",
    "Sailors": "sim.society.groups",
    "Peasants": "sim.society.groups",
    "MiddleStrata": "sim.society.groups",
    "Propertied": "sim.society.groups",
    "Scenario": "sim.inputs.scenario",
    "parameter_sets": "sim.inputs.parameter_sets",
    "Parameters": "sim.inputs.parameters",
    "forcing": "sim.inputs.forcing",
    "events": "sim.history.catalogue",
    "alternatives": "sim.history.catalogue",
    "decision_points": "sim.history.catalogue",
    "PLACES": "sim.society.places",
    "matching": "sim.society.places",
    "population": "sim.society.population",
    "PoliticsRow": "sim.inputs.evidence_rows",
    "read_rows": "sim.inputs.evidence",
    "calibrated": "sim.inputs.parameters",
    "DECLARATIONS": "sim.inputs.parameters",
    "shipped_lenses": "sim.inputs.scenario_file",
    "load_lens": "sim.inputs.lens",
    "PARTIES": "sim.words.identifiers",
    "STRATA": "sim.words.identifiers",
    "InputError": "sim.words.errors",
    "new_style": "sim.words.calendar",
    "old_style": "sim.words.calendar",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module, and keep it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
