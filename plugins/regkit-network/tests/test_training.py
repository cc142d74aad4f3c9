"""Networks that train with the penalties, and neurons that they lose."""

import dataclasses
import itertools

import numpy as np
import pytest
from regkit_network import NeuronGroups, PathNorm

import regkit
from regkit.errors import PluginError


def network(*widths):
    layers = []
    for n_in, n_out in itertools.pairwise(widths):
        layers += [regkit.Dense(n_in, n_out, init="he"), regkit.ReLU()]
    return regkit.Model(layers[:-1], loss=regkit.SoftmaxCrossEntropy(), seed=0)


def trained(model, penalty, *, optimizer=None, epochs=10):
    X, y = regkit.datasets.spiral(samples=50, classes=3, seed=0)
    return regkit.train(
        model,
        X,
        y,
        optimizer=optimizer or regkit.Adam(0.02),
        regularizers=[penalty],
        epochs=epochs,
    )


def zeros_by_neuron(model):
    """Which entries of each hidden neuron are 0: (neurons, incoming, bias and outgoing)."""
    before, _, after = model.layers
    return np.concatenate([before.weights.T, before.biases.T, after.weights], axis=1) == 0


@pytest.mark.parametrize("optimizer", [regkit.Adam(0.02), regkit.SGD(0.5)], ids=["Adam", "SGD"])
def test_training_empties_whole_neurons_and_no_parts_of_them(optimizer):
    model = network(2, 16, 3)
    strength = 1e-3 if optimizer.adaptive else 3e-3
    trained(model, NeuronGroups(strength, on="*", mode="prox"), optimizer=optimizer, epochs=400)
    zeros = zeros_by_neuron(model)
    gone = zeros.all(axis=1)
    assert 3 <= np.count_nonzero(gone) < 16
    assert not zeros[~gone].any()


def test_gradients_alone_empty_no_neuron():
    model = network(2, 16, 3)
    trained(model, NeuronGroups(1e-3), epochs=100)
    assert not zeros_by_neuron(model).any()


@pytest.mark.parametrize(
    "penalty", [NeuronGroups(0.03), PathNorm(0.1), PathNorm(0.1, p=1)], ids=str
)
@pytest.mark.parametrize("mode", ["loss", "decoupled"])
def test_a_deep_network_trains_with_it_and_obeys(penalty, mode):
    def measured(strength):
        model = network(2, 8, 6, 3)
        given = dataclasses.replace(penalty, strength=strength, mode=mode)
        trained(model, given, optimizer=regkit.SGD(0.1), epochs=100)
        params = {one.name: {"weights": one.weights} for one in model.layers[::2]}
        return penalty.value(params)

    assert measured(penalty.strength) < 0.5 * measured(0.0)


def test_overlapping_groups_are_refused_in_one_line():
    model = network(2, 8, 6, 3)
    with pytest.raises(PluginError, match="overlap, and its prox is defined for one hidden") as it:
        trained(model, NeuronGroups(1e-3, mode="prox"))
    assert "\n" not in str(it.value)


def test_two_layers_of_a_deep_network_may_be_selected():
    model = network(2, 16, 12, 3)
    trained(model, NeuronGroups(3e-3, on=("dense2", "dense3"), mode="prox"), epochs=150)
    before, _, second, _, last = model.layers
    gone = ~second.weights.any(axis=0)
    assert 1 <= np.count_nonzero(gone) < 12
    assert not second.biases[:, gone].any()
    assert not last.weights[gone].any()
    assert before.weights.all()
    assert last.biases.all()
