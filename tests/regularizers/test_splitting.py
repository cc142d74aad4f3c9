"""The sum of the hooks does not depend on how regularizers are split up."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

import regkit as rk

# Sums agree to rounding only while no product leaves the range of normal numbers.
strengths = st.just(0.0) | st.floats(1e-6, 10)
entries = st.floats(-1e6, 1e6).filter(lambda number: number == 0 or abs(number) > 1e-6)
layers = st.builds(
    lambda *values: [
        SimpleNamespace(name=name, params={"weights": weights, "biases": biases})
        for name, (weights, biases) in zip(("dense1", "dense2"), values, strict=True)
    ],
    st.tuples(arrays(float, (3, 4), elements=entries), arrays(float, (1, 4), elements=entries)),
    st.tuples(arrays(float, (4, 2), elements=entries), arrays(float, (1, 2), elements=entries)),
)


def sums_of_hooks(layers, regularizers):
    """The sums over the regularizers of the penalty, and of the gradient by layer and parameter."""
    penalty = 0.0
    gradients = {
        (layer.name, name): np.zeros_like(array)
        for layer in layers
        for name, array in layer.params.items()
    }
    for regularizer in regularizers:
        for layer in layers:
            penalty += regularizer.penalty(layer) or 0.0
            for name, gradient in (regularizer.penalty_grad(layer) or {}).items():
                gradients[layer.name, name] += gradient
    return penalty, gradients


def assert_same_sums(layers, some, others):
    penalty, gradients = sums_of_hooks(layers, some)
    penalty_of_others, gradients_of_others = sums_of_hooks(layers, others)
    assert_allclose(penalty, penalty_of_others, rtol=1e-12)
    for key, gradient in gradients.items():
        # L1 and L2 never pull in different directions, so nothing cancels.
        assert_allclose(gradient, gradients_of_others[key], rtol=1e-12)


# The ratio of the two is one number, which cannot hold a share far below 1 to full precision.
comparable = st.just(0.0) | st.floats(0.01, 10)


@given(layers, comparable, comparable)
def test_l1_and_l2_are_elastic_net(layers, l1, l2):
    combined = rk.ElasticNet.from_strengths(l1=l1, l2=l2, on="*")
    assert_same_sums(layers, [rk.L1(l1, on="*"), rk.L2(l2, on="*")], [combined])


@given(layers, strengths, strengths)
def test_strengths_add_up(layers, first, second):
    for cls in (rk.L1, rk.L2, rk.ElasticNet):
        assert_same_sums(layers, [cls(first), cls(second)], [cls(first + second)])


@given(layers, strengths)
def test_selectors_can_be_split_over_regularizers(layers, strength):
    apart = ["dense1.weights", "dense1.biases", "dense2"]
    for cls in (rk.L1, rk.L2, rk.ElasticNet):
        assert_same_sums(layers, [cls(strength, on=on) for on in apart], [cls(strength, on="*")])


@given(layers, strengths)
def test_what_overlapping_selectors_name_counts_once(layers, strength):
    overlapping = rk.L2(strength, on=["weights", "dense1", "*.weights"])
    assert_same_sums(layers, [overlapping], [rk.L2(strength, on=["weights", "dense1.biases"])])
