"""One year of the model, timed phase by phase: ``python -m benchmarks.year 20000`` prints a line of JSON.

It is run in a process of its own, so that memory and first-day compilation are those of a run and nothing else.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such module: peak memory is left out there.
    resource = None  # type: ignore[assignment]


def _peak_megabytes() -> float:
    if resource is None:
        return float("nan")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measure(agents: int, days: int | None = None) -> dict[str, Any]:
    """Live a year with ``agents`` people, or its first ``days``; seconds by stage and phase, and memory."""
    start = time.perf_counter()
    from sim.engine.model import Revolution

    imported = time.perf_counter()
    model = Revolution("historical", agents=agents)
    founded = time.perf_counter()
    # As in a worker of an ensemble, which sets aside what it has loaded once it has settled.
    gc.collect()
    gc.freeze()
    settled = time.perf_counter()
    spent: Counter[str] = Counter()

    def timed(name: str, phase: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            before = time.perf_counter()
            phase()
            spent[name] += time.perf_counter() - before

        return run

    model.step()
    first = time.perf_counter()
    model._day.phases = [(name, timed(name, phase)) for name, phase in model._day.phases]
    lived = 1
    while model.running and lived != days:
        model.step()
        lived += 1
    last = time.perf_counter()
    columns = (getattr(model.people, column.name) for column in model.people.COLUMNS)
    return {
        "agents": agents,
        "days": lived,
        "import": imported - start,
        "founding": founded - imported,
        "first day": first - settled,
        "other days": last - first,
        "phases": dict(spent),
        "bytes a person": sum(column.nbytes for column in columns) / agents,
        "peak MB": _peak_megabytes(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)))
