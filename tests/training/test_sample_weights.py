"""Sample weights: a whole weight is a repeated row, and zero leaves a row out."""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError

RNG = np.random.default_rng(0)
X = RNG.standard_normal((12, 3))
WEIGHTS = np.array([1, 2, 0, 3, 1, 1, 2, 1, 0, 1, 4, 2])
TARGETS = {
    rk.SoftmaxCrossEntropy: RNG.integers(0, 2, 12),
    rk.BinaryCrossEntropy: RNG.integers(0, 2, (12, 2)),
    rk.MeanSquaredError: RNG.standard_normal((12, 2)),
}


def run(loss, X, y, **more):
    model = rk.Model([rk.Dense(3, 5), rk.Tanh(), rk.Dense(5, 2)], loss(), dtype="float64")
    history = rk.train(
        model, X, y, optimizer=rk.Adam(0.05), epochs=30, regularizers=["l2=1e-2"], **more
    )
    return model, history


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
def test_whole_weights_are_repeated_rows(loss, kernels):
    y = TARGETS[loss]
    weighed, history = run(loss, X, y, sample_weight=WEIGHTS, kernels=kernels)
    repeated = np.repeat(X, WEIGHTS, axis=0), np.repeat(y, WEIGHTS, axis=0)
    plain, wanted = run(loss, *repeated, kernels=kernels)
    np.testing.assert_allclose(weighed.parameters, plain.parameters, rtol=0, atol=1e-10)
    losses = [[one.data_loss for one in records] for records in (history, wanted)]
    np.testing.assert_allclose(*losses, rtol=1e-12)
    found = rk.training.objective(
        weighed, X, y, regularizers=["l2=1e-2"], sample_weight=WEIGHTS.tolist()
    )
    stands = rk.training.objective(plain, *repeated, regularizers=["l2=1e-2"])
    assert found.loss == pytest.approx(stands.loss, rel=1e-9)


def test_mini_batches_weigh_their_own_rows():
    loss, y = rk.MeanSquaredError, TARGETS[rk.MeanSquaredError]

    # One row a step: weighing a row scales its step of plain gradient descent.
    def by_hand():
        model = rk.Model([rk.Dense(3, 2)], loss(), dtype="float64")
        order = np.random.default_rng(np.random.SeedSequence(0).spawn(2)[0]).permutation(12)
        layer, scaled = model.layers[0], WEIGHTS / WEIGHTS.mean()
        for row in order:
            error = X[row] @ layer.weights + layer.biases[0] - y[row]
            layer.weights[...] -= 0.1 * scaled[row] * np.outer(X[row], error)
            layer.biases[...] -= 0.1 * scaled[row] * error
        return model.parameters

    model = rk.Model([rk.Dense(3, 2)], loss(), dtype="float64")
    rk.train(model, X, y, optimizer=rk.SGD(0.1), epochs=1, batch_size=1, sample_weight=WEIGHTS)
    np.testing.assert_allclose(model.parameters, by_hand(), rtol=0, atol=1e-12)


def test_equal_weights_change_nothing_whatever_their_size():
    y = TARGETS[rk.SoftmaxCrossEntropy]
    plain, _ = run(rk.SoftmaxCrossEntropy, X, y)
    for weight in (4.0, 1e308, 1e-308):
        weighed, _ = run(rk.SoftmaxCrossEntropy, X, y, sample_weight=np.full(12, weight))
        assert np.array_equal(weighed.parameters, plain.parameters)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.ones(11), r"sample_weight has shape \(11,\): expected \(12,\)"),
        (np.ones((12, 1)), "has shape"),
        (np.zeros(12), "not 0 everywhere"),
        (-np.ones(12), "at least 0"),
        ([np.nan] * 12, "must be finite"),
        (["a"] * 12, "must hold numbers"),
        ([[1], [1, 2]], "must hold numbers"),
    ],
)
def test_what_are_no_weights_is_refused(weights, said):
    with pytest.raises(InputError, match=said):
        run(rk.SoftmaxCrossEntropy, X, TARGETS[rk.SoftmaxCrossEntropy], sample_weight=weights)
