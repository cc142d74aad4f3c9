"""A model saved to a file is the same model when it is loaded.

Covers: regkit/nn/named_arrays.py, regkit/runs/load.py, regkit/sealed_arrays.py
"""

import os

import numpy as np
import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError

X, Y = rk.datasets.spiral(10, 3)
LABELS = np.array(["red", "green", "blue"])


class HuberLoss(rk.MeanSquaredError):
    """A loss of one's own, with an argument."""

    def __init__(self, delta=1.0):
        self.delta = delta

    def settings(self):
        return {"delta": self.delta}


def network(*more, loss=None, **settings):
    layers = [rk.Dense(2, 8, init="he", weight_l2=0.1), *more, rk.ReLU(), rk.Dense(8, 3)]
    return rk.Model(layers, loss or rk.SoftmaxCrossEntropy(), **settings)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("labels", [None, LABELS, np.array([True, False])])
def test_it_comes_back_bit_for_bit(tmp_path, dtype, labels):
    model = network(rk.Dropout(0.2), dtype=dtype, seed=7)
    y = Y
    if labels is not None and labels.dtype == bool:
        model = rk.Model([rk.Dense(2, 2)], rk.SoftmaxCrossEntropy(), dtype=dtype)
        y = Y == 0
    elif labels is not None:
        y = labels[Y]
    rk.train(model, X, y, optimizer=rk.Adam(0.05), epochs=5)
    model.save(tmp_path / "a.model")
    loaded = rk.load(tmp_path / "a.model")
    assert loaded.parameters.dtype == model.parameters.dtype
    assert np.array_equal(loaded.parameters, model.parameters)
    assert loaded.summary() == model.summary()
    assert loaded.classes == model.classes
    assert loaded.seed == model.seed
    assert np.array_equal(loaded.predict(X), model.predict(X))
    assert loaded.score(X, y) == model.score(X, y)
    # It trains on as the original would.
    for one in (model, loaded):
        rk.train(one, X, y, optimizer=rk.Adam(0.05), epochs=5)
    assert np.array_equal(loaded.parameters, model.parameters)


def test_an_outsiders_layer_and_loss_are_given_at_loading(tmp_path):
    model = network(Scale(8), loss=HuberLoss(delta=0.5))
    model["scale1"].params["factors"][...] = 2
    model.save(tmp_path / "a.model")
    loaded = rk.load(tmp_path / "a.model", classes=[Scale, HuberLoss])
    assert isinstance(loaded.layers[1], Scale)
    assert loaded.loss.delta == 0.5
    assert np.array_equal(loaded.parameters, model.parameters)
    with pytest.raises(InputError, match=r"give classes=\[Scale\]"):
        rk.load(tmp_path / "a.model")
    with pytest.raises(InputError, match=r"classes must be a list, such as \[Scale\]"):
        rk.load(tmp_path / "a.model", classes=Scale)


def test_a_file_is_replaced_whole_and_a_model_that_cannot_be_saved_leaves_it(tmp_path):
    path = tmp_path / "a.model"
    network(seed=1).save(path)
    network(seed=2).save(str(path))
    wanted = network(seed=2)
    assert np.array_equal(rk.load(path).parameters, wanted.parameters)

    class Unsaved(HuberLoss):
        def settings(self):
            return {"delta": {1, 2}}

    with pytest.raises(InputError, match="Unsaved: its settings cannot be saved as JSON"):
        network(loss=Unsaved()).save(path)
    assert np.array_equal(rk.load(path).parameters, wanted.parameters)


def test_what_is_no_model_is_refused(tmp_path):
    path = tmp_path / "a.model"
    network().save(path)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-1] ^= 1
    for content in (b"", b"text", whole[:-5], whole + b"x", bytes(flipped)):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"a\.model is not "):
            rk.load(path)
    with pytest.raises(InputError, match="path must be a path, got None"):
        network().save(None)
    with pytest.raises(InputError, match="path must be a path, got 3"):
        rk.load(3)
    with pytest.raises(InputError, match="nowhere is not the folder of a run"):
        rk.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is not the folder of a run: it has no"):
        rk.load(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe"):
        rk.load(tmp_path / "pipe")
    with pytest.raises(InputError, match="a named pipe, not a regular file"):
        network().save(tmp_path / "pipe")


def test_the_weights_of_a_run_are_no_model_file_and_a_file_has_no_choice_of_weights(tmp_path):
    rk.train(network(), X, Y, optimizer=rk.Adam(), epochs=2, out=tmp_path / "run")
    assert rk.load(tmp_path / "run").epoch == 2
    with pytest.raises(InputError, match="is not a model of this regkit"):
        rk.load(tmp_path / "run" / "last.safetensors")
    network().save(tmp_path / "a.model")
    with pytest.raises(InputError, match="leave out weights='best'"):
        rk.load(tmp_path / "a.model", weights="best")
