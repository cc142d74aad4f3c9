"""One network twice: regkit's own model, and a tree of parameters with the same start."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import optax
from adapters.one_truth import data

DECAY, EPS = 0.9, 1e-7


def tree_of(model):
    """The parameters as Flax would hold them: layers of kernel and bias."""
    return {
        layer.name: {
            "kernel": jnp.asarray(layer.weights.copy()),
            "bias": jnp.asarray(layer.biases[0].copy()),
        }
        for layer in model.parameter_layers
    }


def data_loss(params):
    X, y = (jnp.asarray(one) for one in data())
    hidden = jax.nn.relu(X @ params["dense1"]["kernel"] + params["dense1"]["bias"])
    logits = hidden @ params["dense2"]["kernel"] + params["dense2"]["bias"]
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


def optax_optimizer(name, lr):
    """That of optax with the settings of `own_optimizer`."""
    if name == "sgd":
        return optax.sgd(lr)
    if name == "momentum":
        return optax.sgd(lr, momentum=0.9)
    if name == "adam":
        return optax.adam(lr, eps=EPS)
    if name == "rmsprop":
        return optax.rmsprop(lr, decay=DECAY, eps=EPS, eps_in_sqrt=False)
    return optax.adagrad(lr, initial_accumulator_value=0.0, eps=EPS**2)


def train_theirs(params, optimizer, steps, loss=data_loss):
    """Full batches, as anybody would write it."""

    def step(carried, _):
        params, state = carried
        moves, state = optimizer.update(jax.grad(loss)(params), state, params)
        return (optax.apply_updates(params, moves), state), None

    carried = (params, optimizer.init(params))
    run = jax.jit(lambda carried: jax.lax.scan(step, carried, length=steps))
    (params, _), _ = run(carried)
    return params


def differences(model, params):
    """{layer.parameter: the largest difference between both}."""
    found = {}
    for layer in model.parameter_layers:
        for name, theirs in (("weights", "kernel"), ("biases", "bias")):
            ours, other = layer.params[name], np.asarray(params[layer.name][theirs])
            found[f"{layer.name}.{name}"] = float(np.max(np.abs(ours - other.reshape(ours.shape))))
    return found
