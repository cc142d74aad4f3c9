"""A penalty is saved with its model, and loaded in a fresh process, on both backends.

Covers: regkit/keras/penalty.py, regkit/keras/saved.py
"""

import copy
import json
import os
import pickle
import subprocess
import sys

import keras
import numpy as np
import pytest
from frameworks.penalties import CASES

import regkit as rk
from regkit import ActivityRegularizer, ModelRegularizer
from regkit.errors import FieldError
from regkit.keras import Penalty, regularizer
from regkit.regularizers.fields import fields_of

OF_LAYERS = [
    case
    for case in CASES
    if not case.penalty_class.constraint and not issubclass(case.penalty_class, ModelRegularizer)
]


class Squares(rk.Regularizer):
    """Of no plugin."""

    array_api = True
    factor: float = 2.0

    def value(self, w):
        return self.factor * rk.float64_sum(w * w)

    def grad(self, w):
        return 2 * self.factor * w


def model_with(penalty):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(2, kernel_regularizer=penalty, name="first")]
    )
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def of_first(model):
    return model.get_layer("first").kernel_regularizer


@pytest.mark.parametrize("case", OF_LAYERS, ids=str)
def test_the_configuration_holds_every_field(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = case.penalty(tmp_path, (4, 6))
    more = {"on": "*"} if isinstance(own, ActivityRegularizer) else {"scale": "size"}
    penalty = regularizer(rk.regularizer({**saved_fields(case.name, own), **more, "label": "mine"}))
    config = json.loads(json.dumps(penalty.get_config()))
    monkeypatch.chdir("/")  # A relative path of a file would be lost.
    again = Penalty.from_config(config)
    for field in [*(one.name for one in fields_of(type(own))), "on"]:
        wanted = getattr(penalty.regularizer, field)
        got = getattr(again.regularizer, field)
        if isinstance(wanted, rk.File):
            assert np.array_equal(got.array, wanted.array)
        else:
            assert got == wanted
    assert again.neurons == penalty.neurons


def saved_fields(case_name, own):
    names = [one.name for one in fields_of(type(own)) if getattr(own, one.name) is not None]
    given = {name: getattr(own, name) for name in names}
    files = {one: str(file) for one, file in given.items() if isinstance(file, rk.File)}
    return {"name": case_name, **given, "strength": 0.25, **files}


def test_the_axes_are_kept():
    penalty = regularizer("l2=1", neurons=(-2, -1))
    assert Penalty.from_config(penalty.get_config()).neurons == (-2, -1)


def test_a_clone_has_the_penalty():
    clone = keras.models.clone_model(model_with(regularizer("l2=0.5")))
    assert str(of_first(clone).regularizer) == "l2=0.5"


def test_a_class_of_no_plugin_is_handed_over(tmp_path):
    model_with(regularizer(Squares(0.5, factor=3.0))).save(tmp_path / "m.keras")
    with pytest.raises(TypeError, match=r"load it with custom_objects=\{'Squares': Squares\}"):
        keras.models.load_model(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras", custom_objects={"Squares": Squares})
    assert of_first(loaded).regularizer.factor == 3.0
    with keras.saving.custom_object_scope({"Squares": Squares}):
        assert of_first(keras.models.clone_model(loaded)).regularizer.strength == 0.5


def test_a_file_that_is_gone_is_told(tmp_path):
    np.save(tmp_path / "start.npy", np.ones((3, 2)))
    penalty = regularizer({"name": "l2_sp", "reference": str(tmp_path / "start.npy")})
    (tmp_path / "start.npy").unlink()
    with pytest.raises(FieldError, match=r"start\.npy does not exist"):
        Penalty.from_config(penalty.get_config())


SAVE = """
import keras
import numpy as np
from regkit.keras import regularizer

activity = regularizer("activity_l2=0.25@*")
kernel = regularizer("group_lasso=0.5")
first = keras.layers.Dense(2, kernel_regularizer=kernel, activity_regularizer=activity)
model = keras.Sequential([keras.Input((3,)), first])
model.compile(keras.optimizers.SGD(0.1), "mse")
X = np.arange(12.0).reshape(4, 3) / 10
model.fit(X, np.ones((4, 2)), epochs=2, verbose=0)
model.save(FILE)
print(model.evaluate(X, np.ones((4, 2)), verbose=0))
"""
LOAD = """
import keras
import numpy as np
IMPORT
# On PyTorch Keras saves an optimizer of that backend's own.
model = keras.models.load_model(FILE, compile=False)
model.compile(keras.optimizers.SGD(0.1), "mse")
X = np.arange(12.0).reshape(4, 3) / 10
print(model.evaluate(X, np.ones((4, 2)), verbose=0))
model.fit(X, np.ones((4, 2)), epochs=1, verbose=0)
"""


def run(backend, source, file):
    return subprocess.run(
        [sys.executable, "-c", f"FILE = {str(file)!r}\n{source}"],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("saving", "loading"), [("torch", "jax"), ("jax", "torch")])
def test_a_fresh_process_loads_it_on_either_backend(saving, loading, tmp_path):
    file = tmp_path / "model.keras"
    saved = run(saving, SAVE, file)
    assert saved.returncode == 0, saved.stderr
    for backend in (saving, loading):
        loaded = run(backend, LOAD.replace("IMPORT", "import regkit.keras"), file)
        assert loaded.returncode == 0, loaded.stderr
        assert float(loaded.stdout) == pytest.approx(float(saved.stdout), rel=1e-5)
    without = run(saving, LOAD.replace("IMPORT", ""), file)
    assert without.returncode == 1
    assert "Penalty" in without.stderr


def test_a_penalty_is_copied_and_pickled_and_says_what_it_is():
    penalty = regularizer("group_lasso=1e-3", neurons=np.int64(-2))
    assert repr(penalty) == "<regkit.keras.Penalty group_lasso=0.001>"
    kernel = np.arange(1.0, 7.0).reshape(2, 3)
    for again in (copy.deepcopy(penalty), pickle.loads(pickle.dumps(penalty))):
        assert again.neurons == (-2,)
        assert str(again.regularizer) == "group_lasso=0.001"
        assert float(again(kernel)) == float(penalty(kernel))
