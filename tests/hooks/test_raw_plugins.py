"""Plugins that are no Regularizer: a class, a module or an object with both hooks."""

from __future__ import annotations

import pytest

import regkit as rk
from regkit.errors import FieldError, PluginError, SpecError
from regkit.hooks import RunHooks

RAW = '''
    """A plugin that knows nothing of regkit but its marker."""

    import regkit


    class Raw:
        def __init__(self, *, strength: float = 1.0, power: int = 2, sign="+"):
            self.strength, self.power, self.sign = strength, power, sign

        @regkit.hookimpl
        def penalty(self, layer):
            return self.strength * float((abs(layer.params["weights"]) ** self.power).sum())

        @regkit.hookimpl
        def penalty_grad(self, layer):
            return {"weights": 0 * layer.params["weights"]}
'''

MODULE = '''
    """A module that is itself the plugin."""

    import regkit


    @regkit.hookimpl
    def penalty(layer):
        return 0.25


    @regkit.hookimpl
    def penalty_grad(layer):
        return None


    class Holder:
        """An object that is itself the plugin."""

        @regkit.hookimpl
        def penalty(self, layer):
            return 0.5

        @regkit.hookimpl
        def penalty_grad(self, layer):
            return {}


    ready = Holder()
    bare = object()


    def no_plugin():
        pass
'''


def test_a_raw_class_is_built_from_its_keyword_fields(site, train):
    site.install("regkit-raw", {"raw": "raw_penalty:Raw"}, raw_penalty=RAW)
    once = train("--json", "--reg", "raw=0.5,power=1").penalties
    twice = train("--json", "--reg", "raw=1.0,power=1").penalties
    assert once["raw"] > 0
    assert twice["raw"] == 2 * once["raw"]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("raw=0.5,pwoer=1", "has no field 'pwoer', did you mean 'power'?"),
        ("raw=0.5,power=1.5", "power must be an int, got '1.5'"),
        ("raw@dense1", "takes no selectors"),
    ],
)
def test_a_raw_class_says_what_it_takes(importable, spec, problem):
    importable.install("regkit-raw", {"raw": "raw_penalty:Raw"}, raw_penalty=RAW)
    with pytest.raises((FieldError, SpecError)) as caught:
        rk.regularizer(spec)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("target", "penalty"), [("module_plugin", 0.25), ("module_plugin:ready", 0.5)]
)
def test_a_module_or_object_that_has_both_hooks_is_a_plugin(site, train, target, penalty):
    site.install("regkit-ready", {"ready": target}, module_plugin=MODULE)
    # Both layers answer.
    assert train("--json", "--reg", "ready").penalties == {"ready": 2 * penalty}


@pytest.mark.parametrize("spec", ["ready=0.5", "ready,x=1", "ready@dense1"])
def test_a_ready_object_takes_neither_fields_nor_selectors(importable, spec):
    importable.install("regkit-ready", {"ready": "module_plugin"}, module_plugin=MODULE)
    with pytest.raises(SpecError, match="ready plugin object: its spec is 'ready'"):
        rk.regularizer(spec)


@pytest.mark.parametrize("target", ["module_plugin:bare", "module_plugin:no_plugin", "json"])
def test_what_is_no_plugin_at_all_is_named_with_its_origin(importable, target):
    importable.install("regkit-ready", {"thing": target}, "3.1", module_plugin=MODULE)
    with pytest.raises(PluginError) as caught:
        rk.regularizer("thing")
    message = str(caught.value)
    assert message.startswith("regularizer 'thing' of regkit-ready 3.1: ")
    assert repr(target) in message
    assert "not a Regularizer and not an object with both hooks" in message


class NoProx:
    mode = "prox"

    @rk.hookimpl
    def penalty(self, layer):
        return 1.0

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None


def test_a_mode_without_its_hook_is_refused(layers):
    with pytest.raises(PluginError, match="declares mode 'prox', but defines no penalty_prox"):
        RunHooks([NoProx()], layers)


def test_a_plugin_that_answers_where_it_says_it_does_not_is_named(layers):
    class Denies(rk.L2):
        def answers(self, layer):
            return False

    with pytest.raises(PluginError, match="'denies': it says that it does not apply to dense1"):
        RunHooks([rk.L1(), Denies()], layers).penalties()


def test_setting_up_reads_no_property_of_a_plugin(layers):
    class Reluctant(NoProx):
        mode = "loss"

        @property
        def history(self):
            raise RuntimeError("nothing has been recorded yet")

    found = RunHooks([Reluctant()], layers).penalties()["reluctant"]
    assert set(found.values()) == {1.0}
