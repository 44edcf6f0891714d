"""The generated pages are current, leave nothing out, and say so when equations and code have parted."""

from __future__ import annotations

import re

import pytest

from docs import code, equations, pages, rooms, tables
from sim.engine.day_table import MECHANISMS, PHASES
from sim.history.catalogue import events
from sim.inputs.effects import EFFECTS
from sim.inputs.parameters import DECLARATIONS
from sim.society import cells, people


@pytest.fixture(scope="module")
def all_pages() -> dict[str, str]:
    return pages.all_pages()


@pytest.fixture(scope="module")
def odd(all_pages: dict[str, str]) -> str:
    return all_pages["odd.md"]


def section(text: str, title: str) -> str:
    """From a heading that begins with ``title`` to the next one of its level."""
    start = text.index(title)
    level = title.split(" ")[0] + " "
    rest = text.find(f"\n{level}", start + 1)
    return text[start : rest if rest > 0 else len(text)]


@pytest.mark.parametrize("name", ["odd.md", "parameters.md", pages.SCHEMA])
def test_a_generated_page_is_current(name: str, all_pages: dict[str, str]) -> None:
    written = (pages.FOLDER / name).read_text(encoding="utf-8")
    assert written == all_pages[name], f"docs/{name} is out of date: run `make docs`"


def test_the_page_has_the_seven_sections_of_odd_and_the_concepts_of_both(odd: str) -> None:
    assert re.findall(r"^## (\d)\. ", odd, flags=re.MULTILINE) == list("1234567")
    for concept in (
        "Basic principles", "Emergence", "Adaptation and objectives", "Learning", "Prediction", "Sensing",
        "Interaction", "Stochasticity", "Collectives", "Heterogeneity", "Observation", "Implementation",
    ):  # fmt: skip
        assert f"**{concept}" in odd


def test_every_column_is_on_the_page(odd: str) -> None:
    entities = section(odd, "## 2. ")
    for column in (*people.COLUMNS, *cells.COLUMNS):
        assert f"| `{column.name}` | {column.kind} |" in entities


def test_every_phase_has_a_section_with_its_rules_and_parameters(odd: str) -> None:
    for n, phase in enumerate(PHASES, start=1):
        told = section(odd, f"### 7.{n} ")
        assert phase.does in told
        assert ("Switched off with" in told) == (phase.mechanism in MECHANISMS)
        for path in rooms.files_of(phase.name):
            assert f"`{path}`: " in told
        for declared in tables.parameters_of(phase.mechanism or phase.name):
            assert f"| `{declared.name}` | {declared.default:g} |" in told


def test_every_rule_of_the_model_is_told_somewhere(odd: str) -> None:
    told = section(odd, "## 7. ")
    for path in (*code.modules("mechanisms"), *code.modules("politics"), *code.modules("history")):
        assert f"`{path}`: " in told or path in rooms.NO_RULE
    for path in code.modules("mechanisms"):
        assert all(f"- `{said.name}`: " in told for said in code.module(path).functions if said.text)


#: Claims of the ledger on how 1917 worked, D1 to D7: first and last number of each run of them.
CLAIMS = ((1, 42), (50, 61), (70, 85), (90, 108), (110, 136), (138, 138), (140, 141))


def unclaimed(texts: str, page: str) -> list[str]:
    """Claims of the ledger that no file of the model names and the page does not account for."""
    named = {int(n) for n in re.findall(r"\bD-(\d{3})", texts)}
    for first, last in re.findall(r"\bD-(\d{3}) to D-(\d{3})", texts):
        named |= set(range(int(first), int(last) + 1))
    accounted = {int(n) for n in re.findall(r"\bD-(\d{3})", page)}
    claims = {n for first, last in CLAIMS for n in range(first, last + 1)}
    return [f"D-{n:03}" for n in sorted(claims - named - accounted)]


def test_every_claim_of_the_ledger_is_a_rule_or_accounted_for() -> None:
    page = (pages.FOLDER / "source" / "odd.md").read_text(encoding="utf-8")
    told = page.split("### What the ledger claims and no rule says")[1].split("\n## ")[0]
    root = pages.FOLDER.parent
    files = [p for d in ("sim", "scenarios") for e in ("*.py", "*.yaml") for p in (root / d).rglob(e)]
    texts = "\n".join(p.read_text(encoding="utf-8") for p in files)
    assert unclaimed(texts, told) == []
    assert "D-057" in unclaimed(texts, told.replace("D-057", "")), "a claim that nobody names is seen"


def test_every_mechanism_has_equations() -> None:
    assert set(MECHANISMS) <= set(equations.written())
    assert set(equations.written()) <= {phase.name for phase in PHASES}


def test_every_parameter_is_on_its_page_once_with_range_and_source() -> None:
    page = pages.parameters()
    for declared in DECLARATIONS.values():
        rows = [line for line in page.splitlines() if line.startswith(f"| `{declared.name}` |")]
        assert len(rows) == 1
        assert f"| {declared.low:g} to {declared.high:g} |" in rows[0]
        assert rows[0].endswith(f"| {declared.meaning.replace('|', '/')} | {declared.source.replace('|', '/')} |")


def test_every_effect_is_told_and_counted(odd: str) -> None:
    told = section(odd, "## 6. ")
    uses = [effect.kind for event in events().values() for effect in event.effects]
    for kind in EFFECTS:
        row = next(line for line in told.splitlines() if line.startswith(f"| `{kind}` |"))
        assert row.endswith(f"| {uses.count(kind)} |")


def test_links_lead_to_pages_that_are_there(odd: str) -> None:
    for page in (odd, pages.parameters()):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page):
            assert (pages.FOLDER / target).is_file(), target


def test_links_into_the_page_of_parameters_meet_a_heading(odd: str) -> None:
    headings = {
        line[3:].lower().replace(" ", "-") for line in pages.parameters().splitlines() if line.startswith("## ")
    }
    assert set(re.findall(r"parameters\.md#([\w-]+)", odd)) <= headings


def test_a_name_that_nothing_stands_for_is_an_error() -> None:
    assert pages.fill("{{ parameters }} parameters") == f"{len(DECLARATIONS)} parameters"
    with pytest.raises(KeyError):
        pages.fill("{{ parametres }}")


def test_docstrings_become_markdown() -> None:
    assert code.markdown("a :func:`~sim.x.f` of ``D``") == "a `sim.x.f` of `D`"
    told = code.module("sim/mechanisms/blame.py")
    assert {"clarity", "charge"} <= {said.name for said in told.functions} and "D-026" in told.ledger
    assert [c.value for c in told.constants if c.name == "OUT_OF_OFFICE"] == ["0.1"]


def test_a_fingerprint_follows_code_and_not_words(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / "sim/engine").mkdir(parents=True)
    monkeypatch.setattr(code, "ROOT", tmp_path)

    def mark(rule: str, day: str = "1") -> str:
        (tmp_path / "sim/x.py").write_text(rule)
        (tmp_path / "sim/engine/day.py").write_text(f"class Day:\n    def blame(self):\n        return {day}\n")
        code._tree.cache_clear()
        return code.fingerprint(("sim/x.py",), "blame")

    first = mark('"""Said."""\ndef f():\n    "So."\n    return 1  # why\n')
    assert mark('"""Said else."""\ndef f():\n    "Otherwise."\n    return 1\n') == first
    assert mark('"""Said."""\ndef f():\n    "So."\n    return 2\n') != first
    assert mark('"""Said."""\ndef f():\n    "So."\n    return 1\n', day="2") != first
    monkeypatch.undo()
    code._tree.cache_clear()


def test_equations_of_code_that_has_changed_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "_notes", lambda: {"blame": "another", "demands": equations.now("demands")})
    assert "blame" in equations.to_read() and "demands" not in equations.to_read()
    assert equations.of("blame").endswith(equations.CHANGED)
    assert equations.CHANGED not in equations.of("demands")
