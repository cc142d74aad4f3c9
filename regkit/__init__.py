"""regkit: a lab bench for regularizers of neural networks.

Names are imported when they are first used, so that `import regkit` and the commands that only
list plugins stay fast and load neither NumPy nor any plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regkit.about import __version__ as __version__

_HOME = {
    "ActivityRegularizer": "regkit.regularizers",
    "Adam": "regkit.nn.optimizers",
    "AdaGrad": "regkit.nn.optimizers",
    "BinaryCrossEntropy": "regkit.nn.losses",
    "Dense": "regkit.nn.layers",
    "Dropout": "regkit.nn.layers",
    "ElasticNet": "regkit.regularizers",
    "File": "regkit.regularizers.file",
    "L1": "regkit.regularizers",
    "Layer": "regkit.nn.layers",
    "L2": "regkit.regularizers",
    "Loss": "regkit.nn.losses",
    "MeanSquaredError": "regkit.nn.losses",
    "Model": "regkit.nn.model",
    "ModelRegularizer": "regkit.regularizers",
    "Optimizer": "regkit.nn.optimizers",
    "ParameterLayer": "regkit.nn.layers",
    "path": "regkit.studies.paths.path",
    "plot": "regkit.reports.plot",
    "RMSProp": "regkit.nn.optimizers",
    "ReLU": "regkit.nn.layers",
    "Regularizer": "regkit.regularizers",
    "SGD": "regkit.nn.optimizers",
    "Sigmoid": "regkit.nn.layers",
    "SoftmaxCrossEntropy": "regkit.nn.losses",
    "Tanh": "regkit.nn.layers",
    "array_namespace": "regkit.array_libraries",
    "compare": "regkit.studies.comparisons.compare",
    "float64_sum": "regkit.array_libraries",
    "hookimpl": "regkit.hookspecs",
    "load": "regkit.runs.load",
    "regularizer": "regkit.catalogue.resolve",
    "report": "regkit.reports.report",
    "sweep": "regkit.studies.search.sweep",
    "train": "regkit.runs.train",
}
_MODULES = ("datasets", "errors", "studies", "testing", "training")

__all__ = [
    "L1",
    "L2",
    "SGD",
    "ActivityRegularizer",
    "AdaGrad",
    "Adam",
    "BinaryCrossEntropy",
    "Dense",
    "Dropout",
    "ElasticNet",
    "File",
    "Layer",
    "Loss",
    "MeanSquaredError",
    "Model",
    "ModelRegularizer",
    "Optimizer",
    "ParameterLayer",
    "RMSProp",
    "ReLU",
    "Regularizer",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "array_namespace",
    "compare",
    "datasets",
    "errors",
    "float64_sum",
    "hookimpl",
    "load",
    "path",
    "plot",
    "regularizer",
    "report",
    "studies",
    "sweep",
    "testing",
    "train",
    "training",
]

if TYPE_CHECKING:
    from regkit import datasets, errors, studies, testing, training
    from regkit.array_libraries import array_namespace, float64_sum
    from regkit.catalogue.resolve import regularizer
    from regkit.hookspecs import hookimpl
    from regkit.nn.layers import (
        Dense,
        Dropout,
        Layer,
        ParameterLayer,
        ReLU,
        Sigmoid,
        Tanh,
    )
    from regkit.nn.losses import BinaryCrossEntropy, Loss, MeanSquaredError, SoftmaxCrossEntropy
    from regkit.nn.model import Model
    from regkit.nn.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSProp
    from regkit.regularizers import (
        L1,
        L2,
        ActivityRegularizer,
        ElasticNet,
        ModelRegularizer,
        Regularizer,
    )
    from regkit.regularizers.file import File
    from regkit.reports.plot import plot
    from regkit.reports.report import report
    from regkit.runs.load import load
    from regkit.runs.train import train
    from regkit.studies.comparisons.compare import compare
    from regkit.studies.paths.path import path
    from regkit.studies.search.sweep import sweep


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name in _MODULES:
        value = import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
