"""What every layer is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from numpy.typing import NDArray

from regkit.nn.workspace import Workspace

Array = NDArray[Any]


class Layer(ABC):
    """A layer: `forward` turns inputs into outputs, `backward` turns gradients back.

    Arrays that run forward have shape (samples, features + 1), the last column being ones; arrays
    that run backward have shape (samples, features). What a pass needs to remember lies in the
    `Workspace` that the run hands in, so that a layer holds parameters and nothing else.
    """

    kind: ClassVar[str]
    name: str = ""
    trainable: bool = False

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

    @abstractmethod
    def forward(self, inputs: Array, workspace: Workspace) -> Array:
        """The layer's outputs."""

    @abstractmethod
    def backward(self, doutputs: Array, workspace: Workspace, *, need_dinputs: bool) -> Array:
        """The gradient by the inputs; the layer's own gradients are written into `grads`."""
