"""The blocks that say how far to trust the model: made from a validation, none without a maker, the register whole."""

from __future__ import annotations

import copy
import csv
import json
import math
import re
from pathlib import Path

import pytest
from test_validate import BROKEN, EVERY, MET, Missed

import sim
from analysis.evidence.contests import MEMBERS, apart, contests
from analysis.evidence.patterns import PATTERNS
from analysis.running.folders import TARGETS
from analysis.validation import partisans, rivalry, trust
from analysis.validation.baselines import BASELINES, TITLES
from analysis.validation.cells import span
from analysis.validation.comparison import Draw, Setting, compare, explanations, marks
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
    assert "24.0 per cent Bolshevik" in blocks["nation"]
    parts = (blocks["errors"], blocks["nation"], "Petrograd, all classes (1 of 2, partly fitted)")
    assert all(part in blocks["readme"] for part in parts)
    assert "class by distance" in blocks["rivals"] and "held" not in blocks["rivals"]
    assert f"| validate | {len(contests('validate'))} |" in blocks["contests"]
    for block in blocks.values():
        for found in re.findall(r"(?:^\|.*\n?)+", block, re.MULTILINE):
            assert len({line.count("|") for line in found.strip().splitlines()}) == 1


# --- rivals, marks ----------------------------------------------------------------------------------------------------


def row(who: str, crps: float, error: float, of: str = "time", targets: str = "families", n: int = 9) -> dict:
    return {
        "split": "validate", "of": of, "targets": targets, "who": who, "n": n, "crps": crps, "error": error,
        "low": error - 1.0, "high": error + 1.0, "held": 0.9, "width": 20.0,
    }  # fmt: skip


def rows(crps: float, error: float = 10.0, **given) -> list[dict]:
    """The model with these scores; rivals from 5 on, one apart, with errors twice their CRPS."""
    rivals = [row(name, 5.0 + i, 10.0 + 2 * i, **given) for i, name in enumerate(BASELINES)]
    return [row("model", crps, error, **given), *rivals]


def columns(block: str) -> list[dict[str, str]]:
    """The first table of a block, row by row."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines() if line[:1] == "|"]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:] if len(line) == len(lines[0])]


def test_a_rival_that_is_ahead_is_named_with_both_figures():
    persistence, line_ = (TITLES[name] for name in ("persistence", "line"))
    assert rivalry.behind(rows(6.5)) == [f"along time, four families: {persistence} 5.0, {line_} 6.0 for 6.5"]
    assert rivalry.behind(rows(5.04)) == [f"along time, four families: {persistence} 5.00 for 5.04"]
    assert rivalry.behind(rows(5.0)) == [] and "here (" in rivalry.behind_told(rows(5.0), "here")
    assert rivalry.behind_told(rows(4.9), "here").endswith(": nowhere.")


def test_marks_of_crps_and_of_the_regression_s_error_have_a_status():
    regression = next(r for r in rows(5.0) if r["who"] == "regression")["error"]
    whole = marks()["crps"]["part_of_regression"]
    for crps, error, wanted in (
        (4.9, regression * whole, ("met", f"{whole:.2f}, met")),
        (5.1, regression * whole + 1, ("not met", "not met")),
    ):
        block = rivalry.rivals_block({"forecasts": rows(crps, error), "gains": []})
        (found,) = columns(block)
        assert found["CRPS below each"] == wanted[0]
        assert found["part of the regression's error"].endswith(wanted[1])
        assert f"CRPS below each rival's: {wanted[0]} (" in block
    split = rows(4.9, 1.0) + rows(5.1, 99.0, of="space")
    block = rivalry.rivals_block({"forecasts": split, "gains": []})
    assert "rival's: not met (1 of 2 rows)" in block and "regression's: not met (1 of 2 rows)" in block


def test_gains_that_hold_zero_are_told_and_those_of_few_contests_are_not():
    forecasts = rows(4.0) + rows(4.0, of="elections", n=4)
    gains = [
        {"of": of, "targets": "families", "rival": name, "gain": 2.0, "low": low, "high": 5.0}
        for of in ("time", "elections")
        for name, low in (("line", -0.5), ("deltas", 0.5))
    ]
    told = rivalry.gains_told({"forecasts": forecasts, "gains": gains})
    assert "in 1 of 2 comparisons" in told and f"along time, four families: {TITLES['line']} 2.0 (-0.5 to 5.0)" in told
    assert TITLES["deltas"] not in told and "elections" not in told


def test_groups_left_out_stand_beside_their_best_rival():
    regression = next(r for r in rows(6.0) if r["who"] == "regression")
    at_most = next(m["at_most"] for m in marks()["leave_out"] if (m["of"], m["targets"]) == ("time", "families"))
    given = {"leave_out": {"scores": rows(6.0, at_most)}, "hindcast": {"scores": rows(4.0, of="all")}}
    block = rivalry.left_out_block(given)
    left, hind = columns(block)
    assert (left["CRPS"], left["error"], left["mark"]) == ("6.0", f"{at_most:.1f}", f"{at_most:g}, met")
    assert left["best rival: CRPS (error)"] == f"{TITLES['persistence']} 5.0 (10.0)"
    assert left["class by distance: error"] == f"{regression['error']:.1f}"
    assert hind["foreseen"] == "from 31 July, events as they came" and hind["mark"] == "none"
    assert f"{TITLES['persistence']} 5.0 for 6.0" in block and "as they came (" in block and ": nowhere." in block
    worse = {**given, "leave_out": {"scores": rows(6.0, at_most + 0.1)}}
    assert columns(rivalry.left_out_block(worse))[0]["mark"] == f"{at_most:g}, not met"


def test_kept_groups_left_out_name_the_rival_with_the_lowest_crps():
    kept = trust.read()
    for name, told in (("leave_out", rivalry.LEFT_OUT), ("hindcast", rivalry.HINDCAST)):
        scores = [r for r in kept[name]["scores"] if (r["of"], r["targets"]) == ("all", "motions")]
        lowest = min((r for r in scores if r["who"] != "model"), key=lambda r: r["crps"])
        found = next(
            c for c in columns(rivalry.left_out_block(kept))
            if (c["foreseen"], c["part"], c["of"]) == (told, "all", "motions")
        )  # fmt: skip
        wanted = f"{TITLES[lowest['who']]} {lowest['crps']:.1f} ({lowest['error']:.1f})"
        assert found["best rival: CRPS (error)"] == wanted


def test_intervals_have_a_status_for_coverage_and_for_width(kept):
    given = copy.deepcopy(kept)
    share, narrow = "80 to 97", "under 30"
    for held, width, wanted in ((0.9, 29.9, ("met", "met")), (0.75, 30.0, ("not met", "not met"))):
        for r in given["forecasts"]:
            r |= {"held_90": held, "width_90": width}
        found = columns(trust.intervals_block(given))
        assert found and all((c[share], c[narrow]) == wanted for c in found)
        assert f"(mark {share}: {wanted[0]})" in trust.intervals_told(given)
        assert f"(mark {narrow}: {wanted[1]})" in trust.readme_block(given)


def test_few_contests_have_no_bootstrap_interval(kept):
    assert [span({"low": 1.0, "high": 2.0, "n": n}) for n in (4, 5)] == ["too few", "1.0 to 2.0"]
    assert span({"low": None, "high": None, "n": 0}) == ""
    for c in columns(trust.errors_block(kept)):
        assert (c["nine tenths of resamples"] == "too few") == (int(c["contests"]) < 5), c


# --- what stands apart, what is off, what is no independent test ------------------------------------------------------


def test_members_and_national_lists_stand_apart_with_their_worst(kept):
    given = copy.deepcopy(kept)
    members = [c for c in given["contests"] if c["target"].startswith(MEMBERS) and c["split"] == "validate"]
    members[1] |= {"model": 300.0, "evidence": 100.0, "log_ratio": math.log(3.0)}
    members[2] |= {"model": 10.0, "evidence": 40.0, "log_ratio": -math.log(4.0)}
    score = next(r for r in given["apart"] if (r["split"], r["targets"]) == ("validate", "members"))
    score |= {"error": math.log(1.5), "low": math.log(1.2), "high": math.log(2.0)}
    found = {(c["side"], c["of"]): c for c in columns(trust.apart_block(given))}
    assert set(found) == {(s, t) for s in ("calibrate", "validate") for t in ("members", "national lists")}
    row = found["validate", "members"]
    assert (row["error"], row["nine tenths of resamples"]) == ("x 1.50", "1.20 to 2.00")
    assert row["contests"] == str(score["n"]) and row["worst"].endswith(": 10 for 40, x 0.25")
    assert members[2]["title"] in row["worst"]
    assert float(found["calibrate", "national lists"]["error"]) == pytest.approx(2.0)
    assert trust.apart_block(given) in trust.readme_block(given)


def test_contests_that_can_be_off_by_points_are_counted(kept):
    every = {c["contest"] for c in kept["contests"]}
    members = {c["contest"] for c in kept["contests"] if "log_ratio" in c}
    assert members and f"1 of {len(every) - len(members)} contests in per cent" in trust.off_told(kept)


def test_what_is_no_independent_test_is_told_apart(kept):
    ties = {p.id: set(p.ties) for p in PATTERNS}
    assert {name for name, found in ties.items() if "set with it in view" in found} >= {"1", "2", "10", "12", "14"}
    assert "partly pinned" in ties["11"] and not ties["9"] and not ties["control: Georgia"]
    calibrate = {c.id for c in contests("calibrate")}
    assert all(set(p.fitted) <= calibrate for p in PATTERNS)
    free, tied, broken = trust.patterns_told(kept)[:3]
    titles = {p.id: p.title for p in PATTERNS}
    assert f"{titles['9']} (2 of 2)" in free and titles["11"] not in free
    assert f"{titles['11']} (2 of 2, partly pinned)" in tied
    assert f"{titles['2']} (2 of 2, set with it in view, partly fitted)" in tied
    assert broken.startswith("Not met: ") and titles["9"] not in broken
    assert all(reason in trust.patterns_block(kept) for p in PATTERNS for reason in p.ties.values())
    local = next(p for p in PATTERNS if p.id == "local power")
    assert "majorities" in local.title and "not the taking of power" in local.rule


def test_the_country_s_vote_stands_beside_its_marks(kept, monkeypatch):
    for party in ("bolshevik", "sr", "national"):
        low, high = marks()["patterns"][f"nation_{party}"]
        assert f"mark {low:.0f} to {high:.0f}, counted " in trust.nation_block(kept)
    moved = {**marks(), "patterns": {**marks()["patterns"], "nation_sr": [1.0, 2.0]}}
    monkeypatch.setattr(trust, "marks", lambda: moved)
    assert "mark 1 to 2, counted 38 to 41" in trust.nation_block(kept)


def test_marks_are_not_said_to_come_before_any_fit(kept):
    assert all("before any fit" not in make(kept) for make in trust.BLOCKS.values())
    assert "before the posterior" in trust.errors_block(kept)


# --- sources ----------------------------------------------------------------------------------------------------------

#: Beginnings of the sources of votes, houses and motions that were looked at and are neither by people who took part
#: nor written to uphold a side. A new source belongs here or in `partisans`.
OTHERS = (
    "Wikipedia, ", "Pipes, The Russian Revolution (1990)", "S. A. Smith, The revolutions of 1917-1918",
    "State Museum of Political History of Russia", "oldhat.ru, citing delegate questionnaires",
    "'Obrechennye mechtateli'", "A. Avtorkhanov, ", "J. Medhurst, ", "newhistoria.ru", "memory: ",
)  # fmt: skip
BY_SIDES = (
    "Presidential Library (prlib.ru); Lenin PSS 32 note 101", "Great Soviet Encyclopedia",
    "derived: Lenin/Svyatitsky both-capitals total minus Reed/Lenin Petrograd",
    "Soviet monograph 'Partiia bol'shevikov v Fevral'skoi revoliutsii 1917 goda'", "Feltshtinsky, citing Shestakov",
    "Spirin (as reported by Wikipedia, 'Arkhangelsk electoral district')", "John Reed, Ten Days (1919)",
)  # fmt: skip


def test_sources_are_matched_anywhere_in_their_names():
    assert all(partisans.took_part(work) for work in BY_SIDES)
    plain = ("Wikipedia, 'Leningrad'", "Agreed figures", "Wikipedia, 'Kherson', citing Radkey 1989 / Spirin 1968")
    assert not any(partisans.took_part(work) for work in plain)


def test_every_source_of_the_evidence_is_known():
    with (TARGETS / "politics.csv").open(encoding="utf-8", newline="") as file:
        found = {line["source"] for line in csv.DictReader(file)}
    found |= {work for c in (*contests(), *apart()) for work in partisans.works(c)}
    unknown = {w for w in found if not partisans.took_part(w) and not w.startswith(OTHERS)}
    assert unknown == set()


def test_contests_from_those_who_took_part():
    by_id = {c.id: c for c in contests()}
    for name in ("soviet_31_august", "first_congress", "moscow_november", "peasants_may"):
        assert all(partisans.took_part(work) for work in partisans.works(by_id[name])), name
        assert by_id[name].title in trust.BLOCKS["partisan"]({})
    assert not any(partisans.took_part(work) for work in partisans.works(by_id["vladimir"]))


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
    assert "old" not in text and "24.0 per cent Bolshevik" in text and text.endswith("After.\n")
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


def test_contests_that_share_people_with_a_fitted_one_are_counted():
    lines = [[cell.strip() for cell in line.split("|")] for line in trust.contests_block({}).splitlines()]
    rows = {line[1]: line[3] for line in lines if len(line) > 3}
    assert (rows["side"], rows["validate"]) == ("sharing people with a fitted one", "13")
