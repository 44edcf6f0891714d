"""The benchmarks run, and their page says nothing about whose machine it was."""

import platform

from benchmarks import bench, year
from sim.engine.day_table import PHASES


def test_a_measured_year_names_every_phase_and_adds_up():
    found = year.measure(2_000, days=3)
    assert found["days"] == 3
    assert set(found["phases"]) == {phase.name for phase in PHASES}
    assert 0.0 < sum(found["phases"].values()) <= found["other days"]
    assert 100 < found["bytes a person"] < 1_000


def test_the_page_holds_the_tables_and_no_name_or_path():
    made = {"agents": 2_000, "days": 318, "founding": 0.3, "first day": 0.1, "other days": 0.9}
    made |= {"phases": {"attitudes": 0.2}, "bytes a person": 207.0, "peak MB": 300.0}
    text = bench.page([bench.whole_year([made]), bench.phases([made])])
    assert "| 2,000 | 0.30 s | 1.00 s | 0.64 million | 207 B | 300 MB |" in text
    assert "| attitudes | 200 ms |" in text
    assert str(bench.ROOT) not in text and (platform.node() or "?") not in text
