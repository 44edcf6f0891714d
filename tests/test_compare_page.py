"""docs/compare.md, run as its reader would: every block in order, in one session."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "compare.md"


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> dict[str, object]:
    return {"folder": tmp_path_factory.mktemp("page")}


@pytest.mark.parametrize("number", range(len(blocks())))
def test_each_block_runs(number, session, monkeypatch):
    monkeypatch.chdir(str(session["folder"]))
    exec(compile(blocks()[number], f"docs/compare.md, block {number + 1}", "exec"), session)


def test_what_the_blocks_promise_is_there(session):
    assert {"date", "base", "other", "difference", "low", "high", "pairs"} <= set(session["soldiers"])
    assert session["comparison"].base.scenario == "historical@1917-06-16"
    assert session["both"].base.scenario == "historical"
    drawn = {path.name: path.stat().st_size for path in Path(str(session["folder"])).glob("*.png")}
    assert set(drawn) == {"soldiers.png", "events.png", "open.png"}
    assert min(drawn.values()) > 10_000


def test_a_comparison_with_a_plot_takes_fewer_than_ten_lines():
    first = "\n".join(blocks()[:2])
    assert ".plot(" in first and len(first.splitlines()) < 10
