"""What tests of answers share: a comparison made of the stand-in for the year, with outcomes and events of its own."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
from fake_revolution import named

import sim
from sim.inputs.scenario import Scenario
from sim.running import store
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan

FIRST = date(1917, 2, 23)


def coded(frame: pd.DataFrame, table: str) -> pa.Table:
    """A frame as the store reads it back: names as dictionary arrays."""
    plain = store.schema(table)
    names = [pa.dictionary(pa.int32(), pa.string()) if field.type == pa.string() else field.type for field in plain]
    schema = pa.schema([pa.field(field.name, kind) for field, kind in zip(plain, names, strict=True)])
    return pa.Table.from_pandas(frame[plain.names], schema=plain, preserve_index=False).cast(schema)


def results(folder, scenario: Scenario, odds: float, shift: int, runs: int, seed: int = 3) -> sim.Results:
    """Runs of the stand-in: soviet power and the insurrection come in a part of them, days later than recorded."""
    plan = Plan(scenario, runs=runs, agents=100, seed=seed, every=56, model="fake_year:Year")
    Ensemble(plan, folder / scenario.name).execute()
    kept = sim.Results(folder / scenario.name)
    tables = {table: kept.arrow(table) for table in store.TABLES}
    rng = np.random.default_rng(int(100 * odds))
    late = [shift + (round(rng.normal(0, 12)) if shift else 0) for _ in range(runs)]
    came = [i < round(odds * runs) for i in range(runs)]
    rows = [
        (run, measure, float(day + late[run]) if came[run] else np.nan)
        for run in range(runs)
        for measure, day in (("soviet_power_date", 246), ("insurrection_date", 245), ("left_sr_split_date", 240))
    ]
    rows += [(run, "deaths_low", 5.0 + run) for run in range(runs)]
    tables["outcomes"] = coded(pd.DataFrame(rows, columns=["run", "measure", "value"]), "outcomes")
    moves = {True: late, False: [0] * runs}
    struck = [
        (run, str(event.date + timedelta(moves[event.date > date(1917, 6, 15)][run])), name, "fired", "a test")
        for run in range(runs)
        for name, event in sim.events().items()
        if came[run] or event.date <= date(1917, 6, 15)
    ]  # fmt: skip
    tables["events"] = coded(
        pd.DataFrame(struck, columns=["run", "date", "event", "status", "cause"]).astype({"run": "int32"}), "events"
    )
    return sim.Results(tables=tables, told=kept.manifest)


def comparison(folder, others: int = 1, runs: int = 4) -> sim.Comparison:
    """History beside one or more made-up forms of a question."""
    base = results(folder, named("historical", Scenario(title="1917 as it is recorded")), 1.0, 0, runs)
    titles = ("Power to the soviets in July", "A cabinet of all socialists in September", "A pact after October",
              "The army stays on the defensive in the summer of 1917", "Land to the committees in June")  # fmt: skip
    found = {}
    for i in range(others):
        since = date(1917, 7, 4) + timedelta(days=60 * (i % 3))
        scenario = named(f"form_{i + 1}", Scenario(title=titles[i], divergence=since))
        found[scenario.name] = results(folder, scenario, (0.5, 0.75, 0.25)[i % 3], 5 - 20 * i, runs, seed=4 + i)
    told = [{"folder": "historical", "divergence": None, "parts": None}]
    told += [{"folder": n, "divergence": f"1917-{7 + 2 * (i % 3):02d}-04", "parts": None} for i, n in enumerate(found)]
    return sim.Comparison(base=base, others=found, told={"scenarios": told})
