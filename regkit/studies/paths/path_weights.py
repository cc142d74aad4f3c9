"""How large the weights of inputs and neurons are at a point of a path."""

from __future__ import annotations

import numpy as np

from regkit.array_types import Array
from regkit.data import Preparation
from regkit.nn.layers import Dense
from regkit.nn.model import Model
from regkit.studies.task import Row


def path_weights(model: Model, preparation: Preparation) -> Row:
    """What a row of a path keeps of the weights.

    Returns:
        `input_weights`, in the order of the columns: the weight itself where the model is linear,
        has one output and takes a single number of each column; else the Euclidean norm of the
        column's weights in the first layer, and `norms` is true. `neuron_weights`, by hidden layer:
        the norms of each neuron's incoming weights.
    """
    dense = [layer for layer in model.layers if isinstance(layer, Dense)]
    first = dense[0].params["weights"]
    blocks: list[Array] = []
    start = 0
    for column in preparation.columns:
        end = start + len(column.features)
        blocks.append(first[start:end])
        start = end
    norms = any(block.size != 1 for block in blocks)
    return {
        "norms": norms,
        "input_weights": [_norm(one) if norms else float(one.item()) for one in blocks],
        "neuron_weights": {
            layer.name: [_norm(one) for one in layer.params["weights"].T] for layer in dense[:-1]
        },
    }


def _norm(block: Array) -> float:
    return float(np.sqrt(np.sum(np.square(block, dtype=np.float64))))
