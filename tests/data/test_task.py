"""What a target asks for."""

import numpy as np
import polars as pl
import pytest

from regkit.data import read_table, resolve_task


def table_of(y):
    return read_table(np.zeros((len(y), 1)), y)


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (["a", "b"] * 5, "classification"),
        ([True, False] * 5, "classification"),
        ([1, 2] * 5, "classification"),
        ([1.0, 2.0] * 5, "classification"),
        (list(range(20)) * 2, "classification"),
        (list(range(21)) * 2, "regression"),
        (list(range(10)), "regression"),
        ([0.5, 1.5] * 5, "regression"),
        (np.linspace(0, 1, 10), "regression"),
    ],
)
def test_auto_goes_by_the_values(target, task):
    assert resolve_task(table_of(target)) == task


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_was_said_counts(task):
    assert resolve_task(table_of([1, 2] * 5), task) == task
    assert resolve_task(table_of([0.5, 1.5] * 5), task) == task


def test_one_target_asks_for_one_thing_behind_every_door(tmp_path):
    sides = {"bools": [True, False] * 6, "numbers": [0, 1] * 6}
    for values in sides.values():
        (tmp_path / "t.csv").write_text("x,y\n" + "".join(f"0.5,{one}\n" for one in values))
        pl.DataFrame({"x": [0.5] * 12, "y": values}).write_parquet(tmp_path / "t.parquet")
        np.savez(tmp_path / "t.npz", X=np.full(12, 0.5), y=np.array(values))
        np.savez(tmp_path / "column.npz", X=np.zeros((12, 2)), y=np.array(values).reshape(-1, 1))
        sources = [tmp_path / name for name in ("t.csv", "t.parquet", "t.npz", "column.npz")]
        if values == sides["numbers"]:
            floats = pl.DataFrame({"x": [0.5] * 12, "y": [float(one) for one in values]})
            floats.write_csv(tmp_path / "floats.csv")
            sources += [floats, tmp_path / "floats.csv"]
        for source in sources:
            table = read_table(source, target="y")
            assert resolve_task(table) == "classification"
            labels = table.target_column().labels
            assert labels == sorted(set(values))
            assert {type(one) for one in labels} == {type(values[0])}
