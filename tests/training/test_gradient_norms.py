"""How strongly the data and each penalty pull: norms of gradients, each on its own."""

import numpy as np
import pytest

import regkit as rk


@pytest.fixture
def data():
    return rk.datasets.spiral(samples=8, classes=3)


def model(*, frozen=False):
    layers = [rk.Dense(2, 6, trainable=not frozen), rk.Tanh(), rk.Dense(6, 3)]
    made = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    made.parameters[...] = np.random.default_rng(0).standard_normal(made.parameters.size)
    return made


def first_record(made, data, regularizers=(), **asked):
    """The record of a run that stops before its first update, so that gradients stay."""
    run = rk.training.steps(
        made, *data, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=1, **asked
    )
    record = next(run)
    run.close()
    return record


@pytest.mark.parametrize("frozen", [False, True])
def test_the_datas_norm_is_that_of_a_run_without_penalties(data, frozen):
    alone = model(frozen=frozen)
    alone.gradients[...] = 0.0
    first_record(alone, data)
    gradients = np.concatenate(
        [one.ravel() for layer in alone.parameter_layers for one in layer.grads.values()]
    )
    record = first_record(model(frozen=frozen), data, ["l2=0.5", "l1=3"], gradient_norms=True)
    assert record.gradient_norms["data"] == pytest.approx(np.linalg.norm(gradients), rel=1e-12)


def test_a_penaltys_norm_is_that_of_its_formula_over_the_layers_it_applies_to(data):
    made = model()
    regularizers = ["l2=0.5", "l1=3@dense2", "l2=2@dense1.biases"]
    norms = first_record(made, data, regularizers, gradient_norms=True).gradient_norms
    first, second = made.parameter_layers
    weights = np.concatenate([first.weights.ravel(), second.weights.ravel()])
    assert list(norms) == ["data", "l2", "l1@dense2", "l2@dense1.biases"]
    assert norms["l2"] == pytest.approx(2 * 0.5 * np.linalg.norm(weights), rel=1e-12)
    assert norms["l1@dense2"] == pytest.approx(3 * np.sqrt(second.size), rel=1e-12)
    assert norms["l2@dense1.biases"] == pytest.approx(4 * np.linalg.norm(first.biases), rel=1e-12)


def test_measuring_leaves_the_gradients_and_the_training_alone(data):
    def trained(**asked):
        made = model()
        rk.train(
            made, *data, optimizer=rk.Adam(0.1), regularizers=["elastic_net=0.1"], epochs=5, **asked
        )
        return made.parameters

    assert np.array_equal(trained(gradient_norms=True), trained())
