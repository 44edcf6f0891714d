"""The words of a page: messages with plural forms, one file of all of them, translations taken and refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page_kit
import pytest
from typer.testing import CliRunner
from words_kit import translated

import sim
from analysis.page import data, told
from analysis.page.build import SCRIPTS
from analysis.page.words import Words, filled_in, parts, strings
from sim.cli import app
from sim.cli import pages as cli_pages

FRONT = Path(__file__).resolve().parents[1] / "analysis" / "page" / "front"
RUNS = "{n} of {runs, plural, one {# run} few {# runs, {kind}} other {# runs}}"


def messages(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every message of a file of words with its dotted key."""
    if isinstance(node, str):
        yield path, node
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from messages(value, f"{path}.{key}" if path else str(key))


def test_a_message_falls_into_its_parts():
    assert parts(RUNS) == [
        ("n", {}), " of ", ("runs", {"one": "# run", "few": "# runs, {kind}", "other": "# runs"}),
    ]  # fmt: skip
    assert filled_in(RUNS) == {"n", "runs", "kind"}
    assert parts("plain") == ["plain"] and parts("") == []


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("{n", "not closed"),
        ("n} of {runs}", "not opened"),
        ("{a} b}", "not opened"),
        ("{a b}", "neither a name nor a plural"),
        ("{n, plural, one {# run}}", "lacks its form 'other'"),
        ("{n, plural, several {x} other {y}}", "the forms zero, one"),
        ("{n, plural, one # other {y}}", "the forms zero, one"),
    ],
)
def test_a_broken_message_says_what_is_wrong(message, wrong):
    with pytest.raises(ValueError, match=wrong):
        parts(message)


def test_every_message_can_be_read_and_each_is_used():
    code = "".join((FRONT / name).read_text(encoding="utf-8") for name in (*SCRIPTS, "classroom.js", "template.html"))
    # Keys made of a word known only to the data: `voices.${who}`, O.list("evidence.targets").
    open_ended = ("voices.", "follow.", "counted.", "whatif.kind", "whatif.verbs.", "whatif.unpaired.", "whatif.asks.",
                  "card.confidence_told.", "evidence.", "lenses.camp.", "bet.sure_", "year.short.", "year.kinds.",
                  "debate.marks.", "print.questions_", "general_cannot", "glossary", "who.", "date.", "chart.csv_of",
                  "chart.png_of", "live.")  # fmt: skip
    unused = []
    for key, message in messages(strings()):
        assert filled_in(message) is not None, key
        stem, _, last = key.rpartition(".")
        whole = f'"{key}"' in code or f"{{{{{key}}}}}" in code
        made = f"`{stem}.${{" in code and re.search(rf'["\[ {{,(]{re.escape(last)}["\],: }}]', code)
        if not (whole or made or key.startswith(open_ended) or key == "lang"):
            unused.append(key)
    assert unused == []


def test_one_file_holds_all_and_comes_back_translated(tmp_path):
    base = page_kit.results()[0]
    english = Words()
    assert told.parties(english)[0]["label"] == "Bolsheviks"
    assert told.scenario(base, english)["title"] == "1917 as it is recorded"
    english.write(tmp_path / "words.json")
    whole = json.loads((tmp_path / "words.json").read_text(encoding="utf-8"))
    assert whole["bet"]["title"] == strings()["bet"]["title"]
    assert whole["names"]["parties"]["kadet"] == "Kadets"
    (tmp_path / "other.json").write_text(json.dumps(translated(whole)), encoding="utf-8")
    other = Words.read(tmp_path / "other.json")
    labels = [line["label"] for line in told.parties(other)]
    shown = [other.get("bet.title"), *labels, told.scenario(base, other)["title"]]
    assert len(set(labels)) == len(labels) and not re.search("[A-Za-z]", "".join(shown))
    assert told.place("moscow/city", other) == told.place("moscow/city", Words())  # not in the file: stays English


def test_what_a_translation_lacks_stays_english(tmp_path):
    (tmp_path / "ru.json").write_text('{"lang": "ru", "names": {"parties": {"sr": "X", "kadet": ""}}}')
    words = Words.read(tmp_path / "ru.json")
    assert words.get("lang") == "ru" and words.get("bet.title") == strings()["bet"]["title"]
    labels = {line["id"]: line["label"] for line in told.parties(words)}
    assert (labels["sr"], labels["kadet"]) == ("X", "Kadets")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[", "no JSON"),
        ("[]", "expected an object"),
        ('{"bet": {"titel": "x"}}', "unknown key 'bet.titel'"),
        ('{"bet": "x"}', "'bet' is no object"),
        ('{"bet": {"title": 1}}', "'bet.title' is no text"),
        ('{"bet": {"class_count": "{m}"}}', "'bet.class_count': nothing fills in {m}"),
        ('{"live": {"progress": "{done} {asked, plural, one {x}}"}}', "'live.progress': a plural lacks its form"),
        ('{"date": {"months": ["x"]}}', "'date.months' is no list of 12"),
        ('{"glossary": [["a", "b", "c"]]}', r"'glossary\[0\]' is no list of 2"),
        ('{"lang": "Russian!"}', "Expected a tag such as 'ru'"),
        ('{"names": []}', "'names' is no object"),
    ],
)
def test_a_translation_is_refused_with_its_key(tmp_path, text, wrong):
    (tmp_path / "words.json").write_text(text, encoding="utf-8")
    with pytest.raises(sim.InputError, match=wrong):
        Words.read(tmp_path / "words.json")


def test_each_lens_has_its_own_history():
    base, other = page_kit.results()
    seen, seen_other, stranger = (page_kit.under(result, "mandel") for result in (base, other, other))
    assert data.bases([base, other]) == [0, 0]
    assert data.bases([base, other, seen, seen_other]) == [0, 0, 2, 2]
    assert data.bases([base, stranger]) == [0, 0] and data._unlike(base, stranger) == "lens"
    assert data._unlike(seen, seen_other) is None and data._unlike(base, other) is None
    with pytest.raises(sim.InputError, match="'no_offensive' is named twice under the lens 'mandel'"):
        data.payload([base, seen_other, stranger])


def test_what_leaves_events_to_the_model_stands_beside_history_left_open():
    base, other = page_kit.results()
    opened = page_kit.left_open(base, "1917-06-16")
    assert told.open_since(base) is None and told.open_since(other) == told.open_since(opened) == "1917-06-16"
    assert data.bases([base, other, opened]) == [0, 2, 2]
    assert data.bases([base, other, page_kit.left_open(base, "1917-06-17")]) == [0, 0, 2]
    assert data.bases([opened, other]) == [0, 0]
    assert told.scenario(opened, Words())["kind"] == "open" and told.scenario(base, Words())["kind"] == "historical"


def test_export_runs_history_left_open_too():
    history, summer, july = (sim.load(name) for name in ("historical", "no_offensive", "soviet_power_july"))
    found = cli_pages._left_open(history, [summer, july, summer])
    assert [one.name for one in found] == ["historical@1917-06-16", "historical@1917-07-04"]
    assert [str(one.divergence) for one in found] == ["1917-06-16", "1917-07-04"]
    assert cli_pages._left_open(found[0], [summer]) == [] and cli_pages._left_open(history, [summer, found[0]]) == []
    assert cli_pages._left_open(history, [sim.load("split_lists")]) == []  # every event keeps its date there


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["historical", "no_offensive", *["--lens", "mandel", "--lens", "craig"] * 2], "6 scenarios, and 2 under 4"),
        (["historical", "--lens", "no_such_lens"], "unknown lens 'no_such_lens'"),
        (["RESULT", "--lens", "mandel"], "--lens is for scenarios that are named"),
        (["historical", "--words", "nowhere.json"], "nowhere.json can't be read"),
    ],
)  # fmt: skip
def test_export_says_what_is_wrong_with_lenses_and_words(arguments, message):
    result = str(page_kit.folder() / "results")
    ran = CliRunner().invoke(app, ["export", *(result if a == "RESULT" else a for a in arguments)])
    assert ran.exit_code == 2 and message in ran.output
