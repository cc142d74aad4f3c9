"""Which modes a plugin can serve, and which penalties can act together on one parameter."""

from __future__ import annotations

import pytest
from penalty_kinds import Ball, Floor, Together
from refusals import refusal

import regkit as rk
from regkit.errors import InputError, PluginError
from regkit.hooks import RunHooks


class RawIn:
    """A raw plugin in a mode."""

    def __init__(self, mode):
        self.mode = mode

    @rk.hookimpl
    def penalty(self, layer):
        return 1.0

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None


class RawOfOutputs:
    def __init__(self, mode):
        self.mode = mode

    @rk.hookimpl
    def penalty_outputs(self, layer, outputs):
        return None

    @rk.hookimpl
    def penalty_outputs_grad(self, layer, outputs):
        return None


class RawOfModel:
    def __init__(self, mode):
        self.mode = mode

    @rk.hookimpl
    def penalty_model(self, layers):
        return None

    @rk.hookimpl
    def penalty_model_grad(self, layers):
        return None


@pytest.mark.parametrize("mode", ["prox", "constraint"])
@pytest.mark.parametrize(
    ("cls", "name", "hook"),
    [
        (RawIn, "raw_in", "penalty_prox"),
        (RawOfModel, "raw_of_model", "penalty_model_prox"),
    ],
)
def test_a_mode_without_its_hook_is_refused(layers, cls, name, hook, mode):
    assert refusal([cls(mode)], layers, PluginError) == (
        f"regularizer {name!r}: declares mode {mode!r}, but defines no {hook}: in this mode it "
        "would do nothing"
    )
    for possible in ("loss", "decoupled"):
        RunHooks([cls(possible)], layers)


@pytest.mark.parametrize("mode", ["prox", "constraint", "decoupled"])
def test_a_penalty_of_outputs_acts_in_the_loss_only(layers, mode):
    RunHooks([RawOfOutputs("loss")], layers)
    assert refusal([RawOfOutputs(mode)], layers, PluginError) == (
        f"regularizer 'raw_of_outputs': a penalty of outputs cannot act in mode {mode!r}: "
        "use 'loss'"
    )


ONE, TWO = {"label": "one"}, {"label": "two"}
POINTS = {
    "two proximal points": (
        [rk.L1(mode="prox", **ONE), rk.L2(mode="prox", **TWO)],
        "dense1.weights",
    ),
    "a prox and a constraint": (
        [Floor(on="dense2", **ONE), rk.L1(mode="prox", on="biases", **TWO)],
        "dense2.biases",
    ),
    "two constraints": ([Floor(**ONE), Floor(on="dense2", **TWO)], "dense2.weights"),
    "a model-wide prox": (
        [rk.L1(mode="prox", on="dense2.weights", **ONE), Together(mode="prox", **TWO)],
        "dense2.weights",
    ),
    "a model-wide constraint": (
        [Ball(on="*", **ONE), Together(mode="prox", on="biases", **TWO)],
        "dense1.biases",
    ),
}


@pytest.mark.parametrize(("regularizers", "where"), POINTS.values(), ids=POINTS)
def test_two_points_of_one_parameter_are_refused(layers, regularizers, where):
    constrained = any(one.mode == "constraint" for one in regularizers)
    combine = "use one penalty that combines them, such as elastic_net"
    advice = "leave one out, or use mode 'loss' for a penalty" if constrained else combine
    assert refusal(regularizers, layers, InputError) == (
        f"one and two both act by a proximal point or a projection on {where}, and these do not "
        f"add up: {advice}"
    )


@pytest.mark.parametrize(("regularizers", "where"), POINTS.values(), ids=POINTS)
def test_one_point_goes_together_with_gradients(layers, regularizers, where):
    for one in regularizers:
        RunHooks([one, rk.L1(), rk.L1(mode="decoupled"), Together(on="*")], layers)


def test_a_raw_plugin_that_does_not_say_what_it_selects_may_set_anything(layers):
    class RawProx(RawIn):
        @rk.hookimpl
        def penalty_prox(self, layer, step):
            return None

    message = refusal([RawProx("prox"), rk.L1(mode="prox", on="dense2.biases")], layers, InputError)
    assert "raw_prox and l1@dense2.biases both act" in message
    RunHooks([RawProx("prox"), rk.L1()], layers)
