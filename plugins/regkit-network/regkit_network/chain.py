"""The selected weight matrices of consecutive layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from regkit.errors import FieldError

if TYPE_CHECKING:
    from regkit.array_types import Array, ModelArrays


def chain(params: ModelArrays, penalty: str) -> dict[str, Array]:
    """{layer: weights}, in order: the columns of each matrix are the rows of the next.

    Args:
        params: {layer: {parameter: array}} of what is selected.
        penalty: whose error it is.

    Raises:
        FieldError: a layer's weights are not selected, or two shapes do not chain.
    """
    for layer, arrays in params.items():
        if "weights" not in arrays:
            raise FieldError(
                f"{penalty}: {layer} is selected without its weights: select {layer}.weights too, "
                f"or no parameter of {layer}"
            )
    weights = {layer: arrays["weights"] for layer, arrays in params.items()}
    for (layer, one), (after, other) in pairwise(weights.items()):
        if one.shape[1] != other.shape[0]:
            raise FieldError(
                f"{penalty}: {layer}.weights {_shown(one)} and {after}.weights {_shown(other)} do "
                "not chain: select consecutive layers with on, or @ in a spec"
            )
    return weights


def _shown(w: Array) -> str:
    return " × ".join(map(str, w.shape))
