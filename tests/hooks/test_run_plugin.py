"""What a run reads of a plugin beside its hooks, and what it assumes where a plugin is silent."""

import pytest

import regkit as rk
from regkit.errors import FieldError, PluginError
from regkit.hooks.modes import LAYER, OUTPUTS
from regkit.hooks.run_plugin import RunPlugin


class Declaring:
    selectors = ("weights", "dense1.biases")
    sparsifying = 1
    array_step = True
    no_array_step = "it is a rank"
    shapes = "wide"
    schedule = "ramp:0:10"

    def selected(self, layer):
        return {"weights": layer.params["weights"]}

    def answers(self, layer):
        return layer.name == "dense1"

    def penalty(self, layer):
        return 0.0

    def selects(self, layer):
        return layer.name == "dense2"

    def penalty_outputs(self, layer, outputs):
        return 0.0

    def factor_at(self, epoch):
        return epoch / 10

    def require_legal_step(self, step, where, factor):
        if step * factor > 0.5:
            raise FieldError(f"step {step} is too large on {where.name}")


def held(plugin, label="mine"):
    return RunPlugin(plugin, label, None)


def test_a_plugin_that_declares_nothing_is_held_to_nothing(layer):
    silent = held(object())
    assert silent.selectors == ()
    assert silent.sparsifying is False
    assert silent.selected(layer) is None
    assert silent.answers(layer) is False
    silent.require_legal_step(1e300, layer, 1.0)
    assert (silent.array_step, silent.shapes, silent.has_schedule) == (False, "any", False)
    assert silent.no_array_step == "its proximal operator takes one step for all entries"
    assert silent.factor_at(7) == 1.0
    assert silent.scopes == []


def test_whether_a_hook_that_says_nothing_answers_is_unknown(layer):
    class Silent:
        def penalty(self, layer):
            return None

        def penalty_outputs(self, layer, outputs):
            return None

    assert held(Silent()).answers(layer) is None
    assert held(Silent()).selects(layer) is None


def test_without_the_hook_there_is_no_answer(layer):
    """Whatever the declaration says: a penalty of outputs answers no `penalty`."""

    class Claiming:
        def answers(self, layer):
            return True

        selects = answers

    assert held(Claiming()).answers(layer) is False
    assert held(Claiming()).selects(layer) is False


def test_what_a_plugin_declares_is_read_from_it(layers):
    plugin = held(Declaring())
    assert plugin.selectors == ("weights", "dense1.biases")
    assert plugin.sparsifying is True
    assert plugin.selected(layers[0]) == ["weights"]
    assert [plugin.answers(layer) for layer in layers] == [True, False]
    assert [plugin.selects(layer) for layer in layers] == [False, True]
    assert (plugin.array_step, plugin.no_array_step) == (True, "it is a rank")
    assert (plugin.shapes, plugin.has_schedule, plugin.factor_at(5)) == ("wide", True, 0.5)
    assert plugin.scopes == [LAYER, OUTPUTS]


def test_the_plugin_itself_refuses_a_step(layer):
    plugin = held(Declaring())
    plugin.require_legal_step(0.5, layer, 1.0)
    for step, factor in ((0.6, 1.0), (0.3, 2.0)):
        with pytest.raises(FieldError, match=rf"step {step} is too large on dense1"):
            plugin.require_legal_step(step, layer, factor)


def test_a_regularizer_declares_everything(layers):
    plugin = held(rk.L1(0.1, on=["dense1", "biases"]))
    assert plugin.selectors == ("dense1", "biases")
    assert plugin.sparsifying is True
    assert [plugin.selected(layer) for layer in layers] == [["weights", "biases"], ["biases"]]
    assert held(rk.L2(0.1)).sparsifying is False
    assert held(rk.L2(0.1, on="dense1")).answers(layers[1]) is False


def test_two_of_one_plugin_stay_two():
    plugin = Declaring()
    assert held(plugin) != held(plugin)
    assert len({held(plugin), held(plugin)}) == 2


class Boom:
    """Whose declarations all fail."""

    def penalty(self, layer):
        return 0.0

    def penalty_outputs(self, layer, outputs):
        return 0.0

    def __getattr__(self, name):
        raise RuntimeError("boo")


READ = {
    "mode": lambda plugin, layer: plugin.mode,
    "selectors": lambda plugin, layer: plugin.selectors,
    "sparsifying": lambda plugin, layer: plugin.sparsifying,
    "selected": lambda plugin, layer: plugin.selected(layer),
    "answers": lambda plugin, layer: plugin.answers(layer),
    "selects": lambda plugin, layer: plugin.selects(layer),
    "array_step": lambda plugin, layer: plugin.array_step,
    "no_array_step": lambda plugin, layer: plugin.no_array_step,
    "shapes": lambda plugin, layer: plugin.shapes,
    "schedule": lambda plugin, layer: plugin.has_schedule,
    "factor_at": lambda plugin, layer: plugin.factor_at(1),
    "require_legal_step": lambda plugin, layer: plugin.require_legal_step(0.1, layer, 1.0),
}


@pytest.mark.parametrize("name", READ)
def test_a_declaration_that_fails_is_the_plugins_fault(name, layer):
    with pytest.raises(PluginError, match=rf"regularizer 'mine': {name} raised RuntimeError: boo"):
        READ[name](held(Boom()), layer)
    hooks = {"penalty": len, "penalty_outputs": len}
    broken = type("Broken", (), {**hooks, name: lambda *arguments: 1 / 0})()
    if name in ("selected", "answers", "selects", "factor_at", "require_legal_step"):
        with pytest.raises(PluginError, match=f"{name} raised ZeroDivisionError"):
            READ[name](held(broken), layer)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("selectors", 3, "must be a tuple of strings"),
        ("selectors", (3,), "must be a tuple of strings"),
        ("selectors", "dense1.weights", "must be a tuple of strings"),
        ("shapes", "flat", "must be one of any, square, wide, tall"),
        ("answers", True, "must be a method"),
        ("selects", True, "must be a method"),
        ("factor_at", 0.5, "must be a method"),
        ("selected", ["weights"], "must be a method"),
        ("selected", lambda layer: ["nope"], "returned 'nope' for layer dense1, whose parameters"),
    ],
)
def test_a_declaration_of_another_form_is_refused_by_name(name, value, complaint, layer):
    declared = staticmethod(value) if callable(value) else value
    hooks = {"penalty": len, "penalty_outputs": len}
    plugin = type("Declaring", (), {**hooks, name: declared})()
    with pytest.raises(PluginError, match=f"regularizer 'mine': .*{name}.*{complaint}"):
        READ[name](held(plugin), layer)


class OwnStrength(rk.L1):
    """Its strength on one parameter may depend on another."""

    def strength_for(self, layer, parameter=None):
        return super().strength_for(layer, parameter)


class OwnPoint(rk.L1):
    @rk.hookimpl
    def penalty_prox(self, layer, step):
        return super().penalty_prox(layer, step)


def test_only_the_hook_of_regularizer_itself_sets_parameters_one_by_one():
    assert held(rk.L1(mode="prox")).sets_one_by_one
    claims = type("Claims", (), {"penalty": len, "sets_one_by_one": True})()
    for plugin in (OwnStrength(mode="prox"), OwnPoint(mode="prox"), claims):
        assert not held(plugin).sets_one_by_one
