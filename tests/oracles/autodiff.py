"""The whole loss, data loss plus penalties, for HIPS autograd to differentiate in float64.

Only formulas from the literature: nothing here knows how regkit computes anything.
"""

from autograd import grad
from autograd import numpy as np
from autograd.scipy.special import logsumexp

ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
}


def softmax_cross_entropy(z, y):
    return np.mean(logsumexp(z, axis=1) - z[np.arange(len(y)), y])


def binary_cross_entropy(z, y):
    p = 1 / (1 + np.exp(-z))
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))


def mean_squared_error(z, y):
    return np.mean((z - y) ** 2)


def l1(w):
    return np.sum(np.abs(w))


def l2(w):
    return np.sum(w**2)


def outputs(params, X, layers):
    """What leaves the network; `layers` holds "dense", an activation, or an array to multiply by.

    `params` is a list of (weights, biases), one for each "dense".
    """
    values, remaining = X, iter(params)
    for layer in layers:
        if isinstance(layer, np.ndarray):
            values = values * layer
        elif layer == "dense":
            weights, biases = next(remaining)
            values = np.dot(values, weights) + biases
        else:
            values = ACTIVATIONS[layer](values)
    return values


def loss_and_gradients(params, X, y, layers, data_loss, penalty):
    """(loss, [(dweights, dbiases), …]) of data_loss(outputs, y) + penalty(params)."""

    def loss(parameters):
        return data_loss(outputs(parameters, X, layers), y) + penalty(parameters)

    params = [(weights.astype(float), biases.astype(float)) for weights, biases in params]
    return float(loss(params)), grad(loss)(params)
