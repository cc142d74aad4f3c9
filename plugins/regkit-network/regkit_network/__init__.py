"""Penalties over a whole network, for regkit."""

from regkit_network.neuron_groups import NeuronGroups
from regkit_network.path_norm import PathNorm

__all__ = ["NeuronGroups", "PathNorm"]
