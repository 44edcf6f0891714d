"""Ensembles: the same bytes for any number of processes, failure as data, interruption, resumption."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_revolution import InterruptedOnce, named

import sim
from sim.inputs.scenario import Scenario
from sim.running import manifest, store
from sim.running.ensemble import Ensemble, Interrupted, free_directory
from sim.running.plan import Plan, run_seed
from sim.running.results import Results
from sim.words.errors import InputError

SCENARIO = named("test", Scenario(title="A test"))


def plan(model="Fake", **options) -> Plan:
    wanted = {"runs": 4, "agents": 100, "seed": 3, "every": 60, **options}
    return Plan(SCENARIO, model=f"fake_revolution:{model}", **wanted)


def tables(directory):
    return {p.name: p.read_bytes() for p in directory.iterdir() if p.is_file() and p.name != manifest.NAME}


def execute(plan, directory, jobs=1):
    ensemble = Ensemble(plan, directory, jobs)
    ensemble.execute()
    return ensemble


def test_same_bytes_for_one_and_two_processes(tmp_path):
    execute(plan(), tmp_path / "one")
    execute(plan(), tmp_path / "two", jobs=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    assert len(tables(tmp_path / "one")) == len(store.TABLES)


def test_a_runs_seed_is_a_function_of_seed_and_number(tmp_path):
    assert len({run_seed(seed, run) for seed in range(30) for run in range(300)}) == 9000
    execute(plan(runs=2), tmp_path / "few")
    execute(plan(runs=4), tmp_path / "many")
    few, many = (Results(tmp_path / name).allegiance for name in ("few", "many"))
    pd.testing.assert_frame_equal(few, many[many["run"] < 2])


def test_seed_zero_is_a_seed_like_any_other(tmp_path):
    execute(plan(seed=0, runs=1), tmp_path / "zero")
    execute(plan(seed=1917, runs=1), tmp_path / "other")
    assert tables(tmp_path / "zero") != tables(tmp_path / "other")


def test_a_failed_run_is_data_and_is_tried_again(tmp_path):
    ensemble = execute(plan("FailsOnOddRuns", seed=2), tmp_path)
    assert ensemble.finished() == {0, 2}
    results = Results(tmp_path)
    assert results.runs == [0, 2]
    assert [f["run"] for f in results.failures] == [1, 3]
    assert "ZeroDivisionError: odd" in results.failures[0]["error"]
    assert "fake_revolution" in results.failures[0]["trace"]
    assert set(results.allegiance["run"]) == {0, 2}
    assert execute(plan("FailsOnOddRuns", seed=2), tmp_path).missing() == [1, 3]


def test_the_death_of_a_process_is_a_failed_run(tmp_path):
    ensemble = execute(plan("DiesOnOddRuns", seed=2), tmp_path, jobs=2)
    assert ensemble.finished() == {0, 2}
    assert [record.run for record in ensemble.failed()] == [1, 3]
    assert "exit code" in ensemble.failed()[0].error


def test_a_wrong_input_ends_the_sweep_and_leaves_no_directory(tmp_path):
    for jobs in (1, 2):
        with pytest.raises(InputError, match="not supported"):
            execute(plan("RefusesScenario"), tmp_path / "out", jobs)
        assert not (tmp_path / "out").exists()


def test_interrupted_runs_are_kept_and_continued_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(InterruptedOnce, "pressed", False)
    execute(plan(), tmp_path / "straight")
    with pytest.raises(Interrupted) as stopped:
        execute(plan("InterruptedOnce"), tmp_path / "broken")
    assert (stopped.value.finished, stopped.value.asked) == (2, 4)
    results = Results(tmp_path / "broken")
    assert results.runs == [0, 1]
    assert results.manifest["status"] == "interrupted"
    execute(plan("InterruptedOnce"), tmp_path / "broken")
    assert Results(tmp_path / "broken").manifest["status"] == "finished"
    assert tables(tmp_path / "straight") == tables(tmp_path / "broken")


def test_a_run_that_was_done_but_not_told_of_when_stopped_is_kept(tmp_path, monkeypatch):
    answers = Ensemble._answers

    def stopped_between(self, missing):
        told, _ = answers(self, missing[:2])
        yield told
        raise KeyboardInterrupt

    monkeypatch.setattr(Ensemble, "_answers", stopped_between)
    with pytest.raises(Interrupted) as stopped:
        execute(plan(), tmp_path)
    assert (stopped.value.finished, Results(tmp_path).runs) == (2, [0, 1])


def test_parts_of_a_killed_sweep_are_not_done_again(tmp_path):
    execute(plan(), tmp_path / "straight")
    killed = Ensemble(plan(), tmp_path / "killed")
    killed.directory.mkdir()
    killed.write("running")
    for record in killed._answers([0, 3]):
        assert record.status == "finished"
    done = []
    Ensemble(plan(), tmp_path / "killed", report=lambda record: done.append(record.run)).execute()
    assert done == [1, 2]
    assert tables(tmp_path / "straight") == tables(tmp_path / "killed")


def test_more_runs_can_be_added_and_none_is_done_twice(tmp_path):
    execute(plan(runs=2), tmp_path / "grown")
    done = []
    Ensemble(plan(runs=4), tmp_path / "grown", report=lambda record: done.append(record.run)).execute()
    assert done == [2, 3]
    execute(plan(runs=4), tmp_path / "straight")
    assert tables(tmp_path / "straight") == tables(tmp_path / "grown")
    before = (tmp_path / "grown" / manifest.NAME).read_bytes()
    execute(plan(runs=3), tmp_path / "grown")
    assert (tmp_path / "grown" / manifest.NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [({"agents": 101}, "options.agents: 100, now 101"), ({"seed": 4}, "options.seed"),
     ({"fmt": "csv"}, "options.format"), ({"until": date(1917, 7, 1)}, "options.until")],
)  # fmt: skip
def test_other_work_is_refused_with_the_difference(tmp_path, change, told):
    execute(plan(runs=1), tmp_path)
    with pytest.raises(InputError, match=told):
        execute(replace(plan(runs=1), **change), tmp_path)


def test_another_program_is_refused(tmp_path, monkeypatch):
    execute(plan(runs=1), tmp_path)
    monkeypatch.setattr(manifest, "code_hash", lambda: "other")
    with pytest.raises(InputError, match="code_hash"):
        execute(plan(runs=1), tmp_path)


def test_the_program_is_its_model_and_evidence_and_not_its_command_line():
    """A word changed in a command's help must not stop an ensemble of yesterday from being continued."""
    root = Path(sim.__file__).parent
    told = {path.relative_to(root).as_posix() for path in manifest.sources()}
    everything = {path.relative_to(root).as_posix() for path in root.rglob("*.py")}
    left_out = everything - told
    assert left_out == {name for name in everything if name.startswith("cli/")} and left_out
    assert {"evidence/forcing.yaml", "history/events/1917_07.yaml"} <= told
    assert "evidence/parameter_sets.csv" not in told


def test_a_directory_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(InputError, match="not a result directory"):
        execute(plan(), tmp_path)
    assert (tmp_path / "thesis.doc").exists()


def test_the_default_directory_steps_aside(tmp_path):
    base = tmp_path / "historical"
    assert free_directory(base, manifest.identity(plan())) == base
    execute(plan(runs=1), base)
    assert free_directory(base, manifest.identity(plan(runs=9))) == base
    assert free_directory(base, manifest.identity(plan(seed=5))) == tmp_path / "historical-2"


def test_the_manifest_tells_what_was_asked_and_done(tmp_path):
    execute(plan(runs=2), tmp_path)
    told = json.loads((tmp_path / manifest.NAME).read_text())
    assert told["scenario"]["name"] == "test"
    assert "until: '1918-01-06'" in told["scenario"]["text"]
    assert len(told["scenario"]["hash"]) == 64
    assert told["seed"] == 3
    assert told["identity"]["options"]["agents"] == 100
    assert told["identity"]["versions"]["october1917"] == sim.__version__
    assert {"mesa", "numpy", "numba", "python"} <= set(told["identity"]["versions"])
    assert told["parameter_sets"] == [told["runs"][0]["parameter_set"]]
    assert told["wall_seconds"] > 0
    assert told["rows"]["outcomes"] == 4
    assert [run["seed"] for run in told["runs"]] == [run_seed(3, 0), run_seed(3, 1)]


@pytest.mark.parametrize(
    "wrong",
    [{"runs": 0}, {"agents": 0}, {"seed": -1}, {"every": 0}, {"fmt": "xls"}, {"until": date(1918, 5, 1)},
     {"until": date(1917, 2, 22)}, {"first": date(1918, 2, 1)}],
)  # fmt: skip
def test_a_plan_out_of_range_is_the_users_fault(wrong):
    with pytest.raises(InputError):
        plan(**wrong)


def test_a_whole_is_the_sum_of_its_parts(tmp_path):
    execute(plan(runs=2), tmp_path)
    results = Results(tmp_path)
    frame = results.allegiance
    start = frame[(frame["party"] == "kadet") & (frame["run"] == 1) & (frame["date"] == "1917-02-23")]
    share = start.set_index("place")["share"]
    expected = np.average([share["petrograd/vyborg"], share["petrograd/garrison"]], weights=[1000, 3000])
    whole = results.share("kadet", place="petrograd")
    found = whole[(whole["run"] == 1) & (whole["date"] == "1917-02-23")]
    assert found["share"].item() == pytest.approx(expected)
    assert found["persons"].item() == pytest.approx(4000)
    assert np.allclose(sum(results.share(party)["share"] for party in sim.PARTIES), 1.0)
    # The stand-in's support for soviet power is its share of the first party.
    first = results.share(sim.PARTIES[0], stratum="peasant")["share"]
    assert np.allclose(results.soviet_share(stratum="peasant")["share"], first)


def test_unknown_names_are_told_with_the_nearest(tmp_path):
    execute(plan(runs=1), tmp_path)
    results = Results(tmp_path)
    with pytest.raises(InputError, match="Did you mean 'bolshevik'"):
        results.share("bolshevic")
    with pytest.raises(InputError, match="Did you mean 'petrograd"):
        results.share("sr", place="petrogradd")
    with pytest.raises(InputError, match="unknown stratum"):
        results.share("sr", stratum="clergy")


def test_saved_results_are_the_results(tmp_path):
    execute(plan(runs=2), tmp_path / "a")
    copy = Results(tmp_path / "a").save(tmp_path / "b")
    assert tables(tmp_path / "a") == tables(copy)
    assert repr(Results(copy)) == repr(Results(tmp_path / "a")).replace(str(tmp_path / "a"), str(copy))


@pytest.fixture(scope="module")
def real():
    """The real model, small and short, held in memory."""
    return sim.run("historical", runs=2, agents=2000, until="1917-03-20", every=10, parameters="default")


def test_the_real_model_gives_the_same_bytes_in_two_processes(real, tmp_path):
    out = tmp_path / "two"
    sim.run("historical", runs=2, agents=2000, until="1917-03-20", every=10, jobs=2, out=out, parameters="default")
    assert tables(real.save(tmp_path / "one")) == tables(out)


def test_results_and_the_model_tell_the_same_shares(real):
    model = sim.Revolution("historical", agents=2000, until="1917-03-20", seed=run_seed(1917, 1)).run()
    for place, stratum in (("petrograd", "worker"), ("empire", None), ("volga/villages", "peasant")):
        last = real.share("sr", place, stratum).query("run == 1").iloc[-1]
        assert last["date"] == "1917-03-20"
        assert last["share"] == pytest.approx(model.share("sr", place, stratum), abs=1e-9)
        support = real.soviet_share(place, stratum).query("run == 1").iloc[-1]
        assert support["share"] == pytest.approx(model.soviet_power(place, stratum), abs=1e-6)


def test_tables_of_the_real_model_keep_the_rules_of_the_interface(real):
    keys = ["run", "date", "place", "stratum"]
    sums = real.allegiance.groupby(keys, observed=True)["share"].sum()
    assert np.allclose(sums, 1.0)
    assert real.dates[0] == "1917-02-23"
    assert set(real.allegiance["stratum"]) == set(sim.STRATA)
    assert set(real.allegiance["place"]) == {place.id for place in sim.PLACES}
    assert set(real.events["status"]) <= {"pinned", "fired", "forced", "removed", "did_not_happen"}


def test_a_sweep_in_memory_warns_of_failures_and_fails_if_all_do(monkeypatch):
    from sim.running import plan as plans
    from sim.running.api import RunFailed

    monkeypatch.setattr(plans, "MODEL", "fake_revolution:FailsOnOddRuns")
    with pytest.warns(RuntimeWarning, match="1 of 2 runs failed"):
        assert sim.run(SCENARIO, runs=2, seed=2).runs == [0]
    with pytest.raises(RunFailed, match="ZeroDivisionError"):
        sim.run(SCENARIO, runs=1, seed=1)


def test_the_store_and_the_recorder_agree_on_the_tables():
    from sim.engine.recorder import TABLES

    assert {name: tuple(columns) for name, columns in store.TABLES.items()} == dict(TABLES)
