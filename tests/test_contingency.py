"""Contingency: one past branched at many dates, odds with intervals, resumed work, the curve."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_revolution import Forked, named
from figure_kit import faults, labels, strings
from typer.testing import CliRunner

import sim
from analysis.plots.gallery import PICTURES
from analysis.plots.kinds import draw
from sim import cli
from sim.inputs.scenario import EventChanges, Scenario
from sim.running import manifest
from sim.running import plan as planning
from sim.running.branches import Branches, branch_dates, freed, pinned
from sim.running.ensemble import Interrupted
from sim.running.intervals import wilson
from sim.running.plan import Plan
from sim.words.errors import InputError

OPEN = named("open", Scenario(title="Left to the model", divergence=date(1917, 2, 23)))
DATES = (date(1917, 2, 23), date(1917, 5, 4), date(1917, 9, 7))


def plan(model: str = "Forked", **options) -> Plan:
    return Plan(OPEN, model=f"fake_revolution:{model}", **{"runs": 4, "agents": 100, "seed": 2, **options})


def branched(directory: Path, jobs: int = 1, dates=DATES, **options) -> sim.Contingency:
    Branches(plan(**options), dates, directory, jobs).execute()
    return sim.Contingency(directory)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> sim.Contingency:
    return branched(tmp_path_factory.mktemp("contingency") / "out")


def test_the_past_is_pinned_and_the_rest_is_free():
    assert pinned(OPEN).events == EventChanges(pin="all")
    assert pinned(OPEN).divergence is None
    assert freed(OPEN, date(1917, 5, 4)).divergence == date(1917, 5, 4)
    assert freed(OPEN, date(1917, 5, 4)).name == "open"
    assert freed(pinned(OPEN), OPEN.divergence) == OPEN


def test_a_directory_that_is_not_finished_is_refused(found, tmp_path):
    manifest.write(tmp_path, found.manifest)
    with pytest.raises(InputError, match="no finished contingency"):
        sim.Contingency(tmp_path)


def test_dates_are_weeks_from_the_first_day_to_the_eve_of_the_last():
    dates = branch_dates(plan(), 7)
    assert (dates[0], dates[1], dates[-1]) == (date(1917, 2, 23), date(1917, 3, 2), date(1918, 1, 4))
    assert branch_dates(plan(), 10, date(1917, 3, 1), date(1917, 3, 15)) == (date(1917, 3, 1), date(1917, 3, 11))
    for wrong in ((date(1917, 2, 1), None), (date(1917, 6, 1), date(1917, 5, 1)), (date(1918, 1, 6), None)):
        with pytest.raises(InputError, match="no date to branch at"):
            branch_dates(plan(), 7, *wrong)


def test_the_past_of_a_run_is_lived_once(tmp_path):
    Forked.days_lived = 0
    branched(tmp_path, runs=2)
    last = date(1918, 1, 6)
    past = (DATES[-1] - DATES[0]).days
    assert Forked.days_lived == 2 * (past + sum((last - day).days + 1 for day in DATES))


def test_odds_are_shares_of_runs_with_wilsons_interval(found):
    odds = found.odds("insurrection")
    assert odds["date"].tolist() == [day.isoformat() for day in DATES]
    assert odds["came"].tolist() == [2, 2, 2] and odds["odds"].tolist() == [0.5, 0.5, 0.5]
    low, high = wilson(2, 4)
    assert (odds["low"][0], odds["high"][0]) == (pytest.approx(low), pytest.approx(high))
    # The stand-in's insurrection comes on the day from which it is free.
    assert odds["median"].tolist() == [day.isoformat() for day in DATES]
    assert found.odds("insurrection_date").equals(odds)
    assert found.odds("soviet_power")["odds"].tolist() == [1.0, 1.0, 1.0]
    assert found.odds("july_days")["came"].tolist() == [4, 4, 4]
    with pytest.raises(InputError, match="Did you mean 'insurrection'"):
        found.odds("insurection")


def test_kinds_are_outcomes_too():
    rows = [(0, "1917-03-02", "government_6_jan/sovnarkom", 1.0), (1, "1917-03-02", "deaths_low", 3.0)]
    events = pd.DataFrame({"run": [], "date": [], "event": [], "came": []})
    found = sim.Contingency(
        branches=pd.DataFrame(rows, columns=["run", "date", "measure", "value"]), events=events,
        told={"scenarios": [{"name": "open"}]},
    )  # fmt: skip
    assert found.outcomes == ["government_6_jan/sovnarkom"]
    assert found.odds("government_6_jan/sovnarkom").loc[0, ["runs", "came", "median"]].tolist() == [2, 1, None]
    with pytest.raises(InputError, match="unknown outcome 'deaths_low'"):
        found.odds("deaths_low")


def test_same_tables_for_two_processes_and_after_an_interruption(tmp_path, found, monkeypatch):
    two = branched(tmp_path / "two", jobs=2)
    pd.testing.assert_frame_equal(two.branches, found.branches)
    pd.testing.assert_frame_equal(two.events, found.events)
    work = Branches(plan(), DATES, tmp_path / "broken")

    def press(record):
        if record.run == 1:
            raise KeyboardInterrupt

    work.report = press
    with pytest.raises(Interrupted, match="2 of 4 runs are finished"):
        work.execute()
    assert sim.Contingency(tmp_path / "broken").runs == [0, 1]
    Forked.days_lived = 0
    again = branched(tmp_path / "broken")
    assert Forked.days_lived > 0
    pd.testing.assert_frame_equal(again.branches, found.branches)
    Forked.days_lived = 0
    branched(tmp_path / "broken", runs=2)
    assert Forked.days_lived == 0


def test_other_work_is_refused_and_failures_are_told(tmp_path):
    branched(tmp_path / "out", runs=1)
    with pytest.raises(InputError, match="options.seed: 2, now 3"):
        branched(tmp_path / "out", runs=1, seed=3)
    with pytest.raises(InputError, match="dates"):
        branched(tmp_path / "out", runs=1, dates=DATES[:2])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not a result directory"):
        branched(tmp_path / "mine")
    work = Branches(plan("FailsOnOddRuns", seed=1, runs=2), DATES[:1], tmp_path / "failed")
    work.execute()
    assert (work.finished(), sorted(work.failures)) == ([1], [0])
    assert "ZeroDivisionError" in json.loads((tmp_path / "failed" / manifest.NAME).read_text())["runs"][1]["error"]
    with pytest.raises(InputError, match="not the directory of a contingency"):
        Branches(plan(), DATES, tmp_path / "x").execute()
        manifest.write(tmp_path / "x", manifest.read(tmp_path / "x") | {"kind": "other"})
        sim.Contingency(tmp_path / "x")


@pytest.mark.parametrize("size", ["slide", "page"])
def test_the_curve_holds_the_odds_and_its_words_stand_apart(found, size):
    figure = found.plot(["soviet_power", "insurrection"], size=size)
    assert faults(figure) == []
    assert labels(figure) == ["Power passes to soviets", "Power is taken by force"]
    curve = next(line for line in figure.axes[0].lines if len(line.get_xdata()) == len(DATES))
    assert curve.get_ydata().tolist() == [1.0, 1.0, 1.0]
    assert "When was it still open?" in " ".join(strings(figure))
    (shown,) = [picture for picture in PICTURES if picture.of == "contingency"]
    assert strings(eval(shown.python, {"contingency": found})) == strings(found.plot(["soviet_power", "insurrection"]))
    for ask in (draw, sim.Contingency.plot):
        with pytest.raises(InputError, match="directories that `october run` wrote"):
            ask(found, kind="strata")


def test_the_command_tells_the_odds_and_its_directory_can_be_drawn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(planning, "MODEL", "fake_revolution:Forked")
    words = ["contingency", "--runs", "2", "--agents", "100", "--every", "60", "--jobs", "1"]
    done = CliRunner().invoke(cli.app, [*words, "--outcome", "insurrection"])
    assert done.exit_code == 0, done.output
    assert "Power is taken by force: odds by 6 January 1918" in done.output
    assert "in   1 of 2 runs" in done.output
    assert "Tables: results/contingency-open" in done.output
    done = CliRunner().invoke(cli.app, ["plot", "results/contingency-open", "-o", "curve.svg"])
    assert done.exit_code == 0, done.output
    wrongs = ((["--to", "1917-02-01"], "no date to branch at"), (["--outcome", "soviet_powr"], "'soviet_power'"))
    for wrong, told in wrongs:
        done = CliRunner().invoke(cli.app, [*words, *wrong])
        assert (done.exit_code, told in done.output) == (2, True), done.output


def test_a_branch_of_the_real_model_is_a_run_of_its_scenario_from_the_start():
    since, options = date(1917, 3, 20), {"agents": 1400, "until": "1917-04-20"}
    found = sim.contingency(runs=1, every=25, **options)
    assert found.dates == ["1917-02-23", "1917-03-20", "1917-04-14"]
    whole = sim.run(freed(sim.load("open"), since), runs=1, every=1000, **options).outcomes
    branch = found.branches[found.branches["date"] == since.isoformat()]
    assert branch["measure"].tolist() == whole["measure"].astype(str).tolist()
    assert np.array_equal(branch["value"].to_numpy(), whole["value"].to_numpy(), equal_nan=True)
