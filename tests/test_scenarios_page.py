"""The page on writing a scenario: its files are right, its messages are those printed, its conditions are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scenario_kit import written

from sim.engine.model import SUPPORTED
from sim.inputs.conditions import parse
from sim.inputs.reachable import Bounds, unreachable
from sim.inputs.scenario import Scenario
from sim.inputs.starter import starter
from sim.running.vocabulary import load, problems

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "scenarios.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+(?: \w+)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, text) for kind, text in BLOCK.findall(PAGE)]
FILES = [text for kind, text in BLOCKS if kind == "yaml"]


def blocks(wanted: str) -> list[str]:
    return [line for kind, text in BLOCKS if kind == wanted for line in text.splitlines()]


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_every_file_on_the_page_is_right(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert [str(problem) for problem in problems(path)] == []
    assert load(path).extends == "historical"


def test_the_page_shows_every_change_that_a_file_can_make(tmp_path: Path) -> None:
    shown = {part.split(".")[0] for text in FILES for part in load(written(tmp_path, text)).uses()}
    described = {"title", "question", "kind", "sources", "card", "ledger", "extends", "start", "until", "divergence"}
    assert set(Scenario.model_fields) - described <= shown
    for part in SUPPORTED:
        assert part.split(".")[-1] in PAGE


def test_the_messages_on_the_page_are_those_that_are_printed(tmp_path: Path) -> None:
    wrong = next(text for kind, text in BLOCKS if kind == "yaml wrong")
    found = problems(written(tmp_path, wrong, "wrong.yaml"))
    told = [f"wrong.yaml:{p.line}:{p.column}: {p.message}" for p in found]
    assert told == blocks("text")


@pytest.mark.parametrize("text", blocks("conditions"))
def test_every_condition_on_the_page_is_read_and_may_hold(text: str) -> None:
    assert unreachable(parse(text).term, Bounds()) is None


@pytest.mark.parametrize("text", blocks("conditions never"))
def test_every_condition_that_never_holds_is_found(text: str) -> None:
    assert unreachable(parse(text).term, Bounds())


STARTED = starter("my_question", "historical")
PROSE = re.compile(r"^# \S.*", re.MULTILINE)
SECTIONS = re.findall(r"(?:^#[a-z ].*\n)+", PROSE.sub("", STARTED), re.MULTILINE)


def test_the_started_file_is_right_as_it_is(tmp_path: Path) -> None:
    assert problems(written(tmp_path, STARTED)) == []
    keys = {section.split(":")[0].removeprefix("#") for section in SECTIONS}
    assert keys | {"extends", "title", "start", "ledger"} == set(Scenario.model_fields)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.split(":")[0])
def test_each_example_of_the_started_file_can_be_used(tmp_path: Path, section: str) -> None:
    text = STARTED.replace(section, re.sub("^#", "", section, flags=re.MULTILINE))
    assert text != STARTED
    assert [str(problem) for problem in problems(written(tmp_path, text))] == []
