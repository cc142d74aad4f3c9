"""The arrays of one layer in one run: allocated once, with the samples along memory."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from regkit.kernels.kernels import Kernels
from regkit.nn.workspace import Workspace, with_ones


@pytest.fixture
def workspace():
    return Workspace("float32")


MADE = {
    "array": lambda workspace, rows: workspace.array("kept", rows, 3),
    "zeros": lambda workspace, rows: workspace.zeros(rows, 3),
    "activations": lambda workspace, rows: workspace.activations("outputs", rows, 2),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_a_smaller_batch_uses_the_memory_of_the_largest(workspace, make):
    large = make(workspace, 5)
    small = make(workspace, 2)
    assert (large.shape, small.shape) == ((5, 3), (2, 3))
    assert small.__array_interface__["data"] == large.__array_interface__["data"]
    larger = make(workspace, 6)
    assert not np.shares_memory(larger, large)
    assert np.shares_memory(make(workspace, 6), larger)


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_the_samples_of_one_feature_lie_next_to_each_other(workspace, make):
    array = make(workspace, 5)
    assert array.dtype == np.float32
    assert array.strides == (4, 5 * 4)


def test_arrays_of_other_names_or_layers_are_others(workspace):
    first = workspace.array("first", 4, 2)
    assert not np.shares_memory(first, workspace.array("second", 4, 2))
    assert not np.shares_memory(first, Workspace("float32").array("first", 4, 2))


def test_an_array_may_have_a_dtype_of_its_own(workspace):
    assert workspace.array("mask", 4, 2, np.bool_).dtype == np.bool_


def test_activations_have_a_column_of_ones_that_stays(workspace):
    outputs = workspace.activations("outputs", 4, 2)
    outputs[:, :-1] = 7.0
    assert_array_equal(workspace.activations("outputs", 3, 2)[:, -1], np.ones(3))
    assert_array_equal(workspace.activations("outputs", 9, 2)[:, -1], np.ones(9))


def test_zeros_are_zeros(workspace):
    assert not workspace.zeros(4, 2).any()
    assert not workspace.zeros(40, 2).any()


def test_the_kernels_are_the_runs_or_numpys_own(workspace):
    kernels = Kernels()
    assert Workspace("float64", kernels=kernels).kernels is kernels
    assert workspace.kernels.name == "numpy"


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_first_layer_takes_a_copy_with_ones(order, dtype):
    X = np.arange(6).reshape(3, 2).copy(order=order)
    inputs = with_ones(X, dtype)
    assert inputs.dtype == dtype
    assert_array_equal(inputs, [[0, 1, 1], [2, 3, 1], [4, 5, 1]])
    inputs[0, 0] = 9
    assert X[0, 0] == 0
