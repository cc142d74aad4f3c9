"""The fraction of a layer's weights that are exactly 0."""

from __future__ import annotations

import numpy as np

from regkit.nn.layers import ParameterLayer


def share_of_zeros(layer: ParameterLayer) -> float:
    """The fraction of a layer's weights that are exactly 0; see `ParameterLayer.weight_arrays`."""
    arrays = layer.weight_arrays().values()
    nonzero = sum(int(np.count_nonzero(array)) for array in arrays)
    return 1 - nonzero / sum(array.size for array in arrays)
