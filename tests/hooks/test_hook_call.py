"""One call of a hook: what it is given, and what is wrong with an answer."""

import numpy as np
import pytest

from regkit.hooks import LayerView
from regkit.hooks.hook_call import LARGEST_SANE, HookCall
from regkit.hookspecs import HOOKS
from regkit.kernels.entry_steps import EntrySteps
from regkit.kernels.kernels import Kernels

W, B = np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)
OUTPUTS = np.ones((5, 3), np.float32)


@pytest.fixture
def views():
    return [
        LayerView("dense1", {"weights": W, "biases": B}),
        LayerView("dense2", {"weights": W.T}),
    ]


def test_a_call_on_a_layer_has_its_name_as_scope(views):
    call = HookCall("penalty_prox", [views[0]], {"step": 0.1})
    assert (call.layer, call.scope) == (views[0], "dense1")
    assert call.arguments == {"layer": views[0], "step": 0.1}


@pytest.mark.parametrize("hook", [one for one in HOOKS if "model" in one])
def test_a_call_on_the_model_has_the_scope_model(views, hook):
    call = HookCall(hook, views)
    assert (call.layer, call.scope) == (None, "model")
    assert call.arguments == {"layers": views}


def test_the_same_call_can_be_made_on_other_views(views):
    call = HookCall("penalty_outputs", [views[0]], {"outputs": OUTPUTS}).on([views[1]])
    assert (call.hook, call.scope, call.more) == ("penalty_outputs", "dense2", {"outputs": OUTPUTS})


VALUES = [one for one in HOOKS if one in ("penalty", "penalty_model", "penalty_outputs")]


@pytest.mark.parametrize("hook", VALUES)
def test_a_penalty_of_anything_is_a_number(views, hook):
    call = HookCall(hook, views)
    assert call.fault(1.5) is None
    assert call.fault(W) is not None
    assert call.fault(np.nan) is None
    assert call.fault(np.nan, finite=True) == "returned nan"


@pytest.mark.parametrize("hook", ["penalty_grad", "penalty_prox"])
def test_an_answer_for_a_layer_is_a_mapping_to_arrays(views, hook):
    call = HookCall(hook, [views[0]])
    assert call.fault({"weights": W}) is None
    assert call.fault({"dense1": {"weights": W}}) == (
        "returned an array for 'dense1', but the parameters are weights, biases"
    )
    assert "shape (1, 3) for weights of shape (2, 3)" in call.fault({"weights": B})


FAULTS = [
    ({"weights": W}, "returned arrays for 'weights', but the layers are dense1, dense2"),
    ([W], "instead of a mapping from layer name to a mapping from parameter name to array"),
    ({"dense2": W.T}, "for layer dense2 returned ndarray"),
    ({"dense2": {"biases": B}}, "for layer dense2 returned an array for 'biases', but the param"),
    (
        {"dense2": {"weights": W}},
        "for layer dense2 returned an array of shape (2, 3) for weights of shape (3, 2)",
    ),
    (
        {"dense1": {"biases": B.astype(float)}},
        "for layer dense1 returned float64 for biases, which is float32",
    ),
]


@pytest.mark.parametrize("hook", ["penalty_model_grad", "penalty_model_prox"])
def test_an_answer_for_the_model_is_a_mapping_of_mappings(views, hook):
    call = HookCall(hook, views)
    assert call.fault({}) is None
    assert call.fault({"dense2": {"weights": W.T}, "dense1": {}}) is None
    for answer, fault in FAULTS:
        assert fault in call.fault(answer)
    infinite = {"dense2": {"weights": W.T * np.inf}}
    assert call.fault(infinite) is None
    assert call.fault(infinite, finite=True) == (
        "for layer dense2 returned values that are not finite for weights"
    )


def test_a_gradient_by_outputs_is_an_array_like_the_outputs(views):
    call = HookCall("penalty_outputs_grad", [views[0]], {"outputs": OUTPUTS})
    assert call.fault(0 * OUTPUTS) is None
    for answer, fault in (
        ({"outputs": OUTPUTS}, "returned dict"),
        (OUTPUTS[:1], "returned an array of shape (1, 3) for the outputs of shape (5, 3)"),
        (OUTPUTS.astype(float), "returned float64 for the outputs, which is float32"),
    ):
        assert fault in call.fault(answer)
    assert call.fault(OUTPUTS * np.nan) is None
    assert call.fault(OUTPUTS * np.nan, finite=True) == (
        "returned values that are not finite for the outputs"
    )


@pytest.mark.parametrize(
    ("size", "sane"), [(LARGEST_SANE, True), (2 * LARGEST_SANE, False), (np.nan, False)]
)
def test_a_call_is_sane_while_nothing_given_is_too_large(size, sane):
    large = np.full((1, 3), size)
    assert HookCall("penalty", [LayerView("dense1", {"biases": large})]).is_sane == sane
    both = [LayerView("dense1", {"weights": W}), LayerView("dense2", {"biases": -large})]
    assert HookCall("penalty_model", both).is_sane == sane
    of_outputs = HookCall("penalty_outputs", [LayerView("relu1", {})], {"outputs": large})
    assert of_outputs.is_sane == sane
    assert HookCall("penalty_outputs", [LayerView("relu1", {})], {"outputs": OUTPUTS}).is_sane


def test_only_what_kernels_wrote_is_not_looked_at_for_infinities(views):
    written = np.full_like(W, np.inf)
    steps = EntrySteps({}, {"weights": written}, Kernels())
    call = HookCall("penalty_prox", [views[0]], {"step": steps})
    assert call.fault({"weights": written}, finite=True) is None
    assert call.fault({"weights": written.copy()}, finite=True) == (
        "returned values that are not finite for weights"
    )
    assert "shape" in call.fault({"biases": written}, finite=True)
