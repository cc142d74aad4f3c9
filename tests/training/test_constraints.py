"""Constraints: projected at set-up and after each step, under every optimizer.

Covers: regkit/training/update.py
"""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from penalty_kinds import Ball, Floor

import regkit as rk

LR = 0.05


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, 5))
    return X, X @ [1.0, -2.0, 0.5, 0.0, -1.0] + 0.1 * rng.standard_normal(30)


def linear(dtype="float64"):
    model = rk.Model([rk.Dense(5, 1)], loss=rk.MeanSquaredError(), dtype=dtype)
    model.parameters[...] = np.random.default_rng(1).standard_normal(6)
    return model


def network(dtype="float64", *, frozen=False):
    layers = [rk.Dense(2, 6, init="he", trainable=not frozen), rk.ReLU(), rk.Dense(6, 3, init="he")]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype=dtype)


OPTIMIZERS = {
    "SGD": lambda: rk.SGD(LR),
    "momentum": lambda: rk.SGD(LR, momentum=0.9),
    "AdaGrad": lambda: rk.AdaGrad(LR),
    "RMSProp": lambda: rk.RMSProp(LR),
    "Adam": lambda: rk.Adam(LR),
}


def data_gradient(X, y, w):
    errors = X @ w[:5] + w[5] - y
    return np.concatenate([2 * X.T @ errors / len(X), [2 * errors.mean()]])


def floored(w):
    return np.concatenate([np.maximum(w[:5], 0), w[5:]])


def in_ball(w):
    return np.concatenate([w[:5] / max(1.0, np.linalg.norm(w[:5])), w[5:]])


@pytest.mark.parametrize("momentum", [0.0, 0.8])
@pytest.mark.parametrize(("constraint", "project"), [(Floor, floored), (Ball, in_ball)])
def test_under_sgd_it_is_projected_gradient_descent(data, constraint, project, momentum):
    """With momentum, the velocity is the displacement after the projection."""
    w = previous = project(linear().parameters)
    for _ in range(50):
        moved = w - LR * data_gradient(*data, w) + momentum * (w - previous)
        previous, w = w, project(moved)
    model = linear()
    rk.train(
        model,
        *data,
        optimizer=rk.SGD(LR, momentum=momentum),
        regularizers=[constraint()],
        epochs=50,
    )
    assert not np.array_equal(moved, w)
    assert_allclose(model.parameters, w, rtol=0, atol=1e-12)


def test_under_adam_the_projection_is_euclidean_and_leaves_the_moments_alone(data):
    w = linear().parameters.copy()
    w[:5] /= max(1.0, np.linalg.norm(w[:5]))
    m = v = np.zeros(6)
    for t in range(1, 51):
        gradient = data_gradient(*data, w)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w = w - LR * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
        w[:5] /= max(1.0, np.linalg.norm(w[:5]))
    model = linear()
    rk.train(model, *data, optimizer=rk.Adam(LR), regularizers=[Ball()], epochs=50)
    assert np.linalg.norm(w[:5]) == pytest.approx(1.0)
    assert_allclose(model.parameters, w, rtol=0, atol=1e-12)


def test_they_reach_non_negative_least_squares(data):
    """The solution of SciPy's active-set method, zeros included."""
    from scipy.optimize import nnls

    X, y = data
    centred = X - X.mean(axis=0)
    wanted, _ = nnls(centred, y - y.mean())
    model = linear()
    rk.train(
        model,
        *data,
        optimizer=rk.SGD(0.1),
        regularizers=[Floor()],
        epochs=3000,
        log_every=3000,
    )
    found = model.layers[0].weights[:, 0]
    assert np.array_equal(found == 0, wanted == 0)
    assert_allclose(found, wanted, atol=1e-10)


@pytest.mark.parametrize("regularizer", [lambda: Floor(), lambda: Ball(radius=0.5, on="*")])
def test_parameters_are_projected_before_epoch_0(data, regularizer):
    model, one = linear(), regularizer()
    before = model.parameters.copy()
    records = rk.training.steps(model, *data, optimizer=rk.SGD(LR), regularizers=[one], epochs=3)
    projected = floored(before) if isinstance(one, Floor) else 0.5 * before / np.linalg.norm(before)
    assert_allclose(model.parameters, projected, rtol=1e-12)
    record = next(records)
    expected = linear()
    expected.parameters[...] = projected
    assert record.data_loss == pytest.approx(expected.evaluate(*data).data_loss, rel=1e-12)
    assert not np.array_equal(before, projected)


class Watching:
    """Notes whether a constraint holds whenever a gradient is due: in every step."""

    def __init__(self, constraint):
        self.constraint, self.penalties = constraint, []

    @rk.hookimpl
    def penalty_model(self, layers):
        return 0.0

    @rk.hookimpl
    def penalty_model_grad(self, layers):
        ask = getattr(self.constraint, "penalty_model", None)
        if ask is not None:
            self.penalties.append(ask(layers))
        else:
            self.penalties += [self.constraint.penalty(layer) for layer in layers]


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("constraint", [lambda: Floor(on="*"), lambda: Ball(radius=0.7, on="*")])
def test_it_holds_in_every_step_and_is_0_in_every_record(make, dtype, batch_size, constraint):
    X, y = rk.datasets.spiral(samples=8, classes=3)
    one, model = constraint(), network(dtype)
    watching = Watching(one)
    history = rk.train(
        model,
        X,
        y,
        optimizer=make(),
        regularizers=[one, "l2=1e-3", watching],
        epochs=10,
        batch_size=batch_size,
        gradient_norms=True,
    )
    assert set(watching.penalties) == {0.0}
    assert len(watching.penalties) >= 10
    [label] = [label for label in history[0].penalties if label.startswith(("floor", "ball"))]
    for record in history:
        assert record.penalties[label] == 0.0
        assert set(record.layers[label].values()) == {0.0}
        assert record.gradient_norms[label] == 0.0
        assert math.isfinite(record.loss)
    scopes = ["model"] if isinstance(one, Ball) else ["dense1", "dense2"]
    assert list(history[0].layers[label]) == scopes


def test_it_adds_nothing_to_the_gradients(data):
    gradients = []
    for regularizers in ([], [Floor(least=-100.0), Ball(radius=100.0, on="biases")]):
        model = linear()
        next(
            rk.training.steps(
                model, *data, optimizer=rk.Adam(), regularizers=regularizers, epochs=1
            )
        )
        gradients.append(model.gradients.copy())
    assert np.array_equal(*gradients)


def test_a_constraint_that_holds_anyway_changes_nothing(data):
    models = [linear(), linear()]
    for model, regularizers in zip(models, ([], [Floor(least=-100.0)]), strict=True):
        rk.train(model, *data, optimizer=rk.Adam(LR), regularizers=regularizers, epochs=30)
    assert np.array_equal(models[0].parameters, models[1].parameters)


def test_frozen_layers_are_not_projected():
    X, y = rk.datasets.spiral(samples=8, classes=3)
    model = network(frozen=True)
    before = model.layers[0].weights.copy()
    rk.train(model, X, y, optimizer=rk.SGD(LR), regularizers=[Floor(), "l2=0.1"], epochs=2)
    assert np.array_equal(model.layers[0].weights, before)
    assert (before < 0).any()
    assert (model.layers[2].weights >= 0).all()


def test_an_objective_outside_of_it_is_infinite_and_the_model_stays(data):
    model = linear()
    before = model.parameters.copy()
    found = rk.training.objective(model, *data, regularizers=[Floor()])
    assert found.penalties == {"floor": math.inf}
    assert np.array_equal(model.parameters, before)


def test_a_projection_that_does_not_satisfy_its_own_constraint_is_named(data):
    """As Keras' max-norm, which shrinks by another factor whenever it is applied."""

    class Halving(rk.Regularizer):
        constraint = True

        def prox(self, w, step):
            return w / 2

    with pytest.raises(rk.errors.PluginError) as caught:
        rk.train(
            linear(), *data, optimizer=rk.SGD(LR), regularizers=["l2=0.1", Halving()], epochs=2
        )
    assert str(caught.value) == (
        "regularizer 'halving': its own projection does not satisfy it: its penalty is inf"
    )


def test_a_constraint_that_is_violated_is_not_blamed_for_another_plugins_fault(data):
    class Faulty(rk.L2):
        grad_into = prox = None

        def value(self, w):
            return math.inf

        def grad(self, w):
            return w

    with pytest.raises(rk.errors.RegularizerError, match="'faulty': penalty returned inf"):
        rk.training.objective(linear(), *data, regularizers=[Floor(), Faulty()])


def test_zeros_that_would_violate_it_are_not_kept(data):
    """Weights of at least 0.1, of which none may become 0."""
    model, regularizers = linear(), [Floor(least=0.1), "l1=10"]
    rk.train(model, *data, optimizer=rk.SGD(1e-3), regularizers=regularizers, epochs=3)
    zeroed = rk.training.zero_small(model, *data, regularizers=regularizers)
    assert (zeroed.candidates, zeroed.zeros_after) == (5, 0)
    assert zeroed.objective_after <= zeroed.objective_before < math.inf


def test_a_constraint_and_a_penalty_reach_the_constrained_optimum(data):
    """Elastic pull by decoupled L2 inside a ball: both act in one step."""
    model, by_hand = linear(), linear().parameters.copy()
    by_hand[:5] /= max(1.0, np.linalg.norm(by_hand[:5]))
    rk.train(
        model,
        *data,
        optimizer=rk.SGD(LR),
        regularizers=[Ball(), "l2=0.3,mode=decoupled"],
        epochs=40,
    )
    for _ in range(40):
        step = data_gradient(*data, by_hand)
        step[:5] += 0.6 * by_hand[:5]
        by_hand = by_hand - LR * step
        by_hand[:5] /= max(1.0, np.linalg.norm(by_hand[:5]))
    assert_allclose(model.parameters, by_hand, rtol=0, atol=1e-12)
