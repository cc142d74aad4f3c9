"""Reading tables, held against pandas, polars and NumPy.

Covers: regkit/data/bundled.py, regkit/data/endings.py, regkit/data/file_columns.py
Covers: regkit/data/files.py, regkit/data/frames.py
Covers: regkit/data/optional_modules.py, regkit/data/table.py
"""

import gzip
import io
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as some

from regkit.data import Dialect, read_table
from regkit.data.reading import is_delimited
from regkit.errors import DataError

FRAME = pd.DataFrame(
    {
        "count": [3, -1, 0, 12, 7],
        "share": [0.5, 1e-7, -2.0, 1e300, 0.1],
        "gap": [1.0, np.nan, 3.0, np.nan, 5.5],
        "colour": ["red", "blue, dark", 'so "red"', "a\nb", "grün"],
        "note": ["x", None, "y", None, "x"],
    }
)


def as_pandas(table):
    """A table as pandas would hold it."""

    def values(column):
        if column.categories is None:
            return column.values
        return [None if i == -1 else column.categories[i] for i in column.values]

    return pd.DataFrame({name: values(one) for name, one in table.columns.items()})


def assert_same(table, frame):
    found = as_pandas(table)
    assert list(found) == list(frame)
    for name in frame:
        if pd.api.types.is_numeric_dtype(frame[name]):
            np.testing.assert_array_equal(found[name].to_numpy(), frame[name].to_numpy())
        else:
            gaps = found[name].isna().tolist()
            assert gaps == frame[name].isna().tolist()
            assert found[name].dropna().tolist() == frame[name].dropna().tolist()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_pandas_writes_is_read_back(separator, header, packed, mark, tmp_path):
    written = mark + FRAME.to_csv(sep=separator, header=header, index=False).encode()
    path = tmp_path / ("t.csv.gz" if packed else "t.csv")
    path.write_bytes(gzip.compress(written) if packed else written)
    expected = FRAME if header else FRAME.set_axis([f"column_{i}" for i in range(1, 6)], axis=1)
    assert_same(read_table(path), expected)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(ending, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(ending.join(["a,b", "1,x", "2,y"]).encode())
    assert_same(read_table(path), pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))


# pandas does not quote a carriage return, with which Python's csv module ends a row.
characters = st.characters(codec="utf-8", exclude_characters="\0\r")
cells = st.text(characters, max_size=5).map(str.strip)


@settings(deadline=None)
@given(
    some.data_frames(
        [
            some.column("n", elements=st.integers(-(2**62), 2**62)),
            some.column("x", elements=st.floats(allow_nan=False, allow_infinity=False)),
            some.column("t", elements=cells.map("t{}".format)),
        ],
        index=some.range_indexes(min_size=1, max_size=6),
    )
)
def test_any_quoted_text_and_any_number_survive_a_csv(tmp_path_factory, frame):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    frame.to_csv(path, index=False)
    table = read_table(path)
    assert_same(table, frame.assign(t=frame["t"].str.strip()))


def test_a_decimal_comma_is_read_beside_semicolons(tmp_path):
    path = tmp_path / "t.csv"
    pd.DataFrame({"a": [0.5, 2.25], "b": ["1,x", "2,y"]}).to_csv(
        path, sep=";", decimal=",", index=False
    )
    assert_same(read_table(path), pd.DataFrame({"a": [0.5, 2.25], "b": ["1,x", "2,y"]}))


@pytest.mark.parametrize("word", ["", "NA", "N/A", "NaN", "nan", "null", "NULL", " "])
def test_words_for_missing_values_are_missing(word, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"a,b,c\n1,x,0\n{word},{word},0\n3,z,0\n")
    table = read_table(path)
    assert table.columns["a"].missing.tolist() == [False, True, False]
    assert table.columns["b"].missing.tolist() == [False, True, False]


def test_numbers_with_leading_zeros_stay_text(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("code,n\n007,1\n010,0.5\n")
    assert_same(read_table(path), pd.DataFrame({"code": ["007", "010"], "n": [1, 0.5]}))


def test_header_is_told_from_the_first_row_or_by_the_caller(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("2019,kind\n1,a\n2,b\n")
    assert list(read_table(path).columns) == ["column_1", "column_2"]
    named = read_table(path, dialect=Dialect(header=True))
    assert list(named.columns) == ["2019", "kind"]
    path.write_text("a,b\nc,d\n")
    assert len(read_table(path)) == 1
    assert len(read_table(path, dialect=Dialect(header=False))) == 2


def test_quotes_inside_of_cells_are_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("size,kind\n5'11\",a\n6'0\",b\n")
    assert_same(read_table(path), pd.DataFrame({"size": ["5'11\"", "6'0\""], "kind": ["a", "b"]}))


def test_ten_thousand_columns_are_read(tmp_path):
    path = tmp_path / "wide.csv"
    frame = pd.DataFrame(np.arange(30_000).reshape(3, -1)).add_prefix("c")
    frame.to_csv(path, index=False)
    assert_same(read_table(path), frame)


def test_parquet_keeps_types(tmp_path):
    path = tmp_path / "t.parquet"
    frame = pl.DataFrame(
        {
            "n": [1, 2, None],
            "x": [0.5, None, float("nan")],
            "flag": [True, False, True],
            "colour": pl.Series(["red", None, "blue"], dtype=pl.Categorical),
            "price": pl.Series(["1.25", "2.50", "3"]).cast(pl.Decimal(10, 2)),
        }
    )
    frame.write_parquet(path)
    table = read_table(path)
    assert table.columns["flag"].values.dtype == bool
    assert table.columns["price"].values.tolist() == [1.25, 2.5, 3]
    assert_same(
        table,
        pd.DataFrame(
            {
                "n": [1, 2, np.nan],
                "x": [0.5, np.nan, np.nan],
                "flag": [True, False, True],
                "colour": ["red", None, "blue"],
                "price": [1.25, 2.5, 3.0],
            }
        ),
    )


def test_npz_gives_a_column_for_each_vector_and_for_each_column_of_a_matrix(tmp_path):
    X, y = np.arange(6.0).reshape(3, 2), np.array(["a", "b", "a"])
    np.savez(tmp_path / "t.npz", X=X, y=y, w=np.array([1, 2, 3], dtype=np.uint8))
    table = read_table(tmp_path / "t.npz")
    assert_same(table, pd.DataFrame({"X1": [0.0, 2, 4], "X2": [1.0, 3, 5], "y": y, "w": [1, 2, 3]}))
    assert table.target == "y"


@pytest.mark.parametrize("convert", [pd.DataFrame, pl.DataFrame])
def test_frames_are_taken_as_they_are(convert):
    columns = {
        "n": [1, 2, 3],
        "x": [0.5, None, 2.5],
        "t": ["01", None, "b"],
        "f": [True, False, True],
    }
    table = read_table(convert(columns), ["u", "v", "u"])
    assert_same(table, pd.DataFrame({**columns, "y": ["u", "v", "u"]}))
    assert table.target == "y"


def test_nullable_and_categorical_pandas_columns_are_read():
    frame = pd.DataFrame(
        {
            "n": pd.array([1, None, 3], dtype="Int64"),
            "c": pd.Categorical(["u", None, "u"], categories=["v", "u"]),
            "o": pd.Series(["u", None, "v"], dtype=object),
        }
    )
    table = read_table(frame)
    np.testing.assert_array_equal(table.columns["n"].values, [1, np.nan, 3])
    assert table.columns["c"].categories == ("u",)
    assert table.columns["o"].labels == ["u", "v"]


def test_arrays_get_names_by_number():
    table = read_table(np.eye(2), np.array([0.5, 1]))
    assert list(table.columns) == ["x1", "x2", "y"]
    assert table.target == "y"


def test_arrays_of_objects_are_numbers_or_text_column_by_column():
    table = read_table(np.array([[1, "a", True, None], [2.5, "b", False, "x"]], dtype=object))
    kinds = [(one.values.dtype.kind, one.categories) for one in table.columns.values()]
    assert kinds == [("f", None), ("i", ("a", "b")), ("b", None), ("i", ("x",))]


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "digits", "iris", "wine"])
def test_sets_of_scikit_learn_are_loaded(name):
    from sklearn import datasets

    original = getattr(datasets, f"load_{name}")()
    table = read_table(f"sklearn:{name}")
    found = as_pandas(table)
    np.testing.assert_array_equal(found.drop(columns="target").to_numpy(), original.data)
    target = original.target
    expected = target if name == "diabetes" else original.target_names[target]
    assert found["target"].tolist() == expected.tolist()


def test_columns_can_be_dropped_and_taken_as_categories(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,c,d\n1,1.5,x,0\n2,2.5,y,1\n")
    table = read_table(path, target="d", drop=["c"], categorical=["a", "b"])
    assert table.input_names() == ["a", "b"]
    assert table.columns["a"].categories == ("1", "2")
    assert table.columns["b"].categories == ("1.5", "2.5")


def test_a_column_that_mixes_numbers_and_text_is_used_only_when_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n,y\n0,1\n1,0\n2,1\n3+,0\n")
    with pytest.raises(
        DataError, match=r"'n' holds numbers except for '3\+' in row 4 \(1 of 4 values"
    ):
        read_table(path).column("n")
    assert read_table(path, categorical=["n"]).column("n").categories == ("0", "1", "2", "3+")


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("polars", "t.parquet"),
        ("narwhals.stable.v2", "t.parquet"),
        ("sklearn.datasets", "sklearn:iris"),
    ],
)
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(
    package, source, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    pl.DataFrame({"a": [1], "b": [2]}).write_parquet(tmp_path / "t.parquet")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DataError, match=r"is not installed: pip install 'regkit-nn\[data\]'"):
        read_table(source)


def test_text_tables_need_no_other_package(tmp_path, monkeypatch):
    for package in ("polars", "narwhals", "narwhals.stable.v2", "pandas"):
        monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert len(read_table(tmp_path / "t.csv")) == 1


@pytest.mark.parametrize("source", [3, object(), io.StringIO("a,b\n1,2\n"), {"a": [1]}])
def test_what_is_no_table_is_refused(source):
    with pytest.raises(DataError, match="a table must be a path, an array or a data frame"):
        read_table(source)


def test_an_array_of_one_dimension_is_refused():
    with pytest.raises(DataError, match=r"must have shape \(rows, columns\), got \(3,\)"):
        read_table(np.zeros(3))


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n3,4\n")
    assert len(read_table(table)) == 2
    table.chmod(0)
    before = os.geteuid()
    os.seteuid(before or 65534)  # To root every file is open.
    try:
        with pytest.raises(DataError, match=r"t\.csv cannot be read: Permission denied"):
            read_table(table)
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("source", [[[1.0, 2.0], [3.0]], (np.eye(3), [0, 1, 2])])
def test_rows_of_different_lengths_are_refused(source):
    with pytest.raises(DataError, match="a table's rows must have one length"):
        read_table(source)


def test_numbers_beside_text_in_lists_stay_numbers():
    table = read_table([[1, "a"], [2, "b"], [None, "a"]], y=["u", "v", "u"])
    np.testing.assert_array_equal(table.column("x1").values, [1, 2, np.nan])
    assert table.column("x2").labels == ["a", "b"]
    with pytest.raises(DataError, match="'y' holds int and str values"):
        read_table(np.eye(2), y=[1, "a"])


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.zeros((2, 2)), r"y must have shape \(rows,\) or \(rows, 1\), got \(2, 2\)"),
        ([[1], [2, 3]], "y must be a number or a label for each row"),
        (1, r"y must have shape \(rows,\) or \(rows, 1\), got \(\)"),
        ([1, 2, 3], "columns differ in length"),
    ],
)
def test_targets_of_another_shape_are_refused(y, message):
    with pytest.raises(DataError, match=message):
        read_table(np.eye(2), y)


@pytest.mark.parametrize("y", [[[1], [0]], np.array([[b"u"], [b"v"]]), pd.Series([True, False])])
def test_targets_may_be_a_column_bytes_or_a_series(y):
    assert read_table(np.eye(2), y).target_column().values.shape == (2,)


def test_a_target_may_be_declared_categorical(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n5,0\n6,1\n7,2\n8,3+\n")
    with pytest.raises(DataError, match=r"'y' holds numbers except for '3\+'"):
        read_table(path, target="y")
    assert read_table(path, target="y", categorical=["y"]).target_column().labels[-1] == "3+"


def test_names_that_occur_twice_in_a_frame_are_refused():
    with pytest.raises(DataError, match=r"'a'"):
        read_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_which_sources_are_text_tables():
    assert all(map(is_delimited, ["t.csv", "t.tsv", "t.CSV.gz", Path("t.data")]))
    assert not any(map(is_delimited, ["t.parquet", "t.npz", "sklearn:iris", np.eye(2), None]))
