"""Penalties: the class that authors subclass, and the built-in plugins L1, L2 and elastic net."""

from regkit.regularizers.elastic_net import ElasticNet
from regkit.regularizers.l1 import L1
from regkit.regularizers.l2 import L2
from regkit.regularizers.regularizer import Regularizer

__all__ = ["L1", "L2", "ElasticNet", "Regularizer"]
