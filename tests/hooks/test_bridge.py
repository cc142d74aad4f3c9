"""Plugins of NumPy's arrays on arrays of another library, here array-api-strict."""

import array_api_strict as strict
import numpy as np
import pytest

import regkit as rk
from regkit.array_libraries import zeros_like
from regkit.errors import RegularizerError
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.bridge import Bridged, is_native, numpy_view
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels


class OtherKernels(Kernels):
    """Those of a host whose arrays are not NumPy's."""

    of_numpy = False

    def add_linear_gradient(self, w, out, gradient):
        out += gradient.multiple * w


class Cubic(rk.Regularizer):
    """Σ|w|³, for NumPy alone."""

    def value(self, w):
        assert isinstance(w, np.ndarray)
        return float(np.sum(np.abs(w) ** 3))

    def grad(self, w):
        assert isinstance(w, np.ndarray)
        return 3 * w * np.abs(w)

    def prox(self, w, step):
        assert not isinstance(step, type(strict.asarray(0.0)))
        return w / (1 + 0 * step)


class Native(rk.Regularizer):
    """Σ|w|³, for every library, but for its prox."""

    array_api = True
    prox = Cubic.prox

    def value(self, w):
        return rk.float64_sum(abs(w) ** 3)

    def grad(self, w):
        return 3 * w * abs(w)


class Raw:
    """Hooks by hand, that take no more than they need."""

    mode = "prox"

    @rk.hookimpl
    def penalty(self, layer):
        return float(np.sum(layer.params["weights"]))

    @rk.hookimpl
    def penalty_grad(self, layer):
        return {"weights": np.ones_like(layer.params["weights"])}

    @rk.hookimpl
    def penalty_prox(self, layer):
        return {"weights": np.zeros_like(layer.params["weights"])}


class WholeModel(rk.ModelRegularizer):
    """Σw² of all layers, for NumPy alone."""

    def value(self, params):
        return float(sum(np.sum(w**2) for one in params.values() for w in one.values()))

    def grad(self, params):
        return {layer: {n: 2 * w for n, w in one.items()} for layer, one in params.items()}


class OfOutputs(rk.ActivityRegularizer):
    """Σ outputs², for NumPy alone."""

    def value(self, outputs):
        return float(np.sum(outputs**2))

    def grad(self, outputs):
        return 2 * outputs


W = np.random.default_rng(0).standard_normal((3, 2))
BIASES = np.zeros((1, 2), np.float32)


def hooks(*plugins, sums=False):
    params = {"weights": strict.asarray(W), "biases": strict.asarray(BIASES)}
    into = None
    if sums:
        into = Accumulation({n: zeros_like(w) for n, w in params.items()}, OtherKernels())
    return RunHooks(plugins, [LayerView("dense1", params, into)], bridge=Bridged)


@pytest.mark.parametrize("plugin", [Cubic(0.5), Native(0.5)], ids=["bridged", "native"])
def test_values_and_gradients_are_numpys(plugin):
    run = hooks(plugin, sums=True)
    [values] = run.penalties().values()
    assert values == {"dense1": pytest.approx(0.5 * np.sum(np.abs(W) ** 3))}
    run.add_gradients()
    sums = run.layers[0].accumulation.sums
    np.testing.assert_allclose(np.asarray(sums["weights"]), 1.5 * W * np.abs(W))
    assert not np.asarray(sums["biases"]).any()


def test_a_native_kernel_adds_in_place():
    run = hooks(rk.L2(0.5), sums=True)
    run.add_gradients()
    np.testing.assert_allclose(np.asarray(run.layers[0].accumulation.sums["weights"]), W)


@pytest.mark.parametrize("plugin", [Cubic(0.5, mode="prox"), Native(0.5, mode="prox")])
def test_proximal_points_come_back_with_the_library_and_dtype(plugin):
    [(layer, name, point)] = hooks(plugin).points(0.1)
    assert (layer, name, point.dtype) == ("dense1", "weights", strict.float64)
    np.testing.assert_allclose(np.asarray(point), W)
    steps = {"dense1": {"weights": strict.full((3, 2), 0.1), "biases": strict.full((1, 2), 0.1)}}
    [(_, _, point)] = hooks(plugin).points(steps)
    np.testing.assert_allclose(np.asarray(point), W)


def test_raw_hooks_get_only_the_arguments_that_they_take():
    run = hooks(Raw())
    assert next(iter(run.penalties().values())) == {"dense1": pytest.approx(W.sum())}
    [(_, _, point)] = run.points(0.1)
    assert not np.asarray(point).any()


def test_penalties_of_the_whole_model_and_of_outputs():
    run = hooks(WholeModel(2.0), OfOutputs(1.0, on="dense1"), sums=True)
    outputs = strict.asarray(np.ones((4, 2)))
    values = run.penalties({"dense1": outputs})
    assert values == {
        "whole_model": {"model": pytest.approx(2 * np.sum(W**2))},
        "of_outputs@dense1": {"dense1": 2.0},
    }
    run.add_gradients()
    np.testing.assert_allclose(np.asarray(run.layers[0].accumulation.sums["weights"]), 4 * W)
    [gradient] = run.output_gradients("dense1", outputs)
    np.testing.assert_allclose(np.asarray(gradient), 0.5)


class Wider(rk.Regularizer):
    """Answers float32 parameters in float64."""

    def value(self, w):
        return 0.0

    def grad(self, w):
        return w.astype(np.float64)


def test_a_wrong_dtype_is_blamed_as_it_was_returned():
    run = hooks(Wider(1.0, on="biases"), sums=True)
    with pytest.raises(RegularizerError, match=r"returned .*float64 for biases"):
        run.add_gradients()


def test_what_is_native_is_said_by_the_class_and_lost_by_hooks_of_ones_own():
    class OwnHook(Native):
        @rk.hookimpl
        def penalty_grad(self, layer):
            return super().penalty_grad(layer)

    assert is_native(Native(), "penalty_grad")
    assert not is_native(Native(), "penalty_prox")
    assert is_native(rk.L1(), "penalty_prox")
    assert not is_native(Cubic(), "penalty")
    assert not is_native(OwnHook(), "penalty_grad")
    assert is_native(OwnHook(), "penalty")
    assert not is_native(Raw(), "penalty")


def test_a_bridge_has_the_hooks_of_its_plugin_and_no_others():
    assert hasattr(Bridged(Raw()), "penalty_prox")
    assert not hasattr(Bridged(Raw()), "penalty_model")


def test_a_view_of_numpy_is_itself_and_of_others_read_only():
    own = LayerView("dense1", {"weights": W})
    assert numpy_view(own) is own
    [layer] = hooks(rk.L2()).layers
    shown = numpy_view(layer).params["weights"]
    assert isinstance(shown, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        shown[0, 0] = 1
