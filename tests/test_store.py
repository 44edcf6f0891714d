"""The tables of a result directory: columns, types, bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fake_revolution import Fake

from sim.inputs.scenario import Scenario
from sim.running import store
from sim.words.errors import InputError

COLUMNS = {
    "allegiance": ["run", "date", "place", "stratum", "party", "share", "persons"],
    "soviet_power": ["run", "date", "place", "stratum", "share", "persons"],
    "soviets": ["run", "date", "body", "party", "seats"],
    "elections": ["run", "date", "election", "place", "party", "votes", "share"],
    "province_elections": ["run", "date", "election", "place", "province", "party", "votes", "share"],
    "actions": ["run", "date", "place", "stratum", "action", "persons"],
    "events": ["run", "date", "event", "status", "cause"],
    "macro": ["run", "date", "place", "series", "value"],
    "outcomes": ["run", "measure", "value"],
}


def tables_of(run: int):
    model = Fake(Scenario(), seed=run, every=30)
    model.run()
    return {name: store.one_run(name, run, columns) for name, columns in model.recorder.tables().items()}


def keep(directory, *runs):
    for run in runs:
        store.write_part(directory, run, tables_of(run), "{}")


def bytes_of(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def test_columns_are_those_of_the_interface():
    assert {table: store.schema(table).names for table in store.TABLES} == COLUMNS


@pytest.mark.parametrize("fmt", store.FORMATS)
def test_what_is_written_is_read_back(tmp_path, fmt):
    keep(tmp_path, 0, 1)
    rows = store.merge(tmp_path, fmt, {0, 1})
    for table in store.TABLES:
        back = store.read(tmp_path, table)
        assert back.num_rows == rows[table]
        written = [tables_of(run)[table].to_pylist() for run in (0, 1)]
        assert back.cast(store.schema(table)).to_pylist() == written[0] + written[1]


def test_any_reader_of_parquet_sees_iso_dates_and_plain_names(tmp_path):
    keep(tmp_path, 0)
    store.merge(tmp_path, "parquet", {0})
    frame = pd.read_parquet(tmp_path / "allegiance.parquet")
    assert frame["date"].min() == "1917-02-23"
    assert set(frame["stratum"]) == {"worker", "soldier", "peasant"}
    assert list(frame.columns) == COLUMNS["allegiance"]


def test_an_empty_outcome_stays_empty(tmp_path):
    keep(tmp_path, 0)
    for fmt in store.FORMATS:
        store.merge(tmp_path, fmt, {0})
    assert store.read(tmp_path, "outcomes")["value"].to_pylist() == [243.0, None]
    assert (tmp_path / "outcomes.csv").read_text().splitlines()[-1] == '0,"insurrection_date",'


@pytest.mark.parametrize("fmt", store.FORMATS)
def test_bytes_do_not_depend_on_the_way_there(tmp_path, fmt):
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    keep(straight, 0, 1, 2, 3)
    store.merge(straight, fmt, {0, 1, 2, 3})
    store.clear_parts(straight)
    for first, then in (((3, 1), {1, 3}), ((0, 2), {0, 1, 2, 3})):
        keep(broken, *first)
        store.merge(broken, fmt, then)
        store.clear_parts(broken)
    assert bytes_of(straight) == bytes_of(broken)


def test_row_groups_never_cut_a_run(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_GROUP_ROWS", 500)
    keep(tmp_path, *range(5))
    store.merge(tmp_path, "parquet", set(range(5)))
    file = store.pq.ParquetFile(tmp_path / "allegiance.parquet")
    groups = [set(file.read_row_group(g)["run"].to_pylist()) for g in range(file.num_row_groups)]
    assert len(groups) > 1
    assert sum(map(len, groups)) == 5
    # Each group has its own dictionaries; a reader must see one.
    assert store.read(tmp_path, "allegiance").to_pandas()["party"].nunique() == 11


def test_merging_again_takes_the_newer_part_once(tmp_path):
    keep(tmp_path, 0, 1)
    store.merge(tmp_path, "parquet", {0, 1})
    rows = store.merge(tmp_path, "parquet", {0, 1})
    assert rows["allegiance"] == 2 * tables_of(0)["allegiance"].num_rows


def test_runs_that_are_not_to_be_kept_are_left_out(tmp_path):
    keep(tmp_path, 0, 1)
    store.merge(tmp_path, "parquet", {1})
    assert set(store.read(tmp_path, "macro")["run"].to_pylist()) == {1}


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("share", np.array([np.inf]), "infinite"),
        ("seats", np.array([0.5]), "whole number"),
        ("surplus", np.array([1.0]), "expected"),
    ],
)
def test_what_the_model_must_not_record_is_refused(column, values, message):
    table = "soviets" if column == "seats" else "macro"
    good = {k: v[:1] for k, v in Fake_tables()[table].items()}
    bad = {**good, ("value" if column == "share" else column): values}
    with pytest.raises(ValueError, match=message):
        store.one_run(table, 0, bad)


def Fake_tables():
    model = Fake(Scenario(), seed=0)
    model.run()
    return model.recorder.tables()


def test_earlier_dates_are_left_out():
    made = store.one_run("macro", 0, Fake_tables()["macro"], first="1917-10-01")
    assert min(made["date"].to_pylist()) >= "1917-10-01"
    assert made.num_rows > 0


def test_a_directory_without_tables_and_a_broken_table_are_the_users_fault(tmp_path):
    with pytest.raises(InputError, match="holds no tables"):
        store.read(tmp_path, "macro")
    keep(tmp_path, 0)
    store.merge(tmp_path, "parquet", {0})
    (tmp_path / "macro.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(InputError, match=r"macro.parquet can't be read"):
        store.read(tmp_path, "macro")


def test_half_written_parts_are_not_seen(tmp_path):
    keep(tmp_path, 4)
    (tmp_path / ".parts" / "00005.77.tmp").mkdir()
    (tmp_path / ".parts" / "00005.77.tmp" / "run.json").write_text("{}")
    assert list(store.parts(tmp_path)) == [4]
