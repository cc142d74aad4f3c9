"""Each scope has its pair of hooks, a penalty and its gradient."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

import regkit as rk
from regkit.errors import PluginError
from regkit.hooks import RunHooks

IMPORTS = "import pluggy\nimport regkit\n"
PENALTY = "@regkit.hookimpl\ndef penalty(layer): return 1.0\n"
GRADIENT = "@regkit.hookimpl\ndef penalty_grad(layer): return {}\n"
BOTH = PENALTY + GRADIENT
MODEL = "@regkit.hookimpl\ndef penalty_model(layers): return 2.0\n"
MODEL_GRADIENT = "@regkit.hookimpl\ndef penalty_model_grad(layers): return {}\n"
OUTPUTS = "@regkit.hookimpl\ndef penalty_outputs(layer, outputs): return 3.0\n"
OUTPUTS_GRADIENT = "@regkit.hookimpl\ndef penalty_outputs_grad(layer, outputs): return None\n"

OTHER_PAIRS = {
    "penalty_model alone": (MODEL, "has no penalty_model_grad: it needs both hooks"),
    "penalty_model_grad alone": (MODEL_GRADIENT + "penalty_model = None", "has no penalty_model:"),
    "penalty_outputs alone": (OUTPUTS, "has no penalty_outputs_grad: it needs both hooks"),
    "one pair and a half": (BOTH + MODEL, "has no penalty_model_grad"),
    "half a pair each": (PENALTY + MODEL_GRADIENT, "has no penalty_grad"),
    "a layer for the model": (
        MODEL.replace("layers", "layer") + MODEL_GRADIENT,
        "penalty_model takes an argument 'layer', but it is called as penalty_model(layers)",
    ),
    "steps for a layer": (
        BOTH + "@regkit.hookimpl\ndef penalty_prox(layer, steps): return {}",
        "penalty_prox takes an argument 'steps', but it is called as penalty_prox(layer, step)",
    ),
    "an unmarked point": (
        MODEL + MODEL_GRADIENT + "def penalty_model_prox(layers, steps): return {}",
        "penalty_model_prox is not a function marked with @regkit.hookimpl",
    ),
}


@pytest.mark.parametrize(("source", "problem"), OTHER_PAIRS.values(), ids=OTHER_PAIRS)
def test_each_scope_needs_its_pair(importable, layer, source, problem):
    importable.install("regkit-pairs", {}, pairs_plugin=IMPORTS + source)
    with pytest.raises(PluginError) as caught:
        RunHooks([importlib.import_module("pairs_plugin")], [layer])
    assert str(caught.value).startswith("regularizer 'pairs_plugin'")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("source", "penalties"),
    [
        (MODEL + MODEL_GRADIENT, {"model": 2.0}),
        (OUTPUTS + OUTPUTS_GRADIENT, {"dense1": 3.0}),
        (BOTH + MODEL + MODEL_GRADIENT, {"dense1": 1.0, "model": 2.0}),
    ],
)
def test_one_pair_of_any_scope_makes_a_plugin(importable, layer, source, penalties):
    importable.install("regkit-pair", {"pair": "pair_plugin"}, pair_plugin=IMPORTS + source)
    hooks = RunHooks(["pair"], [layer])
    assert hooks.penalties({"dense1": np.ones((2, 4))}) == {"pair": penalties}
    hooks.add_gradients()
    assert hooks.output_gradients("dense1", np.ones((2, 4))) == []


@pytest.mark.parametrize(
    ("base", "on"), [(rk.ModelRegularizer, "weights"), (rk.ActivityRegularizer, "dense1")]
)
@pytest.mark.parametrize("missing", ["value", "grad"])
def test_classes_of_other_scopes_need_value_and_grad_too(layer, base, on, missing):
    given = "grad" if missing == "value" else "value"
    mine = type("Mine", (base,), {given: lambda self, *given: 0.0})
    with pytest.raises(PluginError, match=f"'mine' defines no {missing}: it needs value and grad"):
        RunHooks([mine(on=on, label="mine")], [layer])


def test_a_constraint_needs_neither(layer):
    class Floor(rk.Regularizer):
        constraint = True

        def prox(self, w, step):
            return abs(w)

    RunHooks([Floor()], [layer])
