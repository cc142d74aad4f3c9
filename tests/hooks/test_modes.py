"""The mode that a plugin declares: by which hook it acts in a step."""

import pytest

import regkit as rk
from regkit import hookspecs
from regkit.errors import PluginError
from regkit.hooks.modes import LOSS, MODES, PROX
from regkit.hooks.run_plugin import RunPlugin


class Plugin:
    def __init__(self, mode):
        self.mode = mode


def mode_of(plugin, label):
    return RunPlugin(plugin, label, None).mode


def test_a_plugin_that_declares_no_mode_acts_in_the_loss():
    assert mode_of(object(), "mine") is LOSS


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_a_plugin_gets_the_mode_that_it_declares(mode):
    assert mode_of(Plugin(mode.name), "mine") is mode
    assert mode_of(rk.L1(0.1, mode=mode.name), "l1") is mode


@pytest.mark.parametrize("name", ["proximal", "PROX", "", None, ["loss"], 3])
def test_an_unknown_mode_is_refused_by_name(name):
    with pytest.raises(PluginError) as caught:
        mode_of(Plugin(name), "mine@dense1")
    assert str(caught.value) == (
        f"regularizer 'mine@dense1': declares mode {name!r}: it must be one of loss, prox"
    )


def test_each_mode_acts_by_a_hook_that_is_specified():
    assert (LOSS.hook, PROX.hook) == ("penalty_grad", "penalty_prox")
    assert all(hasattr(hookspecs, mode.hook) for mode in MODES.values())


def test_gradients_add_up_and_proximal_points_do_not():
    assert not LOSS.exclusive
    assert PROX.exclusive
