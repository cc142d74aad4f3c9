"""The layers, one file each, forward and backward next to each other."""

from regkit.nn.layers.dense import Dense
from regkit.nn.layers.dropout import Dropout
from regkit.nn.layers.layer import Layer
from regkit.nn.layers.parameter_layer import ParameterLayer
from regkit.nn.layers.relu import ReLU
from regkit.nn.layers.sigmoid import Sigmoid
from regkit.nn.layers.tanh import Tanh

__all__ = ["Dense", "Dropout", "Layer", "ParameterLayer", "ReLU", "Sigmoid", "Tanh"]
