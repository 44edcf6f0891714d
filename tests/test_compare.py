"""Comparisons: pairs of runs, what they share lived once, differences with intervals, zero where nothing differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_revolution import Forked, ForkedInterruptedOnce, named
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from typer.testing import CliRunner

import sim
from sim import cli
from sim.inputs.left_open import freed
from sim.inputs.scenario import Scenario, load_scenario, scenario_hash
from sim.inputs.scenario_file import explain
from sim.running import manifest, plan, store
from sim.running.compare import Comparing
from sim.running.ensemble import Ensemble, Interrupted
from sim.running.intervals import gain, paired, variances, wilson
from sim.running.pairs import eve
from sim.running.plan import Plan
from sim.words.errors import InputError

BASE = named("base", Scenario(title="As it was"))
OTHER = named("other", Scenario(title="Otherwise", divergence=date(1917, 6, 1)))
THIRD = named("third", Scenario(title="Later", divergence=date(1917, 9, 1)))
WORDS = named("words", Scenario(title="The same in other words", question="Is it?"))


def plans(*scenarios: Scenario, model: str = "Forked", **options) -> list[Plan]:
    wanted = {"runs": 4, "agents": 100, "seed": 2, "every": 40, **options}
    return [Plan(scenario, model=f"fake_revolution:{model}", **wanted) for scenario in scenarios]


def compared(directory: Path, *scenarios: Scenario, jobs: int = 1, **options) -> sim.Comparison:
    return Comparing(plans(*scenarios, **options), directory, jobs).execute()


def files(directory: Path) -> dict[str, bytes]:
    found = (p for p in sorted(directory.rglob("*")) if p.is_file() and p.name != manifest.NAME)
    return {p.relative_to(directory).as_posix(): p.read_bytes() for p in found}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory) -> sim.Comparison:
    return compared(tmp_path_factory.mktemp("compare") / "out", BASE, OTHER)


# --- one past ------------------------------------------------------------------------------------------------------


def test_the_shared_past_is_lived_once(tmp_path):
    assert eve(*plans(BASE, OTHER)) == date(1917, 5, 31)
    Forked.days_lived = 0
    compared(tmp_path / "a", BASE, OTHER, THIRD, runs=3)
    year = (BASE.until - BASE.start).days + 1
    rest = sum((BASE.until - scenario.divergence).days + 1 for scenario in (OTHER, THIRD))
    assert Forked.days_lived == 3 * (year + rest)


@pytest.mark.parametrize(
    "other",
    [
        Scenario(parameters={"blame_rate": 0.02}, divergence=date(1917, 6, 1)),
        Scenario(start=date(1917, 3, 1)),
        Scenario(divergence=BASE.start),
        Scenario(divergence=date(1918, 3, 1)),
        Scenario(),
    ],
    ids=["another past", "another start", "from the start", "after the end", "never"],
)
def test_without_a_past_in_common_it_is_run_from_its_start(tmp_path, other):
    pair = plans(BASE, named("whole", other), runs=1)
    assert eve(*pair) is None
    Forked.days_lived = 0
    Comparing(pair, tmp_path / "out").execute()
    assert Forked.days_lived == sum((p.last_day - p.scenario.start).days + 1 for p in pair)


def test_each_folder_holds_what_a_run_alone_would_write(tmp_path, comparison):
    for one in plans(BASE, OTHER):
        Ensemble(one, tmp_path / one.scenario.name).execute()
        kept = files(comparison.directory / one.scenario.name)
        assert files(tmp_path / one.scenario.name) == kept
        assert len(kept) == len(store.TABLES)


def test_same_bytes_for_one_and_two_processes(tmp_path, comparison):
    compared(tmp_path / "two", BASE, OTHER, jobs=2)
    assert files(tmp_path / "two") == files(comparison.directory)


def test_what_was_interrupted_is_kept_and_continued(tmp_path, comparison, monkeypatch):
    monkeypatch.setattr(ForkedInterruptedOnce, "pressed", False)
    with pytest.raises(Interrupted) as stopped:
        compared(tmp_path / "out", BASE, OTHER, model="ForkedInterruptedOnce")
    assert (stopped.value.finished, stopped.value.asked) == (2, 4)
    assert manifest.read(tmp_path / "out")["status"] == "interrupted"
    assert sim.Comparison(tmp_path / "out").pairs() == [0, 1]
    done = []
    work = Comparing(plans(BASE, OTHER, model="ForkedInterruptedOnce"), tmp_path / "out")
    work.report = lambda record: done.append(record.run)
    assert work.execute().pairs() == [0, 1, 2, 3]
    assert set(done) == {2, 3}
    assert files(tmp_path / "out") == files(comparison.directory)


def test_more_runs_and_a_finished_comparison_do_nothing_twice(tmp_path, comparison):
    compared(tmp_path / "out", BASE, OTHER, runs=2)
    assert sim.Comparison(tmp_path / "out").pairs() == [0, 1]
    compared(tmp_path / "out", BASE, OTHER, runs=4)
    assert files(tmp_path / "out") == files(comparison.directory)
    Forked.days_lived = 0
    compared(tmp_path / "out", BASE, OTHER, runs=3)
    assert Forked.days_lived == 0


def test_other_work_in_the_directory_is_refused(tmp_path):
    compared(tmp_path / "out", BASE, OTHER, runs=1)
    with pytest.raises(InputError, match=r"options.seed: 2, now 3"):
        compared(tmp_path / "out", BASE, OTHER, runs=1, seed=3)
    with pytest.raises(InputError, match=r"scenarios.third"):
        compared(tmp_path / "out", BASE, OTHER, THIRD, runs=1)
    with pytest.raises(InputError, match="not the directory of a comparison"):
        sim.Comparison(tmp_path / "out" / "base")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no comparison"):
        compared(tmp_path / "mine", BASE, OTHER)


def test_a_failed_run_is_left_out_of_the_pairs(tmp_path):
    found = Comparing(plans(BASE, WORDS, model="FailsOnOddRuns"), tmp_path / "out").execute()
    assert found.pairs() == [0, 2]
    assert len(found.difference("sr")) > 3
    none = Comparing(plans(BASE, WORDS, model="FailsOnOddRuns", seed=1, runs=1), tmp_path / "none").execute()
    assert none.pairs() == []
    assert "nothing to compare" in none.summary()


# --- what is told --------------------------------------------------------------------------------------------------


def test_the_tables_have_the_columns_that_were_promised(comparison):
    statistics = ["base", "other", "difference", "low", "high"]
    assert list(comparison.differences) == ["date", "place", "stratum", "party", *statistics]
    assert list(comparison.outcome_differences) == ["measure", *statistics, "odds_above_zero"]
    assert {"differences.parquet", "outcome_differences.parquet"} <= {p.name for p in comparison.directory.iterdir()}


def test_differences_are_means_over_pairs_with_students_interval(comparison):
    base, other = (r.allegiance for r in comparison.results)
    for party in sim.PARTIES[:3]:
        where = f"date == '1917-06-23' and place == 'volga/villages' and party == '{party}'"
        a, b = (frame.query(where).sort_values("run")["share"].to_numpy() for frame in (base, other))
        found = comparison.differences.query(where).iloc[0]
        assert found["difference"] == pytest.approx((b - a).mean(), abs=1e-12)
        if party != sim.PARTIES[2]:
            interval = stats.ttest_rel(b, a).confidence_interval(0.9)
            assert (found["low"], found["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
        else:
            assert (found["difference"], found["low"], found["high"]) == (0.0, 0.0, 0.0)


def test_wholes_can_be_asked_for(comparison):
    found = comparison.difference(sim.PARTIES[0], place="petrograd")
    assert (found["pairs"] == 4).all()
    before, after = found[found["date"] < "1917-06-01"], found[found["date"] >= "1917-06-01"]
    assert (before[["difference", "low", "high"]] == 0.0).all(axis=None)
    assert np.allclose(after["difference"], -0.5 * after["base"])
    assert (after["runs_low"] <= after["difference"]).all()
    assert (after["difference"] <= after["runs_high"]).all()
    assert (comparison.soviet_difference(stratum="soldier")["difference"] == 0.0).all()
    with pytest.raises(InputError, match="Did you mean 'bolshevik'"):
        comparison.difference("bolshevic")


def test_a_date_that_did_not_come_is_no_number(comparison):
    gaps = comparison.outcome_differences.set_index("measure")
    odds = comparison.outcome_odds.set_index("measure")
    assert odds.loc["insurrection_date", ["base_has", "other_has", "both"]].tolist() == [0.0, 0.5, 0]
    assert "insurrection_date" not in gaps.index and not gaps.isna().any(axis=None), "no row without a number"
    assert gaps.loc["insurrection_date/came", ["base", "other", "odds_above_zero"]].tolist() == [0.0, 0.5, 0.5]
    assert gaps.loc["soviet_power_date", "difference"] == 0.0
    # Only one side has it: no pair, and no interval out of nothing.
    assert (odds.loc["deaths_low", "other_has"], odds.loc["deaths_low", "both"]) == (1.0, 0)


def test_histories_part_where_the_first_row_or_event_differs(comparison):
    assert comparison.parted["events"].tolist() == ["1917-06-01"] * 4
    assert set(comparison.parted["tables"]) == set(comparison.parted["one_point"]) == {"1917-06-23"}
    assert comparison.divergence() == date(1917, 6, 1)
    assert comparison.extrapolates_from() == date(1917, 7, 13)


def test_the_summary_tells_odds_and_from_when_it_extrapolates(comparison):
    told = comparison.summary()
    assert "Otherwise, beside As it was" in told
    assert "4 pairs of runs with the same luck, 100 simulated people" in told
    assert "The histories part from 1 June 1917" in told
    assert "Power is taken by force: in 2 of 4 runs, beside 0" in told
    assert "Power passes to soviets: in 4 of 4 runs, beside 4; on the same day" in told
    assert "From 13 July 1917, six weeks after the change of history, the model extrapolates." in told
    assert "From 26 July 1917" in comparison.summary("ns")


def test_three_forms_of_one_question_stand_side_by_side(tmp_path):
    found = compared(tmp_path / "out", BASE, OTHER, THIRD)
    assert list(found.others) == ["other", "third"]
    assert list(found.differences)[0] == "scenario"
    assert set(found.outcome_differences["scenario"]) == {"other", "third"}
    with pytest.raises(InputError, match="name one of other, third"):
        found.difference("sr")
    later = found.difference(sim.PARTIES[0], other="third")
    assert (later[later["date"] < "1917-09-01"]["difference"] == 0.0).all()
    assert found.summary().count("the model extrapolates") == 2
    with pytest.raises(InputError, match="Did you mean 'third'"):
        found.difference("sr", other="thrid")


def test_a_scenario_beside_itself_has_a_folder_of_its_own(tmp_path):
    found = compared(tmp_path / "out", BASE, BASE, BASE, runs=1)
    assert list(found.others) == ["base-2", "base-3"]


def test_a_base_can_be_left_open_from_the_same_day(tmp_path):
    open_ = load_scenario("historical@1917-06-16")
    assert (open_.name, open_.divergence) == ("historical@1917-06-16", date(1917, 6, 16))
    assert open_.title == "1917 as it is recorded, left open from 16 June 1917"
    told = "so part of every difference comes from that alone"
    history, other = load_scenario("historical"), load_scenario("no_offensive")
    mixed = compared(tmp_path / "mixed", history, other, runs=1)
    assert f"{told}. For the change by itself: october compare historical@1917-06-16 no_offensive" in mixed.summary()
    assert told not in compared(tmp_path / "alike", open_, other, runs=1).summary()


@pytest.mark.parametrize(
    "name, message",
    [
        ("historical@june", "'june' is not a date"),
        ("historical@", "'' is not a date"),
        ("historicl@1917-06-16", "unknown scenario 'historicl'. Did you mean 'historical'"),
        ("historical@1916-06-16", "the day lies outside the year that is run. Expected a date from 23 February 1917"),
        ("historical@1919-01-01", "outside the year"),
        ("no_offensive@1917-08-01", "after the divergence of 'no_offensive', 16 June 1917. Expected a date until"),
    ],
)
def test_a_scenario_left_open_from_a_day_that_cannot_be_is_refused(name, message):
    with pytest.raises(InputError, match=message):
        load_scenario(name)


def test_a_scenario_left_open_is_a_name_wherever_a_scenario_is():
    found = sim.load("historical@1917-06-16")
    told = {key: (value, where) for key, value, where, _ in explain(found)}
    assert told["divergence"] == ("1917-06-16", "@1917-06-16") and "events.pin" not in told
    assert told["title"][0] == found.title and told["question"] == (found.question, "@1917-06-16")
    assert found.question == "How does history go on if it is left to the model from 16 June 1917?"
    assert scenario_hash(found) == scenario_hash(freed(load_scenario("historical"), date(1917, 6, 16)))
    assert sim.load("open@1917-06-16").divergence == sim.load("no_offensive@1917-06-01").divergence.replace(day=16)
    assert sim.Revolution("historical@1917-06-16", agents=1_400).scenario == found


# --- statistics ----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=30))
@settings(max_examples=60, deadline=None)
def test_paired_intervals_are_those_of_a_paired_t_test(values):
    a, b = np.array(values).T
    found = paired(a, b)
    if np.std(b - a) > 1e-6:
        interval = stats.ttest_rel(b, a).confidence_interval(0.9)
        assert (found.low, found.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert found.difference == pytest.approx(found.other - found.base)


def test_one_pair_has_no_interval_and_no_pair_has_nothing():
    alone = paired([[1.0, 2.0]], [[3.0, 2.0]])
    assert alone.difference.tolist() == [2.0, 0.0]
    assert np.isnan(alone.low).all() and np.isnan(alone.high).all()
    assert np.isnan(paired(np.empty((0, 2)), np.empty((0, 2))).difference).all()


@given(st.integers(0, 200), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_intervals_of_odds_are_wilsons(times, runs):
    times = min(times, runs)
    low, high = wilson(times, runs)
    expected = stats.binomtest(times, runs).proportion_ci(0.9, method="wilson")
    assert (float(low), float(high)) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert low <= times / runs <= high
    assert [float(bound) for bound in wilson(0, 0)] == [0.0, 1.0]


def test_the_gain_is_how_many_times_the_runs_unpaired_ensembles_need():
    rng = np.random.default_rng(1917)
    luck, own = rng.normal(size=(2, 4000))
    unpaired, with_pairs = variances(luck, luck + 1.0 + 0.5 * own)
    assert gain(unpaired, with_pairs) == pytest.approx((1 + 1.25) / 0.25, rel=0.1)
    assert gain(1.0, 0.0) == np.inf
    assert np.isnan(gain(0.0, 0.0))


# --- the model itself ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> sim.Comparison:
    """History, the same in other words, and the same without the offensive."""
    placebo = load_scenario("historical").model_copy(update={"title": "Told in other words", "question": "Which?"})
    options = {"runs": 2, "agents": 1400, "until": "1917-06-24", "every": 21}
    return sim.compare("historical", named("placebo", placebo), "no_offensive", **options)


def test_words_alone_make_no_difference_at_all(real):
    for table in ("differences", "soviet_power_differences"):
        rows = real.of_other(table, "placebo")
        assert (rows[["difference", "low", "high"]] == 0.0).all(axis=None) and len(rows) > 1000
    gaps = real.of_other("outcome_differences", "placebo")["difference"].dropna()
    assert (gaps == 0.0).all() and len(gaps) > 3
    assert real.of_other("parted", "placebo")[["events", "tables", "one_point"]].isna().all(axis=None)
    assert "never part" in real.summary()


def test_before_the_offensive_nothing_differs_and_after_it_something_does(real):
    rows = real.of_other("differences", "no_offensive")
    early, late = rows[rows["date"] < "1917-06-16"], rows[rows["date"] == "1917-06-24"]
    assert (early["difference"] == 0.0).all() and len(early) > 1000
    assert (late["difference"] != 0.0).mean() > 0.5
    parted = real.of_other("parted", "no_offensive")
    assert (parted["events"] >= "1917-06-16").all() and (parted["events"] <= "1917-06-18").all()
    assert (parted["one_point"].dropna() > "1917-06-16").all()


def test_in_memory_is_as_on_disk(real, tmp_path):
    options = {"runs": 2, "agents": 1400, "until": "1917-06-24", "every": 21}
    kept = sim.compare("historical", "no_offensive", out=tmp_path / "out", **options)
    both = kept.differences, real.of_other("differences", "no_offensive")
    plain = [frame.astype({c: str for c in ("date", "place", "stratum", "party")}) for frame in both]
    pd.testing.assert_frame_equal(*plain)
    assert kept.manifest["scenarios"][1]["branched_after"] == "1917-06-15"
    assert repr(kept).startswith("<Comparison of 'historical' with 'no_offensive': 2 pairs of runs, in ")


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def october(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: str, model: str = "Forked"):
        monkeypatch.setattr(plan, "MODEL", f"fake_revolution:{model}")
        return CliRunner().invoke(cli.app, list(words))

    return run


def test_the_command_tells_the_answer_and_where_the_tables_are(october):
    done = october("compare", "historical", "no_offensive", "--runs", "2", "--jobs", "1", "--format", "csv")
    assert done.exit_code == 0, done.output
    assert "No June offensive, beside 1917 as it is recorded" in done.output
    assert "Tables: results/historical-no_offensive" in done.output
    header = Path("results/historical-no_offensive/differences.csv").read_text().splitlines()[0]
    assert header.replace('"', "") == "date,place,stratum,party,base,other,difference,low,high"
    read = sim.Comparison("results/historical-no_offensive")
    assert read.differences["date"].iloc[0] == "1917-02-23"


def test_the_commands_interrupt_is_130_and_its_wrong_input_2(october, monkeypatch):
    monkeypatch.setattr(ForkedInterruptedOnce, "pressed", False)
    words = ["compare", "historical", "no_offensive", "--runs", "4", "--jobs", "1"]
    monkeypatch.setattr("sim.running.plan.run_seed", lambda seed, run: run)
    monkeypatch.setattr("sim.running.single.run_seed", lambda seed, run: run)
    done = october(*words, model="ForkedInterruptedOnce")
    assert (done.exit_code, "The same command continues" in done.output) == (130, True)
    assert october(*words, model="ForkedInterruptedOnce").exit_code == 0
    for wrong, told in (
        (["compare", "historical"], "OTHER"),
        (["compare", "historical", "no_ofensive"], "Did you mean 'no_offensive'"),
        ([*words, "--out", "results"], "holds no comparison"),
    ):
        done = october(*wrong)
        assert (done.exit_code, told in done.output) == (2, True), done.output
