"""The support: zeros stay through training, and nothing else is touched."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from regkit_constraints import Support

import regkit as rk
from regkit.errors import FieldError, InputError

MASK = np.array([[1.0, 0.0, -2.0], [0.0, 3.0, 0.0]])


@pytest.fixture
def mask(tmp_path):
    np.savez(tmp_path / "found.npz", **{"dense1.weights": MASK})
    return rk.File(tmp_path / "found.npz", "dense1.weights")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_outside_the_mask_become_zero_and_the_others_keep_their_bits(mask, dtype):
    w = np.random.default_rng(0).standard_normal(MASK.shape).astype(dtype)
    projected = Support(of=mask).projection(w)
    assert projected.dtype == w.dtype
    assert_array_equal(projected, np.where(MASK == 0, 0, w))
    assert_array_equal(Support(of=mask).projection(projected), projected)


def test_nan_stays_nan(mask):
    assert np.isnan(Support(of=mask).projection(np.full(MASK.shape, np.nan))).all()


def test_another_shape_is_refused_with_both(mask):
    with pytest.raises(FieldError, match=r"dense1\.weights is \(2, 3\), and .* is \(3, 2\)"):
        Support(of=mask).projection(MASK.T)


def test_zeros_stay_through_training_under_adam(mask):
    X, y = rk.datasets.spiral(samples=20, classes=3)
    model = rk.Model([rk.Dense(2, 3), rk.ReLU(), rk.Dense(3, 3)], rk.SoftmaxCrossEntropy())
    support = Support(of=mask, on="dense1.weights")
    for _ in rk.training.steps(
        model, X, y, optimizer=rk.Adam(0.05), regularizers=[support], epochs=20, batch_size=7
    ):
        assert_array_equal(model["dense1"].params["weights"] == 0, MASK == 0)


def test_a_run_on_a_layer_of_another_shape_names_the_layer(mask):
    X, y = rk.datasets.spiral(samples=20, classes=3)
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    support = Support(of=mask, on="dense1.weights")
    with pytest.raises(InputError, match=r"support.*\(2, 3\).*dense1\.weights has \(2, 4\)"):
        rk.train(model, X, y, optimizer=rk.Adam(), regularizers=[support], epochs=1)
