"""What built-in penalties add to PyTorch's gradients with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from torch import Tensor

from regkit.kernels.kernels import Kernels
from regkit.kernels.linear_gradient import LinearGradient

CHUNK = 1 << 18
"""Entries of which a processor keeps the signs in its cache until they are added: a third of the
time that a pass over the whole tensor takes, which allocates as much again."""

EXACT_COUNT = 4
"""Bytes of a number in which a sum of so many ones is exact."""


class TensorKernels(Kernels):
    """In-place operations on tensors, on their own device."""

    name: ClassVar[str] = "torch"
    of_numpy: ClassVar[bool] = False

    def add_linear_gradient(self, w: Tensor, out: Tensor, gradient: LinearGradient) -> None:
        """Add the gradient at `w` to `out`, tensors of one shape."""
        if gradient.sign or gradient.at_zero:
            for part, sums in _chunks(w, out):
                _add_jump(part, sums, gradient)
        if gradient.multiple:
            out.add_(w, alpha=gradient.multiple)


def _add_jump(w: Tensor, out: Tensor, gradient: LinearGradient) -> None:
    """Add `sign` · sign(w), and `at_zero` where w is 0."""
    signs = w.sign()
    out.add_(signs, alpha=gradient.sign)
    if gradient.at_zero and not _all_are_ones(signs):
        out.add_(w == 0, alpha=gradient.at_zero)


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
