"""A layer with parameters that somebody else wrote is one like any other.

Covers: regkit/nn/layers/requirements.py
"""

import numpy as np
import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError, RegkitWarning, SelectorError
from regkit.nn.layers import Layer, ParameterLayer


def model_with(scale, dtype="float64"):
    layers = [rk.Dense(2, 6), rk.Tanh(), scale, rk.Dense(6, 3)]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=1, dtype=dtype)


@pytest.fixture
def data():
    return rk.datasets.spiral(samples=20, classes=3)


def test_its_gradient_is_that_of_differences(data):
    model = model_with(Scale(6))
    rng = np.random.default_rng(0)
    model.parameters[...] = rng.standard_normal(model.parameters.size)
    step = 1e-6

    def loss(values):
        other = model.astype("float64")
        other.parameters[...] = values
        return rk.training.objective(other, *data, regularizers=["l2=0.1@scale1.factors"]).loss

    start = model.parameters.copy()
    unit = np.eye(start.size)
    slopes = [(loss(start + step * e) - loss(start - step * e)) / (2 * step) for e in unit]
    rk.train(model, *data, optimizer=rk.SGD(1.0), regularizers=["l2=0.1@scale1.factors"], epochs=1)
    np.testing.assert_allclose(start - model.parameters, slopes, atol=1e-8)


def test_it_is_penalized_counted_and_selected_by_name(data):
    model = model_with(Scale(6))
    (record,) = rk.train(
        model, *data, optimizer=rk.SGD(0.1), regularizers=["l1=2@scale1"], epochs=1
    )
    assert record.layers == {"l1@scale1": {"scale1": 12.0}}
    assert record.zeros["scale1"] == 0
    with pytest.raises(SelectorError, match=r"trainable: .*scale1\.factors"):
        rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=["l1=0.1@scale9"], epochs=1)


def test_it_is_frozen_like_a_dense_layer(data):
    model = model_with(Scale(6, trainable=False))
    rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=["l2=1"], epochs=2)
    assert (model.layers[2].params["factors"] == 1).all()
    with pytest.raises(SelectorError, match="matches frozen parameters only"):
        rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=["l2=1@scale1"], epochs=1)


def test_small_factors_are_zeroed(data):
    model = model_with(Scale(6))
    regularizers = ["l1=0.05@scale1"]
    rk.train(model, *data, optimizer=rk.SGD(0.5), regularizers=regularizers, epochs=200)
    zeroed = rk.training.zero_small(model, *data, regularizers=regularizers)
    assert zeroed.candidates == 6
    assert zeroed.zeros_after == np.count_nonzero(model.layers[2].params["factors"] == 0) > 0


def test_it_may_be_the_first_layer(data):
    model = rk.Model([Scale(2), rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())
    assert model.n_inputs == 2
    records = rk.train(model, *data, optimizer=rk.SGD(0.5), epochs=20)
    assert records[-1].loss < records[0].loss


class NoShapes(Scale):
    def __init__(self) -> None:
        self.trainable = True


class NoInputs(Scale):
    def __init__(self) -> None:
        super().__init__(2)
        self.n_inputs = None


class KeepsItsArray(Scale):
    def __init__(self) -> None:
        super().__init__(2)
        self.kept = self.params["factors"]


class NotAParameterLayer(rk.ReLU):
    trainable = True


class HoldsParams(rk.ReLU):
    params = {"weights": np.ones((1, 1))}


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (NoShapes, r"NoShapes: call super\(\).__init__\(shapes\)"),
        (NoInputs, "a scale layer is the first with parameters, and must say how many features"),
        (KeepsItsArray, "scale1: attribute 'kept' keeps an array of parameters, which training"),
        (NotAParameterLayer, "make it a subclass of regkit.ParameterLayer"),
        (HoldsParams, "make it a subclass of regkit.ParameterLayer"),
    ],
)
def test_what_would_not_be_trained_is_refused(layer, complaint):
    with pytest.raises(InputError, match=complaint):
        rk.Model([layer(), rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())


def test_arrays_that_may_be_parameters_are_warned_of():
    class Offset(rk.ReLU):
        def __init__(self) -> None:
            self.offset = np.zeros(3)

    with pytest.warns(RegkitWarning, match=r"Offset keeps arrays .* \(offset\)") as caught:
        rk.Model([rk.Dense(2, 3), Offset()], rk.MeanSquaredError())
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "shapes", [{}, None, {"weights": 3}, {"weights": ()}, {"w.x": (1,)}, {"w": (0,)}, {"w": (1.5,)}]
)
def test_shapes_must_be_shapes_by_name(shapes):
    class Broken(Scale):
        def __init__(self) -> None:
            ParameterLayer.__init__(self, shapes)

    with pytest.raises(InputError, match="Broken: "):
        Broken()


def test_what_is_public_is_what_it_is_built_on():
    assert rk.ParameterLayer is ParameterLayer
    assert rk.Layer is Layer
    assert issubclass(rk.Dense, rk.ParameterLayer)


class Block(rk.Layer):
    kind = "block"

    def __init__(self, held):
        self.held = held

    def forward(self, inputs, workspace):
        return inputs

    def backward(self, doutputs, workspace, *, need_dinputs):
        return doutputs


@pytest.mark.parametrize("held", [rk.Dense(3, 3), [rk.ReLU(), rk.Dense(3, 3)]])
def test_layers_inside_a_layer_are_refused(held):
    with pytest.raises(
        InputError, match=r"Block holds layers of its own \(held\), which would not"
    ):
        rk.Model([rk.Dense(2, 3), Block(held)], rk.MeanSquaredError())


def test_a_layer_without_a_kind_is_refused():
    class Nameless(Block):
        kind = None

    with pytest.raises(InputError, match="Nameless has no kind: set a name such as"):
        rk.Model([rk.Dense(2, 3), Nameless(None)], rk.MeanSquaredError())
