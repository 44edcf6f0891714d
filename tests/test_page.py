"""What goes into the page: numbers as in the tables, words in one file, nothing that loads, what is refused."""

from __future__ import annotations

import base64
import json
import re
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import page_kit
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from analysis.answers import scorecard
from analysis.page import data
from analysis.page import told as told_page
from analysis.page.build import LIBRARIES, SCRIPTS, build
from analysis.page.cube import SERIES, cube_of
from analysis.page.data import Payload, payload
from analysis.page.houses import houses
from analysis.page.openness import curves
from analysis.page.pack import Packer, decode, encode
from analysis.page.positions import CAPITAL, COUNTRY
from analysis.page.words import Words, strings
from analysis.words.naming import cited
from sim.cli import app

FRONT = Path(__file__).resolve().parents[1] / "analysis" / "page" / "front"


@pytest.fixture(scope="module")
def text() -> str:
    return page_kit.page().read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def told(text) -> dict:
    return json.loads(re.search(r'id="told">(.*?)</script>', text, re.S)[1])


@pytest.fixture(scope="module")
def numbers(text, told):
    raw = zlib.decompress(base64.b64decode(re.search(r'id="numbers">(.*?)</script>', text, re.S)[1]), wbits=-15)

    def block(name: str) -> np.ndarray:
        where = told["blocks"][name]
        data = raw[where["at"] : where["at"] + where["size"]]
        return decode(data, tuple(where["shape"])) * where["step"]

    return block


def test_numbers_come_back_as_they_were_packed():
    whole = np.random.default_rng(1917).integers(-90_000, 90_000, (3, 4, 50))
    assert (decode(encode(whole), whole.shape) == whole).all()
    with pytest.raises(ValueError, match="not finite"):
        Packer().add("x", np.array([np.nan]), 0.1)
    with pytest.raises(ValueError, match="too large"):
        encode(np.array([1 << 40]))


@pytest.mark.parametrize(
    ("group", "series"),
    [("empire|soldier", "bolshevik"), ("petrograd|all", "kadet"), ("volga|peasant", "soviet_power"),
     ("western_front|all", "sr"), ("garrisons|all", "left_sr")],
)  # fmt: skip
def test_the_page_holds_what_the_tables_say(told, numbers, group, series):
    result = page_kit.results()[0]
    place, stratum = group.split("|")
    asked = (place, None if stratum == "all" else stratum)
    shares = result.soviet_share(*asked) if series == "soviet_power" else result.share(series, *asked)
    middle = shares.groupby("date")["share"].median()[told["dates"]].to_numpy()
    at = [g["id"] for g in told["groups"]].index(group)
    wholes = sum(g["whole"] for g in told["groups"])
    which = ("whole", 1, at) if at < wholes else ("place", 1, at - wholes)
    shown = numbers(f"0/{which[0]}")[which[1], which[2], SERIES.index(series)]
    assert np.abs(shown - middle).max() <= data.STEP / 2 + 1e-9


def test_single_histories_and_differences_are_of_the_same_runs(told, numbers):
    base, other = (cube_of(result, tuple(told["dates"])) for result in page_kit.results())
    at, party = [g["id"] for g in told["groups"]].index("fronts|soldier"), SERIES.index("bolshevik")
    assert np.abs(numbers("1/single")[:, at, party] - other.shares[:, at, party]).max() <= data.SINGLE_STEP / 2 + 1e-6
    change = (other.shares - base.shares)[:, at, party].astype(float)
    assert np.abs(numbers("1/change")[1, at, party] - np.median(change, axis=0)).max() <= data.STEP
    asked = told["scenarios"][1]["asked"]
    assert told["dates"][asked] == max(d for d in told["dates"] if d <= "1917-10-24")
    assert numbers("1/below")[at, party] == (change[:, asked] < -data.SAME).sum()
    assert np.abs(np.median(numbers("1/dots")[at, party]) - np.median(change[:, asked])).max() < 0.01
    until = [d < told["scenarios"][1]["divergence"] for d in told["dates"]]
    assert (numbers("1/change")[:, :, :, until] == 0).all() and sum(until) > 10


def test_seats_are_whole_and_add_up_to_the_house(told):
    result = page_kit.results()[0]
    found = houses(result, Words())
    table = result.soviets
    there = table[(table["body"] == "second_congress")]
    assert sum(found["second_congress"]["seats"][0]) == round(there["seats"].sum() / len(result.runs))
    assert {"petrograd_soviet", "constituent_assembly", "tsik"} <= set(told["scenarios"][0]["houses"])


def test_counted_points_carry_source_side_and_the_models_answer(told):
    points = {(p["contest"], p["target"]): p for p in told["observed"]}
    nation = points["nation", "bolshevik"]
    assert nation["value"] == 0.24 and nation["group"] == "empire|all" and nation["split"] == "context"
    assert all(p["sources"] for p in points.values())
    assert points["western_front", "bolshevik"]["group"] == "western_front|all"
    assert points["kostroma_garrison", "bolshevik"]["group"] == "central_industrial/garrisons|all"
    assert points["northern", "bolshevik"]["group"] is None  # that region's count holds the capital, ours does not
    low, middle, high = points["army_and_navy", "bolshevik"]["model"]
    assert 0 < low <= middle <= high < 1


def test_sources_are_works_that_a_reader_can_look_up(told):
    works = {work for entry in [*told["history"], *told["scenarios"], *told["observed"]] for work in entry["sources"]}
    works |= {line["source"] for line in told["debate"]}
    assert len(works) > 50 and not [work for work in works if re.search(r"\bseed \d|memory:|unverified", work)]
    assert cited("seed 001 (Craig, A Book, 2005); seed 003 (Tabor, Part III)") == "Craig, A Book, 2005; Tabor, Part III"
    assert cited("Tabor, A Part (seed 003); Mandel (2017)") == "Tabor, A Part; Mandel (2017)"
    assert cited("memory: Feldman, unverified; see Kennan") == "Feldman (from memory, not checked); see Kennan"


def test_changes_are_told_by_title_and_days():
    events = {"remove": ["july_days"], "shift": {"june_offensive": -3, "july_arrests": "1917-07-09"},
              "force": {"tsik_takes_power_july": "1917-07-04", "mine": "1917-07-05"},
              "add": [{"id": "mine", "title": "An event of ours"}]}  # fmt: skip
    found = told_page._listed(("events",), {"events": events}, Words())
    assert ["remove", "July Days"] in found and ["earlier", "The June offensive", "3"] in found
    assert [verb for verb, *_ in found] == ["remove", "earlier", "shift", "force", "force", "add"]
    assert not any("_" in what for _, what, *_ in found)
    point = sim.decision_points()["summer_offensive"]
    assert told_page._decided(point.id, point.options[0].id, Words()) == f"{point.title}: {point.options[0].title}"
    assert told_page._freed({"divergence": "1917-07-01", "events": {"pin": "all"}}) == []
    assert told_page._freed({"divergence": "1917-07-01", "events": {"free": ["july_days"]}}) == []


def test_changes_are_decisions_and_assumptions_apart(told):
    history, other = told["scenarios"]
    assert history["decided"] == history["assumed"] == []
    assert ["remove", "The June offensive"] in other["decided"]
    assert other["assumed"] == [["freed", other["divergence"]]]
    titles = {event["id"]: event for event in told["history"]}
    assert titles["tsik_takes_power_july"]["alternative"] and not titles["july_days"]["alternative"]
    assert other["events"]["june_offensive"]["removed"]["runs"] == page_kit.RUNS


def test_the_split_by_cause_adds_up_to_the_change(told, numbers):
    why = told["why"]
    split = numbers("1/why")
    result = page_kit.results()[1]
    at, party = why["groups"].index("empire|soldier"), why["series"].index("bolshevik")
    share = result.share("bolshevik", "empire", "soldier").query(f"run == {why['run']}").set_index("date")["share"]
    day = [date.fromisoformat(d).toordinal() for d in share.index]
    first, last = 10, len(why["dates"]) - 5
    then, now = (np.interp(date.fromisoformat(why["dates"][i]).toordinal(), day, share) for i in (first, last))
    moved = split[at, party, :, last] - split[at, party, :, first]
    assert abs(moved.sum() - (now - then)) < 0.01
    assert {"peace", "blame", "won", "peers"} <= {c["id"] for c in why["channels"]} and np.abs(moved).max() > 0.01


def test_the_worksheet_has_both_readings_and_no_total(told):
    table = scorecard.table(page_kit.results()[0]).set_index("measure")
    for line, values in zip(told["debate"], told["scenarios"][0]["sheet"], strict=True):
        assert line["few"] and line["many"] and line["source"] and len(line["measures"]) == len(values)
        assert all(value["runs"] == 0 or value["spread"] == sorted(value["spread"]) for value in values)
    force = told["debate"][1]["measures"], told["scenarios"][0]["sheet"][1]
    assert force[0][1] == ["soldiers", "persons"]
    assert force[1][1]["spread"][1] == pytest.approx(table.loc["participants/soldier", "median"], abs=0.001)
    assert told["scenarios"][0]["rose"] == table.loc["participants/soldier", "runs"] == page_kit.RUNS
    assert "total" not in json.dumps(told["debate"])


def test_the_page_can_load_nothing(text):
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', text)[1]
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy and "unsafe" not in policy
    assert re.findall(r"<(?:img|iframe|link|script|source|object|embed)\b[^>]*(?:src|href)=\"(?!data:,)", text) == []
    assert re.findall(r"@import|url\(", re.search(r"<style>(.*?)</style>", text, re.S)[1]) == []
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert len(text.encode()) < 6_000_000


def test_words_stand_in_one_file():
    words = strings()

    def holds(key: str) -> bool:
        node = words
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        return node is not None

    for name in SCRIPTS:
        script = (FRONT / name).read_text(encoding="utf-8")
        assert [key for key in re.findall(r"O\.(?:t|list)\(\"([\w.]+)\"", script) if not holds(key)] == [], name
        shown = re.findall(r"O\.(?:el|svg)\([^;\n]*?\}, \"([A-Za-z]{3,}[^\"]*)\"", script)
        assert shown == [], f"{name}: words outside strings.json"


def test_every_place_of_the_maps_is_there_and_none_covers_another():
    known = {place.id for place in sim.PLACES}
    regions = {place.region for place in sim.PLACES} | known
    assert set(CAPITAL) <= known and set(COUNTRY) <= regions
    tiles = []
    for place, (_, _, column, row) in COUNTRY.items():
        wide = 3 if f"{place}/towns" in known else 1
        tiles += [(column + i, row) for i in range(wide)]
    for found in (tiles, [(column, row) for _, _, column, row in CAPITAL.values()]):
        pairs = [(a, b) for i, a in enumerate(found) for b in found[:i]]
        close = [(a, b) for a, b in pairs if abs(a[0] - b[0]) < 0.999 and abs(a[1] - b[1]) < 0.999]
        assert close == []


def test_libraries_come_with_their_licences():
    for name in LIBRARIES:
        vendor = FRONT.parent / "vendor"
        assert (vendor / name).stat().st_size > 1000
        licence = (vendor / name.replace(".min.js", ".LICENSE")).read_text(encoding="utf-8")
        assert "Copyright" in licence and "ermission" in licence
    pinned = json.loads((FRONT.parent / "vendor" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())


def test_a_contingency_adds_its_curve(tmp_path):
    days = ("1917-03-01", "1917-06-01", "1917-09-01")
    rows = [(run, day, "soviet_power_date", float(240 + run) if run < 3 - i else np.nan)
            for i, day in enumerate(days) for run in range(4)]  # fmt: skip
    branches = pd.DataFrame(rows, columns=["run", "date", "measure", "value"])
    events = pd.DataFrame({"run": [], "date": [], "event": [], "came": []})
    contingency = sim.Contingency(branches=branches, events=events, told={"scenarios": [{"name": "open"}]})
    (curve,) = curves(contingency, Words())
    assert [p["date"] for p in curve["points"]] == list(days) and curve["runs"] == 4
    assert [p["odds"] for p in curve["points"]] == [0.75, 0.5, 0.25]
    assert all(p["low"] < p["odds"] < p["high"] for p in curve["points"])
    assert curves(None, Words()) == []


def test_what_does_not_fit_is_refused():
    base, other = page_kit.results()
    with pytest.raises(sim.InputError, match="1 to 6"):
        payload([])
    with pytest.raises(sim.InputError, match="named twice"):
        payload([base, base])
    with pytest.raises(sim.InputError, match="MB, more than 6"):
        found = payload([base])
        build(Payload(found.told, "A" * 6_000_000))


def test_scenarios_of_other_seeds_are_not_paired(tmp_path):
    base, other = page_kit.results()
    other.manifest["identity"]["options"]["seed"] = 1
    found = payload([base, other])
    other_told = found.told["scenarios"][1]
    assert "paired" not in other_told and other_told["unpaired"] == "luck" and "1/change" not in found.told["blocks"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["historical", "-o", "lesson.pdf"], "must end in .html"),
        (["a", "b", "c", "d", "e", "f", "g"], "at most 6"),
        (["no_such_thing"], "no_such_thing"),
        (["historical", "RESULT"], "not both"),
    ],
)
def test_export_says_what_is_wrong(arguments, message):
    result = str(page_kit.folder() / "results")
    ran = CliRunner().invoke(app, ["export", *(result if a == "RESULT" else a for a in arguments)])
    assert ran.exit_code == 2 and message in ran.output


def test_export_takes_the_directory_of_a_comparison(tmp_path):
    out = tmp_path / "a" / "page.html"
    ran = CliRunner().invoke(app, ["export", str(page_kit.folder() / "results"), "--no-why", "-o", str(out)])
    assert ran.exit_code == 0, ran.output
    made, kept = (re.sub(r'"why":.*?"blocks"', "", p.read_text(encoding="utf-8")) for p in (out, page_kit.page()))
    assert len(made) > 1_000_000 and made.split('id="told">')[0] == kept.split('id="told">')[0]
