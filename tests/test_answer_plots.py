"""Figures of answers: differences, odds in dots, single histories, the list of events. Words apart, numbers right."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from answers_kit import coded
from answers_kit import comparison as made_up
from fake_revolution import named
from figure_kit import faults, labels, strings
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from analysis.plots import chronicle, odds
from analysis.plots.kinds import ANSWERS, draw, save
from analysis.plots.marks import LANDMARKS, Mark, shared
from analysis.words.naming import place_title
from sim import cli
from sim.inputs.scenario import Scenario
from sim.running import store
from sim.running.compare import Comparing
from sim.running.plan import Plan


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> sim.Comparison:
    return made_up(tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> sim.Comparison:
    return made_up(tmp_path_factory.mktemp("three"), others=3)


@pytest.mark.parametrize("size", ["slide", "page"])
@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "contingency"])
def test_no_words_run_into_each_other_or_off_the_sheet(one, three, kind, size):
    assert faults(three.plot(kind, size=size)) == []
    if size == "slide":
        assert faults(one.plot(kind, size=size)) == []


@pytest.mark.parametrize("kind", ["differences", "odds"])
def test_nor_on_a_poster_nor_in_the_new_style(three, kind):
    figure = three.plot(kind, size="poster", calendar="ns")
    assert faults(figure) == []
    assert "Dates New Style (Old Style)" in " ".join(strings(figure))


def test_differences_are_drawn_as_they_are_and_fade_after_six_weeks(one):
    figure = one.plot(stratum="soldier", parties=["bolshevik"])
    found = one.difference("bolshevik", stratum="soldier")
    bold, pale = [line for line in figure.axes[0].lines if line.get_color() == "#DB142F"]
    fades = date(1917, 7, 4) + timedelta(days=42)
    assert (bold.get_alpha(), pale.get_alpha()) == (1.0, 0.5)
    assert [*bold.get_ydata(), *pale.get_ydata()[1:]] == pytest.approx(found["difference"].tolist())
    assert bold.get_xdata()[-1] == pale.get_xdata()[0] >= np.datetime64(fades)
    low, high = figure.axes[0].get_ylim()
    assert low <= found[["runs_low", "low"]].min(axis=None) and found[["runs_high", "high"]].max(axis=None) <= high
    told = " ".join(strings(figure))
    assert "mean of 4 pairs of runs" in told and "the model extrapolates" in told


def test_several_scenarios_have_a_line_each(three):
    figure = three.plot(parties=["sr"])
    titles = [result.title for result in three.results[1:]]
    assert set(labels(figure)) == {"A", "B", "C"}
    head = " ".join(" ".join(strings(figure)).split())
    assert "; ".join(f"{letter}: {title}" for letter, title in zip("ABC", titles, strict=True)) in head
    two = sim.Comparison(base=three.base, others=dict(list(three.others.items())[:2]), told=three.manifest)
    assert set(labels(two.plot(parties=["sr"]))) == set(titles[:2])
    assert "the SRs" in " ".join(strings(figure))
    alone = three.plot(other="form_2", place="petrograd")
    assert {"Workers", "Soldiers"} <= set(strings(alone))
    assert not {"Peasants"} & set(strings(alone))
    places = three.plot(other="form_2", place=["kronstadt", "helsingfors"], stratum="sailor")
    assert {place_title("kronstadt"), place_title("helsingfors")} <= set(strings(places))
    with pytest.raises(sim.InputError, match="nobody of stratum 'sailor' lives in"):
        three.plot(other="form_2", place=["kronstadt", "volga"], stratum="sailor")


def test_events_are_marked_where_every_history_has_them_at_about_the_same_time(one):
    def mark(event, day, often=1.0):
        return Mark(1, event, event.capitalize(), date(1917, 7, day), often)

    found, apart = shared([
        [mark("alone", 1), mark("near", 3), mark("far", 5), mark("same", 9)],
        [mark("near", 10, 0.6), mark("far", 20), mark("same", 9), mark("other", 2)],
    ])  # fmt: skip
    assert [(m.number, m.event, m.when.day, m.often) for m in found] == [(1, "near", 3, 0.6), (2, "same", 9, 1.0)]
    assert apart == ["Alone", "Other", "Far"]
    (other,) = one.others.values()
    tables = {name: other.arrow(name) for name in store.TABLES}
    tables["events"] = coded(other.events.query("event != 'july_days'"), "events")
    without = sim.Results(tables=tables, told=other.manifest)
    told = strings(sim.Comparison(base=one.base, others={"without": without}, told={}).plot())
    assert any(text.endswith("April Days") for text in told)
    assert any(text.endswith("June offensive, in 50 % of runs or more") for text in told)
    assert "Not marked, since they came in one history alone or not within a week: July Days." in told


def test_a_comparison_in_which_nothing_differs_can_be_drawn(one):
    same = sim.Comparison(base=one.base, others={"again": one.base}, told={})
    figure = same.plot()
    assert faults(figure) == []
    assert set(labels(figure)) == {"Bolsheviks"}


# --- dots ----------------------------------------------------------------------------------------------------------


def test_each_row_tells_in_how_many_runs_it_came(one):
    told = [text.replace("\n", " ") for text in strings(one.plot("odds", outcome="soviet_power"))]
    assert "4 of 4: 1917 as it is recorded" in told
    assert "2 of 4: Power to the soviets in July" in told
    with pytest.raises(sim.InputError, match="Did you mean 'soviet_power_date'"):
        one.plot("odds", outcome="soviet_powr_date")


def test_outcomes_that_were_not_asked_for_give_way_where_words_leave_no_room(one, monkeypatch):
    monkeypatch.setattr(odds, "sheet", _only_one_panel(odds.sheet))
    figure = one.plot("odds")
    assert sum(text.startswith("4 of 4: 1917 as it is recorded") for text in strings(figure)) <= 1
    assert len([axes for axes in figure.axes if axes.lines]) == 1
    with pytest.raises(sim.InputError, match="don't fit"):
        one.plot("odds", outcome=["soviet_power", "insurrection"])


def _only_one_panel(sheet):
    def narrow(results, words, plan, size, calendar):
        if plan.count > 1:
            raise sim.InputError(f"{plan.count} panels don't fit a {size}.")
        return sheet(results, words, plan, size, calendar)

    return narrow


@given(st.integers(1, 300), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_dots_and_hollow_dots_are_all_the_runs_in_their_proportion(runs, share):
    came = round(share * runs)
    dates = [date(1917, 10, 1) + timedelta(days=i % 40) for i in range(came)]
    full, hollow = odds.quantile_dots(sorted(dates), runs)
    assert len(full) + hollow == min(runs, odds.DOTS)
    assert (len(full) > 0) == (came > 0) and (hollow > 0) == (came < runs)
    assert abs(len(full) / (len(full) + hollow) - came / runs) <= 1 / odds.DOTS
    assert set(full) <= set(dates) and full == sorted(full)


@given(st.lists(st.floats(0, 8), max_size=20), st.floats(0.1, 0.8))
@settings(max_examples=80, deadline=None)
def test_piled_dots_stay_at_their_date_and_none_is_lost(places, tall):
    piled = odds._pile(places, 0.1, tall)
    assert len(piled) == len(places)
    assert all(0 <= up <= tall - 0.1 + 1e-9 for _, up in piled)
    for (x, _), place in zip(piled, sorted(places), strict=True):
        assert abs(x - place) <= 0.1
    # Equal dates stand on each other, never abreast.
    assert len({x for x, _ in odds._pile([3.0] * len(places), 0.1, tall)}) == min(len(places), 1)


# --- the list of events --------------------------------------------------------------------------------------------


def test_events_stand_in_order_with_the_part_of_the_runs_in_which_they_came(one):
    figure = one.plot("timeline", event=["kornilov_march", "july_days", "april_days"])
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["April Days", "July Days", "Kornilov's march"]
    assert labels(figure) == ["100 %", "100 %", "100 %", "50 %", "100 %", "50 %"]
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert len(diamonds) == 3
    with pytest.raises(sim.InputError, match="Did you mean 'kornilov_march'"):
        one.plot("timeline", event="kornilov_marc")


def test_what_came_in_historys_place_has_a_row_of_its_own(one):
    base, other = one.base, next(iter(one.others.values()))
    runs = {"tsik_takes_power_july": 4, "july_rising": 4, "duma_ministry_under_tsar": 2, "soviet_cabinet_march": 1}
    rows = [(run, name, 736_500) for name, count in runs.items() for run in other.runs[:count]]
    came = pd.DataFrame(rows, columns=["run", "event", "day"])
    asked = ((base, other), (came.iloc[:0], came))
    assert chronicle._in_its_place(*asked) == ["tsik_takes_power_july", "duma_ministry_under_tsar"]
    assert "tsik_takes_power_july" in chronicle._events(*asked, None, 1, lambda _name: 1.0)


@pytest.mark.parametrize("size", ["slide", "page"])
def test_the_list_of_events_can_be_drawn_of_a_single_result(one, size, monkeypatch):
    long = "The Central Executive Committee hears a report that goes on and on and votes on it after all"
    monkeypatch.setitem(LANDMARKS, "july_days", long)
    figure = draw(one.base, kind="timeline", size=size)
    assert faults(figure) == []
    assert "100 %" in labels(figure) and one.base.title in " ".join(strings(figure))
    # A long name takes several lines and is not cut.
    shown = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert long in [name.replace("\n", " ") for name in shown] and max(name.count("\n") for name in shown) >= 1


# --- the doors -----------------------------------------------------------------------------------------------------


def test_kinds_say_what_they_take(one):
    for wrong, kind in (([one.base], "odds"), ([one, one], "differences")):
        with pytest.raises(sim.InputError, match="takes one directory that `october compare` wrote"):
            draw(*wrong, kind=kind)
    with pytest.raises(sim.InputError, match="or one comparison"):
        draw(one, one, kind="strata")
    with pytest.raises(sim.InputError, match="takes no 'event'"):
        one.plot("odds", event="july_days")
    both = strings(one.plot("strata", parties=["sr"]))
    assert both.count("Workers") == 2 and {result.title for result in one.results} <= set(both)


def test_the_command_draws_the_directory_of_a_comparison(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenarios = [named("base", Scenario(title="As it was")), named("other", Scenario(divergence=date(1917, 6, 1)))]
    plans = [Plan(s, runs=2, agents=100, seed=2, every=20, model="fake_revolution:Forked") for s in scenarios]
    Comparing(plans, Path("x")).execute()
    for words in (["plot", "x"], ["plot", "x", "--kind", "odds", "--outcome", "insurrection"],
                  ["plot", "x/other", "--kind", "timeline"], ["plot", "x/base", "x/other"]):  # fmt: skip
        done = CliRunner().invoke(cli.app, [*words, "-o", "figure.svg"])
        assert done.exit_code == 0, done.output
    done = CliRunner().invoke(cli.app, ["plot", "x/base", "--kind", "odds"])
    assert (done.exit_code, "takes one directory" in done.output) == (2, True)
    with pytest.raises(sim.InputError, match="the work of several scenarios"):
        sim.Results("x")


def test_equal_answers_are_equal_files(one, tmp_path):
    for name in ("a", "b"):
        save(one.plot("odds"), tmp_path / f"{name}.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
