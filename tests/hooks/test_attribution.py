"""Whose penalty is whose, though pluggy drops each None and gives no names."""

import pytest
from penalty_kinds import Squares, Together

import regkit as rk
from regkit.errors import PluginError, RegularizerError
from regkit.hooks import LayerView, RunHooks


class Silent:
    """A raw plugin that does not say where it answers, and counts its calls."""

    def __init__(self, value, where):
        self.value, self.where, self.calls = value, where, []

    def _answer(self, scope):
        self.calls.append(scope)
        return self.value if scope in self.where else None

    @rk.hookimpl
    def penalty(self, layer):
        return self._answer(layer.name)

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None


class SilentOfAll(Silent):
    """Likewise, in every scope."""

    @rk.hookimpl
    def penalty_model(self, layers):
        return self._answer("model")

    @rk.hookimpl
    def penalty_model_grad(self, layers):
        return None

    @rk.hookimpl
    def penalty_outputs(self, layer, outputs):
        return self._answer(f"outputs of {layer.name}")

    @rk.hookimpl
    def penalty_outputs_grad(self, layer, outputs):
        return None


CASES = {
    "none is silent": [rk.L2(0.5, on="dense2.biases"), rk.L2(3.0, on="biases")],
    "a silent one answers": [rk.L2(), Silent(7.0, ["dense1", "dense2"])],
    "a silent one does not": [Silent(7.0, []), rk.L2(on="dense1")],
    "of two silent ones the first": [Silent(7.0, ["dense1"]), Silent(9.0, []), rk.L2()],
    "of two silent ones the second": [Silent(7.0, []), rk.L2(), Silent(9.0, ["dense2"])],
    "each about its own layer": [Silent(7.0, ["dense1"]), Silent(9.0, ["dense2"])],
}


@pytest.mark.parametrize("regularizers", CASES.values(), ids=CASES)
def test_each_penalty_goes_to_its_own_plugin(layers, regularizers):
    hooks = RunHooks(regularizers, layers)
    found = hooks.penalties()
    for plugin in hooks.plugins:
        answers = {layer.name: plugin.plugin.penalty(layer) for layer in layers}
        assert found[plugin.label] == {k: v for k, v in answers.items() if v is not None}


@pytest.mark.parametrize("regularizers", CASES.values(), ids=CASES)
def test_no_implementation_is_called_twice(layers, regularizers):
    silent = [one for one in regularizers if isinstance(one, Silent)]
    for one in silent:
        one.calls.clear()
    RunHooks(regularizers, layers).penalties()
    assert all(one.calls == ["dense1", "dense2"] for one in silent)


def test_it_is_so_in_every_scope(layers, outputs):
    first = SilentOfAll(7.0, ["model", "outputs of relu1"])
    second = SilentOfAll(9.0, ["dense2", "outputs of dense1"])
    hooks = RunHooks(
        [first, Together(on="biases"), second, Squares(on="relu1")],
        layers,
        others=[LayerView("relu1", {})],
    )
    found = hooks.penalties({"dense1": outputs, "relu1": outputs})
    of_relu = found["squares@relu1"].pop("relu1")
    assert of_relu == pytest.approx((outputs**2).sum() / len(outputs))
    assert list(found.pop("together@biases")) == ["model"]
    # Records are keyed by the layer's name, whatever it is that is penalized there.
    assert found == {
        "silent_of_all": {"model": 7.0, "relu1": 7.0},
        "silent_of_all#2": {"dense2": 9.0, "dense1": 9.0},
        "squares@relu1": {},
    }
    for one in (first, second):
        assert one.calls == ["dense1", "dense2", "model", "outputs of dense1", "outputs of relu1"]


def test_a_penalty_of_a_layer_and_one_of_its_outputs_add_up(layers, outputs):
    both = SilentOfAll(7.0, ["dense1", "outputs of dense1"])
    found = RunHooks([both], layers).penalties({"dense1": outputs})
    assert found == {"silent_of_all": {"dense1": 14.0}}


@pytest.fixture
def outputs():
    return rk.datasets.spiral(samples=4, classes=3, seed=0)[0]


class Liar(Silent):
    def answers(self, layer):
        return False


@pytest.mark.parametrize("others", [[], [Silent(1.0, []), Silent(2.0, ["dense1"])]])
def test_one_that_answers_where_it_says_it_does_not_is_named(layers, others):
    with pytest.raises(PluginError) as caught:
        RunHooks([rk.L1(), *others, Liar(7.0, ["dense2"])], layers).penalties()
    assert str(caught.value) == (
        "regularizer 'liar': it says that it does not apply to dense2, but penalty returned a "
        "number"
    )


def test_one_of_several_silent_ones_that_fails_is_named(layers):
    class Failing(Silent):
        @rk.hookimpl
        def penalty(self, layer):
            raise OSError("disk on fire")

    with pytest.raises(RegularizerError, match="'failing': penalty raised OSError") as caught:
        RunHooks([Silent(1.0, []), Failing(1.0, [])], layers).penalties()
    assert isinstance(caught.value.__cause__, OSError)
