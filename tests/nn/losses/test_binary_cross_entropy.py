"""Binary cross-entropy against SciPy, at extremes, and on targets that it does not take."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, log_expit

import regkit as rk


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("output", [1e4, -1e4, 745.0, -745.0, 40.0, -40.0, 0.0])
def test_extreme_outputs_are_no_trouble(passing_on, gradient_by_outputs, output, y, dtype):
    model = passing_on(rk.BinaryCrossEntropy(), 1, dtype)
    expected = -log_expit(output if y else -output)
    tiny = float(np.finfo(dtype).eps)
    assert model.evaluate([[output]], [y]).data_loss == pytest.approx(expected, rel=1e-6, abs=tiny)
    p = expit(output)
    assert_allclose(model.predict_proba([[output]]), [[1 - p, p]], rtol=1e-6, atol=tiny)
    assert_allclose(gradient_by_outputs(model, [output], y), [p - y], rtol=1e-6, atol=tiny)


def test_the_loss_is_the_mean_over_samples_and_outputs(passing_on):
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((20, 3)), rng.integers(0, 2, (20, 3))
    model = passing_on(rk.BinaryCrossEntropy(), 3)
    expected = -np.where(y == 1, log_expit(X), log_expit(-X)).mean()
    assert model.evaluate(X, y).data_loss == pytest.approx(expected, rel=1e-12)
    assert model.score(X, y) == pytest.approx(((X > 0) == (y == 1)).mean(), rel=1e-12)
    assert np.array_equal(model.predict(X), (X > 0).astype(int))
    assert_allclose(model.predict_proba(X), expit(X), rtol=1e-12)


@pytest.mark.parametrize(
    ("y", "complaint"),
    [
        ([0, 2], "y must hold 0 and 1 only"),
        ([0.5, 1], "y must hold 0 and 1 only"),
        ([0, float("nan")], "not finite"),
        (["no", "yes"], "the model knows none yet"),
        ([[0, 1], [1, 0]], r"y has shape \(2, 2\), but the model has 1 output: expected \(2, 1\)"),
    ],
)
def test_targets_that_are_no_answers_are_refused(passing_on, y, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        passing_on(rk.BinaryCrossEntropy(), 1).evaluate(np.zeros((2, 1)), y)
