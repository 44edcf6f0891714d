"""Which source files belong to which phase of the day, so that none is left out of the pages."""

from __future__ import annotations

from functools import cache

from docs import code
from sim.engine.day_table import PHASES

#: Files outside ``mechanisms`` that a phase works through. A file of the rooms below that stands nowhere here, and that
#: no phase calls, gets a section of its own at the end.
WORKS_THROUGH = {
    "forcing": ("sim/inputs/forcing.py",),
    "bodies": (
        "sim/history/deciding.py", "sim/politics/cabinets.py", "sim/politics/party_system.py",
        "sim/politics/parties.py",
    ),
    "events": (
        "sim/history/timeline.py", "sim/history/freedom.py", "sim/history/course.py", "sim/history/acting.py",
        "sim/history/shocks.py",
    ),
    "reach": ("sim/society/access.py", "sim/society/ties.py"),
    "elections": (
        "sim/engine/chamber.py", "sim/politics/soviets.py", "sim/politics/congresses.py",
        "sim/politics/resolutions.py", "sim/politics/elections.py", "sim/politics/ballot.py", "sim/politics/seats.py",
    ),
    "strength": ("sim/engine/armed.py", "sim/politics/command.py"),
    "party_levels": ("sim/engine/party_life.py", "sim/politics/parties.py"),
    "membership": ("sim/politics/membership.py", "sim/engine/party_life.py"),
    "knowledge": ("sim/engine/party_life.py",),
    "record": ("sim/engine/recorder.py", "sim/engine/outcomes.py"),
}  # fmt: skip
#: Parameters declared for something that is no mechanism of its own, by the phase that reads them.
ALSO_SET_BY = {"bodies": ("decisions",)}
#: Files of these rooms that hold data, or the machinery of a run, and no rule.
NO_RULE = (
    "sim/politics/view.py", "sim/history/catalogue.py", "sim/engine/checkpoint.py", "sim/engine/day.py",
    "sim/engine/day_table.py", "sim/engine/model.py", "sim/engine/views.py",
)  # fmt: skip
ROOMS = ("mechanisms", "politics", "history", "engine")
#: Rooms whose functions are rules, told one by one; of the others a file's own docstring is enough.
OF_RULES = ("mechanisms", "politics", "history", "society")


@cache
def files_of(phase: str) -> tuple[str, ...]:
    """Files of a phase: its mechanism's, what its method of a day calls, and what it works through."""
    own = tuple(p for p in code.modules("mechanisms") if p.endswith(f"/{_mechanism(phase)}.py"))
    shared = set(_owned_by_others(phase))
    through = tuple(p for p in WORKS_THROUGH.get(phase, ()) if (code.ROOT / p).exists())
    called = code.called_in_day(phase, (*code.modules("mechanisms"), *code.modules("engine")))
    return (*own, *(p for p in called if p not in {*own, *shared, *through, *NO_RULE}), *through)


def left_over() -> tuple[str, ...]:
    """Files with rules that belong to no phase by itself."""
    placed = {path for phase in PHASES for path in files_of(phase.name)}
    every = (path for room in ROOMS for path in code.modules(room))
    return tuple(path for path in every if path not in placed and path not in NO_RULE)


def _mechanism(phase: str) -> str:
    return next(p.mechanism or p.name for p in PHASES if p.name == phase)


def _owned_by_others(phase: str) -> list[str]:
    """Files named after the mechanism of another phase: they are described there."""
    others = {p.mechanism or p.name for p in PHASES if p.name != phase}
    return [p for p in code.modules("mechanisms") if p.rsplit("/", 1)[1].removesuffix(".py") in others]
