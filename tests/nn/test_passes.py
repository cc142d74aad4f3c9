"""The passes of a batch, with further gradients by the outputs of layers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from penalty_kinds import Squares
from scipy.optimize import approx_fprime

import regkit as rk
from regkit.kernels.choice import kernels_for
from regkit.nn.passes import BLOCK, Passes, blocks

FACTORS = {"dense1": 0.3, "relu1": 0.5, "dense2": 0.7}


@pytest.fixture
def data():
    return rk.datasets.spiral(samples=10, classes=3)


def network(*, frozen=False):
    layers = [rk.Dense(2, 6, trainable=not frozen), rk.ReLU(), rk.Dense(6, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    model.parameters[...] = np.random.default_rng(1).standard_normal(model.parameters.size)
    return model


def passes(model, kernels="numpy", **options):
    return Passes(
        model.layers,
        model.loss,
        model.dtype,
        kernels=kernels_for(kernels, entries=1.0),
        **options,
    )


def squares(factors=FACTORS):
    """Gradients of Σ factor · outputs² over layers, and the layers that were asked for."""
    asked = []

    def of(layer, outputs):
        asked.append(layer)
        return [factors[layer] * 2 * outputs] if layer in factors else []

    return of, asked


def total(model, X, y, factors=FACTORS, data_loss=True):
    """What is differentiated, from layers' outputs of the test's own."""
    first, _, last = model.layers
    hidden = X @ first.weights + first.biases
    active = np.maximum(hidden, 0)
    logits = active @ last.weights + last.biases
    outputs = {"dense1": hidden, "relu1": active, "dense2": logits}
    penalty = sum(factor * np.sum(outputs[name] ** 2) for name, factor in factors.items())
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return penalty + data_loss * np.mean(log_sums - shifted[np.arange(len(y)), y])


def numeric(model, X, y, **options):
    start = model.parameters.copy()

    def at(x):
        model.parameters[...] = x
        return total(model, X, y, **options)

    gradient = approx_fprime(start, at, 1e-7)
    model.parameters[...] = start
    return gradient


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
@pytest.mark.parametrize("full_batches", [False, True])
@pytest.mark.parametrize("factors", [FACTORS, {"relu1": 0.5}, {"dense2": 0.7}, {}])
def test_gradients_by_outputs_are_added_in_the_backward_pass(data, kernels, full_batches, factors):
    """Compiled kernels fuse nothing then: layers' outputs would not be there."""
    X, y = data
    model = network()
    of, asked = squares(factors)
    options = {"rows": len(X), "full_batches": full_batches}
    one = passes(model, kernels, output_gradients=of, **options)
    inputs, targets = model.as_inputs(X), model.as_targets(y, len(X))
    one.measure(np.asfortranarray(inputs), targets)
    one.backward(targets)
    assert asked == ["dense2", "relu1", "dense1"]
    assert_allclose(model.gradients, numeric(model, X, y, factors=factors), rtol=1e-5, atol=1e-6)


def test_both_kernels_agree_to_rounding_and_without_output_gradients_too(data):
    X, y = data
    for output_gradients in (None, squares()[0]):
        gradients = []
        for kernels in ("numpy", "compiled"):
            model = network()
            options = {"rows": len(X), "output_gradients": output_gradients}
            one = passes(model, kernels, **options)
            targets = model.as_targets(y, len(X))
            one.measure(np.asfortranarray(model.as_inputs(X)), targets)
            one.backward(targets)
            gradients.append(model.gradients.copy())
        assert_allclose(*gradients, rtol=0, atol=1e-13)


def test_without_the_data_loss_there_are_the_gradients_by_outputs_alone(data):
    X, y = data
    for factors in (FACTORS, {"relu1": 0.5}, {}):
        model = network()
        of, _ = squares(factors)
        one = passes(model, output_gradients=of)
        targets = model.as_targets(y, len(X))
        one.measure(model.as_inputs(X), targets)
        model.gradients[...] = 0.0
        one.backward_from_outputs(of)
        expected = numeric(model, X, y, factors=factors, data_loss=False)
        assert_allclose(model.gradients, expected, rtol=1e-5, atol=1e-5)


def test_layers_above_the_penalized_one_get_no_gradient_of_it(data):
    X, y = data
    model = network()
    of, _ = squares({"relu1": 0.5})
    one = passes(model, output_gradients=of)
    one.measure(model.as_inputs(X), model.as_targets(y, len(X)))
    model.gradients[...] = 0.0
    one.backward_from_outputs(of)
    assert model.layers[0].dweights.any()
    assert not model.layers[2].dweights.any()


def test_below_the_first_trainable_layer_nobody_is_asked(data):
    X, y = data
    model = network(frozen=True)
    of, asked = squares()
    one = passes(model, output_gradients=of)
    targets = model.as_targets(y, len(X))
    one.measure(model.as_inputs(X), targets)
    one.backward(targets)
    assert asked == ["dense2"]
    assert set(one.layer_outputs) == {"dense1", "relu1", "dense2"}


def test_outputs_are_shown_read_only_without_the_column_of_ones_and_after_dropout(data):
    X, y = data
    layers = [rk.Dense(2, 6, init="he"), rk.Dropout(0.5), rk.Dense(6, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    of, _ = squares({})
    one = passes(model, rng=np.random.default_rng(0), output_gradients=of)
    one.measure(model.as_inputs(X), model.as_targets(y, len(X)))
    before, after, last = (one.layer_outputs[name] for name in ("dense1", "dropout1", "dense2"))
    assert [array.shape for array in (before, after, last)] == [(30, 6), (30, 6), (30, 3)]
    kept = after != 0
    assert 0 < kept.sum() < kept.size
    assert_allclose(after[kept], 2 * before[kept], rtol=1e-12)
    for outputs in (before, after, last):
        with pytest.raises(ValueError, match="read-only"):
            outputs[0, 0] = 1.0


def test_without_penalties_of_outputs_nothing_is_kept(data):
    X, y = data
    model = network()
    one = passes(model)
    one.measure(model.as_inputs(X), model.as_targets(y, len(X)))
    assert one.layer_outputs == {}


@pytest.mark.parametrize("batch_size", [None, 8])
def test_a_training_with_a_penalty_of_outputs_is_the_same_under_both_kernels(data, batch_size):
    trained = []
    for kernels in ("numpy", "compiled"):
        model = network()
        history = rk.train(
            model,
            *data,
            optimizer=rk.Adam(0.01),
            regularizers=[Squares(0.1, on=["relu1", "dense2"]), "l2=1e-3"],
            epochs=20,
            batch_size=batch_size,
            kernels=kernels,
        )
        trained.append((model.parameters, history[-1].penalties))
    assert_allclose(trained[0][0], trained[1][0], rtol=0, atol=1e-10)
    assert trained[0][1] == pytest.approx(trained[1][1], abs=1e-10)
    assert trained[0][1]["squares@relu1+dense2"] > 0


def test_blocks_cover_all_rows_once():
    found = list(blocks(2 * BLOCK + 5))
    assert [one.stop - one.start for one in found] == [BLOCK, BLOCK, 5]
    assert np.concatenate([np.arange(2 * BLOCK + 5)[one] for one in found]).tolist() == list(
        range(2 * BLOCK + 5)
    )
