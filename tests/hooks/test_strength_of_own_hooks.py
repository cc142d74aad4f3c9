"""Hooks of one's own multiply by `strength_for`, or take neither schedule nor scale."""

from __future__ import annotations

import numpy as np
import pytest
from penalty_kinds import Together, changed
from refusals import refusal

import regkit as rk
from regkit.errors import PluginError
from regkit.hooks import RunHooks


class Careful(rk.Regularizer):
    """Overrides the hooks, keeps to its selection, and multiplies by strength."""

    def penalty(self, layer):
        if not self.selected(layer):
            return None
        return self.strength * float(np.sum(layer.params["weights"] ** 2))

    def penalty_grad(self, layer):
        if not self.selected(layer):
            return None
        return {"weights": 2 * self.strength * layer.params["weights"]}


class OwnStrengthOfItsValue(Careful):
    """Multiplies by strength_for, but in its gradient by strength."""

    def penalty(self, layer):
        if not self.selected(layer):
            return None
        return self.strength_for(layer) * float(np.sum(layer.params["weights"] ** 2))


class OwnStrength(OwnStrengthOfItsValue):
    """Multiplies by strength_for."""

    def penalty_grad(self, layer):
        if not self.selected(layer):
            return None
        return {"weights": 2 * self.strength_for(layer) * layer.params["weights"]}


class ModelWide(Together):
    """Multiplies by strength, which neither changes by epoch nor is scaled."""

    def penalty_model(self, layers):
        chosen = self.selected_of(layers)
        return self.strength * self.value(chosen) if chosen else None


class ModelWideGradient(Together):
    """Likewise in its gradient alone."""

    def penalty_model_grad(self, layers):
        chosen = self.selected_of(layers)
        return changed(self.grad(chosen), lambda g, *_: self.strength * g) if chosen else None


class ModelWideOwnStrength(Together):
    def penalty_model(self, layers):
        chosen = self.selected_of(layers)
        return self.strength_for(layers) * self.value(chosen) if chosen else None


@pytest.mark.parametrize(
    ("fields", "given"), [({"schedule": "ramp:0:5"}, "schedule"), ({"scale": "size"}, "scale")]
)
@pytest.mark.parametrize(
    ("cls", "hook"),
    [
        (Careful, "penalty"),
        (OwnStrengthOfItsValue, "penalty_grad"),
        (ModelWide, "penalty_model"),
        (ModelWideGradient, "penalty_model_grad"),
    ],
)
def test_hooks_that_multiply_by_strength_take_neither_schedule_nor_scale(
    layers, cls, hook, fields, given
):
    RunHooks([cls(0.5)], layers)
    assert refusal([cls(0.5, label="mine", **fields)], layers, PluginError) == (
        f"regularizer 'mine': takes no {given}: its {hook} multiplies by self.strength instead of "
        "self.strength_for"
    )


@pytest.mark.parametrize("cls", [OwnStrength, ModelWideOwnStrength])
def test_hooks_that_multiply_by_strength_for_take_both(layers, cls):
    hooks = RunHooks([cls(0.5, schedule="ramp:0:10", scale="size")], layers)
    before = hooks.penalties()
    hooks.begin_epoch(5)
    [(label, whole)] = before.items()
    assert whole
    assert hooks.penalties()[label] == pytest.approx({k: v / 2 for k, v in whole.items()})


def test_it_is_found_at_parameters_that_start_at_0(layers):
    """Biases do: there any strength gives the same penalty."""

    class OfBiases(rk.Regularizer):
        def penalty(self, layer):
            chosen = self.selected(layer)
            return self.strength * sum(float(np.sum(b**2)) for b in chosen.values()) or None

        def penalty_grad(self, layer):
            chosen = self.selected(layer)
            return {n: 2 * self.strength_for(layer) * b for n, b in chosen.items()} or None

    for layer in layers:
        layer.params["biases"].base[...] = 0.0
    message = refusal([OfBiases(on="biases", schedule="ramp:0:5")], layers, PluginError)
    assert "takes no schedule: its penalty multiplies by self.strength" in message


class Raw:
    """A raw plugin with a schedule."""

    schedule = "ramp:0:5"

    @rk.hookimpl
    def penalty(self, layer):
        return 1.0

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None


def test_a_raw_plugin_with_a_schedule_needs_a_strength_for(layers):
    message = refusal([Raw()], layers, PluginError)
    assert message == (
        "regularizer 'raw': has a schedule, but no strength_for that its hooks multiply by"
    )

    class WithStrength(Raw):
        def strength_for(self, layer):
            return 1.0

    RunHooks([WithStrength()], layers)
