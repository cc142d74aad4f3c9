"""Columns that are probably not what they are taken for are named."""

import warnings

import numpy as np
import polars as pl
import pytest

from regkit.data import read_table
from regkit.data.suspicious import warn_of_suspicious
from regkit.errors import RegkitWarning

ROWS = 12
Y = ["no", "yes"] * (ROWS // 2)


def warned(target="y", categorical=(), **columns):
    """The warnings about a table with these columns."""
    table = read_table(pl.DataFrame({**columns, "y": Y}), target=target, categorical=categorical)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warn_of_suspicious(table)
    assert all(one.category is RegkitWarning for one in found)
    return [str(one.message) for one in found]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1", "2", "3"] * 4, "text that begins with numbers is taken as categories: 'x' ('1')"),
        (["007", "010", "123"] * 4, "text that begins with numbers"),
        (["3 cm", "5 cm", "n/a"] * 4, "text that begins with numbers"),
        (["10-20", "20-30", "$5"] * 4, "text that begins with numbers"),
        ([f"name {c}" for c in "abcdefghijkl"], "text that differs in most rows, such as names"),
        ([f"name {c}" for c in "abcdefghabcd"], "text that differs in most rows, such as names"),
        (
            list(range(1, 13)),
            "consecutive integers may be row numbers, not measurements: 'x' (1 to",
        ),
        (list(range(111, 99, -1)), "consecutive integers may be row numbers"),
        ([*range(11), None], "consecutive integers may be row numbers"),
        ([float(i) for i in range(12)], "consecutive integers may be row numbers"),
        ([2**60 + i % 5 for i in range(12)], "integers too large to be told apart"),
        ([20240101 + 100 * (i % 11) for i in range(12)], "integers such as 20240131 may be dates"),
        (["Yes", "yes", "no"] * 4, "labels that differ only in case or blanks are different: 'x'"),
        (["yes", "yes ", "no"] * 4, "labels that differ only in case or blanks"),
        (["New York", "New  York"] * 6, "labels that differ only in case or blanks"),
        (["caf\u00e9", "cafe\u0301"] * 6, "labels that differ only in case or blanks"),
    ],
)
def test_a_suspicious_column_is_named(values, message):
    (found,) = warned(x=values)
    assert message in found
    assert "'x'" in found


@pytest.mark.parametrize(
    "values",
    [
        [0.5 * i for i in range(12)],
        [i % 7 for i in range(12)],
        [*range(11), 20],
        ["red", "blue", "green"] * 4,
        ["no", None, "yes"] * 4,
        [True, False] * 6,
        [2000 + i % 3 for i in range(12)],
        [None] * 12,
        [float("inf"), 1.0] * 6,
    ],
)
def test_an_ordinary_column_is_not(values):
    assert warned(x=values) == []


def test_the_target_is_looked_at_too():
    assert "'z' ('Yes', 'yes')" in warned(target="z", z=["Yes", "yes", "no"] * 4)[0]
    assert warned(target="z", z=list(range(12))) == []


def test_categories_that_were_asked_for_are_not_suspicious():
    assert warned(x=[1, 2, 3] * 4, categorical=["x"]) == []


def test_there_is_one_warning_of_each_kind():
    names = {f"c{i}": ["1", "2"] * 6 for i in range(7)}
    (found,) = warned(**names)
    assert "'c0' ('1')" in found
    assert found.endswith("and 2 more")


def test_few_rows_are_no_sign_of_anything():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_suspicious(read_table(pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})))


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "digits", "iris", "wine"])
def test_the_sets_of_scikit_learn_are_not_suspicious(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_suspicious(read_table(f"sklearn:{name}"))


def test_a_column_that_cannot_be_used_has_its_own_error():
    days = np.array(["2024-01-01"] * ROWS, dtype="datetime64[D]")
    assert warned(x=days) == []
