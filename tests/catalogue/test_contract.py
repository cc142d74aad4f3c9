"""What is no plugin is refused when the run is set up, before anything is trained."""

from __future__ import annotations

import pytest

import regkit as rk
from regkit.errors import PluginError
from regkit.hooks import RunHooks

IMPORTS = "import pluggy\nimport regkit\n"
PENALTY = "@regkit.hookimpl\ndef penalty(layer): return 1.0\n"
GRADIENT = "@regkit.hookimpl\ndef penalty_grad(layer): return {}\n"
BOTH = PENALTY + GRADIENT


def marked(options: str) -> str:
    """The two hooks, `penalty` being marked with options."""
    return BOTH.replace("hookimpl", f"hookimpl({options})", 1)


REFUSED = {
    "penalty alone": (PENALTY, "has no penalty_grad"),
    "penalty_grad alone": (GRADIENT + "penalty = None", "has no penalty: "),
    "a misspelt hook instead": (
        BOTH.replace("penalty_grad", "penalty_gard"),
        "'penalty_gard', which is not a hook of regkit",
    ),
    "a misspelt hook besides": (
        BOTH + "@regkit.hookimpl\ndef penalty_prxo(layer, step): return {}",
        "'penalty_prxo', which is not a hook of regkit",
    ),
    "a misspelt hook that is optional": (
        BOTH + "@regkit.hookimpl(optionalhook=True)\ndef penalty_prxo(layer, step): return {}",
        "'penalty_prxo', which is not a hook of regkit",
    ),
    "an argument too many": (
        BOTH.replace("penalty(layer)", "penalty(layer, weights)"),
        "penalty takes an argument 'weights', but it is called as penalty(layer)",
    ),
    "another argument": (
        BOTH.replace("penalty_grad(layer)", "penalty_grad(w)"),
        "penalty_grad takes an argument 'w', but it is called as penalty_grad(layer)",
    ),
    "a keyword-only argument": (
        BOTH.replace("penalty_grad(layer)", "penalty_grad(layer, *, scale)"),
        "penalty_grad takes an argument 'scale'",
    ),
    "the layer by keyword only": (
        BOTH.replace("penalty(layer)", "penalty(*, layer)"),
        "penalty takes 'layer' by keyword only, but it is called as penalty(layer)",
    ),
    "the layer with a default": (
        BOTH.replace("penalty(layer)", "penalty(layer=None)"),
        "penalty gives 'layer' a default",
    ),
    "an unmarked hook": (
        BOTH.replace("@regkit.hookimpl\n", "", 1),
        "penalty is not a function marked with @regkit.hookimpl",
    ),
    "another project's marker": (
        BOTH.replace("regkit.hookimpl", "pluggy.HookimplMarker('other')"),
        "penalty is not a function marked with @regkit.hookimpl",
    ),
    "a hook that is no function": (
        "class penalty: regkit_impl = {}\n" + GRADIENT,
        "penalty is not a function marked with @regkit.hookimpl",
    ),
    "wrapper": (marked("wrapper=True").replace("return 1.0", "return (yield)"), "uses wrapper"),
    "hookwrapper": (marked("hookwrapper=True").replace("return 1.0", "yield"), "uses hookwrapper"),
    "tryfirst": (marked("tryfirst=True"), "penalty uses tryfirst"),
    "trylast": (marked("trylast=True"), "penalty uses trylast"),
    "specname": (marked("specname='penalty_grad'"), "penalty uses specname"),
    "a third function that reaches a hook by specname": (
        BOTH + "@regkit.hookimpl(specname='penalty')\ndef another(layer): return 2.0",
        "another uses specname",
    ),
}


@pytest.mark.parametrize(("source", "problem"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_its_name_and_the_reason(importable, layer, source, problem):
    importable.install(
        "regkit-refused", {"refused": "refused_plugin"}, refused_plugin=IMPORTS + source
    )
    with pytest.raises(PluginError) as caught:
        RunHooks(["refused"], [layer])
    assert str(caught.value).startswith("regularizer 'refused'")
    assert problem in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "source",
    [
        BOTH,
        BOTH.replace("penalty(layer)", "penalty()"),
        BOTH.replace("penalty(layer)", "penalty(*args, **options)"),
        BOTH.replace("penalty(layer)", "penalty(layer, mine=3)"),
        BOTH + "def another(layer): raise RuntimeError",
    ],
)
def test_an_implementation_may_take_fewer_arguments_and_defaults_of_its_own(
    importable, layer, source
):
    importable.install("regkit-good", {"good": "good_plugin"}, good_plugin=IMPORTS + source)
    hooks = RunHooks(["good"], [layer])
    assert hooks.penalties() == {"good": {"dense1": 1.0}}
    hooks.add_gradients()


class NoGradient(rk.Regularizer):
    def value(self, w):
        return 0.0


class NoValue(rk.Regularizer):
    def grad(self, w):
        return 0 * w


class OverriddenPenalty(rk.Regularizer):
    def penalty(self, layer):
        return 0.0


class UnmarkedFromElsewhere:
    def penalty(self, layer):
        return 0.0


class Mixed(UnmarkedFromElsewhere, rk.L2):
    pass


@pytest.mark.parametrize(
    ("cls", "problem"),
    [
        (NoGradient, "'no_gradient' defines no grad"),
        (NoValue, "'no_value' defines no value"),
        (OverriddenPenalty, "'overridden_penalty' defines no grad"),
        (Mixed, "'mixed': penalty is not a function marked with @regkit.hookimpl"),
    ],
)
def test_a_regularizer_needs_value_and_grad_or_hooks_of_its_own(layer, cls, problem):
    with pytest.raises(PluginError) as caught:
        RunHooks([cls()], [layer])
    assert problem in str(caught.value)


def test_overridden_hooks_need_neither_marker_nor_value_nor_grad(layer):
    class Coupled(rk.Regularizer):
        def penalty(self, layer):
            return self.strength * len(self.selected(layer))

        def penalty_grad(self, layer):
            return None

    hooks = RunHooks([Coupled(3.0, on="*")], [layer])
    assert hooks.penalties() == {"coupled@*": {"dense1": 6.0}}


@pytest.mark.parametrize("thing", [object(), 3, None, rk.L2])
def test_what_has_no_hooks_at_all_is_refused(layer, thing):
    with pytest.raises(PluginError):
        RunHooks([thing], [layer])
