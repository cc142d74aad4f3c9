"""The plugin contract, as pluggy reads it."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import numpy as np
import pluggy
import pytest

import regkit as rk
from regkit import hookspecs
from regkit.catalogue.contract import ARGUMENTS

SIGNATURES = {
    "penalty": ["layer"],
    "penalty_grad": ["layer"],
    "penalty_prox": ["layer", "step"],
    "penalty_model": ["layers"],
    "penalty_model_grad": ["layers"],
    "penalty_model_prox": ["layers", "steps"],
    "penalty_outputs": ["layer", "outputs"],
    "penalty_outputs_grad": ["layer", "outputs"],
}


@pytest.fixture
def manager():
    one = pluggy.PluginManager(hookspecs.PROJECT)
    one.add_hookspecs(hookspecs)
    return one


def test_these_are_the_hooks_and_their_arguments(manager):
    hooks = {name: caller for name, caller in vars(manager.hook).items() if name[0] != "_"}
    assert {name: list(caller.spec.argnames) for name, caller in hooks.items()} == SIGNATURES
    for caller in hooks.values():
        assert not caller.spec.opts.get("firstresult")
        assert not caller.spec.opts.get("historic")


def test_no_argument_of_a_hook_has_a_default():
    """pluggy 1.6 would never pass it."""
    for name in SIGNATURES:
        parameters = inspect.signature(getattr(hookspecs, name)).parameters.values()
        assert all(parameter.default is parameter.empty for parameter in parameters)


def test_what_is_checked_at_set_up_is_what_the_specification_says():
    assert ARGUMENTS == SIGNATURES
    assert list(hookspecs.HOOKS) == list(SIGNATURES)


def test_the_marker_for_raw_plugins_is_a_public_name(manager):
    assert rk.hookimpl is hookspecs.hookimpl

    class Raw:
        @rk.hookimpl
        def penalty(self, layer):
            return 2.0

    manager.register(Raw())
    assert manager.hook.penalty(layer=None) == [2.0]


@pytest.mark.parametrize("cls", [rk.L1, rk.L2, rk.ElasticNet])
def test_a_regularizer_answers_every_hook_for_a_layer_of_name_and_params_alone(manager, cls):
    """The layer that the contract promises authors for their tests."""
    w = np.array([[0.5, -2.0]])
    layer = SimpleNamespace(name="dense1", params={"weights": w, "biases": np.zeros((1, 2))})
    one = cls(0.5)
    manager.register(one)
    assert manager.hook.penalty(layer=layer) == [0.5 * one.value(w)]
    (gradient,) = manager.hook.penalty_grad(layer=layer)
    assert list(gradient) == ["weights"]
    np.testing.assert_array_equal(gradient["weights"], 0.5 * one.grad(w))
    (point,) = manager.hook.penalty_prox(layer=layer, step=0.1)
    np.testing.assert_array_equal(point["weights"], one.prox(w, 0.1 * 0.5))


@pytest.mark.parametrize("hook", ["penalty", "penalty_grad", "penalty_prox"])
def test_a_regularizer_answers_none_where_it_does_not_apply(manager, hook):
    layer = SimpleNamespace(name="dense2", params={"weights": np.ones((1, 1))})
    manager.register(rk.L1(on="dense1"))
    arguments = {"step": 0.1} if hook == "penalty_prox" else {}
    assert getattr(manager.hook, hook)(layer=layer, **arguments) == []


def test_every_hook_says_what_it_returns():
    for name in SIGNATURES:
        assert "eturn" in inspect.getdoc(getattr(hookspecs, name))
