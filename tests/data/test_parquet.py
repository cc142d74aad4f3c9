"""Parquet files, and the index that pandas leaves in them."""

import io
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regkit.data import read_table
from regkit.errors import DataError, RegkitWarning

FRAME = pl.DataFrame({"a": [1, 2, 3], "y": ["u", "v", "u"]})


def as_pandas_writes(path, frame, index_columns):
    """Write a frame with the metadata that pandas adds."""
    metadata = {"pandas": json.dumps({"index_columns": index_columns, "columns": []})}
    frame.write_parquet(path, metadata=metadata)
    return path


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("__index_level_0__", ["__index_level_0__"]),
        ("__index_level_0__", None),
        ("customer", ["customer"]),
    ],
)
def test_an_index_is_left_out_with_a_note(name, metadata, tmp_path):
    frame = FRAME.with_columns(pl.Series(name, [7, 8, 9]))
    path = tmp_path / "t.parquet"
    if metadata is None:
        frame.write_parquet(path)
    else:
        as_pandas_writes(path, frame, metadata)
    with pytest.warns(RegkitWarning, match=f"the index that pandas saved is left out: '{name}'"):
        table = read_table(path, target="y")
    assert list(table.columns) == ["a", "y"]


@pytest.mark.parametrize("index", [[], [{"kind": "range", "start": 0, "stop": 3, "step": 1}]])
def test_without_an_index_among_the_columns_there_is_no_note(index, tmp_path):
    path = as_pandas_writes(tmp_path / "t.parquet", FRAME, index)
    assert list(read_table(path).columns) == ["a", "y"]


def test_an_index_that_is_asked_for_stays(tmp_path):
    path = as_pandas_writes(tmp_path / "t.parquet", FRAME, ["y"])
    assert read_table(path, target="y").target_column().labels == ["u", "v"]
    assert list(read_table(path, drop=["y"]).columns) == ["a"]


@pytest.mark.parametrize("metadata", ["", "{", "[]", '{"index_columns": null}', '{"a": 1}'])
def test_damaged_metadata_do_no_harm(metadata, tmp_path):
    path = tmp_path / "t.parquet"
    FRAME.write_parquet(path, metadata={"pandas": metadata})
    assert list(read_table(path).columns) == ["a", "y"]


numbers = st.none() | st.integers(-(2**62), 2**62)
floats = st.none() | st.floats(allow_infinity=False)
texts = st.none() | st.text(max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, floats, texts, st.none() | st.booleans()), min_size=1))
def test_what_is_read_is_what_polars_holds_or_refused(rows):
    schema = {"n": pl.Int64, "x": pl.Float64, "t": pl.String, "b": pl.Boolean}
    frame = pl.DataFrame(rows, schema, orient="row")
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    table = read_table(pl.read_parquet(buffer.getvalue()))
    assert len(table) == len(frame)
    try:
        column = table.column("n")
        found = [
            None if gap else int(v) for v, gap in zip(column.values, column.missing, strict=True)
        ]
        assert found == frame["n"].to_list()
    except DataError as error:
        assert "integers too large to be exact" in str(error)  # noqa: PT017
    np.testing.assert_array_equal(table.column("x").values, frame["x"].fill_null(np.nan).to_numpy())
    text = table.column("t")
    found = [None if code == -1 else text.categories[code] for code in text.values]
    assert found == [one or None for one in frame["t"].to_list()]
    truth = table.column("b")
    assert truth.missing.tolist() == frame["b"].is_null().to_list()
    assert truth.values[~truth.missing].tolist() == frame["b"].drop_nulls().to_list()
