"""Jobs on a table of numbers, as it is given."""

from dataclasses import replace

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes

from regkit.runs.config import Config
from regkit.runs.job import job


def table_job(folder, X, y, sample_weight=None, regularizers=(), **settings):
    """A job with these rows; linear, in float64, and by SGD, unless settings say otherwise."""
    path = folder / "table.npz"
    np.savez(path, X=X, y=y)
    config = Config(
        **{
            "data": str(path),
            "hidden": (),
            "dtype": "float64",
            "val": 0.0,
            "standardize": False,
            "reg": ("none",),
            "optimizer": "sgd",
            "lr": 0.1,
            **settings,
        }
    )
    made = job(config)
    data = replace(made.data, sample_weight=sample_weight)
    return replace(made, data=data, regularizers=[*made.regularizers, *regularizers])


def set_weights(made, weights, biases):
    """Set the parameters of a linear model; the weights of one output may be flat."""
    params = made.model.parameter_layers[0].params
    column = np.ndim(weights) == 1
    params["weights"][...] = np.reshape(weights, (-1, 1)) if column else weights
    params["biases"][...] = biases


def regression(folder, sample_weight=None):
    """Linear regression with ten columns of several sizes."""
    X, y = load_diabetes(return_X_y=True)
    X = X / X.std(axis=0) * np.linspace(0.5, 2, 10) + 1
    return table_job(folder, X, y / 50, sample_weight)


def classification(folder, sample_weight=None):
    """Logistic regression with four columns."""
    X, y = load_breast_cancer(return_X_y=True)
    return table_job(folder, X[:, :4] / X[:, :4].std(axis=0), y, sample_weight)
