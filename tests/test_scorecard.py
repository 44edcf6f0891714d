"""The worksheet of a debate: every line is measured and told, both readings stand on it, and nothing is added up."""

from __future__ import annotations

import io
import math
from types import SimpleNamespace

import pytest
from figure_kit import faults, strings
from rich.console import Console
from typer.testing import CliRunner

import sim
from analysis.answers import scorecard
from analysis.answers.scorecard import LINES, Measured, entries, table, tell, told
from analysis.plots.kinds import draw
from sim.cli import app
from sim.inputs.measures import measure_of


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A short run of the model: power has not passed, so some quantities are in no run."""
    made = sim.run(
        "historical", runs=2, agents=1400, seed=1917, jobs=1, until="1917-04-05", every=28, parameters="default"
    )
    return sim.Results(made.save(tmp_path_factory.mktemp("scorecard") / "short"))


def test_the_questions_are_tabor_s_and_every_quantity_is_a_declared_outcome():
    assert [line.ledger for line in LINES] == [f"F-{n}" for n in range(60, 73)]
    for line in LINES:
        assert line.measures and line.few and line.many and line.source, line.ledger
        for m in line.measures:
            declared = measure_of(m.name)
            assert declared is not None and declared.where == "outcomes", m.name


def test_the_table_holds_every_quantity_and_no_total(results):
    found = table(results)
    assert len(found) == sum(len(line.measures) for line in LINES)
    known = found[found["runs"] > 0]
    assert ((known["low"] <= known["median"]) & (known["median"] <= known["high"])).all()
    assert found.loc[found["measure"] == "ebb_date", "runs"].item() == 0
    assert not {"total", "score", "sum"} & {c.lower() for c in found.columns}


@pytest.mark.parametrize(
    ("form", "row", "runs", "wanted"),
    [
        ("share", (0.25, 0.2, 0.31, 4), 4, "25 % (20 % to 31 %)"),
        ("share", (0.25, 0.25, 0.25, 1), 1, "25 %"),
        ("persons", (18_640.0, 12_010.0, 21_999.0, 4), 4, "18,600 (12,000 to 22,000)"),
        ("date", (245.0, 240.0, 250.0, 3), 4, "26 Oct 1917 (21 Oct 1917 to 31 Oct 1917), in 3 of 4 runs"),
        ("change", (-0.1, -0.2, 0.05, 4), 4, "-10 points (-20 points to +5 points)"),
        ("level", (math.nan, math.nan, math.nan, 0), 4, "in no run"),
    ],
)
def test_a_quantity_in_words(form, row, runs, wanted):
    found = dict(zip(("median", "low", "high", "runs"), row, strict=True))
    assert told(Measured("x", "x", form), found, runs) == wanted


def test_it_is_printed_whole(results):
    console = Console(width=170, record=True, file=io.StringIO())
    tell(results, console)
    shown = console.export_text()
    assert all(line.question in shown for line in LINES) and "Tabor" in shown
    shown = CliRunner().invoke(app, ["scorecard", str(results.directory)])
    assert shown.exit_code == 0 and "Who took part?" in shown.output


def test_where_nobody_rose_the_worksheet_says_that_its_force_did_not_act(results):
    said = "Power was taken by force in 0 of 2 runs; elsewhere the force is who would have come out."
    assert said in scorecard.note(results) and said in " ".join(strings(draw(results, kind="scorecard")))
    both = results.outcomes.assign(value=lambda t: t["value"].where(t["measure"] != "insurrection_date", 244.0))
    assert scorecard.note(SimpleNamespace(outcomes=both, runs=results.runs)) == scorecard.NOTE


@pytest.mark.parametrize("size", ["slide", "page", "poster"])
def test_the_sheet_holds_every_line(results, size):
    figure = draw(results, kind="scorecard", size=size)
    assert faults(figure) == []
    words = " ".join(strings(figure))
    assert scorecard.TITLE in words
    for _, quantities in entries(results):
        assert all(value.split()[0] in words for _, value in quantities)
