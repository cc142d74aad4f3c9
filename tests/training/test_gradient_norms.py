"""The norms of the gradients of the data loss and of each penalty, each on its own."""

import numpy as np
import pytest
from penalty_kinds import Floor, Squares, Together
from scipy.optimize import approx_fprime

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
    gradients = alone.gradients.copy()
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


pytestmark = pytest.mark.filterwarnings("ignore:the schedule of scheduled is 0")

OF_EACH_KIND = {
    "layer": lambda: rk.L2(0.5, on="*", label="layer"),
    "decoupled": lambda: rk.L2(0.3, on="dense1", mode="decoupled", label="decoupled"),
    "model": lambda: Together(0.2, on="*", label="model"),
    "outputs": lambda: Squares(0.7, on=["tanh1", "dense2"], label="outputs"),
    "more outputs": lambda: Squares(0.1, on="dense1", label="more outputs"),
    "scheduled": lambda: Together(0.4, schedule="step:0:0", label="scheduled"),
}
OF_DENSE1 = {"decoupled", "more outputs"}


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("kinds", [("layer", "model"), ("outputs",), tuple(OF_EACH_KIND)])
def test_each_norm_is_that_of_the_derivative_of_its_penalty(data, kinds, frozen):
    """By finite differences of the objective's penalties, each kind on its own."""
    made, where = model(frozen=frozen), model(frozen=frozen)
    if frozen:
        kinds = tuple(kind for kind in kinds if kind not in OF_DENSE1)
    regularizers = [OF_EACH_KIND[kind]() for kind in kinds]
    norms = first_record(made, data, regularizers, gradient_norms=True).gradient_norms
    trainable = np.flatnonzero(
        np.concatenate([np.full(layer.size, layer.trainable) for layer in where.parameter_layers])
    )
    start = where.parameters.copy()

    def penalty(x, one):
        where.parameters[...] = start
        where.parameters[trainable] = x
        found = rk.training.objective(where, *data, regularizers=[one], epoch=0)
        return found.penalty

    assert list(norms) == ["data", *kinds]
    for kind in kinds:
        numeric = approx_fprime(start[trainable], penalty, 1e-7, OF_EACH_KIND[kind]())
        assert norms[kind] == pytest.approx(np.linalg.norm(numeric), rel=1e-5, abs=1e-6)
        assert (norms[kind] > 0) == (kind != "scheduled")


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("batch_size", [None, 10])
def test_the_datas_norm_is_that_without_penalties_of_any_kind(data, frozen, batch_size):
    """At a rate of almost 0, so that both runs have the same parameters at the last batch."""
    norms = []
    kinds = [kind for kind in OF_EACH_KIND if not (frozen and kind in OF_DENSE1)]
    for regularizers in ([], [OF_EACH_KIND[kind]() for kind in kinds]):
        run = rk.training.steps(
            model(frozen=frozen),
            *data,
            optimizer=rk.SGD(1e-300),
            regularizers=regularizers,
            epochs=1,
            batch_size=batch_size,
            gradient_norms=True,
        )
        norms.append(next(run).gradient_norms["data"])
    assert norms[1] == pytest.approx(norms[0], rel=1e-12)


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
def test_measuring_penalties_of_every_kind_leaves_the_training_alone(data, kernels):
    def trained(**asked):
        made = model()
        rk.train(
            made,
            *data,
            optimizer=rk.Adam(0.1),
            regularizers=[make() for make in OF_EACH_KIND.values()],
            epochs=5,
            batch_size=10,
            kernels=kernels,
            **asked,
        )
        return made.parameters

    assert np.array_equal(trained(gradient_norms=True), trained())


def test_points_have_no_gradient(data):
    regularizers = ["l1=0.1,mode=prox@dense1.weights", Floor(on="dense2.biases", label="floor")]
    norms = first_record(model(), data, regularizers, gradient_norms=True).gradient_norms
    assert norms.keys() == {"data", "l1@dense1.weights", "floor"}
    assert (norms["l1@dense1.weights"], norms["floor"]) == (0.0, 0.0)
