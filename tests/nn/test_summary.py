"""Models, layers, losses and optimizers show what they are.

Covers: regkit/nn/described.py
"""

import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError


def model():
    layers = [
        rk.Dense(2, 64, init="he"),
        rk.ReLU(),
        rk.Dropout(0.25),
        rk.Dense(64, 3, trainable=False),
    ]
    return rk.Model(layers, rk.SoftmaxCrossEntropy())


def test_the_summary_is_a_table_with_totals():
    assert model().summary().splitlines() == [
        "layer                                    outputs  parameters",
        "dense1    Dense(2, 64, init='he')             64  192",
        "relu1     ReLU()                              64  0",
        "dropout1  Dropout(0.25)                       64  0",
        "dense2    Dense(64, 3, trainable=False)        3  195 (frozen)",
        "387 parameters, 192 of them trained",
    ]
    plain = rk.Model([rk.Dense(1, 1)], rk.MeanSquaredError())
    assert plain.summary().splitlines()[-1] == "2 parameters"


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (rk.Dense(2, 64), "Dense(2, 64)"),
        (rk.Dense(2, 64, bias_l1=0.5), "Dense(2, 64, bias_l1=0.5)"),
        (rk.Tanh(), "Tanh()"),
        (Scale(3), "Scale(3)"),
        (rk.MeanSquaredError(), "MeanSquaredError()"),
        (rk.Adam(0.05, decay=5e-7), "Adam(0.05, decay=5e-07)"),
        (rk.SGD(0.1, momentum=0.9), "SGD(0.1, momentum=0.9)"),
        (rk.RMSProp(), "RMSProp()"),
    ],
)
def test_a_part_shows_the_call_that_makes_it(made, shown):
    assert repr(made) == shown


def test_layers_are_found_by_name_and_position():
    found = model()
    assert found["dense2"] is found.layers[3] is found[3] is found[-1]
    assert list(found) == list(found.layers)
    assert len(found) == 4
    with pytest.raises(KeyError, match="no layer 'dens1': did you mean 'dense1'") as error:
        found["dens1"]
    assert isinstance(error.value, InputError)
    assert str(error.value).startswith("the model has no layer")
    for wrong in (4, -5, None, "conv"):
        with pytest.raises(InputError, match="it has dense1, relu1, dropout1, dense2"):
            found[wrong]
