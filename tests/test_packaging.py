"""What a fresh clone and a wheel rely on. `make wheel-test` does the whole thing in an empty environment."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    found = [PIN.fullmatch(line) for line in lines if not line.startswith("-r ")]
    assert all(found), f"{name}: a line is not an exact pin"
    return {match[1].lower().replace("_", "-"): match[2] for match in found if match}


def wanted(names: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[ ]", name)[0].lower().replace("_", "-") for name in names}


def test_every_dependency_is_pinned():
    assert wanted(PROJECT["project"]["dependencies"]) <= set(pins("requirements.txt"))
    assert wanted(PROJECT["project"]["optional-dependencies"]["test"]) <= set(pins("requirements-test.txt"))


def test_mesa_is_the_one_that_every_supported_python_has():
    assert pins("requirements.txt")["mesa"] == "3.3.1"


def test_every_package_imported_is_a_declared_dependency():
    used = set()
    for package in ("sim", "analysis"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    used |= {name.name.split(".")[0] for name in node.names}
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    used.add(str(node.module).split(".")[0])
    packages = {"ruamel": "ruamel-yaml", "PIL": "pillow", "SALib": "salib"}
    ours = {"sim", "analysis", "scenarios"}
    outside = {packages.get(name, name) for name in used} - set(sys.stdlib_module_names) - ours
    declared = {name.replace(".", "-") for name in wanted(PROJECT["project"]["dependencies"])}
    assert outside <= declared | {"pydantic-core", "pydantic_core"}


def test_no_file_names_an_index_or_a_path_of_a_machine():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    bad = re.compile(r"--(extra-)?index-url|--find-links|/(?:root|w[o]rk)/|/home/\w+/|C:\\Users")
    this = Path(__file__).name
    texts = {name: (ROOT / name).read_bytes() for name in files if (ROOT / name).is_file() and not name.endswith(this)}
    assert [name for name, data in texts.items() if bad.search(data.decode("utf-8", "replace"))] == []


def test_data_files_are_found_through_the_packages():
    assert (resources.files("scenarios") / "historical.yaml").is_file()
    assert (resources.files("sim.evidence") / "provinces.csv").is_file()
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["sim", "analysis", "scenarios"]
    for package in ("sim", "analysis"):
        assert (ROOT / package / "py.typed").is_file()


def test_ci_runs_the_readmes_test_command():
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_version_is_told_once():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert sim.__version__ == "0.1.0"


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "draws", "wheel-test"])
def test_the_makefile_has_its_targets(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
