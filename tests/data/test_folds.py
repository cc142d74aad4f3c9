import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regkit.data import fold, read_table
from regkit.errors import DataError, InputError


def table_of(y, **columns):
    frame = pd.DataFrame({"n": np.arange(len(y)), **columns, "y": y})
    return read_table(frame, target="y")


def rows(table):
    return table.columns["n"].values.astype(int).tolist()


@given(st.integers(2, 60), st.integers(2, 12), st.integers(0, 99), st.sampled_from("rogc"))
def test_each_row_is_held_out_once(count, of, seed, kind):
    of = min(of, count)
    groups = np.arange(count) % max(of, count // 2)
    table = table_of(np.arange(count) % 3, g=groups)
    how = {
        "r": {},
        "o": {"in_order": True},
        "g": {"group": "g"},
        "c": {"stratify": True},
    }[kind]
    parts = [fold(table, number, of, seed, **how) for number in range(of)]
    assert sorted(row for _, left in parts for row in rows(left)) == list(range(count))
    for training, left in parts:
        assert sorted([*rows(training), *rows(left)]) == list(range(count))
        assert rows(training) == sorted(rows(training))
    sizes = [len(left) for _, left in parts]
    if kind != "g":
        assert max(sizes) - min(sizes) <= 1
    else:
        for training, left in parts:
            assert not {groups[row] for row in rows(training)} & {groups[row] for row in rows(left)}
    if kind == "o":
        assert [row for _, left in parts for row in rows(left)] == list(range(count))


def test_each_fold_has_its_share_of_each_class():
    y = np.repeat([0, 1, 2], [50, 20, 10])
    table = table_of(y)
    for number in range(5):
        _, left = fold(table, number, 5, 3, stratify=True)
        counts = np.bincount(y[rows(left)])
        assert counts.tolist() == [10, 4, 2]


def test_the_seed_alone_decides():
    table = table_of(np.zeros(40))
    first = rows(fold(table, 0, 4, 1)[1])
    assert rows(fold(table, 0, 4, 1)[1]) == first
    assert rows(fold(table, 0, 4, 2)[1]) != first


@pytest.mark.parametrize(("of", "message"), [(1, "folds"), (41, "41 folds need at least 41 rows")])
def test_the_number_of_folds_must_fit_the_rows(of, message):
    with pytest.raises(InputError, match=message):
        fold(table_of(np.zeros(40)), 0, of, 0)


def test_groups_must_be_there_and_enough():
    with pytest.raises(DataError, match="5 folds need at least 5 groups, and 'g' has 2"):
        fold(table_of(np.zeros(8), g=[0, 1] * 4), 0, 5, 0, group="g")
    with pytest.raises(DataError, match="the group 'g' is missing in row 2"):
        fold(table_of(np.zeros(3), g=["a", None, "b"]), 0, 2, 0, group="g")
