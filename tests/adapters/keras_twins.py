"""One network twice, regkit's own model and Keras', trained the same way: how far they end apart.

A process has one backend of Keras, so that this runs as a program, `python -m adapters.keras_twins
FOLDER`: it prints {name: measurements} as JSON. The folder is for the files of penalties.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
from frameworks.penalties import CASES

import regkit as rk
from regkit.keras import regularizer
from regkit.training.penalties import run_hooks

ROWS, INPUTS, HIDDEN, CLASSES = 64, 4, 6, 3
"""Keras divides by the rows in float32, in which that of a power of two is exact."""

STEPS, STRENGTH = 100, 0.01
LR = 2.0**-6
"""Exact in float32, in which Keras keeps it."""
# As Keras uses ε, it is not in regkit's place; small, it makes no difference.
EPSILON = 1e-14
SHORT_OF_ZERO = {"l_half": 2.0**-12}
"""Learning rates for an unbounded slope at 0, beside which two roundings part."""
OPTIMIZERS = ("sgd", "adam")

OF_BIASES = ("l1", "l2", "group_lasso", "sorted_l1(q=0.3)")

ON_KERNELS = [
    case
    for case in CASES
    if issubclass(case.penalty_class, rk.Regularizer) and not case.penalty_class.constraint
]
ON_OUTPUTS = [case for case in CASES if issubclass(case.penalty_class, rk.ActivityRegularizer)]
ON_BIASES = [case for case in ON_KERNELS if str(case) in OF_BIASES]


class Dense(keras.layers.Dense):
    """In float64, while on PyTorch Keras multiplies matrices in float32."""

    def call(self, inputs):
        return keras.ops.sum(inputs[:, :, None] * self.kernel[None], axis=1) + self.bias


class Bridged(rk.Regularizer):
    """Σ|w|³/3 on NumPy's arrays alone."""

    def value(self, w):
        assert isinstance(w, np.ndarray)
        return float(np.sum(np.abs(w) ** 3) / 3)

    def grad(self, w):
        assert isinstance(w, np.ndarray)
        return w * np.abs(w)


class BridgedOutputs(rk.ActivityRegularizer):
    """Σy⁴/4 on NumPy's arrays alone."""

    def value(self, outputs):
        assert isinstance(outputs, np.ndarray)
        return float(np.sum(outputs**4) / 4)

    def grad(self, outputs):
        assert isinstance(outputs, np.ndarray)
        return outputs**3


class OwnHooks(rk.Regularizer):
    """Σw², by hooks of its own."""

    def penalty(self, layer):
        chosen = self.selected(layer)
        total = sum(float(np.sum(w**2)) for w in chosen.values())
        return self.strength_for(layer) * total if chosen else None

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        return {one: 2 * self.strength_for(layer) * w for one, w in chosen.items()} or None


def data():
    rng = np.random.default_rng(0)
    return rng.standard_normal((ROWS, INPUTS)), np.arange(ROWS) % CLASSES


def twins(**given):
    """The two models in float64; `given` are the regularizers of Keras' first layer."""
    layers = [rk.Dense(INPUTS, HIDDEN, init="he"), rk.ReLU(), rk.Dense(HIDDEN, CLASSES, init="he")]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=1, dtype="float64")
    for layer in model.parameter_layers:
        layer.params["biases"][...] = 0.1 + 0.05 * np.arange(layer.biases.size)
    activity = given.pop("activity_regularizer", None)
    theirs = keras.Sequential(
        [
            keras.Input((INPUTS,)),
            Dense(HIDDEN, **given),
            keras.layers.ReLU(activity_regularizer=activity),
            Dense(CLASSES),
        ]
    )
    arrays = [w for layer in model.parameter_layers for w in layer.params.values()]
    theirs.set_weights([w.reshape(v.shape) for w, v in zip(arrays, theirs.weights, strict=True)])
    return model, theirs


def measured(penalty, given_as, selector, optimizer, lr=LR, rows=ROWS):
    """How far both end apart, and from where they end without the penalty; what both say of it."""
    is_activity = given_as == "activity_regularizer"
    their_penalty = dataclasses.replace(penalty, on="*") if is_activity else penalty
    model, theirs = twins(**{given_as: regularizer(their_penalty)})
    library = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[optimizer]
    own_class, more = {"sgd": (rk.SGD, {}), "adam": (rk.Adam, {"epsilon": EPSILON})}[optimizer]
    theirs.compile(
        library(lr, **more), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    X, y = (one[:rows] for one in data())
    theirs.fit(X, y, batch_size=rows, epochs=STEPS, shuffle=False, verbose=0)
    own = dataclasses.replace(penalty, on=selector)
    free, _ = twins()
    rk.train(free, X, y, optimizer=own_class(lr, **more), epochs=STEPS)
    ours = own_class(lr, **more)
    rk.train(model, X, y, optimizer=ours, regularizers=[own], epochs=STEPS)
    end = np.concatenate([one.ravel() for one in theirs.get_weights()])
    found = {
        "apart": float(np.max(np.abs(end - flat(model)))),
        "moved": float(np.max(np.abs(end - flat(free)))),
    }
    theirs(keras.ops.convert_to_tensor(X))
    [found["theirs"]] = [float(keras.ops.convert_to_numpy(one)) for one in theirs.losses]
    hidden = np.maximum(X @ model.layers[0].weights + model.layers[0].biases, 0)
    [by_layer] = run_hooks(model, [own]).penalties({"relu1": hidden}).values()
    return found | {"ours": sum(by_layer.values())}


def flat(model):
    """All parameters of regkit's model, in Keras' order."""
    return np.concatenate(
        [w.ravel() for one in model.parameter_layers for w in one.params.values()]
    )


def configured(case, folder, **fields):
    return dataclasses.replace(case.penalty(folder, (INPUTS, HIDDEN)), **fields)


def settings(folder):
    """(name, penalty, what it is given as, regkit's selector, more)."""
    for case in ON_KERNELS:
        lr = SHORT_OF_ZERO.get(case.name, LR)
        penalty = configured(case, folder, strength=STRENGTH)
        yield str(case), penalty, "kernel_regularizer", "dense1.weights", {"lr": lr}
    for case in ON_BIASES:
        penalty = configured(case, folder, strength=STRENGTH)
        yield f"{case} of biases", penalty, "bias_regularizer", "dense1.biases", {}
    for case in ON_OUTPUTS:
        penalty = configured(case, folder, strength=STRENGTH)
        yield str(case), penalty, "activity_regularizer", "relu1", {}
        yield f"{case} of few rows", penalty, "activity_regularizer", "relu1", {"rows": ROWS // 4}
    of_kernel = ("kernel_regularizer", "dense1.weights", {})
    for scale in ("size", "fan_in", "sqrt_fan_in"):
        yield f"by {scale}", rk.regularizer(f"group_lasso=0.02,scale={scale}"), *of_kernel
    yield "bridged", Bridged(STRENGTH), *of_kernel
    yield "own hooks", OwnHooks(STRENGTH), *of_kernel
    bridged = BridgedOutputs(STRENGTH, on="relu1")
    yield "bridged outputs", bridged, "activity_regularizer", "relu1", {}


def main(folder):
    keras.config.set_floatx("float64")
    warnings.simplefilter("ignore", rk.errors.RegkitWarning)
    found = {}
    for name, penalty, given_as, selector, more in settings(Path(folder)):
        for optimizer in OPTIMIZERS:
            found[f"{name}, {optimizer}"] = measured(penalty, given_as, selector, optimizer, **more)
    print(json.dumps({"backend": keras.backend.backend(), "found": found}))


if __name__ == "__main__":
    main(sys.argv[1])
