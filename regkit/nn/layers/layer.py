"""The base class of layers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.nn.described import described
from regkit.nn.workspace import Workspace


class Layer(ABC):
    """A layer: `forward` maps inputs to outputs, `backward` propagates gradients back.

    Arrays of the forward pass have shape (samples, features + 1), with a last column of ones; those
    of the backward pass have shape (samples, features). A pass keeps intermediate results in the
    run's `Workspace`, so that a layer holds only parameters. A model names its layers by `kind` and
    number: `dense1`, `relu1`, `dense2`, …

    Attributes:
        kind: the beginning of its name.
        name: given by the model.
        trainable: whether training changes its parameters.
        n_inputs: the number of input features; None for any number.
    """

    kind: ClassVar[str]
    name: str = ""
    trainable: bool = False
    n_inputs: int | None = None

    def __repr__(self) -> str:
        return described(self, self.settings())

    @property
    def params(self) -> Mapping[str, Array]:
        """The layer's parameters by name; writing to the arrays sets them."""
        return MappingProxyType({})

    @property
    def grads(self) -> Mapping[str, Array]:
        """The gradients of the last backward pass by name, read-only."""
        return MappingProxyType({})

    def n_outputs(self, n_inputs: int) -> int:
        """The number of output features for `n_inputs` input features."""
        return n_inputs

    def settings(self) -> dict[str, Any]:
        """The arguments with which `type(layer)(**settings)` constructs a layer like this one.

        They are saved with a model, as JSON. A class whose constructor takes no arguments need
        not define it.
        """
        return {}

    def as_network_layer(self) -> NetworkLayer | None:
        """A description with which kernels can fuse this layer with others; None if they cannot.

        Only for a class that computes exactly what a kernel does: a subclass may not.
        """
        return None

    @abstractmethod
    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """The layer's outputs, (samples, n_outputs + 1), with a last column of ones."""

    @abstractmethod
    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """The gradient with respect to the inputs, from `doutputs`, (samples, n_outputs).

        `doutputs` may be overwritten. If `need_dinputs` is False the result is ignored.
        """
