"""What the host of a run offers to a penalty that adds its gradient in place."""

from __future__ import annotations

from dataclasses import dataclass

from regkit.array_types import Arrays
from regkit.kernels.kernels import Kernels


@dataclass(frozen=True)
class Accumulation:
    """The arrays to add to, by parameter, and the run's kernels. No hook may rely on it.

    Attributes:
        sums: writable, of the parameters' shapes.
        kernels: the run's.
    """

    sums: Arrays
    kernels: Kernels
