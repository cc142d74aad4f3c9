"""What is given as the layers of a model."""

import pytest

import regkit as rk
from regkit.errors import InputError


def test_any_iterable_of_layers_is_taken():
    sizes = [(2, 3), (3, 1)]
    model = rk.Model((rk.Dense(*one) for one in sizes), rk.MeanSquaredError())
    assert [layer.name for layer in model.layers] == ["dense1", "dense2"]


@pytest.mark.parametrize(
    ("layers", "complaint"),
    [
        (rk.Dense(2, 1), r"layers must be a list such as .*, got Dense\(2, 1\)"),
        (None, "layers must be a list such as .*, got None"),
        ("dense", "layers must be a list such as .*, got 'dense'"),
        (rk.Dense, "layers must be a list such as "),
        ([rk.Dense], "layers must be layers, got the class Dense: call it"),
        ([rk.Dense(2, 1), rk.ReLU], "layers must be layers, got the class ReLU: call it"),
        ([rk.L2(0.1)], r"layers must be layers such as Dense\(2, 64\), got L2"),
    ],
)
def test_what_holds_no_layers_is_refused(layers, complaint):
    with pytest.raises(InputError, match=complaint):
        rk.Model(layers, rk.MeanSquaredError())
