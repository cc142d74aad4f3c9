"""What Keras cannot serve is refused when the regularizer is made."""

from __future__ import annotations

from regkit.errors import InputError
from regkit.hooks.bridge import is_native
from regkit.hooks.modes import LAYER, OUTPUTS
from regkit.regularizers import ActivityRegularizer, Configured, ModelRegularizer
from regkit.regularizers.selectors import DEFAULT
from regkit.warn import warn

ANY = ("*",)
ELSEWHERE = "train with rk.train, regkit.torch or regkit.jax"


def require_servable(penalty: object) -> Configured:
    """Check that a regularizer can be one of Keras.

    Raises:
        InputError: it cannot, for the reason that is told.
    """
    if not isinstance(penalty, Configured):
        raise InputError(
            f"{penalty!r:.60} is a raw plugin, which chooses layers by name, and Keras tells "
            "a regularizer none: subclass regkit.Regularizer"
        )
    reason = _refusal(penalty)
    if reason is not None:
        raise InputError(f"{penalty}: {reason}")
    scope = OUTPUTS if isinstance(penalty, ActivityRegularizer) else LAYER
    if not all(is_native(penalty, str(hook)) for hook in (scope.value, scope.gradient)):
        warn(
            f"{penalty} computes with NumPy's arrays: what it applies to goes to the CPU and back "
            "in every step; a class that declares array_api runs on arrays of the backend"
        )
    return penalty


def _refusal(penalty: Configured) -> str | None:
    if isinstance(penalty, ModelRegularizer):
        return (
            "it is a penalty of several layers, and Keras shows a regularizer one array at a "
            f"time: {ELSEWHERE}"
        )
    if penalty.constraint:
        return (
            "it is a constraint, and a Keras regularizer can only add to the loss: give a layer "
            f"one of keras.constraints, or {ELSEWHERE}"
        )
    if penalty.mode != "loss":
        return (
            f"mode {penalty.mode!r} acts beside the gradient, and a Keras regularizer can only "
            f"add to the loss: leave out mode, or {ELSEWHERE}"
        )
    if penalty.schedule is not None:
        return (
            "it has a schedule, and Keras tells a regularizer no epoch: leave out schedule, or "
            f"{ELSEWHERE}"
        )
    if isinstance(penalty, ActivityRegularizer):
        if penalty.selectors != ANY:
            return (
                "Keras applies it to the layer that it is given to as activity_regularizer: write "
                "@* as its selector"
            )
    elif penalty.selectors != DEFAULT:
        return (
            "Keras applies it to what it is given as, such as kernel_regularizer: leave out the "
            f"selector @{'+'.join(penalty.selectors)}"
        )
    return None
