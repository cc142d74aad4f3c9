"""Arrays as users give them: what is taken as NumPy takes it, and what is refused in one line."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

import regkit as rk
from regkit.nn.given_arrays import as_array, as_table

TABLE = np.array([[1.0, 2.0], [3.0, 0.0]])


@pytest.mark.parametrize(
    "given",
    [
        TABLE.tolist(),
        tuple(map(tuple, TABLE.tolist())),
        TABLE.astype(object),
        TABLE.astype(int),
        pd.DataFrame(TABLE),
        pd.DataFrame({"a": [1, 3], "b": [2.0, 0.0]}, dtype=object),
        pd.DataFrame({"a": pd.array([1, 3], "Int64"), "b": [2, 0]}),
        np.ma.masked_greater(TABLE, 10),
    ],
)
def test_whatever_holds_a_table_of_numbers_is_one(given):
    found = as_table(given, 2)
    assert found.dtype.kind in "iuf"
    assert np.array_equal(found, TABLE)


def test_numbers_and_bools_of_a_frame_are_numbers():
    frame = pd.DataFrame({"a": [1, 2], "b": [True, False]})
    assert as_table(frame, 2).tolist() == [[1, 1], [2, 0]]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (None, "X must be an array or a list, got None"),
        (3, "X must be an array or a list, got 3"),
        ("abc", "X must be an array or a list, got 'abc'"),
        ({1: 2}, "X must be an array or a list"),
        ((row for row in TABLE), "X must be an array or a list, got <generator"),
        (rk.ReLU, "X must be an array or a list, got <class"),
        ([[1, 2], [3]], "X is ragged"),
        (scipy.sparse.csr_matrix(TABLE), r"X is a sparse matrix: give X\.toarray\(\)"),
        (np.ma.masked_greater(TABLE, 2), "X has masked values"),
        (TABLE[0], r"X has shape \(2,\).*: a single row is \[row\]"),
        (TABLE[:, :1], r"X has shape \(2, 1\)"),
        ([["a", "b"]], "X must hold numbers, got text such as 'a'"),
        ([[1, None]], "X must hold numbers, got missing values"),
        (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "X must hold numbers, got 'x'"),
        (pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": [1, 2]}), "got <NA>"),
        (np.array([["2020-01-01", "2020-01-02"]], "M8[D]"), "X must hold numbers, got datetime"),
        ([[1j, 0]], "X must hold numbers, got complex"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_in_one_line(given, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint) as refused:
        as_table(given, 2)
    assert "\n" not in str(refused.value)


def test_bytes_are_text():
    assert as_array("y", np.array([b"no", "später".encode()])).tolist() == ["no", "später"]
    with pytest.raises(rk.errors.InputError, match="y holds bytes that are not UTF-8"):
        as_array("y", np.array([b"\xff"]))


def test_a_missing_value_among_text_does_not_become_text():
    assert as_array("y", ["a", np.nan]).dtype.kind == "O"
    assert as_array("y", ["a", "nan"]).dtype.kind == "U"
