"""Forecasts and their scores: exact on distributions that are known, contests weigh alike."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from analysis.evidence.contests import FOR, Contest, Question
from analysis.evidence.scores import bootstrap, counts_among
from analysis.validation import forecasts
from analysis.validation.forecasts import Forecast, gain, mixture, normal, proper, reliability, wilson


def contest(name: str = "a", group: str = "city", **observed: float) -> Contest:
    question = Question("election", "constituent_assembly", date(1917, 11, 12))
    return Contest(name, name, group, "validate", "", question, observed, dict.fromkeys(observed, ("V000",)))


def test_a_normal_forecast_has_the_quantiles_of_a_normal():
    made = normal(contest(bolshevik=50.0), "bolshevik", 50.0, 10.0)
    assert made.centre == 50.0 and np.all(np.diff(made.samples) >= 0)
    assert made.interval(0.9) == pytest.approx((50 - 16.45, 50 + 16.45), abs=0.2)
    assert made.interval(0.5) == pytest.approx((50 - 6.745, 50 + 6.745), abs=0.1)


def test_a_mixture_holds_the_spread_of_its_views_and_their_own():
    views = np.random.default_rng(0).normal(50.0, 6.0, 400)
    made = mixture(contest(bolshevik=50.0), "bolshevik", views, 8.0)
    assert made.centre == pytest.approx(views.mean())
    assert made.samples.std() == pytest.approx(math.hypot(views.std(), 8.0), rel=0.03)
    few = mixture(contest(bolshevik=50.0), "bolshevik", [40.0, 60.0], [0.0, 0.0])
    assert set(few.samples.tolist()) == {40.0, 60.0}
    assert made.quantile(0.3) == pytest.approx(float(np.quantile(made.samples, 0.3)))
    assert Forecast(made.contest, "bolshevik", 44.0, np.array([44.0])).interval(0.9) == (44.0, 44.0)


def test_samples_stay_between_nought_and_a_hundred():
    made = normal(contest(bolshevik=1.0), "bolshevik", 2.0, 20.0)
    assert made.samples.min() == 0.0 and made.samples.max() < 100.0


def test_crps_is_that_of_the_package_and_of_the_textbook():
    c = contest(bolshevik=50.0)
    # Gneiting and Raftery (2007): of a standard normal at its mean.
    expected = 10.0 * (math.sqrt(2) - 1) / math.sqrt(math.pi)
    assert normal(c, "bolshevik", 50.0, 10.0).crps() == pytest.approx(expected, rel=0.01)
    assert Forecast(c, "bolshevik", 44.0, np.array([44.0])).crps() == pytest.approx(6.0)


def test_scores_weigh_contests_alike():
    one, two = contest("one", bolshevik=50.0, sr=30.0), contest("two", bolshevik=20.0)
    found = [
        normal(one, "bolshevik", 54.0, 1.0),
        normal(one, "sr", 30.0, 1.0),
        normal(two, "bolshevik", 30.0, 40.0),
    ]
    families, bolshevik = proper(found, "families"), proper(found, "bolshevik")
    assert (families.n, families.error) == (2, pytest.approx((2.0 + 10.0) / 2))
    assert (bolshevik.n, bolshevik.error) == (2, pytest.approx(7.0))
    assert families.coverage[0.9] == pytest.approx((0.5 + 1.0) / 2)
    assert bolshevik.low <= bolshevik.error <= bolshevik.high
    assert bolshevik.coverage_interval(0.9)[0] < 0.5 < bolshevik.coverage_interval(0.9)[1]
    nothing = proper(found, "motions")
    assert nothing.n == 0 and math.isnan(nothing.error)


def test_gain_over_a_rival_is_paired_by_contest():
    every = [contest(f"c{i}", bolshevik=float(v)) for i, v in enumerate((5, 20, 40, 60, 80, 95))]
    model = [normal(c, "bolshevik", c.observed["bolshevik"], 4.0) for c in every]
    rival = [Forecast(f.contest, f.target, f.centre + 8.0, f.samples + 8.0) for f in model]
    mean, low, high = gain(model, rival, "bolshevik")
    assert 3.0 < low <= mean <= high < 9.0
    assert gain(model, model, "bolshevik") == (0.0, 0.0, 0.0)
    assert math.isnan(gain(model, rival, "motions")[0])


def test_reliability_of_an_honest_and_of_a_vain_forecaster():
    rng = np.random.default_rng(1)
    truths = np.clip(rng.normal(50.0, 10.0, 300), 0, 100)
    honest = [normal(contest(f"c{i}", bolshevik=float(v)), "bolshevik", 50.0, 10.0) for i, v in enumerate(truths)]
    vain = [normal(f.contest, "bolshevik", 50.0, 3.0) for f in honest]
    assert all(abs(level - held) < 0.08 for level, held, _ in reliability(honest, "bolshevik"))
    assert {n for _, _, n in reliability(honest, "bolshevik")} == {300}
    assert all(held < level for level, held, _ in reliability(vain, "bolshevik") if level > 0.2)


def test_intervals_of_means_and_shares():
    low, high = bootstrap(np.random.default_rng(2).normal(5.0, 2.0, 100))
    assert low < 5.0 < high and high - low == pytest.approx(2 * 1.645 * 0.2, rel=0.25)
    assert bootstrap(np.array([3.0, 3.0])) == (3.0, 3.0)
    assert all(math.isnan(v) for v in bootstrap(np.array([])))
    # Newcombe (1998), table I: 81 of 263, 95 per cent.
    assert wilson(81 / 263, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=1e-4)


@pytest.mark.parametrize(
    ("target", "among"),
    [
        ("bolshevik", {"bolshevik", "families"}), ("sr+menshevik", {"families"}), ("kadet", {"families"}),
        (FOR, {"motions"}), ("members/bolshevik", {"members"}), ("national", {"national"}),
    ],
)  # fmt: skip
def test_what_a_target_counts_among(target, among):
    kinds = ("bolshevik", "families", "motions", "national", "members")
    assert {kind for kind in kinds if counts_among(target, kind)} == among


def test_levels_of_the_diagram_hold_those_that_are_told():
    assert set(forecasts.TOLD) <= set(forecasts.LEVELS)
