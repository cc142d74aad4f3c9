"""What a regularizer selects in a model."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.hooks import LayerView
from regkit.nn.model import Model
from regkit.regularizers import ActivityRegularizer


def selected_arrays(model: Model, regularizer: object) -> Sequence[tuple[str, str]]:
    """The trainable parameters that a regularizer selects: (layer, parameter).

    They are none where it selects outputs, or does not say what.
    """
    selected = getattr(regularizer, "selected", None)
    if selected is None or isinstance(regularizer, ActivityRegularizer):
        return []
    return [
        (layer.name, name)
        for layer in model.parameter_layers
        if layer.trainable
        for name in selected(LayerView(layer.name, layer.params))
    ]
