"""The commands of the studies, `python -m analysis NAME`: each is there and says its name; another is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from analysis import __main__ as commands

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_a_command_answers_to_its_name(name, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m analysis {name} ")


def test_every_main_is_a_command():
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "analysis").glob("*/*.py")
        if re.search(r"^def main\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert modules == set(commands.COMMANDS.values())


def test_what_pages_and_make_ask_for_is_there():
    asked = re.compile(r"python -m analysis ([a-z_]+)")
    files = [ROOT / "Makefile", ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "analysis").rglob("*.py")]
    named = {name for path in files for name in asked.findall(path.read_text(encoding="utf-8"))}
    assert "ablation" in named and named <= set(commands.COMMANDS)
    assert not any(re.search(r"python -m\s+analysis\.", path.read_text(encoding="utf-8")) for path in files)


def test_without_a_name_they_are_listed_with_what_they_do():
    done = subprocess.run([sys.executable, "-m", "analysis"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    for name, module in commands.COMMANDS.items():
        about = str(import_module(module).__doc__).splitlines()[0].replace("``", "")
        assert re.search(rf"^  {name} +{re.escape(about)}$", done.stdout, re.MULTILINE)


def test_an_unknown_command_is_refused_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main(["nonsense"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("unknown command 'nonsense'. Expected one of: lens_axes, ")
