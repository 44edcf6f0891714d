"""One question under several lenses: what survives, what flips, and what may be said of it."""

from __future__ import annotations

from datetime import date

import pytest
from fake_revolution import Forked, named
from sets_kit import ABOUT, sets
from typer.testing import CliRunner

import sim
from sim import cli
from sim.inputs.scenario import Scenario
from sim.running import lenses, plan, tables
from sim.running.intervals import paired
from sim.running.lenses import Lenses, UnderEveryLens, survives, verdict_of
from sim.running.plan import Plan

BASE = named("base", Scenario(title="As it was"))
OTHER = named("other", Scenario(title="Otherwise", divergence=date(1917, 6, 1)))
FIRST, SECOND = sim.PARTIES[:2]


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> Lenses:
    plans = [Plan(s, runs=4, agents=100, seed=2, every=40, model="fake_revolution:Forked") for s in (BASE, OTHER)]
    return UnderEveryLens(plans, tmp_path_factory.mktemp("lenses") / "out", ("neutral",)).execute()


def turned(comparison: sim.Comparison) -> sim.Comparison:
    """The same with base and other changing places: every sign is the other one."""
    other = comparison.others["other"]
    return sim.Comparison(base=other, others={"other": comparison.base}, told=comparison.manifest)


@pytest.mark.parametrize(
    ("signs", "verdict"),
    [([1, 1, 1], "survives"), ([-1, -1], "survives"), ([1, 0, 1], "depends"), ([1, -1, 0], "flips"),
     ([0, 0], "undecided"), ([1, -1], "flips")],
)  # fmt: skip
def test_verdicts(signs, verdict):
    assert verdict_of(signs) == verdict


@pytest.mark.parametrize(
    ("camps", "told"),
    [({"neutral"}, "holds under the neutral lens"), ({"neutral", "left"}, "survives every left lens"),
     ({"left"}, "survives every left lens"), ({"neutral", "left", "other"}, "survives every lens")],
)  # fmt: skip
def test_what_survives_is_said_of_the_lenses_that_stand(camps, told):
    assert survives(camps).startswith(told)


def test_the_evidence_weighs_lenses_that_have_sets_of_their_own(one, tmp_path):
    plans = [
        Plan(s, runs=2, agents=100, seed=2, every=40, model="fake_revolution:Forked", parameters=sets(about=ABOUT))
        for s in (BASE, OTHER)
    ]
    several = UnderEveryLens(plans, tmp_path / "out", ("neutral", "mandel", "craig")).execute()
    assert several.fits == {"neutral": -1.5, "mandel": -0.25}
    assert "next to the best: mandel 0.0, neutral -1.2" in several.summary()
    assert one.fits == {} and "next to the best" not in one.summary()


def test_a_sign_is_settled_when_the_interval_leaves_zero_out(one):
    rows = one.table.set_index("measure")
    comparison = one.comparisons["neutral"]
    a, b = (r.shares("stratum").query(f"party == '{FIRST}' and stratum == 'peasant'") for r in comparison.results)
    last = a["date"].max()
    a, b = (frame[frame["date"] == last].sort_values("run")["share"].to_numpy() for frame in (a, b))
    found = rows.loc[f"{FIRST}, peasant"]
    assert found["difference"] == pytest.approx(float(paired(a, b).difference))
    assert (found["sign"], found["odds_above_zero"]) == (-1 if paired(a, b).high < 0 else 0, 0.0)
    assert rows.loc["soviet_power_date", "sign"] == 0
    assert "insurrection_date" not in rows.index, "no pair has it on both sides"
    assert rows.loc["insurrection_date/came", "sign"] == 0


def test_a_conclusion_that_turns_with_the_lens_flips(one):
    comparison = one.comparisons["neutral"]
    both = Lenses({"neutral": comparison, "mirror": turned(comparison)}, {"neutral": "neutral", "mirror": "left"})
    told = both.conclusions.set_index("measure")
    assert told.loc[f"{FIRST}, soldier", ["verdict", "higher", "lower"]].tolist() == ["flips", 1, 1]
    assert "flips: higher under 1, lower under 1" in both.summary()
    same = Lenses({"a": comparison, "b": comparison}, {"a": "neutral", "b": "left"})
    kept = same.conclusions.set_index("measure")
    assert kept.loc[f"{SECOND}, soldier", "verdict"] == "survives"
    assert kept.loc[f"{SECOND}, soldier", "told"] == "higher: survives every left lens"
    assert kept.loc[f"{SECOND}, soldier", "least_odds"] == 1.0
    assert "No lens here stands for a reading that is not of the left" in same.summary()
    others = Lenses({"a": comparison, "b": comparison}, {"a": "neutral", "b": "other"})
    assert "not of the left" not in others.summary()


def test_the_tables_are_written_and_finished_work_is_not_done_again(one, tmp_path):
    directory = one.comparisons["neutral"].directory.parent
    assert (directory / "neutral" / "other" / "allegiance.parquet").exists()
    assert tables.read(directory, "conclusions")["measure"].tolist() == one.conclusions["measure"].tolist()
    plans = [Plan(s, runs=4, agents=100, seed=2, every=40, model="fake_revolution:Forked") for s in (BASE, OTHER)]
    Forked.days_lived = 0
    UnderEveryLens(plans, directory, ("neutral",)).execute()
    assert Forked.days_lived == 0
    for results in one.comparisons["neutral"].results:
        assert results.manifest["identity"]["options"]["lens"] == "neutral"


def test_the_command_under_all_lenses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plan, "MODEL", "fake_revolution:Forked")
    monkeypatch.setattr(lenses, "shipped_lenses", lambda: ("neutral",))
    words = ["compare", "historical", "no_offensive", "--runs", "2", "--agents", "100", "--jobs", "1", "--lens"]
    done = CliRunner().invoke(cli.app, [*words, "all"])
    assert done.exit_code == 0, done.output
    assert "under 1 lens: neutral" in done.output
    assert "Tables: results/historical-no_offensive-lenses" in done.output
    done = CliRunner().invoke(cli.app, [*words, "nutral"])
    assert (done.exit_code, "Did you mean 'neutral'" in done.output) == (2, True)
