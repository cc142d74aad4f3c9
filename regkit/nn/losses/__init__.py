"""The losses, one file each. They work from the last layer's raw outputs."""

from regkit.nn.losses.binary_cross_entropy import BinaryCrossEntropy
from regkit.nn.losses.loss import Loss
from regkit.nn.losses.mean_squared_error import MeanSquaredError
from regkit.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy

__all__ = ["BinaryCrossEntropy", "Loss", "MeanSquaredError", "SoftmaxCrossEntropy"]
