"""Proximal points in the optimizer's metric reach scikit-learn's coefficients, zeros included.

Covers: regkit/jax/metric.py, regkit/jax/measured.py
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from adapters.lassos import (
    SPEC,
    SPEC_OF_GROUPS,
    diabetes,
    lasso,
    lasso_of_groups,
    require_solved,
    two_outputs,
)

from regkit.jax import regularize


def annealed(step):
    return 0.02 / (1 + 1e-3 * step)


def coefficients(X, Y, make_optimizer, spec, steps, rate=annealed):
    """Of a linear model with a free bias, by full batches, jitted as a whole."""
    outputs = 1 if Y.ndim == 1 else Y.shape[1]
    optimizer = regularize(make_optimizer(rate), [spec], learning_rate=rate)
    X, Y = jnp.asarray(X), jnp.asarray(Y.reshape(len(Y), outputs))

    def loss(params):
        return jnp.mean((X @ params["kernel"] + params["bias"] - Y) ** 2)

    def step(carried, _):
        params, state = carried
        moves, state = optimizer.update(jax.grad(loss)(params), state, params)
        return (optax.apply_updates(params, moves), state), None

    params = {"kernel": jnp.zeros((X.shape[1], outputs)), "bias": jnp.zeros(outputs)}
    run = jax.jit(lambda carried: jax.lax.scan(step, carried, length=steps))
    (params, _), _ = run((params, optimizer.init(params)))
    return np.asarray(params["kernel"]).T.squeeze()


OPTIMIZERS = {
    "adam": (optax.adam, annealed),
    "adamw": (lambda rate: optax.adamw(rate, weight_decay=0), annealed),
    "clipped": (lambda rate: optax.chain(optax.clip_by_global_norm(1), optax.adam(rate)), annealed),
    "rmsprop": (optax.rmsprop, annealed),
    "rmsprop, momentum": (lambda rate: optax.rmsprop(rate, momentum=0.5), annealed),
    "rmsprop, as adam": (
        lambda rate: optax.rmsprop(rate, eps_in_sqrt=False, bias_correction=True),
        annealed,
    ),
    "adagrad": (optax.adagrad, 1.0),
    "sgd": (optax.sgd, 0.1),
    "momentum": (lambda rate: optax.sgd(rate, momentum=0.9), 0.1),
    "nesterov": (lambda rate: optax.sgd(rate, momentum=0.9, nesterov=True), 0.05),
}


@pytest.mark.parametrize("mixed", [False, True], ids=["standardized", "mixed scales"])
def test_the_lasso_by_adam(mixed):
    X, y = diabetes(mixed)
    with jax.enable_x64(True):
        require_solved(coefficients(X, y, optax.adam, SPEC, 4000), lasso(X, y))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_lasso_by_every_optimizer_whose_metric_is_known(name):
    make_optimizer, rate = OPTIMIZERS[name]
    X, y = diabetes()
    with jax.enable_x64(True):
        require_solved(coefficients(X, y, make_optimizer, SPEC, 4000, rate), lasso(X, y))


def test_in_float32_the_zeros_are_the_same():
    X, y = diabetes()
    found = coefficients(X, y, optax.adam, SPEC, 4000)
    assert found.dtype == np.float32
    require_solved(found, lasso(X, y), exact=1e-5)


def test_the_group_lasso_of_several_outputs():
    X, Y = two_outputs()
    with jax.enable_x64(True):
        found = coefficients(X, Y, optax.adam, SPEC_OF_GROUPS, 4000)
    require_solved(found, lasso_of_groups(X, Y))
