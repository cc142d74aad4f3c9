"""Neurons as groups: which entries they hold, and when they go."""

import itertools
from math import sqrt

import numpy as np
import pytest
from regkit_network import NeuronGroups

from regkit.errors import FieldError


def network(*widths, seed=0):
    rng = np.random.default_rng(seed)
    return {
        f"dense{index}": {
            "weights": rng.standard_normal((n_in, n_out)),
            "biases": rng.standard_normal((1, n_out)),
        }
        for index, (n_in, n_out) in enumerate(itertools.pairwise(widths), 1)
    }


def groups_of(params):
    """Every hidden neuron's entries, gathered one by one."""
    layers = list(params.values())
    return [
        [
            *one["weights"][:, j],
            *(one["biases"][:, j] if "biases" in one else ()),
            *after["weights"][j],
        ]
        for one, after in itertools.pairwise(layers)
        for j in range(one["weights"].shape[1])
    ]


@pytest.mark.parametrize("widths", [(2, 4, 3), (2, 4, 3, 2)], ids=str)
@pytest.mark.parametrize("biases", [True, False])
def test_a_group_is_all_of_a_hidden_neuron(widths, biases):
    params = network(*widths)
    if not biases:
        params = {layer: {"weights": arrays["weights"]} for layer, arrays in params.items()}
    by_hand = sum(sqrt(len(group)) * np.linalg.norm(group) for group in groups_of(params))
    assert NeuronGroups().value(params) == pytest.approx(by_hand, rel=1e-14)


def test_biases_of_the_outputs_are_free():
    params = network(2, 4, 3)
    assert "biases" not in NeuronGroups().grad(params)["dense2"]
    assert "biases" not in NeuronGroups().prox(params, 100.0)["dense2"]


def test_a_group_that_is_zero_has_gradient_zero():
    params = network(2, 4, 3)
    params["dense1"]["weights"][:, 1] = params["dense1"]["biases"][:, 1] = 0
    params["dense2"]["weights"][1] = 0
    gradient = NeuronGroups().grad(params)
    assert not gradient["dense1"]["weights"][:, 1].any()
    assert not gradient["dense2"]["weights"][1].any()
    assert gradient["dense1"]["biases"][0, 0] != 0


@pytest.mark.parametrize("by_entry", [False, True])
def test_the_proximal_point_empties_whole_neurons(by_entry):
    """Of the neurons' norms the step × √6 lies between the third and the second."""
    params = network(2, 4, 3)
    norms = sorted(np.linalg.norm(group) for group in groups_of(params))
    step = (norms[1] + norms[2]) / (2 * sqrt(6))
    steps = {
        layer: {name: np.full(array.shape, step) for name, array in arrays.items()}
        for layer, arrays in params.items()
    }
    point = NeuronGroups().prox(params, steps if by_entry else step)
    for before, after in zip(groups_of(params), groups_of(point), strict=True):
        kept = max(1 - step * sqrt(6) / np.linalg.norm(before), 0)
        np.testing.assert_allclose(after, kept * np.array(before), rtol=1e-12)
        assert np.any(after) == (np.linalg.norm(before) > norms[1])


def test_dead_neurons_with_huge_steps_go_and_others_stay():
    """Under Adam an entry that never had a gradient has a step of lr/ε."""
    params = network(2, 4, 3)
    steps = {
        layer: {name: np.full(array.shape, 1e-8) for name, array in arrays.items()}
        for layer, arrays in params.items()
    }
    steps["dense1"]["weights"][:, 2] = steps["dense1"]["biases"][:, 2] = 5e5
    steps["dense2"]["weights"][2] = 5e5
    point = NeuronGroups().prox(params, steps)
    assert [bool(np.any(group)) for group in groups_of(point)] == [True, True, False, True]


def test_parameters_keep_their_type():
    params = {
        layer: {name: array.astype(np.float32) for name, array in arrays.items()}
        for layer, arrays in network(2, 4, 3).items()
    }
    for answer in (NeuronGroups().grad(params), NeuronGroups().prox(params, 0.1)):
        dtypes = {array.dtype for arrays in answer.values() for array in arrays.values()}
        assert dtypes == {np.dtype(np.float32)}


def test_one_layer_alone_has_no_hidden_neurons():
    with pytest.raises(FieldError, match="only dense1 is selected, but the groups also hold"):
        NeuronGroups().value(network(2, 4))


def test_overlapping_groups_have_no_proximal_point():
    with pytest.raises(FieldError, match="in dense1, dense2, dense3 the groups of neighbouring"):
        NeuronGroups().prox(network(2, 4, 3, 2), 0.1)
