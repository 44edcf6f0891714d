"""Doubt about the model itself: how a band is widened, and where results, figures and words carry it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from fake_revolution import named
from figure_kit import strings
from hypothesis import given, settings
from hypothesis import strategies as st
from sets_kit import ABOUT, sets

import sim
from analysis.inference.posterior import EDGE as ITS_EDGE
from analysis.inference.posterior import KINDS as ITS_KINDS
from analysis.inference.posterior import scale
from analysis.page import told
from analysis.page.words import Words
from analysis.plots import bands, elections, seats
from analysis.plots.kinds import draw
from sim.inputs.scenario import Scenario
from sim.running.doubt import EDGE, KINDS, error_of, widened
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan
from sim.running.summary import summary

Z = 1.2815515655446004


@cache
def results(about: bool, model: str = "fake_year:Year") -> sim.Results:
    """Three made-up years that drew from sets, with or without a discrepancy that is known."""
    folder = Path(mkdtemp(prefix="october1917-doubt-")) / "out"
    scenario = named("historical", Scenario(title="A title"))
    values = sets(about=ABOUT if about else None)
    Ensemble(Plan(scenario, model=model, runs=3, agents=100, every=28, parameters=values), folder).execute()
    return sim.Results(folder)


# --- the widening -----------------------------------------------------------------------------------------------------


def test_the_error_is_that_of_the_inference_at_every_share():
    shares = np.linspace(0.0, 1.0, 41)
    assert np.allclose(100.0 * error_of(7.0, shares), 7.0 * scale(100.0 * shares))
    assert EDGE == ITS_EDGE and tuple(ITS_KINDS) == KINDS


def test_a_band_and_an_error_add_in_quadrature():
    low, high = widened(0.47, 0.5, 0.54, 4.0, 0.8)
    assert low == pytest.approx(0.5 - np.hypot(0.03, 0.04 * Z))
    assert high == pytest.approx(0.5 + np.hypot(0.04, 0.04 * Z))


@settings(deadline=None)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), st.floats(0.0, 50.0), st.sampled_from([0.5, 0.8, 0.9])
)
def test_a_wide_band_holds_the_band_and_is_of_shares(ends, points, width):
    low, middle, high = sorted(ends)
    wide = widened(low, middle, high, points, width)
    assert 0.0 <= wide[0] <= low + 1e-12 and high - 1e-12 <= wide[1] <= 1.0
    if points == 0.0:
        assert np.allclose(wide, (low, high))


def test_a_wide_band_holds_so_much_of_what_is_true():
    """Runs scatter about the truth's expectation; the truth is off by an error that no run shows."""
    rng = np.random.default_rng(5)
    held = []
    for _ in range(400):
        expectation = 0.5 + rng.normal(0.0, 0.07)
        truth = expectation + rng.normal(0.0, 0.03)
        runs = 0.5 + rng.normal(0.0, 0.03, 200)
        low, middle, high = np.quantile(runs, (0.1, 0.5, 0.9))
        wide = widened(low, middle, high, 7.0, 0.8)
        held.append(wide[0] <= truth <= wide[1])
    assert np.mean(held) == pytest.approx(0.8, abs=0.06)


# --- results and words ------------------------------------------------------------------------------------------------


def test_results_widen_where_the_error_is_known():
    known, unknown = results(True).band("sr"), results(False).band("sr")
    assert list(unknown.columns) == ["date", "low", "middle", "high"]
    assert list(known.columns) == ["date", "low", "middle", "high", "wide_low", "wide_high"]
    expected = widened(known["low"], known["middle"], known["high"], 8.0, 0.8)
    assert np.allclose(known[["wide_low", "wide_high"]].to_numpy().T, expected)
    with pytest.raises(sim.InputError, match="unknown kind of question 'votes'"):
        results(True).widen(known, "votes")


def test_the_summary_says_what_its_ranges_hold():
    known, unknown = summary(results(True)), summary(results(False))
    assert "with the model's own error added" in known and "own error" not in unknown
    assert "Parameters: 3 of the 6 sets of a_test." in known
    band = results(True).band("sr", stratum="worker").iloc[-1]
    assert f"({band['wide_low']:.0%} to {band['wide_high']:.0%})" in known


# --- figures ----------------------------------------------------------------------------------------------------------


def outlines(figure, panel: int = 0) -> list[tuple[float, float]]:
    """Lowest and highest edge of every band of a panel."""
    paths = [band.get_paths()[0].vertices[:, 1] for band in figure.axes[panel].collections]
    return [(float(path.min()), float(path.max())) for path in paths]


def test_curves_have_a_paler_band_that_the_words_explain():
    figure = draw(results(True), kind="parties", parties=["sr"])
    band = results(True).band("sr", stratum="worker")
    wide, narrow = outlines(figure)[:2]
    assert wide == pytest.approx((band["wide_low"].min(), band["wide_high"].max()))
    assert narrow == pytest.approx((band["low"].min(), band["high"].max()))
    assert any("pale bands: the model's own error added" in " ".join(text.split()) for text in strings(figure))
    assert len(outlines(draw(results(False), kind="parties", parties=["sr"]))) == len(outlines(figure)) / 2


def test_support_for_soviet_power_takes_the_error_of_motions():
    figure = draw(results(True), kind="policy", stratum="worker")
    policy = bands.bands(results(True).soviet_share(stratum="worker"), [])
    low, high = widened(policy["low"], policy["middle"], policy["high"], 9.0, bands.BAND)
    assert outlines(figure)[0] == pytest.approx((low.min(), high.max()))


@pytest.mark.parametrize(
    ("body", "points"),
    [("petrograd_soviet", 10.0), ("second_congress", 12.0), ("constituent_assembly", 8.0), ("tsik", 10.0)],
)
def test_numbers_of_seats_take_the_error_of_their_kind_of_body(body, points):
    house, bare = (seats._house(results(known), body) for known in (True, False))
    party = house.parties[0]
    last = house.parts.xs(house.sizes.index[-1], level="date")[party]
    expected = widened(*bands.spread(list(last)), points, bands.BAND)
    assert house.ends[party] == pytest.approx([float(end) for end in expected])
    assert bare.ends[party] == pytest.approx(bands.spread(list(last))[::2])


def test_contests_reach_as_far_as_the_error_of_their_question():
    rows, bare = (elections._rows(results(known), "bolshevik", "os") for known in (True, False))
    assert len(rows) == len(bare) > 5
    assert all(row.reach[0] < row.spread[0] or row.spread[0] < 0.1 for row in rows)
    assert all(row.reach == (row.spread[0], row.spread[2]) for row in bare)


def test_figures_without_a_known_error_of_their_measure_say_that_it_is_missing():
    words = " ".join(" ".join(strings(draw(results(True), kind="actions"))).split())
    assert "chance and doubt about the parameters, not the model's own error" in words


def test_the_page_is_told_the_error_and_nothing_where_there_is_none():
    assert told.scenario(results(True), Words())["doubt"] == dict(ABOUT.discrepancy)
    assert told.scenario(results(False), Words())["doubt"] is None
