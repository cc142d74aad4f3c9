"""What a run reads of a plugin beside its hooks, and what it assumes where a plugin is silent."""

import pytest

import regkit as rk
from regkit.errors import FieldError, PluginError
from regkit.hooks.run_plugin import RunPlugin


class Declaring:
    selectors = ("weights", "dense1.biases")
    sparsifying = 1

    def selected(self, layer):
        return {"weights": layer.params["weights"]}

    def answers(self, layer):
        return layer.name == "dense1"

    def require_legal_step(self, step):
        if step > 0.5:
            raise FieldError(f"step {step} is too large")


def held(plugin, label="mine"):
    return RunPlugin(plugin, label, None)


def test_a_plugin_that_declares_nothing_is_held_to_nothing(layer):
    silent = held(object())
    assert silent.selectors == ()
    assert silent.sparsifying is False
    assert silent.selected(layer) is None
    assert silent.answers(layer) is None
    silent.require_legal_step(1e300)


def test_what_a_plugin_declares_is_read_from_it(layers):
    plugin = held(Declaring())
    assert plugin.selectors == ("weights", "dense1.biases")
    assert plugin.sparsifying is True
    assert plugin.selected(layers[0]) == ["weights"]
    assert [plugin.answers(layer) for layer in layers] == [True, False]


def test_the_plugin_itself_refuses_a_step():
    plugin = held(Declaring())
    plugin.require_legal_step(0.5)
    with pytest.raises(FieldError, match=r"step 0\.6 is too large"):
        plugin.require_legal_step(0.6)


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

    def __getattr__(self, name):
        raise RuntimeError("boo")


READ = {
    "mode": lambda plugin, layer: plugin.mode,
    "selectors": lambda plugin, layer: plugin.selectors,
    "sparsifying": lambda plugin, layer: plugin.sparsifying,
    "selected": lambda plugin, layer: plugin.selected(layer),
    "answers": lambda plugin, layer: plugin.answers(layer),
    "require_legal_step": lambda plugin, layer: plugin.require_legal_step(0.1),
}


@pytest.mark.parametrize("name", READ)
def test_a_declaration_that_fails_is_the_plugins_fault(name, layer):
    with pytest.raises(PluginError, match=rf"regularizer 'mine': {name} raised RuntimeError: boo"):
        READ[name](held(Boom()), layer)
    broken = type("Broken", (), {name: lambda *arguments: 1 / 0})()
    if name in ("selected", "answers", "require_legal_step"):
        with pytest.raises(PluginError, match=f"{name} raised ZeroDivisionError"):
            READ[name](held(broken), layer)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("selectors", 3, "must be a tuple of strings"),
        ("selectors", (3,), "must be a tuple of strings"),
        ("selectors", "dense1.weights", "must be a tuple of strings"),
        ("answers", True, "must be a method"),
        ("selected", ["weights"], "must be a method"),
        ("selected", lambda layer: ["nope"], "returned 'nope' for layer dense1, whose parameters"),
    ],
)
def test_a_declaration_of_another_form_is_refused_by_name(name, value, complaint, layer):
    plugin = type("Declaring", (), {name: staticmethod(value) if callable(value) else value})()
    with pytest.raises(PluginError, match=f"regularizer 'mine': .*{name}.*{complaint}"):
        READ[name](held(plugin), layer)
