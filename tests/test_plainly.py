"""Commands of the studies end with the exit codes of the house."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sim
from analysis.running.plainly import INTERRUPTED, plainly


def ended(wrong: BaseException, *said: str) -> int | str | None:
    with pytest.raises(SystemExit) as found, plainly(*said):
        raise wrong
    return found.value.code


def test_a_users_mistake_is_one_sentence_and_two(capsys):
    assert ended(sim.InputError("there is no table.")) == 2
    assert capsys.readouterr().err == "there is no table.\n"


def test_an_interruption_is_130_and_says_what_is_kept(capsys):
    assert ended(KeyboardInterrupt(), "kept.") == ended(KeyboardInterrupt("in its own words")) == 130
    assert ended(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == f"kept.\nin its own words\n{INTERRUPTED}\n"


def test_what_is_our_fault_keeps_its_trace():
    with pytest.raises(ZeroDivisionError), plainly():
        raise ZeroDivisionError


def test_a_real_command_refuses_a_table_that_is_not_there(tmp_path):
    command = [sys.executable, "-m", "analysis", "recovery", "--table", str(tmp_path / "none.parquet")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "no reference table" in done.stderr and "Traceback" not in done.stderr
