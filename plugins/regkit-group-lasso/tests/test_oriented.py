"""Weights stored the other way round are penalized as the same network."""

from types import SimpleNamespace

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso

WEIGHTS = np.random.default_rng(0).normal(size=(4, 6))
BIASES = np.random.default_rng(1).normal(size=(1, 6))


def layer(*, transposed):
    if transposed:
        weights = np.ascontiguousarray(WEIGHTS.T)
        return SimpleNamespace(
            name="dense1", params={"weights": weights, "biases": BIASES}, output_axis=0
        )
    return SimpleNamespace(name="dense1", params={"weights": WEIGHTS, "biases": BIASES})


@pytest.mark.parametrize("groups", ["incoming", "outgoing"])
def test_output_axis_says_where_the_neurons_are(groups):
    penalty = GroupLasso(0.3, groups=groups, on="dense1")
    straight, turned = layer(transposed=False), layer(transposed=True)
    assert penalty.penalty(turned) == pytest.approx(penalty.penalty(straight), rel=1e-14)
    for hook in (penalty.penalty_grad, lambda layer: penalty.penalty_prox(layer, 0.5)):
        expected, found = hook(straight), hook(turned)
        assert found["weights"].shape == (6, 4)
        np.testing.assert_allclose(found["weights"].T, expected["weights"], rtol=1e-14)
        np.testing.assert_array_equal(found["biases"], expected["biases"])


def test_the_strength_multiplies_each_hook_once():
    single = GroupLasso(on="dense1")
    triple = GroupLasso(3.0, on="dense1")
    straight = layer(transposed=False)
    assert triple.penalty(straight) == pytest.approx(3 * single.penalty(straight))
    for name, array in triple.penalty_grad(straight).items():
        np.testing.assert_allclose(array, 3 * single.penalty_grad(straight)[name], rtol=1e-15)
    for name, array in triple.penalty_prox(straight, 0.1).items():
        np.testing.assert_array_equal(array, single.penalty_prox(straight, 3.0 * 0.1)[name])


def test_a_layer_that_is_not_selected_gets_none():
    penalty = GroupLasso(on="dense2")
    straight = layer(transposed=False)
    assert penalty.penalty(straight) is None
    assert penalty.penalty_grad(straight) is None
    assert penalty.penalty_prox(straight, 0.1) is None
