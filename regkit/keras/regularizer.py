"""From a spec to a regularizer of Keras."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from regkit.errors import InputError
from regkit.hooks.given import as_regularizers, configured
from regkit.keras.layouts import LAST
from regkit.keras.penalty import Penalty
from regkit.keras.requirements import require_servable
from regkit.regularizers import ActivityRegularizer, Configured


def regularizer(
    spec: str | Mapping[str, Any] | Configured, *, neurons: int | Iterable[int] = LAST
) -> Penalty:
    """A Keras regularizer, on the backends torch and jax, saved with the model and loaded again.

    It applies to what it is given as: `kernel_regularizer`, `bias_regularizer`,
    `embeddings_regularizer` and their like, or `activity_regularizer` for a penalty of outputs,
    whose selector is `@*`. Keras adds it to the loss; the gradient is the penalty's own. Only the
    mode `loss` exists here, and there is no schedule.

    The penalty sees a vector as (1, n), and any other array as (inputs, neurons): the kernel of a
    convolution, (kh, kw, inputs, neurons), as (kh · kw · inputs, neurons). Outputs are seen as
    (samples, n).

    Args:
        spec: a spec string, a table, or a regularizer.
        neurons: the axis or axes of an array that run over neurons, if it is not the last: -2 for
            the kernel of a transposed convolution, (kh, kw, neurons, inputs), and (-2, -1) for that
            of a depthwise one, (kh, kw, channels, multiplier).

    Raises:
        InputError: it is no regularizer, Keras cannot serve it, or Keras' backend is another.
        PluginError: the plugin cannot be imported.
    """
    [found] = configured(as_regularizers([spec]))
    penalty = require_servable(found)
    axes = (neurons,) if isinstance(neurons, int) else tuple(neurons)
    if not axes or len(set(axes)) < len(axes) or not all(type(axis) is int for axis in axes):
        raise InputError(f"neurons must be one axis of arrays, or several, got {neurons!r}")
    if axes != LAST and isinstance(penalty, ActivityRegularizer):
        raise InputError(f"{penalty} is a penalty of outputs, (samples, n): leave out neurons")
    return Penalty(penalty, axes)
