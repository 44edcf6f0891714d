"""Sets of parameters: what a file may hold, which run takes which, what goes over what, and how results tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from fake_revolution import named
from sets_kit import HEAD, OWN, ROWS, TEXT, sets
from typer.testing import CliRunner

import sim
from analysis.inference.reference import behaviour
from sim import cli
from sim.cli.pages import taken_by
from sim.inputs.lens import load_lens, settled, under
from sim.inputs.parameter_sets import chosen, origins, read_sets
from sim.inputs.parameters import DECLARATIONS, Parameters
from sim.inputs.scenario import Scenario
from sim.running import manifest, store
from sim.running.branches import Branches
from sim.running.compare import Comparing
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan
from sim.words.errors import InputError

ABOUT = """\
made_by: python -m a.test
made_on: 2026-01-02
model: abc
runs: 10
fits: {neutral: 0, mandel: -1.5}
discrepancy: {space: 6, motions: 9}
"""
SCENARIO = named("test", Scenario(title="A test"))


def plan(scenario=SCENARIO, model="TellsParameters", **options) -> Plan:
    wanted = {"runs": 4, "agents": 100, "seed": 3, "every": 60, "parameters": sets(), **options}
    return Plan(scenario, model=f"fake_revolution:{model}", **wanted)


def write(folder, text: str = TEXT, about: str | None = ABOUT):
    path = folder / "mine.csv"
    path.write_text(text)
    if about is not None:
        path.with_suffix(".yaml").write_text(about)
    return path


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_shipped_sets_can_be_read_and_say_who_made_them():
    shipped = sim.parameter_sets()
    assert len(shipped.of()) >= 20 and shipped.of()[0].lens == "neutral"
    assert {d.name for d in sim.calibrated()} <= set(shipped.names)
    assert shipped.about is not None and shipped.about.made_by and shipped.about.model
    assert set(shipped.about.discrepancy) == {"space", "soviets", "congresses", "motions"}


def test_the_shipped_sets_are_of_this_model():
    """Whoever changes what the model gives makes the sets anew, or says in their file that they are provisional."""
    about = sim.parameter_sets().about
    assert about is not None and (about.provisional or about.model == behaviour())


def test_a_file_is_read_with_what_stands_beside_it(tmp_path):
    found = sim.parameter_sets(write(tmp_path))
    assert [one.id for one in found.of("mandel")] == ["mandel/0", "mandel/1", "mandel/2"]
    assert found.of()[2].values == {"blame_rate": 0.12, "split_fear": 1.7}
    assert (found.of()[1].mode, found.of()[1].fit) == (1, -1.5)
    assert found.about is not None and found.about.discrepancy == {"space": 6.0, "motions": 9.0}
    assert sim.parameter_sets(write(tmp_path / "..", about=None)).about is None


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("", 1, 1, "column 'set' is missing"),
        ("set,lens,fit,blame_rate\n1,neutral,0,0.2\n", 1, 1, "column 'mode' is missing"),
        ("set,lens,fit,mode,blame_rate\n", 1, 1, "in another order"),
        (HEAD.replace("blame_rate", "blame_rat") + ROWS[0], 1, 19, "unknown parameter 'blame_rat'. Did you mean"),
        (HEAD.replace("split_fear", "blame_rate") + ROWS[0], 1, 30, "stands twice"),
        ("set,lens,mode,fit\n1,neutral,0,0\n", 1, 18, "no parameter has a column"),
        (HEAD, 2, 1, "there is no set"),
        (HEAD + ROWS[0] + "\n" + ROWS[1] + ",1", 3, 27, "the row has 7 columns"),
        (HEAD + "1,neutral,0,0,0.2,12\n", 2, 19, "'split_fear' is out of range: 12"),
        (HEAD + "1,neutral,0,0,0.2,nan\n", 2, 19, "'split_fear' is 'nan'"),
        (HEAD + "1,neutral,0,0,,1\n", 2, 15, "'blame_rate' is ''"),
        (HEAD + "1,neutral,0,good,0.2,1\n", 2, 13, "the fit is 'good'"),
        (HEAD + "1,neutral,-1,0,0.2,1\n", 2, 11, "the mode is '-1'"),
        (HEAD + "1,mandl,0,0,0.2,1\n", 2, 3, "unknown lens 'mandl'. Did you mean 'mandel'?"),
        (HEAD + ",neutral,0,0,0.2,1\n", 2, 1, "can't name a set"),
        (HEAD + "\n".join([ROWS[0], ROWS[1], ROWS[0]]), 4, 1, "the set 'neutral/0' stands on line 2 too"),
        (HEAD + '1,neutral,0,0,"0.2,1\n', 2, 1, "can't be split into columns"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_at_its_place(text, line, column, told):
    with pytest.raises(InputError) as wrong:
        read_sets(text, "mine.csv")
    first = wrong.value.problems[0]
    assert (first.file, first.line, first.column) == ("mine.csv", line, column)
    assert told in first.message and first.expected


def test_a_file_that_is_not_there_or_no_table_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"there is no file .*none\.csv"):
        chosen(tmp_path / "none.csv")
    with pytest.raises(InputError, match="Did you mean 'posterior'"):
        chosen("postrior")
    (tmp_path / "raw.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not text"):
        chosen(tmp_path / "raw.csv")
    write(tmp_path, about=ABOUT + "surprise: 1\n")
    with pytest.raises(InputError, match=r"mine\.yaml:7:1: surprise"):
        chosen(tmp_path / "mine.csv")
    assert chosen("default") is chosen(None) is None


# --- which run takes which --------------------------------------------------------------------------------------------


def test_runs_take_every_set_once_before_any_comes_again():
    taken = [plan(runs=12).drawn(run).id for run in range(12)]
    assert len(set(taken[:6])) == 6 and taken[:6] == taken[6:]


def test_the_set_of_a_run_follows_from_seed_and_number():
    few, many, other = (plan(runs=n, seed=s) for n, s in ((2, 3), (500, 3), (500, 4)))
    assert [few.drawn(run) for run in range(6)] == [many.drawn(run) for run in range(6)]
    assert [many.drawn(run) for run in range(6)] != [other.drawn(run) for run in range(6)]


def test_a_lens_takes_its_own_sets_or_borrows():
    own, borrowed = plan(under(SCENARIO, "mandel")), plan(under(SCENARIO, "craig"))
    assert {own.drawn(run).lens for run in range(6)} == {"mandel"}
    assert {borrowed.drawn(run).lens for run in range(6)} == {"neutral"}
    with pytest.raises(InputError, match="no sets of the lens 'craig', nor of 'neutral'"):
        plan(under(SCENARIO, "craig"), parameters=sets(HEAD + OWN[0]))


def test_scenario_goes_over_set_over_lens_over_declared():
    lens, one = load_lens("mandel"), plan(under(SCENARIO, "mandel"))
    scenario = one.scenario.model_copy(update={"parameters": {"blame_rate": 0.05}})
    found = settled(one.values(0), scenario)
    assert found.blame_rate == 0.05
    assert found.split_fear == one.drawn(0).values["split_fear"] != lens.values()["split_fear"]
    assert found.insecurity_weight == lens.values()["insecurity_weight"] != DECLARATIONS["insecurity_weight"].default
    assert found.demand_rate == DECLARATIONS["demand_rate"].default
    # Whole parameters stand for the declared ones, below the lens.
    whole = settled(Parameters().having(split_fear=1.0, demand_rate=0.1), scenario)
    assert (whole.split_fear, whole.demand_rate) == (lens.values()["split_fear"], 0.1)


def test_a_borrowed_set_goes_under_the_lens():
    scenario = under(SCENARIO, "menshevik")
    held = load_lens("menshevik").values()
    assert "split_fear" in held and "blame_rate" not in held
    assert plan(scenario).values(0) == {"blame_rate": plan(scenario).drawn(0).values["blame_rate"]}


# --- ensembles, pairs, branches ---------------------------------------------------------------------------------------


def blame(results: sim.Results) -> list[float]:
    return results.outcomes.sort_values("run")["value"].tolist()


def tables(directory):
    return {p.name: p.read_bytes() for p in directory.iterdir() if p.is_file() and p.name != manifest.NAME}


def test_runs_live_with_their_sets_and_the_manifest_tells_which(tmp_path):
    for name, jobs in (("one", 1), ("two", 2)):
        Ensemble(plan(), tmp_path / name, jobs).execute()
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    results = sim.Results(tmp_path / "one")
    drawn = [plan().drawn(run) for run in range(4)]
    assert blame(results) == [one.values["blame_rate"] for one in drawn]
    told = results.manifest
    assert [run["parameter_set"] for run in told["runs"]] == [one.id for one in drawn] == told["parameter_sets"]
    assert told["sets"]["values"] == {one.id: one.values for one in drawn}
    assert (told["sets"]["hash"], told["sets"]["lens"], told["sets"]["known"]) == ("0123", "neutral", 6)
    assert manifest.parameters_told(told) == "Parameters: 4 of the 6 sets of a_test."


def test_other_sets_are_not_continued(tmp_path):
    Ensemble(plan(), tmp_path / "out").execute()
    for other, word in ((replace(sets(), digest="4567"), "a_test, hash 4567"), (None, "now default")):
        with pytest.raises(InputError, match=rf"options\.parameters: .*0123.*{word}"):
            Ensemble(plan(parameters=other), tmp_path / "out").execute()


def test_declared_values_leave_no_word_of_sets(tmp_path):
    Ensemble(plan(parameters=None), tmp_path / "out").execute()
    told = sim.Results(tmp_path / "out").manifest
    assert "sets" not in told and told["parameter_sets"][0].startswith("declared-")
    assert "chance alone" in manifest.parameters_told(told)


def test_both_runs_of_a_pair_take_the_same_set(tmp_path):
    other = named("other", Scenario(title="Other", parameters={"demand_rate": 0.1}))
    found = Comparing([plan(), plan(other)], tmp_path / "pair").execute()
    one, two = found.results
    assert blame(one) == blame(two) and len(set(blame(one))) == 4
    assert "the same set" in found.summary() and "nothing is added for it" in found.summary()


def test_branches_take_the_set_of_their_run(tmp_path):
    branches = Branches(plan(model="TellsParameters"), [SCENARIO.start], tmp_path / "open")
    branches.execute()
    told = manifest.read(tmp_path / "open")
    drawn = [plan().drawn(run) for run in range(4)]
    assert [run["parameter_set"] for run in told["runs"]] == [one.id for one in drawn]
    found = sim.Contingency(tmp_path / "open").branches
    assert found.sort_values("run")["value"].tolist() == [one.values["blame_rate"] for one in drawn]


# --- the model --------------------------------------------------------------------------------------------------------


@cache
def lived() -> sim.Results:
    """Two days of the model under a lens, with its own sets."""
    scenario = under(sim.load("historical"), "mandel")
    return sim.run(scenario, runs=2, agents=1400, until="1917-02-24", parameters=sets())


def test_a_run_is_lived_again_with_its_set():
    results = lived()
    drawn = [plan(under(SCENARIO, "mandel"), seed=1917).drawn(run) for run in range(2)]
    for run, one in enumerate(drawn):
        model = results.model(run)
        assert {name: getattr(model.parameters, name) for name in one.values} == one.values
    again = results.model(1).run().recorder.tables()["soviet_power"]["share"]
    rows = results.soviet_power[results.soviet_power["run"] == 1]
    np.testing.assert_array_equal(rows["share"].to_numpy(np.float32), np.asarray(again, dtype=np.float32))


def test_a_checkpoint_keeps_the_set_of_its_run():
    model = lived().model(0).run(date(1917, 2, 23))
    restored = sim.Revolution.restore(model.checkpoint())
    assert restored.parameters == model.parameters
    assert restored.parameters.split_fear != load_lens("mandel").values()["split_fear"]


def test_one_run_by_itself_takes_the_declared_values():
    assert sim.Revolution("historical", agents=1400).parameters == Parameters()


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def october(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.running.plan.MODEL", "fake_revolution:TellsParameters")
    return lambda *words: CliRunner().invoke(cli.app, list(words))


def test_run_draws_from_the_shipped_sets_unless_told_otherwise(october, tmp_path):
    write(tmp_path)
    words = ("run", "historical", "--runs", "2", "--jobs", "1", "--agents", "100", "--out")
    assert october(*words, "usual").exit_code == 0
    assert october(*words, "plain", "--parameters", "default").exit_code == 0
    assert october(*words, "mine", "--parameters", "mine.csv").exit_code == 0
    shipped = {one.values["blame_rate"] for one in sim.parameter_sets().of()}
    assert set(blame(sim.Results("usual"))) <= shipped
    assert np.isnan(blame(sim.Results("plain"))).all()
    assert set(blame(sim.Results("mine"))) <= {one.values["blame_rate"] for one in sets().of()}
    wrong = october(*words, "wrong", "--parameters", "defalt")
    assert wrong.exit_code == 2 and "Did you mean 'default'?" in wrong.output


def test_explain_says_which_values_are_drawn(october, tmp_path):
    write(tmp_path)
    (tmp_path / "own.yaml").write_text("extends: historical\nparameters:\n  blame_rate: 0.07\n")
    told = october("explain", "own.yaml", "--lens", "mandel", "--parameters", "mine.csv").output
    assert "parameters.blame_rate" in told and "sets.blame_rate" not in told
    assert "drawn: 2 to 2.2, median 2.1" in told and "3 sets of 'mandel' in mine.csv" in told
    assert "sets." not in october("explain", "own.yaml", "--parameters", "default").output


def test_explain_leaves_out_what_a_lens_without_sets_keeps():
    rows = origins(sets(), under(SCENARIO, "menshevik"))
    assert [key for key, *_ in rows] == ["sets.blame_rate"]


def test_a_live_run_takes_what_its_base_took(tmp_path):
    for name, values in (("plain", None), ("own", sets()), ("shipped", sim.parameter_sets())):
        Ensemble(plan(runs=1, parameters=values), tmp_path / name).execute()
    plain, own, shipped = (sim.Results(tmp_path / name) for name in ("plain", "own", "shipped"))
    assert taken_by(plain, "posterior") == "default"
    assert taken_by(own, "mine.csv") == "mine.csv"
    assert taken_by(shipped, "default") == "posterior"


def test_list_sets_counts_them_by_lens(october):
    told = october("list", "sets").output
    assert "neutral" in told and str(len(sim.parameter_sets().of())) in told and "Made by" in told


def test_every_table_is_still_told_of(tmp_path):
    Ensemble(plan(runs=1), tmp_path / "out").execute()
    assert set(sim.Results(tmp_path / "out").manifest["rows"]) == set(store.TABLES)
