"""The blocks that say how far to trust the model: made from a validation, none without a maker, the register whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_validate import BROKEN, EVERY, MET, Missed

import sim
from analysis.evidence.contests import contests
from analysis.evidence.patterns import PATTERNS
from analysis.validation import trust
from analysis.validation.comparison import Draw, Setting, compare, explanations
from analysis.validation.kept import as_dict

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def kept() -> dict:
    """A validation over two sets, 20 points too high for Tver and 2 for all others."""
    setting = Setting(1, 2_000, 1917, draws=(Draw("neutral/0", ()), Draw("neutral/1", ())), source="2 of 2 sets")
    runs = [
        {c.id: {t: v + (20.0 if c.id == "tver" else 2.0) for t, v in c.observed.items()} for c in EVERY} for _ in "ab"
    ]
    numbers = [{p.id: MET.get(p.id) for p in PATTERNS} for _ in "ab"]
    numbers[1]["3"] = MET["3"] | BROKEN["3"]
    return json.loads(json.dumps(as_dict(compare(setting, runs, numbers, Missed()))))


def test_every_block_of_every_page_is_made(kept):
    for page in trust.PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        marks = re.findall(r"<!-- trust: ([a-z ]+) -->", text)
        assert set(marks) <= set(trust.BLOCKS) and text.count("<!-- trust end -->") == len(marks), page
        made = trust.filled(text, kept)
        assert trust.filled(made, kept) == made
        assert made.replace("|", "").count("<!-- trust") == text.replace("|", "").count("<!-- trust")
    with pytest.raises(KeyError):
        trust.filled("<!-- trust: nothing -->\n<!-- trust end -->", kept)


@pytest.mark.parametrize("page", trust.PAGES)
def test_pages_tell_what_is_kept(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert trust.filled(text, trust.read()) == text, "python -m analysis trust"


def test_whatever_is_far_off_is_explained():
    assert {row["contest"] for row in trust.read()["far_off"]} <= set(explanations())


def test_blocks_tell_what_the_validation_holds(kept):
    blocks = {name: make(kept) for name, make in trust.BLOCKS.items()}
    assert "| validate | all | Bolshevik share | 3.1 |" in blocks["errors"] and "2 of 2 sets" in blocks["errors"]
    assert "Tver province | 1917-11-12 | validate | bolshevik 74 for 54; sr 59 for 39" in blocks["off"]
    assert "2 figures of 1 contests" in blocks["off"]
    assert "1 of 2" in blocks["patterns"] and "(extrapolation)" in blocks["patterns"]
    assert "24 per cent Bolshevik" in blocks["nation"]
    parts = (blocks["errors"], blocks["nation"], "Petrograd, all classes (1 of 2)")
    assert all(part in blocks["readme"] for part in parts)
    assert "1 of 103 contests" in blocks["readme"]
    assert "class by distance" in blocks["rivals"] and "held" not in blocks["rivals"]
    assert f"| validate | {len(contests('validate'))} |" in blocks["contests"]
    for block in blocks.values():
        for found in re.findall(r"(?:^\|.*\n?)+", block, re.MULTILINE):
            assert len({line.count("|") for line in found.strip().splitlines()}) == 1


def test_contests_from_those_who_took_part():
    by_id = {c.id: c for c in contests()}
    assert all(trust.took_part(work) for work in trust.works(by_id["soviet_31_august"]))
    assert not any(trust.took_part(work) for work in trust.works(by_id["vladimir"]))


def test_the_command_takes_a_validation_and_fills_pages(kept, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- trust: nation -->\nold\n<!-- trust end -->\nAfter.\n", encoding="utf-8")
    given = tmp_path / "validation.json"
    given.write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setattr(trust, "ROOT", tmp_path)
    monkeypatch.setattr(trust, "PAGES", ("page.md",))
    monkeypatch.setattr(trust, "KEPT", tmp_path / "kept.json")
    with pytest.raises(SystemExit) as ended:
        trust.main([])
    assert ended.value.code == 2 and "october validate" in capsys.readouterr().err
    trust.main(["--take", str(given)])
    assert capsys.readouterr().out == "written: page.md\n"
    text = page.read_text(encoding="utf-8")
    assert "old" not in text and "24 per cent Bolshevik" in text and text.endswith("After.\n")
    trust.main([])
    assert capsys.readouterr().out == ""
    with pytest.raises(sim.InputError):
        trust.read(tmp_path / "nowhere.json")


def test_the_register_of_contradictions_is_whole():
    text = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (A-3\d\d) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert [row[0] for row in rows] == [f"A-{n}" for n in range(301, 329)]
    assert all(len(disputed) > 10 and len(done) > 8 for _, disputed, done in rows)


@pytest.mark.parametrize("page", ["docs/limits.md", "docs/trace.md"])
def test_what_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:tests|analysis|sim)/[\w/.]+)`", text):
        assert path.endswith("looks.csv") or path.endswith("validation.json") or (ROOT / path).exists(), path
    for link in re.findall(r"\]\(([\w/]+\.md)\)", text):
        assert (ROOT / "docs" / link).is_file(), link
    sources = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("sim", "scenarios", "analysis")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".yaml")
    )
    names = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
    shipped = {file.stem for file in (ROOT / "scenarios" / "whatif").iterdir()}
    assert {name for name in names if name not in sources and name not in shipped} == set()
