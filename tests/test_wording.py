"""Neutral words in everything that is shown: events, cards, titles, help, figures, messages, pages.

Actor and act are named ('cabinet forces arrested 800'), the same verb for the same act by any side. The words below
take a side or name a verdict; they stand only in an attributed quotation, in the name of a debate or in the title of a
work, each of which is listed here with its reason.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from sim import cli
from sim.history.catalogue import events

ROOT = Path(__file__).resolve().parents[1]
WORDS = re.compile(
    r"\b(coups?|putsch\w*|(?:counter-?\s?)?revolutions?|masses|vanguards?|traitors?|conciliators?|bourgeois\w*|fascis\w+|"
    r"slander\w*|compromisers?|lackeys?|hirelings?|rabble|mobs?)\b",
    re.IGNORECASE,
)
#: Exact words that may stand, and why.
ALLOWED = {
    "the Russian Revolution": "the usual name of the events, as in the titles of works",
    "Coup or revolution": "the name of a debate",
    "The Russian Revolution and the Baltic Fleet": "title of a work (Mawdsley)",
    "Moscow Workers and the 1917 Revolution": "title of a work (Koenker)",
    "Strikes and Revolution in Russia": "title of a work (Koenker and Rosenberg)",
    "The February Revolution": "title of a work (Hasegawa)",
    "'Coup or revolution'": "the name of a debate, whose questions are Tabor's; the worksheet draws no total",
}
#: Keys of the data under which works are cited: their titles are their authors' words.
CITATIONS = {"source", "sources", "work", "works"}
#: On a card each side says what was at stake, under its own name; it may name the events as it did.
VOICES_MAY_SAY = re.compile(r"\b(?:counter-)?revolution\b", re.IGNORECASE)

Shown = Iterator[tuple[str, str]]


def verdicts(text: str) -> list[str]:
    """The words of the list that stand in a text outside what is allowed."""
    for phrase in sorted(ALLOWED, key=len, reverse=True):
        text = text.replace(phrase, "").replace(phrase[0].upper() + phrase[1:], "")
    return [match[0] for match in WORDS.finditer(text)]


def leaves(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from leaves(value, path)


def in_data() -> Shown:
    """Events, warnings, cabinets, parties, bodies, scenario cards, contests: all words of the data but citations."""
    for folder in ("sim", "scenarios", "analysis"):
        for file in sorted((ROOT / folder).rglob("*.yaml")):
            for path, text in leaves(YAML(typ="safe").load(file.read_text(encoding="utf-8"))):
                if not CITATIONS & set(path):
                    spoken = VOICES_MAY_SAY.sub("", text) if "voices" in path else text
                    yield f"{file.name}: {'.'.join(path)}", spoken


def in_page() -> Shown:
    """Every word of the one-file page, but the works it cites."""
    file = ROOT / "analysis" / "page" / "front" / "strings.json"
    for path, text in leaves(json.loads(file.read_text(encoding="utf-8"))):
        if not CITATIONS & set(path):
            yield f"{file.name}: {'.'.join(path)}", text


def in_code() -> Shown:
    """Every string of words in the code that is not a docstring: messages, listings, summaries, labels of figures."""
    for folder in ("sim", "analysis"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            docstrings = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
                and node.body and isinstance(node.body[0], ast.Expr)
            }  # fmt: skip
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                    if " " in node.value:
                        yield f"{file.name}:{node.lineno}", node.value


def in_help() -> Shown:
    """The help of the program and of each command."""
    program = get_command(cli.app)
    context = program.make_context("october", ["list", "day"])
    yield "october --help", str(program.help)
    for name, command in program.commands.items():
        yield f"october {name} --help", str(command.help)
        for parameter in command.get_params(context):
            yield f"october {name}: {parameter.name}", str(getattr(parameter, "help", ""))


def in_pages() -> Shown:
    """Prose of the README, the changelog and the pages of docs, without code."""
    for file in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for number, line in enumerate(text.split("\n"), start=1):
            yield f"{file.name}, line {number} without code", re.sub(r"`[^`]*`", "", line)


def in_scenario_pages() -> Shown:
    """Pages made from cards and results: the voices as on the cards, without the titles of works."""
    for file in sorted((ROOT / "docs" / "scenarios").glob("*.md")):
        text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL).partition("## Sources")[0]
        before, voices, after = re.split(r"## What each would say was at stake|## In the file", text)
        yield f"{file.name}: voices", VOICES_MAY_SAY.sub("", voices)
        for number, line in enumerate((before + after).split("\n"), start=1):
            yield f"{file.name}, line {number} without code and voices", re.sub(r"`[^`]*`", "", line)


@lru_cache(maxsize=1)
def shown() -> tuple[tuple[str, str], ...]:
    return (*in_data(), *in_page(), *in_code(), *in_help(), *in_pages(), *in_scenario_pages())


def test_everything_shown_is_neutral():
    found = [f"{where}: {', '.join(words)}: {text[:120]}" for where, text in shown() if (words := verdicts(text))]
    assert found == [], "\n".join(found)


def test_the_reader_sees_all_that_is_shown():
    everything = "\n".join(text for _, text in shown())
    event = events()["july_days"]
    assert event.title in everything and event.text.split(".")[0] in everything
    for words in (
        "Under a cabinet with the propertied parties the war will go on for their aims.",  # a warning
        "First Provisional Government",  # a cabinet
        "Petrograd Soviet",  # a body
        "for asking what would have followed had it gone otherwise",  # help
        "follow, place by place",  # a figure
        "Others together",  # a label
        "Draw your line before you look",  # the page
        "An army that does not fight dissolves",  # a voice on a card
        "simulated people. Shares on",  # the summary
        "It doesn't predict.",  # the README
    ):
        assert words in everything, words


def test_each_exception_is_used_and_has_its_reason():
    everything = "\n".join(text for _, text in shown())
    assert [phrase for phrase in ALLOWED if phrase.lower() not in everything.lower()] == []
    assert all(reason for reason in ALLOWED.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The masses rose in a counter-revolution", ["masses", "counter-revolution"]),
        ("After the coup", ["coup"]),
        ("A bourgeoisie of traitors", ["bourgeoisie", "traitors"]),
        ("The Military Revolutionary Committee and the Socialist Revolutionaries", []),
        ("A model of the Russian Revolution", []),
        ("Conciliation chambers in a massive plant", []),
    ],
)
def test_the_list_catches_what_it_should(text, words):
    assert verdicts(text) == words


def test_deaths_are_ranges():
    """An event gives deaths as low and high; the outcomes give both; nothing draws, ranks or colours them."""
    shootings = [effect for event in events().values() for effect in event.effects if hasattr(effect, "deaths")]
    assert len(shootings) > 3
    for shooting in shootings:
        low, high = shooting.deaths
        assert 0 <= low <= high
    drawn = [
        text
        for file in sorted((ROOT / "analysis" / "plots").glob("*.py"))
        for text in (node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
                     if isinstance(node, ast.Constant) and isinstance(node.value, str))
        if re.search("deaths|losses|killed", text) and " " not in text
    ]  # fmt: skip
    assert drawn == []
