"""The selected weight matrices: their order, and what is refused."""

import numpy as np
import pytest
from regkit_network import NeuronGroups, PathNorm
from regkit_network.chain import chain

from regkit.errors import FieldError

BOTH = pytest.mark.parametrize("penalty", [PathNorm(), NeuronGroups()], ids=str)


def test_weights_come_in_order_without_biases():
    first, second = np.ones((2, 4)), np.ones((4, 3))
    params = {
        "dense1": {"weights": first, "biases": np.ones((1, 4))},
        "dense2": {"biases": np.ones((1, 3)), "weights": second},
    }
    found = chain(params, "P")
    assert list(found) == ["dense1", "dense2"]
    assert found["dense1"] is first
    assert found["dense2"] is second


@BOTH
def test_shapes_that_do_not_chain_are_named(penalty):
    params = {"dense1": {"weights": np.ones((2, 4))}, "dense3": {"weights": np.ones((5, 3))}}
    problem = r"dense1.weights 2 × 4 and dense3.weights 5 × 3 do not chain: select consecutive"
    with pytest.raises(FieldError, match=problem):
        penalty.value(params)


@BOTH
def test_layers_without_their_weights_are_refused(penalty):
    params = {"dense1": {"weights": np.ones((2, 4))}, "dense2": {"biases": np.ones((1, 3))}}
    with pytest.raises(FieldError, match="dense2 is selected without its weights"):
        penalty.grad(params)
