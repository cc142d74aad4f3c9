"""What every layer is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from regkit.array_types import Array
from regkit.kernels.network import NetworkLayer
from regkit.nn.workspace import Workspace


class Layer(ABC):
    """A layer: `forward` turns inputs into outputs, `backward` turns gradients back.

    Arrays that run forward have shape (samples, features + 1), the last column being ones; arrays
    that run backward have shape (samples, features). What a pass needs to remember lies in the
    `Workspace` that the run hands in, so that a layer holds parameters and nothing else. A model
    names its layers `kind` and number: `dense1`, `relu1`, `dense2`, …

    Attributes:
        kind: what its name begins with.
        name: given by the model.
        trainable: whether training changes its parameters.
        n_inputs: how many features it takes; None for any number.
    """

    kind: ClassVar[str]
    name: str = ""
    trainable: bool = False
    n_inputs: int | None = None

    @property
    def params(self) -> Mapping[str, Array]:
        """The layer's parameters by name; writing into the arrays sets them."""
        return MappingProxyType({})

    @property
    def grads(self) -> Mapping[str, Array]:
        """The gradients of the last backward pass by name, to look at (read-only)."""
        return MappingProxyType({})

    def n_outputs(self, n_inputs: int) -> int:
        """The number of features that leave the layer when `n_inputs` enter it."""
        return n_inputs

    def settings(self) -> dict[str, Any]:
        """The arguments with which `type(layer)(**settings)` makes a layer like this one.

        They are saved with a model, as JSON. Without parameters of its own a class need not
        define it.
        """
        return {}

    def as_network_layer(self) -> NetworkLayer | None:
        """What kernels need to know to take this layer together with others; None if they cannot.

        Only for a class whose instances compute exactly what a kernel does: a subclass may not.
        """
        return None

    @abstractmethod
    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """The layer's outputs, (samples, n_outputs + 1), the last column being ones."""

    @abstractmethod
    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """The gradient by the inputs, from the gradient by the outputs, (samples, n_outputs).

        `doutputs` may be overwritten. Where `need_dinputs` is False the result is not looked at.
        """
