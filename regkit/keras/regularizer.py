"""From a spec to a regularizer of Keras."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

from regkit.errors import InputError
from regkit.hooks.given import as_regularizers, configured
from regkit.hooks.modes import SCOPES
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
    is_plugin = any(hasattr(spec, scope.gradient) for scope in SCOPES)
    if not is_plugin and not isinstance(spec, str | Mapping):
        raise InputError(
            "regkit.keras.regularizer takes a spec such as 'l2=1e-3', a table or a regularizer, "
            f"got {type(spec).__name__}"
        )
    [found] = configured(as_regularizers([spec]))
    penalty = require_servable(found)
    axes = _axes(neurons)
    if axes != LAST and isinstance(penalty, ActivityRegularizer):
        raise InputError(f"{penalty} is a penalty of outputs, (samples, n): leave out neurons")
    return Penalty(penalty, axes)


def _axes(neurons: object) -> tuple[int, ...]:
    given = tuple(neurons) if isinstance(neurons, Iterable) else (neurons,)
    axes = [int(one) for one in given if isinstance(one, Integral) and not isinstance(one, bool)]
    if not axes or len(axes) < len(given) or len(set(axes)) < len(axes):
        raise InputError(f"neurons must be one axis of arrays, or several, got {neurons!r}")
    return tuple(axes)
