"""The optimizers, one file each."""

from regkit.nn.optimizers.adagrad import AdaGrad
from regkit.nn.optimizers.adam import Adam
from regkit.nn.optimizers.optimizer import Optimizer
from regkit.nn.optimizers.rmsprop import RMSProp
from regkit.nn.optimizers.sgd import SGD

__all__ = ["SGD", "AdaGrad", "Adam", "Optimizer", "RMSProp"]
