"""Figures: what is drawn, labels and marks that don't run into each other, equal files for equal results."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from fake_revolution import named
from hypothesis import given
from hypothesis import strategies as st

import sim
from analysis.plots import style
from analysis.plots.allegiance import draw, save
from analysis.plots.marks import LANDMARKS, draw_marks, landmarks
from sim.inputs.scenario import Scenario
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    directory = tmp_path_factory.mktemp("plots") / "out"
    scenario = named("historical", Scenario(title="A title of its own"))
    Ensemble(Plan(scenario, runs=5, every=14, model="fake_revolution:Fake"), directory).execute()
    return sim.Results(directory)


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def titles(figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()]


def test_every_party_and_stratum_has_a_line_of_its_own():
    assert set(style.PARTY_LINES) == set(sim.PARTIES)
    assert set(style.STRATUM_LINES) == set(sim.STRATA)
    for lines in (style.PARTY_LINES, style.STRATUM_LINES):
        assert len({(line.colour, line.dashes) for line in lines.values()}) == len(lines)
        assert len({line.colour for line in lines.values()}) == len(lines)


def test_landmarks_are_events_of_the_catalogue():
    assert set(LANDMARKS) <= set(sim.events())


def test_a_panel_a_stratum_with_labels_and_both_calendars(results):
    figure = draw(results)
    assert titles(figure) == ["Workers", "Soldiers", "Peasants"]
    labels = {note.get_text() for note in figure.axes[0].texts}
    assert {"Bolsheviks", "Kadets", "SRs"} <= labels
    assert figure.axes[0].get_xticklabels()[0].get_text() == "1 Mar\n(14 Mar)"
    assert any("A title of its own" in text and "Dates Old Style (New Style)" in text for text in texts(figure))
    other = draw(results, calendar="ns")
    assert other.axes[0].get_xticklabels()[0].get_text() == "1 Apr\n(19 Mar)"
    # The same instant lies at the same place in both: 19 March Old Style.
    assert other.axes[0].get_xticks()[0] == style.axis_day(date(1917, 3, 19))


def test_lines_and_bands_are_those_of_the_results(results):
    figure = draw(results, parties=["kadet"])
    band = results.band("kadet", stratum="soldier")
    line = figure.axes[1].lines[0]
    assert np.allclose(line.get_ydata(), band["middle"])
    outline = figure.axes[1].collections[0].get_paths()[0].vertices[:, 1]
    assert outline.min() == pytest.approx(band["low"].min())
    assert outline.max() == pytest.approx(band["high"].max())


def test_panels_by_place_and_by_party_and_of_several_results(results):
    assert len(titles(draw(results, by="place", place="petrograd"))) == 2
    assert titles(draw(results, by="party", parties=["sr", "kadet"])) == ["SRs", "Kadets"]
    assert len(titles(draw(results, results))) == 6
    assert titles(results.plot(place="volga")) == ["Peasants"]


def test_wrong_names_are_the_users_fault(results):
    with pytest.raises(sim.InputError, match="unknown party"):
        draw(results, parties=["whigs"])
    with pytest.raises(sim.InputError, match="unknown place"):
        draw(results, place="paris")
    with pytest.raises(sim.InputError, match="nobody of stratum 'sailor'"):
        draw(results, stratum="sailor")
    with pytest.raises(sim.InputError, match="must end in"):
        save(draw(results), "figure.gif")


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_equal_results_make_equal_files(results, tmp_path, kind):
    for name in ("a", "b"):
        save(draw(results), str(tmp_path / f"{name}.{kind}"))
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def occurrences(*rows):
    return pd.DataFrame(rows, columns=["run", "date", "event", "status", "cause"])


def test_an_event_is_marked_at_its_median_date_if_half_of_the_runs_have_it():
    chosen = list(sim.events())[:3]
    often, rare, removed = chosen
    table = occurrences(
        (0, "1917-07-01", often, "fired", ""), (1, "1917-07-03", often, "fired", ""),
        (2, "1917-07-09", often, "fired", ""),
        (0, "1917-08-01", rare, "fired", ""), (0, "1917-06-01", removed, "removed", "scenario"),
        (1, "1917-06-01", removed, "removed", "scenario"), (2, "1917-06-01", removed, "removed", "scenario"),
    )  # fmt: skip
    found = landmarks(table, runs=4, chosen=chosen)
    assert [(mark.event, mark.when, mark.often) for mark in found] == [(often, date(1917, 7, 3), 0.75)]


def test_numbers_of_events_on_one_day_do_not_collide(results):
    chosen = list(sim.events())[:6]
    table = occurrences(*[(0, "1917-10-25", name, "pinned", "history") for name in chosen])
    figure = draw(results)
    axes = figure.axes[0]
    before = len(axes.texts)
    draw_marks(axes, landmarks(table, 1, chosen), date(1917, 2, 23), date(1918, 1, 6))
    figure.draw_without_rendering()
    boxes = [note.get_window_extent() for note in axes.texts[before:]]
    # The box of an annotation holds its leader too; compare the numbers' own widths round their centres.
    centres = sorted(axes.transData.transform((note.xyann[0], 0))[0] for note in axes.texts[before:])
    assert len(boxes) == 6
    assert min(np.diff(centres)) > 9


@given(st.lists(st.floats(0, 1), max_size=15), st.floats(0, 0.3))
def test_labels_are_apart_in_order_and_inside(wanted, gap):
    placed = style.spread_apart(wanted, gap, 0.0, 1.0)
    room = min(gap, 1.0 / max(len(wanted) - 1, 1))
    assert all(-1e-9 <= x <= 1 + 1e-9 for x in placed)
    ordered = [placed[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= room - 1e-9 for a, b in zip(ordered, ordered[1:], strict=False))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=8, unique=True))
def test_labels_with_room_stay_where_they_are(wanted):
    assert style.spread_apart([float(x) for x in wanted], 1.0, 0.0, 10.0) == pytest.approx(wanted)
