"""The fit: recovers known parameters, resumes to the same result, and never sees what is held out."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import sim
from analysis.evidence.contests import FOR, Contest, Question, contests
from analysis.evidence.observe import days_asked
from analysis.inference import calibrate as fitting
from analysis.inference.calibrate import (
    Axis,
    Fit,
    History,
    Objective,
    Setting,
    Trial,
    axes,
    huber,
    prior,
    read_fit,
    search,
)

OVER = (Axis("rate", 0.001, 1.0, 0.1, log=True), Axis("weight", -2.0, 6.0, 0.0, log=False))
TRUTH = {"rate": 0.02, "weight": 3.5}
SETTING = Setting(restarts=2, generations=40, seed=7)


def toy(points: list[dict[str, float]]) -> list[tuple[float, float]]:
    """Ten contests whose predictions are curves of two parameters; the error against the truth's own curves."""

    def curve(p: dict[str, float]) -> np.ndarray:
        return 100 / (1 + np.exp(-(p["weight"] * np.linspace(-1, 1, 10) + math.log(p["rate"] / 0.02))))

    observed = curve(TRUTH)
    losses = [float(np.mean([huber(e) for e in curve(p) - observed])) for p in points]
    return [(loss, loss) for loss in losses]


def test_axes_cover_the_declared_ranges_and_nothing_else():
    assert [a.name for a in axes()] == [d.name for d in sim.calibrated()]
    for axis, declared in zip(axes(), sim.calibrated(), strict=True):
        assert (axis.value(0.0), axis.value(1.0)) == (pytest.approx(declared.low), pytest.approx(declared.high))
        assert axis.value(axis.unit(declared.default)) == pytest.approx(declared.default)
        sim.Parameters().having(**{axis.name: axis.value(0.0)}).having(**{axis.name: axis.value(1.0)})


def test_a_point_outside_the_cube_stays_in_the_range():
    for axis in (*OVER, *axes()):
        assert axis.low <= axis.value(-3.0) <= axis.value(4.0) <= axis.high


def test_a_known_parameter_is_recovered_by_every_restart(monkeypatch):
    monkeypatch.setattr(fitting, "PRIOR", 0.0)
    fit = search(OVER, SETTING, toy)
    assert len(fit.modes) == 2
    for mode in fit.modes:
        assert mode.loss < 0.05
        rate, weight = mode.values
        assert rate == pytest.approx(TRUTH["rate"], rel=0.1)
        assert weight == pytest.approx(TRUTH["weight"], abs=0.2)


def test_the_search_is_a_pure_function_of_its_seed():
    short = replace(SETTING, generations=4)
    assert search(OVER, short, toy).trials == search(OVER, short, toy).trials
    assert search(OVER, short, toy).trials != search(OVER, replace(short, seed=8), toy).trials


def test_an_interrupted_fit_goes_on_to_the_same_result(tmp_path):
    short = replace(SETTING, generations=6)
    whole = search(OVER, short, toy)
    book = History(tmp_path / "h.csv", short, OVER, "model-a")
    calls = []

    def stops(points):
        calls.append(1)
        if len(calls) > 8:
            raise KeyboardInterrupt
        return toy(points)

    with pytest.raises(KeyboardInterrupt):
        search(OVER, short, stops, keep=book.keep)
    resumed, evaluated = book.read(), []
    assert len(resumed) == 8 * short.members(len(OVER))

    def counts(points):
        evaluated.append(1)
        return toy(points)

    again = search(OVER, short, counts, resumed, book.keep)
    assert again.trials == whole.trials == book.read()
    assert len(evaluated) == 12 - 8


@pytest.mark.parametrize("other", [("model-b", 2_000), ("model-a", 3_000)])
def test_a_history_of_another_model_or_setting_is_refused(tmp_path, other):
    History(tmp_path / "h.csv", SETTING, OVER, "model-a").keep([Trial(0, 0, 0, 1.0, 1.0, (0.1, 0.2))])
    model, agents = other
    with pytest.raises(sim.InputError, match="other options"):
        History(tmp_path / "h.csv", replace(SETTING, agents=agents), OVER, model).read()


def test_a_history_of_another_search_is_refused():
    short = replace(SETTING, generations=2)
    known = search(OVER, replace(short, seed=99), toy).trials
    with pytest.raises(sim.InputError, match="another search"):
        search(OVER, short, toy, known)


def test_the_prior_is_mild_and_least_in_the_middle():
    assert prior(np.full(5, 0.5)) == 0.0
    assert 0.0 < prior(np.array([0.25, 0.5, 0.75])) < prior(np.zeros(3)) <= 4 * fitting.PRIOR


def test_huber():
    assert huber(0.0) == 0.0
    assert huber(-20.0) == huber(20.0) == pytest.approx(18.5)
    assert huber(1.0) < 0.5


# --- the objective ----------------------------------------------------------------------------------------------------


def made(name: str, split="calibrate", **observed: float) -> Contest:
    figures = {FOR if target == "wanted" else target: figure for target, figure in observed.items()}
    return Contest(name, name, "city", split, "", Question("election", "x", date(1917, 11, 12)), figures, {})


def test_contests_weigh_alike_whatever_their_targets(monkeypatch):
    fitted = Objective([made("one", bolshevik=20.0), made("many", bolshevik=50.0, sr=30.0, menshevik=10.0)])
    hit = {"bolshevik": 50.0, "sr": 30.0, "menshevik": 10.0}
    missed_one = fitted.error([{"one": {"bolshevik": 40.0}, "many": hit}])
    missed_many = fitted.error([{"one": {"bolshevik": 20.0}, "many": {k: v + 20.0 for k, v in hit.items()}}])
    assert missed_one == missed_many == pytest.approx(huber(20.0) / 2)


def test_other_families_weigh_less_than_the_bolshevik_share_and_motions_in_full():
    fitted = Objective([made("c", bolshevik=50.0, sr=30.0)])
    by_bolshevik = fitted.error([{"c": {"bolshevik": 60.0, "sr": 30.0}}])
    by_sr = fitted.error([{"c": {"bolshevik": 50.0, "sr": 40.0}}])
    assert by_bolshevik > 2 * by_sr > 0
    assert Objective([made("m", wanted=70.0)]).error([{"m": {FOR: 60.0}}]) == pytest.approx(huber(10.0))


def test_the_mean_over_runs_is_compared_and_silence_costs():
    fitted = Objective([made("c", bolshevik=50.0)])
    assert fitted.error([{"c": {"bolshevik": 40.0}}, {"c": {"bolshevik": 60.0}}]) == 0.0
    assert fitted.error([{}]) == fitting.UNANSWERED


# --- what is held out -------------------------------------------------------------------------------------------------


def test_a_held_out_contest_cannot_enter_the_objective():
    for split in ("validate", "context"):
        with pytest.raises(ValueError, match="not to be fitted"):
            Objective([made("held", split, bolshevik=1.0)])
    assert {c.split for c in fitting.objective().contests} == {"calibrate"}


def test_no_validate_row_is_read_by_a_run_of_the_fit(monkeypatch):
    asked = []

    def spy(tables, wanted):
        asked.extend(c.id for c in wanted)
        return {}

    monkeypatch.setattr(fitting, "tables", lambda task: {})
    monkeypatch.setattr(fitting, "predict", spy)
    fitting.answers(object())
    assert asked and set(asked) == {c.id for c in contests("calibrate")}
    assert set(asked) & {c.id for c in contests("validate")} == set()


def test_changing_every_held_out_figure_changes_no_error(monkeypatch):
    figures = [{c.id: dict.fromkeys(c.observed, 33.0) for c in contests()}]
    before = fitting.objective().error(figures)
    spoilt = tuple(
        c if c.split == "calibrate" else replace(c, observed=dict.fromkeys(c.observed, -999.0)) for c in contests()
    )
    monkeypatch.setattr("analysis.evidence.contests._all", lambda: spoilt)
    assert contests("validate")[0].observed["bolshevik"] == -999.0
    assert fitting.objective().error(figures) == before


def test_runs_of_the_fit_end_with_the_last_contest_that_is_fitted():
    fitted = contests("calibrate")
    last = fitting.last_day(fitted)
    assert last == max(c.day for c in fitted)
    assert all(day <= last for day in days_asked(fitted))


def test_a_fit_is_written_and_read_back(tmp_path):
    trials = [
        Trial(0, 0, 0, 9.0, 8.0, (0.1, 1.0)),
        Trial(0, 1, 0, 5.0, 4.0, (0.2, 2.0)),
        Trial(1, 0, 0, 6.0, 5.5, (0.3, 3.0)),
    ]
    fit = Fit(OVER, trials)
    assert [m.loss for m in fit.modes] == [5.0, 6.0]
    fitting.write_fit(tmp_path / "fits" / "toy.yaml", "toy", fit, SETTING)
    assert read_fit(tmp_path / "fits" / "toy.yaml") == {"rate": 0.2, "weight": 2.0}
    text = (tmp_path / "fits" / "toy.yaml").read_text(encoding="utf-8")
    assert "seed: 7" in text and f"version: {sim.__version__}" in text
    with pytest.raises(sim.InputError, match="no fit"):
        read_fit(tmp_path / "none.yaml")


@pytest.mark.slow
def test_the_model_is_fitted_over_processes_and_taken_up_again(tmp_path):
    setting = Setting(agents=2_000, runs=1, restarts=1, generations=1, population=2)
    call = dict(jobs=2, out=tmp_path, history=tmp_path / "h.csv", quiet=True)
    fit, path = fitting.calibrate("tiny", setting, **call)
    assert path == tmp_path / "tiny.yaml" and len(fit.trials) == 2
    sim.Parameters().having(**read_fit(path))
    again, _ = fitting.calibrate("tiny", setting, **call)
    assert again.trials == fit.trials
    assert len((tmp_path / "h.csv").read_text().splitlines()) == 3
