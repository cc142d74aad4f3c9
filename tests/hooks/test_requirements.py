"""What the regularizers of a run must meet together with its layers: refused at set-up, by name.

Covers: regkit/hooks/trial_calls.py
"""

from __future__ import annotations

import numpy as np
import pytest
from penalty_kinds import Squares, Together
from refusals import refusal

import regkit as rk
from regkit.errors import InputError, PluginError, RegularizerError, SelectorError
from regkit.hooks import LayerView, RunHooks
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels


class IgnoresOn(rk.Regularizer):
    """Overrides the hooks, and forgets the selectors."""

    def penalty(self, layer):
        return self.strength * float(np.sum(layer.params["weights"] ** 2))

    def penalty_grad(self, layer):
        return {"weights": 2 * self.strength * layer.params["weights"]}


class IgnoresOnInItsGradient(IgnoresOn):
    def penalty(self, layer):
        return super().penalty(layer) if self.selected(layer) else None


class Careful(IgnoresOn):
    def penalty(self, layer):
        return super().penalty(layer) if self.selected(layer) else None

    def penalty_grad(self, layer):
        return super().penalty_grad(layer) if self.selected(layer) else None


class IgnoresOnEverywhere(Together):
    """Likewise, over the whole model."""

    def penalty_model(self, layers):
        return sum(float(np.sum(layer.params["weights"])) for layer in layers)


class IgnoresOnInItsModelGradient(Together):
    def penalty_model_grad(self, layers):
        return {layer.name: {"weights": 0 * layer.params["weights"]} for layer in layers}


class IgnoresOnInItsPoint(Careful):
    """In mode prox."""

    def penalty_prox(self, layer, step):
        return {"weights": layer.params["weights"] / (1 + 2 * self.strength * step)}


class IgnoresOnInItsModelPoint(Together):
    def penalty_model_prox(self, layers, steps):
        return {layer.name: {"weights": layer.params["weights"]} for layer in layers}


@pytest.mark.parametrize(
    ("cls", "hook"),
    [
        (IgnoresOnInItsPoint, "penalty_prox"),
        (IgnoresOnInItsModelPoint, "penalty_model_prox"),
    ],
)
def test_points_must_keep_to_the_selection_where_they_are_taken(layers, cls, hook):
    given = {"on": "dense1", "label": "mine"}
    assert refusal([cls(**given, mode="prox")], layers, PluginError).startswith(
        f"regularizer 'mine': {hook} answers for dense2, of which nothing is selected"
    )
    RunHooks([cls(**given)], layers)  # It is never asked.


def test_an_answer_for_another_parameter_of_a_selected_layer_is_refused(layers):
    assert refusal([Careful(on="biases", label="mine")], layers, PluginError) == (
        "regularizer 'mine': penalty_grad answers for dense1.weights, which is not selected: "
        "answer for self.selected(layer) alone"
    )


@pytest.mark.parametrize(
    ("cls", "hook"),
    [
        (IgnoresOn, "penalty"),
        (IgnoresOnInItsGradient, "penalty_grad"),
        (IgnoresOnEverywhere, "penalty_model"),
        (IgnoresOnInItsModelGradient, "penalty_model_grad"),
    ],
)
def test_a_class_that_answers_where_nothing_is_selected_is_refused(layers, cls, hook):
    message = refusal([rk.L2(), cls(on="dense1", label="mine")], layers, PluginError)
    assert message == (
        f"regularizer 'mine': {hook} answers for dense2, of which nothing is selected: "
        "return None where self.selected(layer) is empty"
    )
    RunHooks([cls(on="weights")], layers)  # Where everything is selected, there is nothing wrong.


def test_a_class_that_keeps_to_its_selection_is_not(layers):
    hooks = RunHooks([Careful(2.0, on="dense1")], layers)
    assert list(hooks.penalties()["careful@dense1"]) == ["dense1"]


def test_a_hook_that_fails_when_it_is_tried_is_named(layers):
    class Fails(rk.Regularizer):
        def penalty(self, layer):
            return 1 / len(self.selected(layer))

        def penalty_grad(self, layer):
            return None

    message = refusal([Fails(on="dense2.biases")], layers, PluginError)
    assert "'fails@dense2.biases'" in message
    assert "penalty raised ZeroDivisionError: division by zero at layer dense1" in message


def test_the_trial_adds_nothing_to_the_runs_sums(layers):
    class InPlace(rk.L2):
        def penalty_grad(self, layer):
            for sums in layer.accumulation.sums.values():
                sums[...] += 1.0

    for one in layers:
        for sums in one.accumulation.sums.values():
            sums[...] = 5.0
    RunHooks([InPlace(on="dense1")], layers)
    assert all((sums == 5).all() for one in layers for sums in one.accumulation.sums.values())


def of_any_kind():
    return [LayerView(name, {}) for name in ("relu1", "dropout1")]


@pytest.mark.parametrize("on", ["relu2", "ReLU1", "weights", "dense1.weights", ["relu1", "tanh*"]])
def test_a_selector_of_outputs_that_matches_no_layer_is_refused(layers, on):
    message = refusal([Squares(on=on, label="mine")], layers, SelectorError, others=of_any_kind())
    wrong = on if isinstance(on, str) else on[-1]
    assert message == (
        f"mine: selector {wrong!r} matches no layer (there are: dense1, dense2, relu1, dropout1)"
    )


@pytest.mark.parametrize("on", ["relu1", "dense2", "*", "d*1", ["relu1", "dropout1"]])
def test_a_selector_of_outputs_matches_layers_of_any_kind(layers, on):
    RunHooks([Squares(on=on)], layers, others=of_any_kind())


def test_a_selector_of_a_model_wide_penalty_must_match_a_parameter(layers):
    message = refusal([Together(on="relu1")], layers, SelectorError, others=of_any_kind())
    assert message.startswith("together@relu1: selector 'relu1' matches no parameter")


def layer_of(rows, columns):
    params = {"weights": np.ones((rows, columns)), "biases": np.ones((1, columns))}
    sums = {name: 0 * array for name, array in params.items()}
    return LayerView("dense1", params, Accumulation(sums, Kernels()))


FITS = {
    ("any", 2, 3): True,
    ("any", 3, 2): True,
    ("square", 3, 3): True,
    ("square", 2, 3): False,
    ("square", 3, 2): False,
    ("wide", 2, 3): True,
    ("wide", 3, 3): True,
    ("wide", 3, 2): False,
    ("tall", 3, 2): True,
    ("tall", 3, 3): True,
    ("tall", 2, 3): False,
}


@pytest.mark.parametrize(("case", "fits"), FITS.items())
@pytest.mark.parametrize("base", [rk.L2, Together])
def test_an_array_of_another_shape_than_declared_is_refused(base, case, fits):
    shapes, rows, columns = case
    penalty = type("Matrices", (base,), {"shapes": shapes})(label="mine")
    if fits:
        RunHooks([penalty], [layer_of(rows, columns)])
        return
    assert refusal([penalty], [layer_of(rows, columns)], InputError) == (
        f"mine is defined for {shapes} matrices, and dense1.weights is {rows} × {columns}: "
        "select others with on, or @ in a spec"
    )


def test_only_what_is_selected_must_have_the_shape(layers):
    wide = type("Wide", (rk.L2,), {"shapes": "wide"})
    RunHooks([wide(on=["dense1", "biases"])], layers)  # dense2.weights is 4 × 1.
    assert "dense2.weights is 4 × 1" in refusal([wide()], layers, InputError)


def test_arrays_that_are_no_matrices_have_any_shape():
    square = type("Square", (rk.L2,), {"shapes": "square"})
    RunHooks([square(on="gain")], [LayerView("norm1", {"gain": np.ones(3)})])


class WithIncrement(rk.Regularizer):
    def value(self, w):
        return float(np.sum(w**2))

    def grad(self, w):
        return 2 * w

    def grad_into(self, w, scale, out, chunk):
        out += 2 * scale * w


class OtherGrad(rk.L2):
    def grad(self, w):
        return 0 * w


@pytest.mark.parametrize("cls", [WithIncrement, OtherGrad])
def test_own_methods_are_looked_at_before_anything_is_called(layers, cls):
    message = refusal([rk.L1(), cls()], layers, PluginError)
    assert not issubclass(PluginError, RegularizerError)
    assert cls.__name__ in message
    assert "grad_into" in message


class Chained(Together):
    """A penalty of layers that follow each other."""

    consecutive = True


def test_a_layer_left_out_between_is_refused(layers):
    order = ["dense1", "dense9", "dense2"]
    message = refusal([Chained(on="*")], layers, InputError, order=order)
    assert message == (
        "chained@* is a penalty of layers that follow each other, but of dense1 to dense2 it "
        "leaves out dense9 (not selected, or frozen): select layers without a gap"
    )
    RunHooks([Chained(on="*")], layers, order=["dense9", "dense1", "dense2", "dense3"])
    RunHooks([Chained(on="dense1"), Together(on="*")], layers, order=order)
