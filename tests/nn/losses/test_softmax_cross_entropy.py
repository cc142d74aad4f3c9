"""Softmax cross-entropy against SciPy, at extremes, and on targets that it does not take."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import log_softmax, softmax

import regkit as rk

EXTREME = [
    ([1e4, -1e4, 0.0], 0),
    ([1e4, -1e4, 0.0], 1),
    ([-1e4, -1e4, -1e4], 2),
    ([1e4, 1e4, -1e4], 0),
    ([700.0, 710.0, -740.0], 2),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("outputs", "y"), EXTREME)
def test_extreme_outputs_are_no_trouble(passing_on, gradient_by_outputs, outputs, y, dtype):
    model = passing_on(rk.SoftmaxCrossEntropy(), 3, dtype)
    expected = softmax(outputs)
    assert model.evaluate([outputs], [y]).data_loss == pytest.approx(-log_softmax(outputs)[y])
    assert_allclose(model.predict_proba([outputs])[0], expected, rtol=1e-6)
    expected[y] -= 1
    assert_allclose(gradient_by_outputs(model, outputs, y), expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "y",
    [
        np.array([2, 0, 1, 1]),
        [2, 0, 1, 1],
        [[2], [0], [1], [1]],
        [2.0, 0.0, 1.0, 1.0],
        np.array([2, 0, 1, 1], dtype=np.uint8),
        [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 1, 0]],
    ],
    ids=["array", "list", "column", "floats", "uint8", "one-hot"],
)
def test_classes_may_be_written_in_many_ways(passing_on, y):
    model = passing_on(rk.SoftmaxCrossEntropy(), 3)
    X = np.random.default_rng(0).standard_normal((4, 3))
    expected = -log_softmax(X, axis=1)[range(4), [2, 0, 1, 1]].mean()
    assert model.evaluate(X, y).data_loss == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("y", "complaint"),
    [
        ([0, 3], "y holds classes 0 to 3"),
        ([-1, 0], "y holds classes -1 to 0"),
        ([0.5, 1.0], "y must hold class numbers"),
        ([0.0, float("nan")], "y must hold class numbers"),
        ([0.0, float("inf")], "y holds classes 0 to inf"),
        (["a", "b"], "y holds 2 distinct labels"),
        ([[0, 1], [1, 0]], r"y has shape \(2, 2\)"),
        ([0, 1, 2], "X has 2 rows, but y has 3"),
        (0, "y must be an array or a list, got 0"),
    ],
)
def test_targets_that_are_no_classes_are_refused(passing_on, y, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        passing_on(rk.SoftmaxCrossEntropy(), 3).evaluate(np.zeros((2, 3)), y)
