"""Penalties: the classes that authors subclass, and the built-in plugins L1, L2, elastic net."""

from regkit.regularizers.activity_regularizer import ActivityRegularizer
from regkit.regularizers.configured import Configured
from regkit.regularizers.elastic_net import ElasticNet
from regkit.regularizers.l1 import L1
from regkit.regularizers.l2 import L2
from regkit.regularizers.model_regularizer import ModelRegularizer
from regkit.regularizers.regularizer import Regularizer

__all__ = [
    "L1",
    "L2",
    "ActivityRegularizer",
    "Configured",
    "ElasticNet",
    "ModelRegularizer",
    "Regularizer",
]
