"""Which layer may import which, read off the sources.

words <- inputs <- society, politics <- mechanisms, history <- engine <- running <- cli. `analysis` sees only the public
names of `sim`; `sim` reaches `analysis` through two doors, inside functions. The rooms of `analysis`: words, running <-
evidence <- inference <- validation <- studies <- plots <- page <- classroom, and words, running <- answers <- plots.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ROOT / "analysis" / "targets"
RANK = {
    "words": 0, "inputs": 1, "society": 2, "politics": 2, "mechanisms": 3, "history": 3, "engine": 4, "running": 5,
    "cli": 6,
}  # fmt: skip
ROOMS = {
    "words": 0, "running": 0, "evidence": 1, "answers": 1, "inference": 2, "validation": 3, "studies": 4, "plots": 5,
    "page": 6, "classroom": 7, "__main__": 8,
}  # fmt: skip
#: Files of `analysis` that reach a room to their right inside functions: a split of `why` draws itself.
ROOM_DOORS = {"analysis/answers/why.py": "plots"}
#: The command line and the plot methods of results.
DOORS = {
    *(f"sim/cli/{name}.py" for name in ("figures", "pages", "reasons", "sensitivity", "studies")),
    "sim/running/results.py",
}


@dataclass(frozen=True)
class Import:
    file: str
    line: int
    module: str
    names: tuple[str, ...]
    inside: bool

    @property
    def package(self) -> str:
        return self.module.split(".")[0]

    @property
    def layer(self) -> str:
        return self.module.split(".")[1] if "." in self.module else ""


def imports(source: str, file: str) -> Iterator[Import]:
    def walk(node: ast.AST, inside: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(file, child.lineno, alias.name, (), inside)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{file}:{child.lineno}: relative import"
                names = tuple(alias.name for alias in child.names)
                yield Import(file, child.lineno, child.module or "", names, inside)
            else:
                yield from walk(child, inside or isinstance(child, (ast.FunctionDef, ast.Lambda)))

    return walk(ast.parse(source), False)


def all_imports(package: str) -> list[Import]:
    files = sorted((ROOT / package).rglob("*.py"))
    return [
        found
        for path in files
        for found in imports(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]


def layer_of(file: str) -> str:
    return Path(file).parts[1].removesuffix(".py")


def to_the_right(found: list[Import]) -> list[str]:
    """Imports of a layer that stands to the right of the importing file's."""
    return [
        f"{i.file}:{i.line} imports {i.module}"
        for i in found
        if i.package == "sim" and i.layer and i.file != "sim/__init__.py" and RANK[i.layer] > RANK[layer_of(i.file)]
    ]


def past_the_door(found: list[Import]) -> list[str]:
    """Imports of analysis by sim that are not inside a function of one of the two doors."""
    return [
        f"{i.file}:{i.line} imports {i.module}"
        for i in found
        if i.package == "analysis" and not (i.file in DOORS and i.inside)
    ]


def towards_the_evidence(found: list[Import]) -> list[str]:
    """Imports by sim, through a door or not, of what holds or asks the evidence that the model is scored against."""
    return [
        f"{i.file}:{i.line} imports {i.module}"
        for i in found
        if i.package == "analysis"
        and {*i.module.split("."), *i.names} & {"targets", "evidence"}
    ]


def rooms_of(found: Import) -> list[str]:
    """The rooms of `analysis` that an import names."""
    if found.package != "analysis":
        return []
    return [found.layer] if found.layer else list(found.names) or [""]


def back_to_a_room(found: list[Import]) -> list[str]:
    """Imports between rooms of `analysis` that do not lead to a lower one, but for the door."""
    return [
        f"{i.file}:{i.line} imports {i.module}"
        for i in found
        for room in rooms_of(i)
        if room != layer_of(i.file)
        and ROOMS.get(room, len(ROOMS)) >= ROOMS[layer_of(i.file)]
        and not (i.inside and ROOM_DOORS.get(i.file) == room)
    ]


def names_of_targets(source: str) -> list[str]:
    """Files of analysis/targets that a source names."""
    return [path.name for path in TARGETS.iterdir() if path.name in source]


def behind_the_names(found: list[Import]) -> list[str]:
    """Imports by analysis of anything in sim but its public names."""
    return [f"{i.file}:{i.line} imports {i.module}" for i in found if i.package == "sim" and i.module != "sim"]


def test_every_layer_has_a_rank():
    layers = {p.name for p in (ROOT / "sim").iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    files = {p.stem for p in (ROOT / "sim").glob("*.py")} - {"__init__"}
    assert layers | files <= set(RANK)


def test_nothing_in_sim_imports_to_the_right():
    assert to_the_right(all_imports("sim")) == []


def test_neighbours_of_one_rank_do_not_import_each_other_both_ways():
    found = [i for i in all_imports("sim") if i.package == "sim" and i.file != "sim/__init__.py"]
    pairs = {(layer_of(i.file), i.layer) for i in found}
    assert {(a, b) for a, b in pairs if a != b and (b, a) in pairs} == set()


def test_inside_sim_only_the_version_is_taken_from_the_public_door():
    taken = {(i.file, i.names) for i in all_imports("sim") if i.module == "sim"}
    assert {names for _, names in taken} <= {("__version__",)}


def test_sim_reaches_analysis_only_through_two_lazy_doors():
    assert past_the_door(all_imports("sim")) == []


def test_the_model_can_read_no_evidence_that_it_is_scored_against():
    assert towards_the_evidence(all_imports("sim")) == []
    files = [p for p in (ROOT / "sim").rglob("*") if p.suffix in (".py", ".yaml", ".csv")]
    named = {p.name: names_of_targets(p.read_text(encoding="utf-8")) for p in files}
    assert {name: found for name, found in named.items() if found} == {}


def test_a_file_of_targets_that_is_named_is_seen():
    assert names_of_targets('open("politics.csv")') == ["politics.csv"]


def test_analysis_uses_public_names_only():
    assert behind_the_names(all_imports("analysis")) == []


def test_every_room_of_analysis_has_a_rank():
    rooms = {path.relative_to(ROOT / "analysis").parts[0].removesuffix(".py") for path in ROOT.glob("analysis/**/*.py")}
    assert rooms - {"__init__"} == set(ROOMS)


def test_rooms_of_analysis_import_one_way():
    assert back_to_a_room([i for i in all_imports("analysis") if i.file != "analysis/__init__.py"]) == []


@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"__main__"}))
def test_a_room_lists_its_files(room):
    folder = ROOT / "analysis" / room
    told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert [p.stem for p in sorted(folder.glob("*.py")) if f"``{p.stem}``" not in told] == ["__init__"]


def test_names_taken_from_sim_by_analysis_are_public():
    import sim

    found = all_imports("analysis")
    used = {name for i in found if i.module == "sim" for name in i.names}
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sim":
                used.add(node.attr)
    assert used <= set(sim.__all__)


def test_public_names_are_about_twenty_and_all_there():
    import sim

    assert len(sim.__all__) <= 40
    assert [name for name in sim.__all__ if getattr(sim, name, None) is None] == []
    assert set(sim.__all__) <= set(dir(sim))


@pytest.mark.parametrize(
    ("file", "source", "test"),
    [
        ("sim/words/x.py", "import sim.engine.model", to_the_right),
        ("sim/inputs/x.py", "def f():\n    from sim.society import places", to_the_right),
        ("sim/running/results.py", "from analysis.plots import style", past_the_door),
        ("sim/running/store.py", "def f():\n    import analysis", past_the_door),
        ("sim/cli/studies.py", "def f():\n    from analysis.evidence import observe", towards_the_evidence),
        ("sim/cli/studies.py", "def f():\n    from analysis import evidence", towards_the_evidence),
        ("sim/cli/studies.py", "def f():\n    import analysis.targets", towards_the_evidence),
        ("analysis/x.py", "from sim.running.results import Results", behind_the_names),
        ("analysis/evidence/x.py", "from analysis.inference import posterior", back_to_a_room),
        ("analysis/evidence/x.py", "def f():\n    from analysis import plots", back_to_a_room),
        ("analysis/answers/why.py", "from analysis.plots import style", back_to_a_room),
        ("analysis/evidence/x.py", "from analysis.answers.why import why", back_to_a_room),
    ],
)
def test_the_tests_above_see_a_breach(file, source, test):
    assert test(list(imports(source, file))) != []
