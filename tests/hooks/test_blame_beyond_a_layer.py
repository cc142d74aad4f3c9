"""Finding out whose hook it was, of the whole model or of outputs."""

from __future__ import annotations

import numpy as np
import pytest
from penalty_kinds import Ball, Squares, Together

import regkit as rk
from regkit.errors import RegularizerError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.modes import DECOUPLED


def blamed(calls):
    """The error of a call, in one line."""
    with pytest.raises(RegularizerError) as caught:
        calls()
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
    return caught.value


def raised():
    raise OSError("disk on fire")


def changed_in_dense2(change):
    """A model's answer that is right but for one array."""

    def answer(params):
        return {
            layer: {name: change(w) if layer == "dense2" else 0 * w for name, w in own.items()}
            for layer, own in params.items()
        }

    return answer


MODEL_FAULTS = {
    "raises": (lambda params: raised(), "raised OSError: disk on fire"),
    "no mapping": (
        lambda params: [0.0],
        "returned list [0.0] instead of a mapping from layer name",
    ),
    "unknown layer": (
        lambda params: {"dense9": params["dense1"]},
        "returned arrays for 'dense9', but the layers are dense1, dense2",
    ),
    "unknown parameter": (
        lambda params: {"dense1": {"gain": params["dense1"]["weights"]}},
        "for layer dense1 returned an array for 'gain', but the parameters are weights, biases",
    ),
    "wrong shape": (
        changed_in_dense2(lambda w: w.T),
        "for layer dense2 returned an array of shape (1, 4) for weights of shape (4, 1)",
    ),
    "wrong dtype": (
        changed_in_dense2(lambda w: w.astype(np.float32)),
        "for layer dense2 returned float32 for weights, which is float64",
    ),
    "NaN": (
        changed_in_dense2(lambda w: w * np.nan),
        "for layer dense2 returned values that are not finite for weights",
    ),
}


@pytest.mark.parametrize(("answer", "problem"), MODEL_FAULTS.values(), ids=MODEL_FAULTS)
@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
def test_a_model_wide_hook_at_fault_is_named_with_the_scope_model(layers, mode, answer, problem):
    """Where the gradient is only not finite, the loop finds it, and asks each on its own."""
    begun = []  # Set-up tries the hooks on the layers; what fails there is no run's fault yet.

    class Faulty(Together):
        def grad(self, params):
            return answer(params) if mode != "prox" else {}

        def prox(self, params, steps):
            return answer(params) if begun else params

        @rk.hookimpl
        def penalty_model_grad(self, layers):
            return self.grad(self.selected_of(layers))

    hooks = RunHooks([rk.L1(), Together(on="biases"), Faulty(mode=mode, label="mine")], layers)
    begun.append(True)
    if mode == "prox":
        calls, hook = (lambda: hooks.points(0.1)), "penalty_model_prox"
    elif "finite" in problem:
        calls, hook = (lambda: list(hooks.gradients_one_by_one())), "penalty_model_grad"
    else:
        add = {"loss": hooks.add_gradients, "decoupled": lambda: hooks.add_gradients(DECOUPLED)}
        calls, hook = add[mode], "penalty_model_grad"
    error = blamed(calls)
    assert problem in str(error)
    assert (error.plugin, error.hook, error.layer, error.parameter) == ("mine", hook, "model", None)
    assert str(error).startswith(f"regularizer 'mine': {hook} ")
    assert "model" in str(error).rpartition(" at ")[2]


VALUE_FAULTS = {
    "raises": (lambda given: raised(), "raised OSError: disk on fire"),
    "an array": (lambda given: np.ones(2), "raised TypeError"),
    "NaN": (lambda given: float("nan"), "returned nan"),
}


@pytest.mark.parametrize(("answer", "problem"), VALUE_FAULTS.values(), ids=VALUE_FAULTS)
def test_a_penalty_of_the_model_at_fault_is_named(layers, answer, problem):
    class Faulty(Together):
        prox = None

        def value(self, params):
            return answer(params) if begun else 0.0

    begun = []
    hooks = RunHooks([rk.L1(), Together(), Faulty(label="mine")], layers)
    begun.append(True)
    error = blamed(hooks.penalties)
    assert problem in str(error)
    assert (error.plugin, error.hook, error.layer) == ("mine", "penalty_model", "model")


@pytest.mark.parametrize(("answer", "problem"), VALUE_FAULTS.values(), ids=VALUE_FAULTS)
def test_a_penalty_of_outputs_at_fault_is_named_with_the_layer(layers, answer, problem):
    class Faulty(Squares):
        def value(self, outputs):
            return answer(outputs)

    faulty = Faulty(on="relu1", label="mine")
    hooks = RunHooks([Squares(on="*"), faulty], layers, others=[LayerView("relu1", {})])
    error = blamed(lambda: hooks.penalties({"dense1": np.ones((3, 2)), "relu1": np.ones((3, 2))}))
    assert problem in str(error)
    assert (error.plugin, error.hook, error.layer, error.parameter) == (
        "mine",
        "penalty_outputs",
        "relu1",
        None,
    )


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda outputs: raised(), "raised OSError: disk on fire"),
        (lambda outputs: outputs[:1], "shape (1, 2) for the outputs of shape (3, 2)"),
        (lambda outputs: {"outputs": outputs}, "instead of an array"),
        (lambda outputs: outputs.astype(np.float32), "returned float32 for the outputs"),
        (lambda outputs: outputs * np.nan, "returned values that are not finite for the outputs"),
    ],
)
def test_a_gradient_by_outputs_at_fault_is_named_with_the_layer(layers, answer, problem):
    class Faulty(Squares):
        @rk.hookimpl
        def penalty_outputs_grad(self, layer, outputs):
            return answer(outputs) if self.selects(layer) else None

    faulty = Faulty(on="relu1", label="mine")
    hooks = RunHooks([Squares(on="*"), faulty], layers, others=[LayerView("relu1", {})])
    assert len(hooks.output_gradients("dense1", np.ones((3, 2)))) == 1
    error = blamed(lambda: hooks.output_gradients("relu1", np.ones((3, 2))))
    assert problem in str(error)
    assert (error.plugin, error.hook, error.layer) == ("mine", "penalty_outputs_grad", "relu1")


def test_a_projection_at_fault_is_named(layers):
    class Faulty(Ball):
        def prox(self, params, steps):
            return changed_in_dense2(lambda w: w * np.inf)(params)

    hooks = RunHooks([rk.L1(), Faulty(label="mine")], layers)
    for calls in (hooks.projections, lambda: hooks.points(0.1)):
        error = blamed(calls)
        assert (error.plugin, error.hook) == ("mine", "penalty_model_prox")
        assert "not finite" in str(error)


def test_gradients_on_their_own_leave_the_runs_sums_alone(layers):
    """Each with its layer and without the others', whatever its mode; points have none."""
    regularizers = [
        rk.L2(0.5, on="dense1", label="in place"),
        rk.L1(mode="prox", on="dense2.weights"),
        Together(2.0, on="biases", mode="decoupled", label="together"),
    ]
    for layer in layers:
        for sums in layer.accumulation.sums.values():
            sums[...] = 5.0
    total = sum(layer.params["biases"].sum() for layer in layers)
    found = [
        (plugin.label, layer.name, {name: array.copy() for name, array in gradient.items()})
        for plugin, layer, gradient in RunHooks(regularizers, layers).gradients_one_by_one()
    ]
    nonzero = [one for one in found if any(array.any() for array in one[2].values())]
    assert [one[:2] for one in nonzero] == [
        ("in place", "dense1"),
        ("together", "dense1"),
        ("together", "dense2"),
    ]
    for name, array in nonzero[0][2].items():
        np.testing.assert_allclose(array, layers[0].params[name], rtol=1e-15)
    for _, _, gradient in nonzero[1:]:
        np.testing.assert_allclose(gradient["biases"], 4 * total, rtol=1e-12, atol=1e-15)
    assert all((sums == 5).all() for one in layers for sums in one.accumulation.sums.values())
