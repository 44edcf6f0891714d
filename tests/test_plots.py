"""Figures: what is drawn, words that don't run into each other, equal files for equal results."""

from __future__ import annotations

import importlib.resources
import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_revolution import named
from figure_kit import faults, labels, strings
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

import sim
from analysis.plots import actions, allegiance, bands, gallery, seats, style, text
from analysis.plots.kinds import ANSWERS, KINDS, draw, save
from analysis.plots.marks import LANDMARKS, at_most, landmarks
from analysis.words import naming
from sim.inputs.evidence import load as load_evidence
from sim.inputs.scenario import Scenario
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan

SIZES = tuple(style.SIZES)


def ensemble(directory, model, scenario=None, **options):
    scenario = named("historical", scenario or Scenario(title="A title of its own"))
    Ensemble(Plan(scenario, model=model, **options), directory, 1).execute()
    return sim.Results(directory)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Three groups, one soviet."""
    return ensemble(tmp_path_factory.mktemp("plots") / "small", "fake_revolution:Fake", runs=5, every=14)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Every place, body and election, made up."""
    return ensemble(tmp_path_factory.mktemp("plots") / "year", "fake_year:Year", runs=3, every=28)


@pytest.fixture(scope="module")
def real():
    """The model itself, with few people."""
    return sim.run("historical", runs=2, agents=1400, seed=1917, jobs=1, parameters="default")


def titles(figure) -> list[str]:
    """Panel titles, without the lines under them."""
    heads = [text for axes in figure.axes for text in axes.texts if text.get_gid() == "head"]
    return [text.get_text() for text in heads if text.get_weight() == "bold"]


# --- words stand apart ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "size"),
    [*((kind, size) for kind in KINDS for size in ("slide", "page")), *((k, "poster") for k in ("strata", "seats"))],
)
def test_no_words_run_into_each_other_or_off_the_sheet(year, kind, size):
    assert faults(draw(year, kind=kind, size=size)) == []


@pytest.mark.parametrize("kind", ["policy", "seats", "elections"])
def test_no_words_run_into_each_other_in_the_new_style(year, kind):
    figure = draw(year, kind=kind, calendar="ns", size="page")
    assert faults(figure) == []
    assert "Dates New Style (Old Style)" in " ".join(strings(figure))


@pytest.mark.parametrize("kind", ["strata", "policy", "seats", "actions", "elections", "power"])
def test_figures_of_the_real_model(real, kind):
    figure = draw(real, kind=kind)
    assert faults(figure) == []
    assert "1917 as it is recorded" in " ".join(strings(figure))


def test_many_names_in_small_panels_stay_apart_or_are_refused(year):
    figure = draw(year, kind="strata", size="slide", parties=list(sim.PARTIES))
    assert faults(figure) == []
    assert len(labels(figure)) == 6 * len(sim.PARTIES)
    with pytest.raises(sim.InputError, match="don't fit"):
        draw(year, kind="places", size="slide", place=["*/towns", "*/villages"], parties=list(sim.PARTIES))
    with pytest.raises(sim.InputError, match="panels don't fit a figure"):
        draw(year, kind="places", place="empire")


def test_the_check_of_collisions_sees_one(results):
    figure = draw(results)
    figure.text(0.013, 0.95, "Across the title")
    figure.text(0.99, 0.5, "Off the sheet")
    found = faults(figure)
    assert ("Off the sheet",) in found
    assert any("Across the title" in pair for pair in found if len(pair) == 2)


# --- what is drawn -------------------------------------------------------------------------------------------------


def test_a_panel_a_stratum_with_labels_and_both_calendars(results):
    figure = draw(results)
    assert titles(figure) == ["Workers", "Soldiers", "Peasants"]
    assert {"Bolsheviks", "Kadets", "SRs"} <= set(labels(draw(results, parties=["bolshevik", "kadet", "sr"])))
    told = strings(figure)
    assert "1 Mar\n(14 Mar)" in told
    assert any("A title of its own" in text and "Dates Old Style (New Style)" in text for text in told)
    other = draw(results, calendar="ns")
    assert "1 Apr\n(19 Mar)" in strings(other)
    # The same instant lies at the same place in both: 19 March Old Style.
    assert style.axis_day(date(1917, 3, 19)) in other.axes[0].get_xticks()


def test_lines_and_bands_are_those_of_the_results(results):
    axes = draw(results, parties=["kadet"]).axes[1]
    band = results.band("kadet", stratum="soldier")
    assert np.allclose(axes.lines[0].get_ydata(), band["middle"])
    outline = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert outline.min() == pytest.approx(band["low"].min())
    assert outline.max() == pytest.approx(band["high"].max())


def test_small_parties_are_summed_and_nobody_is_lost(year):
    figure = draw(year)
    assert "Others together" in labels(figure)
    shares = year.shares("stratum", "empire", "worker")
    panel = allegiance._party_panel("x", year, shares, None)
    named_ones = set(panel.curves) - {style.OTHERS}
    rest = shares[~shares["party"].astype(str).isin(named_ones)].groupby(["run", "date"])["share"].sum()
    assert np.allclose(panel.curves[style.OTHERS].rows["middle"], rest.groupby("date").median())


def test_policy_beside_party_says_who_runs_ahead(year):
    figure = draw(year, kind="policy", stratum="worker")
    policy = year.soviet_share(stratum="worker").set_index(["run", "date"])["share"]
    party = year.share("bolshevik", stratum="worker").set_index(["run", "date"])["share"]
    gap = (policy - party).groupby("date").median()
    when = date.fromisoformat(gap.idxmax())
    assert any(f"soviet power +{100 * gap.max():.0f} on {when.day} {when:%b}" in text for text in strings(figure))
    by_place = draw(year, kind="policy", by="place", place=["petrograd/vyborg", "moscow/city"], stratum="worker")
    assert titles(by_place) == ["Petrograd, Vyborg district", "Moscow"]


def test_regions_have_towns_garrisons_and_villages(year):
    figure = draw(year, kind="regions", parties=["sr"])
    assert len(titles(figure)) == 11
    assert labels(figure).count("Garrisons") == 11
    line = next(line for line in figure.axes[0].lines if len(line.get_ydata()) > 2)
    expected = year.band("sr", place="northern/towns")["middle"]
    assert np.allclose(line.get_ydata(), expected)
    assert titles(draw(year, kind="regions", parties=["soviet_power"])) == titles(figure)


def test_panels_of_places_are_named_in_full_without_what_stands_in_brackets(year):
    """Nine places at most fill a slide: among those chosen for workers are the longest names there are."""
    shown = titles(draw(year, kind="policy", by="place", stratum="worker"))
    assert not [title for title in shown if "(" in title or title.endswith("...")]
    assert {"South, towns", "Petrograd, centre and others"} <= set(shown)


def test_seats_add_up_to_the_house(year):
    house = seats._house(year, "second_congress")
    assert house.meets_once
    assert np.allclose(house.parts.sum(axis=1), 1.0)
    each, counts = seats.dots(dict(house.parts.mean()), float(house.sizes.iloc[0]))
    assert sum(counts.values()) == round(float(house.sizes.iloc[0]) / each)
    figure = draw(year, kind="seats", body=["tsik", "second_congress"])
    assert titles(figure) == ["Central Executive Committee (TsIK)", "Second Congress of Soviets"]
    axes = figure.axes[1]
    drawn = sum(len(line.get_xdata()) for line in axes.lines if line.get_transform() == axes.transData)
    assert drawn == sum(counts.values())


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 200))
def test_dots_of_a_half_circle_stand_apart_and_inside(count):
    spots = np.array(seats.seating(count))
    assert len(spots) == count
    assert (np.hypot(*spots.T) <= 1.0).all() and (spots[:, 1] >= -1e-9).all()
    if count > 1:
        nearest = min(np.hypot(*(a - b)) for a, b in combinations(spots, 2))
        assert nearest > 0.55 * seats._ring_step(count)


def test_elections_set_the_evidence_beside_the_model(year):
    figure = draw(year, kind="elections", size="page")
    told = " ".join(strings(figure))
    assert "Petrograd, city duma, 20 Aug (2 Sep)" in told
    assert "Counted, held back from the fit" in told
    with pytest.raises(sim.InputError, match="unknown target 'foo'"):
        draw(year, kind="elections", target="foo")


def test_months_share_the_days_of_the_tables(year):
    months = actions._Months(year)
    first, last = date(1917, 2, 23), date(1918, 1, 6)
    assert months.days.sum() == (last - first).days + 1
    assert months.days[date(1917, 7, 1)] == 31
    assert months.days[date(1917, 2, 1)] == 6
    rows = year.actions[year.actions["action"] == "strike"]
    assert np.allclose(months.sums(rows).sum(axis=1), rows.groupby("run")["persons"].sum())


def test_evidence_on_actions_is_that_of_the_social_table():
    social = {row.id: row for row in load_evidence("social")}
    assert len(actions.evidence()) == 14
    for row in actions.evidence():
        same = social[row.id]
        assert (row.start, row.end, row.value, row.unit, row.source) == (
            same.start, same.end, same.number, same.unit, same.source,
        )  # fmt: skip
        assert row.seen is not same.is_memory


def test_actions_stand_beside_what_was_counted_in_the_same_unit_or_by_shape(year):
    figure = draw(year, kind="actions")
    assert [title for title in titles(figure) if title.endswith("shape")] == ["Land seizures: shape"]
    assert "open: from memory" in " ".join(strings(figure))
    strikes = figure.axes[titles(figure).index("Strikes")]
    dots = [line for line in strikes.lines if line.get_marker() == "o"]
    september = next(dot for dot in dots if dot.get_xdata()[0] == style.axis_day(date(1917, 9, 15)))
    assert september.get_ydata()[0] == pytest.approx(965 / 30)
    assert {dot.get_markerfacecolor() for dot in dots} == {"#FFFFFF"}
    alone = draw(year, kind="actions", place="petrograd", action="strike")
    assert titles(alone) == ["Strikes"]
    assert [line for line in alone.axes[0].lines if line.get_marker() == "o"] == []


def test_whose_orders_are_obeyed_where_it_was_measured(year, results):
    figure = draw(year, kind="power")
    assert titles(figure) == ["Petrograd, Vyborg district", "Moscow", "Western Front"]
    assert set(labels(figure)) == {"The cabinet", "The soviet", "Nobody"}
    with pytest.raises(sim.InputError, match="was not measured"):
        draw(results, kind="power")


def test_several_results_are_named_in_their_panels(results):
    figure = draw(results, results, kind="strata")
    assert titles(figure).count("Workers") == 2
    assert strings(figure).count(results.title) == len(titles(figure))
    with pytest.raises(sim.InputError, match="draws one result"):
        draw(results, results, kind="seats")


def test_one_line_from_python(results):
    assert titles(results.plot(place="volga")) == ["Peasants"]
    places = results.plot(kind="places", place="petrograd")
    assert titles(places) == ["Petrograd, Vyborg district", "Petrograd, garrison"]


def test_sizes(results):
    sizes = {size: tuple(draw(results, size=size).get_size_inches()) for size in SIZES}
    assert sizes["slide"] == (13.333, 7.5)
    assert sizes["page"][0] == 7.0 and sizes["page"][1] <= 9.8
    assert sizes["poster"] == (33.1, 23.4)


# --- what bands and grounds say ------------------------------------------------------------------------------------


def told(results, **changes):
    copy = sim.Results(results.directory)
    copy.manifest = {**results.manifest, **changes}
    return bands.told([copy])


def test_bands_say_what_they_show(results):
    assert "chance alone, not doubt about the model" in told(results)
    assert "chance and doubt about the parameters" in told(results, parameter_sets=["a", "b", "c"])
    assert "no spread is shown" in told(results, runs=results.manifest["runs"][:1])


def test_where_the_model_extrapolates_the_ground_is_grey(tmp_path):
    changed = Scenario(title="Otherwise", kind="minimal_rewrite", divergence="1917-06-16")
    found = ensemble(tmp_path / "x", "fake_revolution:Fake", changed, runs=2, every=14)
    assert bands.divergence(found) == date(1917, 6, 16)
    since, note = bands.extrapolates([found])
    assert since == date(1917, 6, 16) + timedelta(days=42)
    figure = draw(found)
    assert any(note in text for text in strings(figure)) and "extrapolates" in note
    grounds = [p for p in figure.axes[0].patches if p.get_x() == style.axis_day(since)]
    assert len(grounds) == 1


def test_history_has_no_grey_ground(results):
    assert bands.extrapolates([results])[1] == ""


# --- looks ---------------------------------------------------------------------------------------------------------


def test_every_party_and_stratum_has_a_line_of_its_own():
    assert set(style.PARTY_LINES) == set(sim.PARTIES)
    assert set(style.STRATUM_LINES) == set(sim.STRATA)
    for lines in (style.PARTY_LINES, style.STRATUM_LINES):
        assert len({line.colour for line in lines.values()}) == len(lines)


#: Machado, Oliveira and Fernandes (2009), severity 1: linear RGB to linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour, sight):
    rgb = np.array(to_rgb(colour))
    linear = sight @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = matrix @ np.clip(linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_parties_part_for_every_kind_of_sight(sight):
    for one, other in combinations(style.PARTY_LINES.values(), 2):
        apart = np.linalg.norm(lab(one.colour, SIGHT[sight]) - lab(other.colour, SIGHT[sight]))
        assert apart > (24 if one.dashes == other.dashes else 14.5), (one.label, other.label)


def test_labels_can_be_read_on_white():
    for line in [*style.PARTY_LINES.values(), *style.STRATUM_LINES.values(), style.OTHERS_LINE]:
        assert 1.05 / (style._luminance(*to_rgb(style.ink(line.colour))) + 0.05) >= 4.5


def test_bodies_have_titles():
    assert naming.body_title("petrograd_soviet/executive") == "Petrograd Soviet, executive"
    assert naming.body_title("northern_front/soviet") == "Northern Front: committees"


# --- events --------------------------------------------------------------------------------------------------------


def test_landmarks_are_events_of_the_catalogue():
    assert set(LANDMARKS) <= set(sim.events())


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
    assert "in 75 % of runs" in found[0].told("os") and "3 Jul (16 Jul)" in found[0].told("os")


def test_where_room_is_scarce_the_first_landmarks_stay_in_order_of_date():
    table = occurrences(*[(0, f"1917-0{n + 3}-01", name, "pinned", "") for n, name in enumerate(list(LANDMARKS)[:5])])
    kept = at_most(landmarks(table, 1), 3)
    assert {mark.event for mark in kept} == set(list(LANDMARKS)[:3])
    assert [mark.number for mark in kept] == [1, 2, 3]
    assert [mark.when for mark in kept] == sorted(mark.when for mark in kept)


# --- text ----------------------------------------------------------------------------------------------------------


@given(st.text("abcdefgh MWil", max_size=120), st.floats(0.5, 5.0))
def test_wrapped_lines_fit_and_keep_their_words(words, room):
    lines = text.wrap(words, room, 9.0)
    assert all(text.width(line, 9.0) <= room + 1e-9 or line == " ..." for line in lines)
    if not any("..." in line for line in lines):
        assert " ".join(lines).split() == words.split()


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


# --- files and errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_equal_results_make_equal_files(results, tmp_path, suffix):
    for name in ("a", "b"):
        save(draw(results, size="page"), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("kind", ["seats", "actions", "elections"])
def test_svg_of_other_kinds_is_the_same_bytes_each_time(year, tmp_path, kind):
    for name in ("a", "b"):
        save(draw(year, kind=kind), tmp_path / f"{name}.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parties": ["whigs"]}, "unknown party"),
        ({"place": "paris"}, "unknown place"),
        ({"stratum": "sailor"}, "nobody of stratum 'sailor'"),
        ({"stratum": "serf"}, "unknown stratum"),
        ({"kind": "pie"}, "unknown kind of figure"),
        ({"size": "stamp"}, "unknown size"),
        ({"calendar": "maya"}, "unknown calendar"),
        ({"body": "tsik"}, "takes no 'body'"),
        ({"kind": "seats", "body": "petrograd_sovet"}, "Did you mean 'petrograd_soviet'"),
        ({"place": ["petrograd", "moscow"]}, "takes one place"),
        ({"kind": "policy", "place": "volga", "stratum": "sailor"}, "no panel"),
        ({"kind": "actions", "place": "volga", "action": "desertion"}, "no such action"),
        ({"kind": "regions", "stratum": "sailor"}, "no region"),
        ({"kind": "elections"}, "answer no contest"),
    ],
)
def test_wrong_names_are_the_users_fault(results, options, message):
    with pytest.raises(sim.InputError, match=message):
        draw(results, **options)


def test_files_end_in_a_known_suffix(results):
    with pytest.raises(sim.InputError, match="must end in"):
        save(draw(results), "figure.gif")
    with pytest.raises(TypeError):
        draw()


def test_the_command_line_knows_every_kind_size_and_option():
    from sim.cli import figures

    assert [kind.value for kind in figures.FigureKind] == [*KINDS, *ANSWERS]
    assert [size.value for size in figures.FigureSize] == list(style.SIZES)
    options = {name for kind in (KINDS | ANSWERS).values() for name in kind.options}
    known = {"size", "calendar", "place", "stratum", "parties", "by", "body", "action", "target"}
    assert options == known | {"other", "outcome", "event"}


def test_targets_of_actions_are_shipped():
    assert importlib.resources.files("analysis").joinpath("targets/actions.csv").is_file()


# --- the gallery ---------------------------------------------------------------------------------------------------


def test_the_gallery_draws_what_it_can_and_names_no_more(results, tmp_path, capsys):
    gallery.main(["--from", str(results.directory), "--to", str(tmp_path)])
    drawn = {path.stem for path in (tmp_path / "gallery").glob("*.png")}
    wanted = "strata places parties policy seats regions actions new_style scorecard timeline"
    assert drawn == set(wanted.split())
    assert "power left out" in capsys.readouterr().err
    page = (tmp_path / "gallery.md").read_text(encoding="utf-8")
    assert set(re.findall(r"gallery/(\w+)\.png", page)) == drawn
    assert all(path.stat().st_size <= gallery.MOST_BYTES for path in (tmp_path / "gallery").iterdir())


def test_the_gallery_of_the_docs_holds_every_kind():
    assert {picture.kind for picture in gallery.PICTURES} == {*KINDS, *ANSWERS}
    folder = Path(__file__).resolve().parents[1] / "docs"
    page = (folder / "gallery.md").read_text(encoding="utf-8")
    for picture in gallery.PICTURES:
        assert f"gallery/{picture.name}.png" in page and picture.command in page and picture.python in page
        assert 10_000 < (folder / "gallery" / f"{picture.name}.png").stat().st_size <= gallery.MOST_BYTES


@pytest.mark.parametrize("picture", gallery.PICTURES, ids=lambda picture: picture.name)
def test_the_command_of_a_picture_is_one_that_the_command_line_reads(picture):
    from typer.main import get_command

    from sim import cli

    plot = get_command(cli.app).commands["plot"]
    words = picture.command.split()
    assert words[:2] == ["october", "plot"]
    asked = plot.make_context("plot", words[2:]).params
    assert asked["kind"].value == picture.kind


def test_a_gallery_from_nowhere_is_the_users_fault(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        gallery.main(["--from", str(tmp_path / "nowhere")])
    assert stopped.value.code == 2
    assert "not a result directory" in capsys.readouterr().err
