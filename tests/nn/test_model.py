"""The model: predictions and scores against scikit-learn, and what does not fit together.

Covers: regkit/nn/layer_stack.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor

import regkit as rk
from regkit.nn.passes import BLOCK


@pytest.fixture(scope="module")
def many_rows():
    """More rows than go through the network at a time."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((BLOCK + 321, 4)), rng.integers(0, 3, BLOCK + 321)


def copied(peer, loss):
    """A model with the weights of a fitted scikit-learn network of one hidden layer."""
    sizes = [peer.coefs_[0].shape, peer.coefs_[1].shape]
    model = rk.Model([rk.Dense(*sizes[0]), rk.Tanh(), rk.Dense(*sizes[1])], loss, dtype="float64")
    for layer, weights, biases in zip(
        model.layers[::2], peer.coefs_, peer.intercepts_, strict=True
    ):
        layer.params["weights"][...] = weights
        layer.params["biases"][...] = biases
    return model


def fitted(peer, X, y):
    return peer.set_params(
        hidden_layer_sizes=(6,), activation="tanh", random_state=0, max_iter=20, tol=1
    ).fit(X, y)


def test_classes_and_probabilities_are_scikit_learns(many_rows):
    X, y = many_rows
    peer = fitted(MLPClassifier(), X, y)
    model = copied(peer, rk.SoftmaxCrossEntropy())
    assert np.array_equal(model.predict(X), peer.predict(X))
    assert_allclose(model.predict_proba(X), peer.predict_proba(X), rtol=1e-10)
    evaluation = model.evaluate(X, y)
    assert evaluation.data_loss == pytest.approx(log_loss(y, peer.predict_proba(X)), rel=1e-10)
    assert evaluation.accuracy == accuracy_score(y, peer.predict(X))
    assert evaluation.r2 is None
    assert model.score(X, y) == evaluation.accuracy


def test_yes_and_no_are_scikit_learns(many_rows):
    X, y = many_rows[0], (many_rows[1] > 0).astype(int)
    peer = fitted(MLPClassifier(), X, y)
    model = copied(peer, rk.BinaryCrossEntropy())
    assert np.array_equal(model.predict(X), peer.predict(X))
    assert_allclose(model.predict_proba(X), peer.predict_proba(X), rtol=1e-10)
    assert model.evaluate(X, y).data_loss == pytest.approx(
        log_loss(y, peer.predict_proba(X)), rel=1e-10
    )
    assert model.score(X, y) == accuracy_score(y, peer.predict(X))


def test_numbers_are_scikit_learns(many_rows):
    X = many_rows[0]
    y = np.sin(X).sum(axis=1)
    peer = fitted(MLPRegressor(), X, y)
    model = copied(peer, rk.MeanSquaredError())
    assert_allclose(model.predict(X), peer.predict(X), rtol=1e-9, atol=1e-12)
    assert model.score(X, y) == pytest.approx(r2_score(y, peer.predict(X)), rel=1e-10)
    assert model.evaluate(X, y).accuracy is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_is_of_the_models_dtype(dtype):
    model = rk.Model(
        [rk.Dense(2, 3), rk.ReLU(), rk.Dense(3, 3)], rk.SoftmaxCrossEntropy(), 0, dtype
    )
    X, y = rk.datasets.spiral(samples=5, classes=3)
    rk.train(model, X, y, optimizer=rk.Adam(0.1), regularizers=["l1=0.1", "l2=0.1"], epochs=3)
    dense = model.layers[0]
    arrays = [dense.weights, dense.biases, dense.dweights, dense.dbiases, model.predict_proba(X)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_single_precision_is_close_to_double():
    X, y = rk.datasets.spiral(samples=50, classes=3)
    losses = []
    for dtype in ("float32", "float64"):
        model = rk.Model(
            [rk.Dense(2, 16, init="he"), rk.ReLU(), rk.Dense(16, 3, init="he")],
            rk.SoftmaxCrossEntropy(),
            dtype=dtype,
        )
        history = rk.train(
            model, X, y, optimizer=rk.SGD(0.5), regularizers=["l2=0.01", "l1=0.01"], epochs=50
        )
        losses.append([record.loss for record in history])
    assert_allclose(losses[0], losses[1], rtol=1e-5)


def test_layers_are_named_by_kind_and_number():
    layers = [rk.Dense(2, 3), rk.ReLU(), rk.Dense(3, 3), rk.Dropout(0.1), rk.ReLU(), rk.Dense(3, 1)]
    rk.Model(layers, rk.MeanSquaredError())
    assert [layer.name for layer in layers] == [
        "dense1",
        "relu1",
        "dense2",
        "dropout1",
        "relu2",
        "dense3",
    ]


def test_layers_that_do_not_fit_together_are_refused():
    with pytest.raises(rk.errors.InputError, match=r"dense2: takes 3 inputs, but gets 4"):
        rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(3, 1)], rk.MeanSquaredError())


def test_a_layer_serves_once():
    used = rk.Dense(2, 2)
    rk.Model([used], rk.MeanSquaredError())
    repeated = rk.Dense(2, 2)
    for layers in ([used], [repeated, repeated]):
        with pytest.raises(rk.errors.InputError, match="a dense layer is used twice"):
            rk.Model(layers, rk.MeanSquaredError())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (([], rk.MeanSquaredError()), "at least one layer with parameters, such as Dense"),
        (([rk.ReLU()], rk.MeanSquaredError()), "at least one layer with parameters, such as Dense"),
        ((["dense"], rk.MeanSquaredError()), "layers must be layers"),
        (([rk.Dense(1, 1)], "mse"), "loss must be a loss"),
        (([rk.Dense(1, 1)], rk.MeanSquaredError), "loss must be a loss"),
        (([rk.Dense(1, 1)], rk.MeanSquaredError(), -1), "seed must be an integer"),
        (([rk.Dense(1, 1)], rk.MeanSquaredError(), 0, "float16"), "dtype must be"),
        (([rk.Dense(1, 1)], rk.MeanSquaredError(), 0, int), "dtype must be"),
        (([rk.Dense(1, 1)], rk.MeanSquaredError(), 0, "nonsense"), "dtype must be"),
    ],
)
def test_what_makes_no_model_is_refused(arguments, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        rk.Model(*arguments)


@pytest.mark.parametrize(
    ("X", "complaint"),
    [
        ([1.0, 2.0], r"X has shape \(2,\), but the model takes \(samples, 2\)"),
        ([[1.0]], r"X has shape \(1, 1\)"),
        ([["a", "b"]], "X must hold numbers"),
        ([[1j, 0]], "X must hold numbers"),
        ([[1.0, None]], "X must hold numbers"),
        ([[1.0, float("nan")]], "not finite in float32"),
        ([[1.0, float("inf")]], "not finite in float32"),
        ([[1.0, 1e300]], "not finite in float32"),
    ],
)
def test_inputs_that_are_no_table_of_numbers_are_refused(X, complaint):
    model = rk.Model([rk.Dense(2, 1)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.InputError, match=complaint):
        model.predict(X)


def test_no_rows_can_be_predicted_but_not_evaluated():
    model = rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())
    assert model.predict(np.empty((0, 2))).shape == (0,)
    assert model.predict_proba(np.empty((0, 2))).shape == (0, 3)
    with pytest.raises(rk.errors.InputError, match="no rows to evaluate"):
        model.evaluate(np.empty((0, 2)), [])


def test_predicting_leaves_everything_as_it_was():
    model = rk.Model([rk.Dense(2, 3), rk.Dropout(0.5)], rk.SoftmaxCrossEntropy())
    X = np.random.default_rng(0).standard_normal((10, 2))
    before = model.parameters.copy(), model.gradients.copy(), X.copy()
    assert np.array_equal(model.predict_proba(X), model.predict_proba(X))
    for array, copy in zip((model.parameters, model.gradients, X), before, strict=True):
        assert np.array_equal(array, copy)
