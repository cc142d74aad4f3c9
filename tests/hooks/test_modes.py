"""How a penalty acts in a step: the mode that a plugin declares, and the hook of its scope."""

import pytest

import regkit as rk
from regkit import hookspecs
from regkit.errors import PluginError
from regkit.hooks.modes import (
    CONSTRAINT,
    DECOUPLED,
    LAYER,
    LOSS,
    MODEL,
    MODES,
    OUTPUTS,
    PROX,
    SCOPES,
)
from regkit.hooks.run_plugin import RunPlugin


class Plugin:
    def __init__(self, mode):
        self.mode = mode


class Floor(rk.Regularizer):
    """w ≥ 0."""

    constraint = True

    def prox(self, w, step):
        return abs(w)


def mode_of(plugin, label):
    return RunPlugin(plugin, label, None).mode


def test_a_plugin_that_declares_no_mode_acts_in_the_loss():
    assert mode_of(object(), "mine") is LOSS


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_a_plugin_gets_the_mode_that_it_declares(mode):
    assert mode_of(Plugin(mode.name), "mine") is mode
    regularizer = Floor() if mode is CONSTRAINT else rk.L1(0.1, mode=mode.name)
    assert mode_of(regularizer, "l1") is mode


@pytest.mark.parametrize("name", ["proximal", "PROX", "", None, ["loss"], 3])
def test_an_unknown_mode_is_refused_by_name(name):
    with pytest.raises(PluginError) as caught:
        mode_of(Plugin(name), "mine@dense1")
    assert str(caught.value) == (
        f"regularizer 'mine@dense1': declares mode {name!r}: it must be one of loss, prox, "
        "decoupled, constraint"
    )


def test_these_are_the_modes():
    assert list(MODES) == ["loss", "prox", "decoupled", "constraint"]


@pytest.mark.parametrize(
    ("mode", "hooks"),
    [
        (LOSS, ("penalty_grad", "penalty_model_grad", "penalty_outputs_grad")),
        (DECOUPLED, ("penalty_grad", "penalty_model_grad", None)),
        (PROX, ("penalty_prox", "penalty_model_prox", None)),
        (CONSTRAINT, ("penalty_prox", "penalty_model_prox", None)),
    ],
)
def test_each_mode_acts_by_a_hook_of_the_scope_or_by_none(mode, hooks):
    assert tuple(mode.hook(scope) for scope in (LAYER, MODEL, OUTPUTS)) == hooks


def test_each_hook_belongs_to_one_scope():
    named = [name for one in SCOPES for name in (one.value, one.gradient, one.point) if name]
    assert sorted(named) == sorted(hookspecs.HOOKS)
