"""NPZ files: targets of every form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from regkit.data import read_table, resolve_task
from regkit.errors import DataError


@pytest.mark.parametrize("shape", [(12,), (12, 1)])
@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0, 1], [0, 1]),
        ([0.0, 1.0], [0, 1]),
        ([True, False], [False, True]),
        (["no", "yes"], ["no", "yes"]),
        ([b"no", b"yes"], ["no", "yes"]),
    ],
)
def test_y_is_the_target_in_every_form(shape, values, labels, tmp_path):
    y = np.array(values * 6).reshape(shape)
    np.savez(tmp_path / "t.npz", X=np.zeros((12, 3)), y=y)
    table = read_table(tmp_path / "t.npz")
    assert table.target == "y"
    assert table.input_names() == ["X1", "X2", "X3"]
    assert table.target_column().labels == labels
    assert resolve_task(table) == "classification"


def test_inputs_may_be_a_vector(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.arange(3.0), y=np.array([1.5, 2.5, 0.5]))
    table = read_table(tmp_path / "t.npz")
    assert table.input_names() == ["X"]


def test_a_target_of_several_columns_is_none(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.eye(3), y=np.eye(3))
    with pytest.raises(DataError, match="choose the column to predict with --target"):
        read_table(tmp_path / "t.npz").target_column()


def test_single_numbers_are_refused(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.eye(3), y=np.array(3))
    with pytest.raises(DataError, match=r"'y' must have one or two dimensions, got \(\)"):
        read_table(tmp_path / "t.npz")


@settings(deadline=None)
@given(
    some.arrays(
        st.sampled_from(["f8", "f4", "i8", "u1", "?"]),
        st.tuples(st.integers(1, 5), st.integers(1, 3)),
    )
)
def test_what_is_read_is_what_numpy_holds(tmp_path_factory, matrix):
    path = tmp_path_factory.getbasetemp() / "any.npz"
    np.savez(path, X=matrix)
    columns = read_table(path).columns.values()
    np.testing.assert_array_equal(np.stack([one.values for one in columns], axis=1), matrix)
