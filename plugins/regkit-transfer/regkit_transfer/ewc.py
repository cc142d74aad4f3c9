"""Elastic weight consolidation (EWC): important weights stay near their old values."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from regkit import File
from regkit.errors import FieldError
from regkit_transfer.quadratic import Quadratic

if TYPE_CHECKING:
    from regkit.array_types import Array


class EWC(Quadratic):
    """λ Σ F (w − w₀)²: each weight is held near its old value w₀ by its importance F ≥ 0.

    In the paper F is the diagonal of the Fisher information of the earlier task at w₀: the mean,
    over samples, of the squared gradient of the log-likelihood. The proximal point is
    (w + 2tF w₀)/(1 + 2tF), t = step × strength; a weight without importance does not move.

    Source: Kirkpatrick et al. (2017), *Overcoming catastrophic forgetting in neural networks*,
    equation 3, whose λ is twice this one.

    Raises:
        FieldError: an importance is negative or infinite, or there is not one for each entry of
            the reference.
    """

    importance: File = dataclasses.field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        importance = self.importance.array
        if importance.shape != self.only_shape:
            raise FieldError(
                f"EWC: importance {self.importance} is {importance.shape}, and reference "
                f"{self.reference} is {self.only_shape}: they must have one shape"
            )
        if not ((importance >= 0) & np.isfinite(importance)).all():
            raise FieldError(
                f"EWC: importance {self.importance} must be finite and at least 0 in each entry"
            )

    def factors(self, w: Array) -> Array:
        """The importance F of each entry."""
        return self.beside(w, self.importance)
