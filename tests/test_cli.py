"""The command line: exit codes, messages, and what it must not import."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_revolution import Fake, InterruptedOnce
from typer.testing import CliRunner

import sim
from sim import cli
from sim.cli.listings import LISTINGS
from sim.running import plan as plans
from sim.running import store
from sim.running.results import Results

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("mesa", "numba", "pandas", "matplotlib", "pyarrow", "scipy")


@pytest.fixture
def october(tmp_path, monkeypatch):
    """Call the command line in an empty folder, with the stand-in for the model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(InterruptedOnce, "pressed", False)

    def call(*words: str, model: str = "Fake"):
        monkeypatch.setattr(plans, "MODEL", f"fake_revolution:{model}")
        return CliRunner().invoke(cli.app, list(words))

    return call


def imported_by(*words: str) -> tuple[int, set[str]]:
    """Exit code of a command in a process of its own, and the heavy modules that it imported."""
    code = (
        "import sys\nfrom sim.cli import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit as end:\n    code = end.code\n"
        f"print('HEAVY', [m for m in {HEAVY} if m in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT)
    return done.returncode, set(re.findall(r"'(\w+)'", done.stderr.rpartition("HEAVY")[2]))


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], *(["list", what] for what in LISTINGS)])
def test_help_and_lists_import_nothing_heavy(words):
    assert imported_by(*words) == (0, set())


def test_check_imports_nothing_heavy(tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("extends: historical\ntitle: A test\n")
    bad.write_text("extends: historical\ntitel: A test\n")
    assert imported_by("check", str(good)) == (0, set())
    assert imported_by("check", str(bad)) == (2, set())


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sys, sim; print([m for m in {(*HEAVY, 'numpy', 'typer')} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_run_writes_every_table_and_tells_where(october, tmp_path):
    done = october("run", "historical", "--runs", "2", "--jobs", "1", "--agents", "100")
    assert done.exit_code == 0, done.output
    written = {path.name for path in (tmp_path / "results" / "historical").iterdir()}
    assert written == {"manifest.json", *(f"{table}.parquet" for table in store.TABLES)}
    assert "Tables: results/historical" in done.output
    assert "soviet power: in 2 of 2 runs, median date 24 October 1917" in done.output
    assert "insurrection: in no run" in done.output


def test_quiet_says_nothing(october):
    done = october("run", "historical", "--runs", "1", "--jobs", "1", "--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_options_reach_the_run(october):
    words = ["--runs", "1", "--jobs", "1", "--every", "30", "--from", "1917-05-14", "--until", "1917-08-14"]
    done = october("run", "historical", *words, "--calendar", "ns", "--out", "x", "--format", "csv", "--seed", "0")
    assert done.exit_code == 0, done.output
    results = Results("x")
    assert results.dates[0] >= "1917-05-01"
    assert results.dates[-1] <= "1917-08-01"
    assert results.manifest["identity"]["options"]["until"] == "1917-08-01"
    assert results.manifest["seed"] == 0
    assert Path("x/allegiance.csv").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "histrical"], "Did you mean 'historical'"),
        (["run", "missing.yaml"], "missing.yaml"),
        (["run", "historical", "--until", "1917-13-01"], "is not a date"),
        (["run", "historical", "--until", "1918-05-01"], "1918-04-30"),
        (["run", "historical", "--runs", "0"], "--runs"),
        (["run", "historical", "--frmat", "csv"], "--frmat"),
        (["list", "tables"], "tables"),
        (["plot", "nowhere"], "not a result directory"),
        (["plot", "nowhere", "-o", "figure.gif"], "must end in .png"),
        (["explain", "histrical"], "Did you mean"),
        (["check", "missing.yaml"], "missing.yaml"),
        (["new", "Bad Name"], "can't name a scenario"),
        (["new", "no_offensive"], "the name means that one. Choose another name"),
        (["new", "good", "--from", "histrical"], "Did you mean"),
    ],
)
def test_wrong_input_is_one_message_and_exit_2(october, words, told):
    done = october(*words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output


def test_wrong_input_leaves_nothing_behind(october, tmp_path):
    assert october("run", "historical", "--jobs", "1", model="RefusesScenario").exit_code == 2
    assert list((tmp_path / "results").iterdir()) == []


def test_the_order_of_a_day_says_what_may_be_switched_off(october):
    from sim.engine.day_table import MECHANISMS

    told = " ".join(october("list", "day").output.split())
    assert f"(off: [{MECHANISMS[0]}]): {', '.join(MECHANISMS)}." in told


def test_our_fault_is_exit_1_with_a_hint(october, monkeypatch):
    def breaks(_style):
        raise KeyError("lost")

    monkeypatch.setitem(LISTINGS, "day", breaks)
    done = october("list", "day")
    assert done.exit_code == 1
    assert "internal error" in done.output
    assert "--debug" in done.output
    assert "Traceback" not in done.output
    assert isinstance(october("--debug", "list", "day").exception, KeyError)


def test_failed_runs_are_counted_and_exit_1(october):
    done = october("run", "historical", "--runs", "4", "--jobs", "1", "--seed", "2", model="FailsOnOddRuns")
    assert done.exit_code == 1
    assert "2 of 4 runs failed (run 1: ZeroDivisionError: odd)" in done.output
    assert Results("results/historical").runs == [0, 2]


def test_all_runs_failing_is_exit_1(october):
    done = october("run", "historical", "--runs", "1", "--jobs", "1", "--seed", "1", model="FailsOnOddRuns")
    assert done.exit_code == 1
    assert "1 of 1 runs failed" in done.output


def test_interrupt_is_exit_130_and_the_same_command_continues(october):
    words = ["run", "historical", "--runs", "4", "--jobs", "1"]
    done = october(*words, model="InterruptedOnce")
    assert done.exit_code == 130
    assert "2 of 4 runs are finished and kept in results/historical" in done.output
    assert "The same command continues" in done.output
    assert october(*words, model="InterruptedOnce").exit_code == 0
    assert Results("results/historical").runs == [0, 1, 2, 3]


@pytest.mark.skipif(os.name == "nt", reason="signals of a process group are sent otherwise on Windows")
def test_ctrl_c_on_the_whole_process_group(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "if __name__ == '__main__':\n"
        "    from sim.running import plan; plan.MODEL = 'fake_revolution:TakesLong'\n"
        "    from sim.cli import app; app(sys.argv[2:])\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    words = ["run", "historical", "--runs", "4", "--jobs", "2", "--out", "out"]
    process = subprocess.Popen([sys.executable, str(script), str(ROOT / "tests"), *words], cwd=tmp_path,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "out" / ".parts").glob("0000[01]/run.json"))) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 130, output
    assert "2 of 4 runs are finished" in output
    assert "Traceback" not in output
    assert Results(tmp_path / "out").runs == [0, 1]


def test_other_work_in_the_directory_is_refused(october):
    assert october("run", "historical", "--runs", "1", "--jobs", "1", "--out", "x").exit_code == 0
    done = october("run", "historical", "--runs", "1", "--jobs", "1", "--out", "x", "--agents", "7")
    assert done.exit_code == 2
    assert "options.agents: 20000, now 7" in done.output


def test_new_starts_a_file_that_is_right(october, tmp_path):
    assert october("new", "my_question").exit_code == 0
    assert october("check", "my_question.yaml").exit_code == 0
    again = october("new", "my_question")
    assert (again.exit_code, "exists already" in again.output) == (2, True)
    assert october("run", "my_question.yaml", "--runs", "1", "--jobs", "1").exit_code == 0


def test_check_tells_file_line_and_column_of_every_error(october):
    Path("bad.yaml").write_text("extends: historical\ntitle: A test\nuntil: 1919-01-01\nparameters:\n  blame_rat: 1\n")
    done = october("check", "bad.yaml")
    assert done.exit_code == 2
    assert "bad.yaml:3:" in done.output
    assert "bad.yaml:5:" in done.output


def test_explain_names_the_file_and_line_of_each_value(october):
    Path("mine.yaml").write_text("extends: historical\ntitle: Mine\nuntil: 1917-12-01\n")
    done = october("explain", "mine.yaml")
    assert done.exit_code == 0
    assert re.search(r"^until +1917-12-01 +mine.yaml:3$", done.output, re.M)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_plot_draws_by_the_suffix(october, suffix):
    october("run", "historical", "--runs", "2", "--jobs", "1", "--out", "x")
    done = october("plot", "x", "-o", f"figures/fig.{suffix}")
    assert done.exit_code == 0, done.output
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert Path(f"figures/fig.{suffix}").read_bytes().startswith(start)


def test_version():
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.output.strip() == f"october {sim.__version__}"


def test_the_stand_in_takes_what_the_model_takes():
    import inspect

    real, fake = (inspect.signature(cls.__init__).parameters for cls in (sim.Revolution, Fake))
    assert set(fake) <= set(real)
