"""One value is one label and one category, however it is stored.

Covers: regkit/data/spelling.py
"""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from regkit.data import Dialect, read_table
from regkit.data.column import array_column
from regkit.errors import DataError


def written(tmp_path, values, kind):
    """A table with these values in column k, behind one of the doors; None is missing."""
    if kind == "csv":
        path = tmp_path / "t.csv"
        cells = ["" if one is None else str(one) for one in values]
        path.write_text("k,z\n" + "".join(f"{one},0\n" for one in cells))
        return path
    if kind == "parquet":
        path = tmp_path / "t.parquet"
        pl.DataFrame({"k": values, "z": [0] * len(values)}, strict=False).write_parquet(path)
        return path
    if kind == "npz":
        path = tmp_path / "t.npz"
        floats = [np.nan if one is None else one for one in values]
        np.savez(path, k=np.array(values if None not in values else floats))
        return path
    if kind == "pandas":
        return pd.DataFrame({"k": values})
    return pd.DataFrame({"k": pd.Series(values, dtype=object)})


DOORS = ["csv", "parquet", "npz", "pandas", "objects"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "values",
    [[0, 1, 2], [0, None, 1, 2], [0.0, 1.0, 2.0], [0.0, None, 1.0, 2.0], [-0.0, 0.0, 1.0, 2.0]],
)
def test_whole_numbers_are_the_same_categories_and_labels(door, values, tmp_path):
    source = written(tmp_path, values, door)
    assert read_table(source, categorical=["k"]).column("k").categories == ("0", "1", "2")
    labels = read_table(source).column("k").labels
    assert labels == [0, 1, 2]
    assert {type(one) for one in labels} == {int}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("values", [[True, False, True], [True, None, False]])
def test_bools_are_the_same_categories_and_labels(door, values, tmp_path):
    if door == "npz" and None in values:
        return  # There, a missing value makes numbers of them.
    table = read_table(written(tmp_path, values, door))
    assert table.column("k").boolean
    assert table.column("k").labels == [False, True]
    assert {type(one) for one in table.column("k").labels} == {bool}
    assert table.as_text("k").categories == ("False", "True")


@pytest.mark.parametrize("door", DOORS)
def test_fractions_are_spelled_as_they_are_written(door, tmp_path):
    source = written(tmp_path, [0.5, 1.0, 1e-7], door)
    assert read_table(source, categorical=["k"]).column("k").categories == ("0.5", "1", "1e-07")


def test_single_precision_has_the_same_categories(tmp_path):
    for numbers in (np.array([0.1, 2.0], "float32"), np.array([0.1, 2.0])):
        assert array_column("k", numbers).as_text().categories == ("0.1", "2")
    single = pl.DataFrame({"k": pl.Series([0.1, None, 2.0], dtype=pl.Float32)})
    assert read_table(single).as_text("k").categories == ("0.1", "2")


def test_numbers_among_text_that_is_declared_categorical_are_spelled_alike(tmp_path):
    path = tmp_path / "t.csv"
    for numbers in ("0,1,2,3+", "0.0,1.0,2.0,3+", "0,1.0,2.00,3+"):
        path.write_text("k;z\n" + "".join(f"{one};0\n" for one in numbers.split(",")))
        table = read_table(path, categorical=["k"], dialect=Dialect(sep=";"))
        assert table.column("k").categories == ("0", "1", "2", "3+")


def test_the_categories_of_numbers_in_a_pandas_categorical_are_spelled_alike():
    frame = pd.DataFrame({"k": pd.Categorical([0.0, 1.0, None])})
    assert read_table(frame).column("k").categories == ("0", "1")


@pytest.mark.parametrize("door", ["parquet", "npz", "pandas"])
def test_an_empty_text_is_missing_behind_every_door(door, tmp_path):
    column = read_table(written(tmp_path, ["a", "", "b"], door)).column("k")
    assert column.missing.tolist() == [False, True, False]
    assert column.categories == ("a", "b")


def test_large_integers_are_exact_or_refused():
    large = 2**53
    exact = pl.DataFrame({"k": [large, large + 1]})
    assert read_table(exact, categorical=["k"]).column("k").labels == [str(large), str(large + 1)]
    gaps = pl.DataFrame({"k": [large, large + 1, None]})
    with pytest.raises(DataError, match="integers too large to be exact"):
        read_table(gaps).column("k")
    assert read_table(gaps, categorical=["k"]).column("k").labels == [str(large), str(large + 1)]
    objects = np.array([2**70, 2**70 + 1], dtype=object)
    assert len(array_column("k", objects).as_text().labels) == 2


def test_bytes_are_text():
    assert array_column("k", np.array([b"yes", b"n\xc3\xb6"])).labels == ["nö", "yes"]
    with pytest.raises(DataError, match="'k' holds bytes that are not UTF-8"):
        array_column("k", np.array([b"\xff"]))
