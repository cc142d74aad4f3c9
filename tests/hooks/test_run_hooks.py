"""The hooks of one run: registered apart, called through pluggy, summed in the user's order.

Covers: regkit/hooks/registry.py
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from penalty_kinds import Floor, Together

import regkit as rk
from regkit.errors import InputError, PluginError, SelectorError
from regkit.hooks import LayerView, RunHooks


class Constant(rk.Regularizer):
    """A penalty of `size` an array, and a gradient of `size` an entry."""

    size: float = 1.0

    def value(self, w):
        return self.size

    def grad(self, w):
        return np.full_like(w, self.size)


class Raw:
    """A plugin of hooks alone, which answers on the second layer only."""

    @rk.hookimpl
    def penalty(self, layer):
        return 100.0 if layer.name == "dense2" else None

    @rk.hookimpl
    def penalty_grad(self, layer):
        return {"biases": layer.params["biases"] * 1} if layer.name == "dense2" else None


def test_every_call_goes_through_pluggy_once_a_layer(layers):
    hooks = RunHooks([rk.L1(), Constant(), Raw()], layers)
    calls = []
    hooks.registry.manager.add_hookcall_monitoring(
        lambda name, implementations, arguments: calls.append(
            (name, arguments["layer"].name, len(implementations))
        ),
        lambda *ignored: None,
    )
    hooks.add_gradients()
    hooks.penalties()
    assert calls == [
        (hook, layer, 3) for hook in ("penalty_grad", "penalty") for layer in ("dense1", "dense2")
    ]


def test_penalties_are_told_apart_by_label_and_layer(layers):
    hooks = RunHooks([Constant(2.0, on="dense2.biases"), Raw(), Constant(3.0, on="*")], layers)
    assert hooks.penalties() == {
        "constant@dense2.biases": {"dense2": 2.0},
        "raw": {"dense2": 100.0},
        "constant@*": {"dense1": 6.0, "dense2": 6.0},
    }


def test_gradients_add_up_to_the_running_sums(layers):
    for layer in layers:
        for array in layer.accumulation.sums.values():
            array[...] = 5.0
    RunHooks([Constant(2.0, on="dense1.weights"), rk.L2(0.5, on="biases")], layers).add_gradients()
    first, second = (layer.accumulation.sums for layer in layers)
    assert (first["weights"] == 7.0).all()
    np.testing.assert_allclose(first["biases"], 5 + layers[0].params["biases"], rtol=1e-15)
    np.testing.assert_allclose(second["biases"], 5 + layers[1].params["biases"], rtol=1e-15)
    assert (second["weights"] == 5.0).all()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_sums_are_taken_in_the_users_order(layers, order):
    """1 + 1e16 − 1e16 depends on it."""
    constants = [Constant(size=size, on="dense1.biases") for size in (1.0, 1e16, -1e16)]
    sums = layers[0].accumulation.sums["biases"]
    sums[...] = expected = 0.0
    RunHooks([constants[index] for index in order], layers).add_gradients()
    for index in order:
        expected += constants[index].size
    assert (sums == expected).all()


def test_runs_do_not_know_each_other(layers):
    one = rk.L1()
    first, second = RunHooks([one], layers), RunHooks([one, rk.L2()], layers)
    assert len(first.registry.manager.get_plugins()) == 1
    assert len(second.registry.manager.get_plugins()) == 2


def test_specs_regularizers_and_raw_plugins_go_together(layers):
    assert RunHooks(["l2=0.5@dense1", rk.L1(), Raw()], layers).labels == ["l2@dense1", "l1", "raw"]


def test_one_object_counts_once(layers):
    one = rk.L1(0.5)
    RunHooks([one, rk.L1(0.5)], layers)
    with pytest.raises(InputError, match=r"l1=0\.5 is listed twice"):
        RunHooks([one, rk.L2(), one], layers)


@pytest.mark.parametrize("on", ["dense3", "bias", "dense1.scales", "Dense1", "dense?.w"])
def test_a_selector_that_matches_nothing_is_refused(layers, on):
    with pytest.raises(SelectorError) as caught:
        RunHooks([rk.L2(on=["weights", on])], layers)
    message = str(caught.value)
    assert message.startswith(f"l2@weights+{on}: selector {on!r} matches no parameter")
    assert message.endswith(
        "(trainable: dense1.weights, dense1.biases, dense2.weights, dense2.biases)"
    )


def test_a_selector_that_matches_frozen_parameters_only_is_refused(layers):
    with pytest.raises(SelectorError, match="matches frozen parameters only"):
        RunHooks([rk.L2(on="dense3.*")], layers, [("dense3", "weights")])


def test_proximal_points_come_from_those_in_mode_prox_alone(layers):
    hooks = RunHooks([rk.L1(0.5, on="dense1", mode="prox"), rk.L2(), Raw()], layers)
    points = {(layer, name): point for layer, name, point in hooks.points(0.2)}
    assert set(points) == {("dense1", "weights"), ("dense1", "biases")}
    for (_, name), point in points.items():
        w = layers[0].params[name]
        np.testing.assert_allclose(point, np.sign(w) * np.maximum(np.abs(w) - 0.1, 0), atol=1e-15)


def test_steps_of_entries_reach_each_hook_in_its_own_form(layers):
    """A layer's hook gets that layer's arrays, the model's gets all."""
    rng = np.random.default_rng(0)
    steps = {
        layer.name: {name: rng.random(w.shape) for name, w in layer.params.items()}
        for layer in layers
    }
    together = Together(0.3, on="biases", mode="prox")
    hooks = RunHooks([rk.L1(0.5, mode="prox"), together], layers)
    points = {(layer, name): point for layer, name, point in hooks.points(steps)}
    of_model = together.prox(
        together.selected_of(layers),
        {layer: {"biases": 0.3 * own["biases"]} for layer, own in steps.items()},
    )
    assert set(points) == {(one.name, name) for one in layers for name in ("weights", "biases")}
    for layer in layers:
        w = layer.params["weights"]
        threshold = 0.5 * steps[layer.name]["weights"]
        expected = np.sign(w) * np.maximum(np.abs(w) - threshold, 0)
        np.testing.assert_allclose(points[layer.name, "weights"], expected, atol=1e-15)
        np.testing.assert_allclose(points[layer.name, "biases"], of_model[layer.name]["biases"])


def test_projections_come_from_constraints_alone(layers):
    hooks = RunHooks([rk.L1(0.5, mode="prox", on="biases"), Floor(on="dense1.weights")], layers)
    [(layer, name, point)] = hooks.projections()
    assert (layer, name) == ("dense1", "weights")
    np.testing.assert_array_equal(point, np.maximum(layers[0].params["weights"], 0))
    assert len(hooks.points(0.1)) == 3


def test_layers_are_shown_at_the_epoch_that_begins(layers):
    others = [LayerView("relu1", {})]
    hooks = RunHooks([rk.L2(schedule="ramp:0:10", label="mine"), rk.L1()], layers, others=others)
    assert hooks.factors(5) == {"mine": 0.5}
    whole = hooks.penalties()["mine"]
    hooks.begin_epoch(5)
    assert [layer.epoch for layer in (*layers, *others)] == [5, 5, 5]
    assert hooks.penalties()["mine"] == {name: value / 2 for name, value in whole.items()}


def test_in_mode_prox_the_gradient_is_out_of_the_loss_and_the_penalty_in_it(layers):
    hooks = RunHooks([Constant(mode="loss"), rk.L1(mode="prox")], layers)
    for layer in layers:
        for array in layer.accumulation.sums.values():
            array[...] = 0.0
    hooks.add_gradients()
    assert (layers[0].accumulation.sums["weights"] == 1.0).all()
    assert hooks.penalties()["l1"]["dense1"] == pytest.approx(
        np.abs(layers[0].params["weights"]).sum()
    )
    # Called directly, it still answers.
    alone = SimpleNamespace(name="dense1", params=layers[0].params)
    assert len(hooks.registry.manager.hook.penalty_grad(layer=alone)) == 2


def test_two_proximal_points_of_one_parameter_are_refused(layers):
    RunHooks([rk.L1(on="dense1", mode="prox"), rk.L1(on="dense2", mode="prox")], layers)
    with pytest.raises(
        InputError, match=r"^l1@dense2 and l2 both act .* dense2\.weights.*elastic_net"
    ):
        RunHooks([rk.L1(on="dense2", mode="prox"), rk.L2(mode="prox")], layers)


def test_a_plugin_that_is_compared_by_value_is_refused(layers):
    @dataclass
    class ByValue(Raw):
        strength: float = 1.0

    @dataclass(eq=False)
    class ByIdentity(Raw):
        strength: float = 1.0

    RunHooks([ByIdentity(), ByIdentity(), rk.L2()], layers).penalties()
    with pytest.raises(PluginError, match="'by_value' is compared by value"):
        RunHooks([ByValue(), rk.L2()], layers)
