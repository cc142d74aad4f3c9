"""What a regularizer selects in a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regkit.hooks import LayerView
from regkit.nn.model import Model


def selected_arrays(model: Model, regularizer: Any) -> Sequence[tuple[str, str]]:
    """The trainable parameters that a regularizer selects: (layer, parameter)."""
    return [
        (layer.name, name)
        for layer in model.parameter_layers
        if layer.trainable
        for name in regularizer.selected(LayerView(layer.name, layer.params))
    ]
