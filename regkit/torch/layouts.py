"""How PyTorch's parameters are seen in regkit's orientation, (inputs, neurons), and put back."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from regkit.hooks.layouts import NEURONS_FIRST, NEURONS_LAST, ROW, Layout

TRANSPOSED_CONVOLUTIONS = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
"""Their weight is (inputs, neurons / groups, …)."""

NORMS = (nn.LayerNorm, nn.RMSNorm)
"""Their weight may have several dimensions, none of which is one of inputs."""

EMBEDDINGS = (nn.Embedding, nn.EmbeddingBag)
"""Their weight is (words, features): a word is the input that is 1, a feature is a neuron."""


def layout_of(module: nn.Module, name: str, tensor: Tensor) -> Layout:
    """The layout of one parameter of a module, by the module's type and the tensor's dimensions.

    A matrix of a module that PyTorch does not ship is (neurons, inputs) if it is a `weight`, as in
    PyTorch's own modules, and is else taken as it is.
    """
    if tensor.ndim < 2 or isinstance(module, NORMS):
        return ROW
    if isinstance(module, TRANSPOSED_CONVOLUTIONS):
        return transposed_convolution(module.groups)
    if isinstance(module, EMBEDDINGS) or "weight" not in name:
        return NEURONS_LAST
    return NEURONS_FIRST


def transposed_convolution(groups: int) -> Layout:
    """(inputs, neurons / groups, …), in which each group of inputs feeds its own neurons."""

    def see(w: Tensor) -> Tensor:
        apart = w.reshape(groups, w.shape[0] // groups, *w.shape[1:])
        # (groups, inputs, neurons, …) → (inputs, …, groups, neurons)
        last = apart.movedim((0, 2), (-2, -1))
        return last.reshape(-1, groups * w.shape[1])

    def put(seen: Tensor, like: Tensor) -> Tensor:
        inputs, neurons, *kernel = like.shape
        last = seen.reshape(inputs // groups, *kernel, groups, neurons)
        return last.movedim((-2, -1), (0, 2)).reshape(like.shape)

    return Layout(see, put)


def shares_memory(seen: Tensor, tensor: Tensor) -> bool:
    """Whether writing to the one changes the other."""
    return bool(seen.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr())


def zeros_for(tensor: Tensor) -> Tensor:
    """Zeros in a parameter's shape and memory order."""
    return torch.zeros_like(tensor, memory_format=torch.preserve_format)
