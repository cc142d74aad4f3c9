"""L2-SP: the squared distance to the starting point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regkit_transfer.quadratic import Quadratic

if TYPE_CHECKING:
    from regkit.array_types import Array


class L2SP(Quadratic):
    """λ Σ(w − w₀)²: L2 around the weights w₀ of an earlier network instead of around 0.

    The proximal point is (w + 2t w₀)/(1 + 2t), t = step × strength.

    Source: Li, Grandvalet & Davoine (2018), *Explicit inductive bias for transfer learning with
    convolutional networks*, equation 2, whose α is 2λ.
    """

    def factors(self, w: Array) -> float:
        """1."""
        return 1.0
