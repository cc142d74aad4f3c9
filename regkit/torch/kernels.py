"""What built-in penalties add to PyTorch's gradients with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from torch import Tensor

from regkit.kernels.kernels import Kernels
from regkit.kernels.linear_gradient import LinearGradient

CHUNK = 1 << 19
"""Entries of which a processor keeps a copy in its cache until it is added."""

EXACT_COUNT = 4
"""Bytes of a number in which a sum of so many ones is exact."""


class TensorKernels(Kernels):
    """In-place operations on tensors, on their own device.

    What is to be added to a tensor is collected until `settle`, so that several penalties of one
    parameter take one pass over memory.
    """

    name: ClassVar[str] = "torch"
    of_numpy: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, tuple[Tensor, Tensor, LinearGradient]] = {}

    def add_linear_gradient(self, w: Tensor, out: Tensor, gradient: LinearGradient) -> None:
        """Add the gradient at `w` to `out`, tensors of one shape."""
        _, _, before = self._open.get(id(out), (w, out, LinearGradient()))
        self._open[id(out)] = (w, out, before + gradient)

    def settle(self) -> None:
        """Add what was collected."""
        for w, out, gradient in self._open.values():
            if gradient.sign or gradient.at_zero:
                for part, sums in _chunks(w, out):
                    _add(part, sums, gradient)
            else:
                out.add_(w, alpha=gradient.multiple)
        self._open.clear()


def _add(w: Tensor, out: Tensor, gradient: LinearGradient) -> None:
    signs = w.sign()
    if gradient.at_zero and not _all_are_ones(signs):
        out.add_(w == 0, alpha=gradient.at_zero)
    if gradient.multiple:
        out.add_(signs.mul_(gradient.sign).add_(w, alpha=gradient.multiple))
    else:
        out.add_(signs, alpha=gradient.sign)


def _all_are_ones(signs: Tensor) -> bool:
    """Whether no entry is 0, where it costs little to find out."""
    if signs.ndim != 1 or signs.itemsize < EXACT_COUNT or signs.device.type != "cpu":
        return False
    return float(signs.dot(signs)) == len(signs)


def _chunks(w: Tensor, out: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Matching parts of both, small ones on a processor; those of the sums are views."""
    if w.device.type == "cpu" and w.numel() > CHUNK:
        for turned in (w, w.t()) if w.ndim == 2 else (w,):
            sums = out if turned is w else out.t()
            if turned.is_contiguous() and sums.is_contiguous():
                flat = turned.view(-1), sums.view(-1)
                yield from zip(*(one.split(CHUNK) for one in flat), strict=True)
                return
    yield w, out
