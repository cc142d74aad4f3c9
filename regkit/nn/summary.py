"""A model's layers as a table of text."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from regkit.nn.layers import Layer


def summary(layers: Sequence[Layer], n_inputs: int) -> str:
    """A line for each layer: its name, how it was made, its outputs and parameters; and totals."""
    rows = [("layer", "", "outputs", "parameters")]
    features, total, frozen = n_inputs, 0, 0
    for layer in layers:
        features = layer.n_outputs(features)
        count = sum(prod(array.shape) for array in layer.params.values())
        is_frozen = bool(count) and not layer.trainable
        total, frozen = total + count, frozen + count * is_frozen
        rows.append((layer.name, repr(layer), f"{features}", f"{count}{' (frozen)' * is_frozen}"))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        f"{name:<{widths[0]}}  {made:<{widths[1]}}  {outputs:>{widths[2]}}  {count}".rstrip()
        for name, made, outputs, count in rows
    ]
    trained = f", {total - frozen} of them trained" if frozen else ""
    return "\n".join([*lines, f"{total} parameters{trained}"])
