"""PyTorch: tensors on the CPU, in the memory order of the arrays that they are made of."""

from __future__ import annotations

from functools import cached_property
from types import ModuleType
from typing import Any

from regkit.array_libraries import in_numpy
from regkit.array_types import Array
from regkit.extras import required
from regkit.testing.libraries.library import Library


class PyTorch(Library):
    """PyTorch, which rounds in its own way: float32 results are as exact as float32 is."""

    name = "torch"
    array_name = "a tensor of PyTorch"
    module_name = "torch"
    set_up = "import torch"
    array_source = "torch.from_numpy({}).clone()"

    @cached_property
    def module(self) -> ModuleType:
        """`torch`.

        Raises:
            MissingPackageError: it cannot be imported.
        """
        return required(self.module_name, package="torch", extra="torch", purpose="--backend torch")

    @property
    def array_type(self) -> Any:
        """`torch.Tensor`."""
        return self.module.Tensor

    def array(self, array: Array) -> Any:
        """A tensor with the array's strides; copied, since read-only arrays make PyTorch warn."""
        return self.module.from_numpy(array.copy(order="K"))

    def numpy(self, array: Any) -> Array:
        """Without its history, which a penalty may have given it."""
        return in_numpy(array.detach())

    def use_one_thread(self) -> None:
        """PyTorch's threads would compete with whatever else is being checked."""
        self.module.set_num_threads(1)
