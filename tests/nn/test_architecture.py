"""A network without its parameters, as plain data, and back."""

import json
from dataclasses import asdict

import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError
from regkit.nn.architecture import Architecture

LAYERS = {
    "dense": lambda: rk.Dense(
        3, 3, init="he", trainable=False, weight_l1=0.1, weight_l2=0.2, bias_l1=0.3, bias_l2=0.4
    ),
    "dropout": lambda: rk.Dropout(0.25),
    "relu": rk.ReLU,
    "sigmoid": rk.Sigmoid,
    "tanh": rk.Tanh,
    "scale": lambda: Scale(3, trainable=False),
}
LOSSES = [rk.SoftmaxCrossEntropy, rk.BinaryCrossEntropy, rk.MeanSquaredError]


class Squares(rk.MeanSquaredError):
    """A loss that is not regkit's."""


class SameName(rk.ReLU):
    """A layer with the name of one of regkit's."""


SameName.__name__ = "ReLU"


class Wide(Scale):
    """Its settings leave out an argument that its construction needs."""

    def settings(self):
        return {}


class Unsaved(Scale):
    """Its settings are no JSON."""

    def settings(self):
        return {"n_features": {1, 2}}


def model(*layers, loss=rk.MeanSquaredError, dtype="float32"):
    return rk.Model([rk.Dense(2, 3), *layers, rk.Dense(3, 1)], loss(), dtype=dtype)


def read_back(architecture):
    """What a file gives back of it."""
    return Architecture(**json.loads(json.dumps(asdict(architecture))))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_network_comes_back_with_its_settings_loss_and_dtype(loss, dtype):
    given = model(*(make() for make in LAYERS.values()), loss=loss, dtype=dtype)
    made = rk.Model.of_architecture(read_back(Architecture.of(given)), [Scale])
    assert [type(layer) for layer in made.layers] == [type(layer) for layer in given.layers]
    assert [layer.name for layer in made.layers] == [layer.name for layer in given.layers]
    assert [layer.settings() for layer in made.layers] == [one.settings() for one in given.layers]
    assert [layer.trainable for layer in made.layers] == [one.trainable for one in given.layers]
    assert type(made.loss) is loss
    assert made.dtype == dtype
    assert Architecture.of(made) == Architecture.of(given)


def test_the_strengths_of_a_layer_come_back():
    made = rk.Model.of_architecture(Architecture.of(model(LAYERS["dense"]())))
    assert [str(one) for one in made.layers[1].regularizers()] == [
        "l1=0.1@dense2.weights",
        "l1=0.3@dense2.biases",
        "l2=0.2@dense2.weights",
        "l2=0.4@dense2.biases",
    ]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (model(Scale(3)), r"a layer Scale \(of outsiders_layer\).*give classes=\[Scale\]"),
        (model(loss=Squares), r"a loss Squares \(of .*test_architecture\).*give classes=\[Squ"),
        (model(SameName()), r"a layer ReLU \(of .*test_architecture\), which is not regkit's"),
    ],
)
def test_a_class_that_is_not_regkits_is_asked_for(given, wanted):
    architecture = Architecture.of(given)
    with pytest.raises(InputError, match=wanted):
        rk.Model.of_architecture(architecture)
    assert (
        Architecture.of(rk.Model.of_architecture(architecture, [Scale, Squares, SameName]))
        == architecture
    )


def test_a_class_of_another_kind_does_not_do_for_one_of_that_name():
    scale = type("Scale", (rk.MeanSquaredError,), {})
    with pytest.raises(InputError, match="give classes="):
        rk.Model.of_architecture(Architecture.of(model(Scale(3))), [scale, int])


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (Wide(3), r"a Wide layer cannot be rebuilt from its settings \{\}: .*n_features"),
        (Unsaved(3), "scale1: its settings cannot be saved as JSON: .*set"),
    ],
)
def test_a_layer_with_unusable_settings_is_refused_when_it_is_to_be_saved(layer, complaint):
    with pytest.raises(InputError, match=complaint):
        Architecture.of(model(layer))


class Leaky(rk.ReLU):
    """An argument that the inherited settings() knows nothing of."""

    def __init__(self, slope=0.1):
        self.slope = slope


class Scaled(rk.MeanSquaredError):
    def __init__(self, scale=1.0):
        self.scale = scale


@pytest.mark.parametrize(
    ("layers", "loss", "complaint"),
    [
        ([rk.Dense(2, 1), Leaky(0.7)], rk.MeanSquaredError(), "Leaky: __init__ takes slope"),
        ([rk.Dense(2, 1)], Scaled(3.0), "Scaled: __init__ takes scale"),
    ],
)
def test_an_argument_that_settings_leaves_out_is_not_lost_without_a_word(layers, loss, complaint):
    model = rk.Model(layers, loss)
    with pytest.raises(rk.errors.InputError, match=f"{complaint}.*define settings"):
        Architecture.of(model)


def test_settings_of_its_own_may_leave_an_argument_out():
    class Warm(rk.Dense):
        """Its initial biases are parameters, which a file holds anyway."""

        def __init__(self, n_inputs, n_neurons, start=0.0):
            super().__init__(n_inputs, n_neurons)
            self.start = start

        def settings(self):
            return {"n_inputs": self.n_inputs, "n_neurons": self.n_neurons}

    made = Architecture.of(rk.Model([Warm(2, 1, start=3.0)], rk.MeanSquaredError()))
    assert made.layers[0]["settings"] == {"n_inputs": 2, "n_neurons": 1}
