"""One line around an optimizer of optax: penalties join its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from regkit.arguments import number
from regkit.errors import InputError
from regkit.extras import required
from regkit.hooks.given import as_regularizers, configured
from regkit.jax.rates import as_schedule

if TYPE_CHECKING:
    import optax


def regularize(
    optimizer: optax.GradientTransformation,
    regularizers: Iterable[object],
    *,
    learning_rate: Any,
    eps: float = 1e-8,
) -> optax.GradientTransformationExtraArgs:
    """An optimizer whose steps are those of another one with penalties.

    In each step, penalties in mode `loss` add their gradients to those that `update` is given.
    After the optimizer's own step those in mode `decoupled` subtract learning rate · gradient,
    those in mode `prox` take their proximal point in the optimizer's metric, which for Adam is
    learning rate / (√v̂ + ε), and constraints project. Weights that a proximal point sets to 0 are
    exactly 0 after `optax.apply_updates`. A momentum accounts for what a proximal point moved.

    Schedules of penalties go by the number of steps, as those of optax do, or by `epoch` where
    `update(grads, state, params, epoch=…)` is told one. Constraints hold from the first step on:
    `regkit.jax.project` makes them hold before it.

    Args:
        optimizer: of optax. For penalties in mode `prox` one of sgd, adam, adamw, rmsprop and
            adagrad, alone or in a chain with clipping; which one it is, and what it divides its
            steps by, is measured.
        regularizers: specs such as `"l1=1e-3,mode=prox"`, tables, or regularizers, whose strengths
            may be traced. Layers are called as by `regkit.jax.penalty`.
        learning_rate: that of the optimizer, a number or a schedule of optax.
        eps: that of the optimizer, taken only where it cannot be measured, since JAX traces it.

    Returns:
        a transformation whose `update` needs `params`.

    Raises:
        InputError: a selector matches nothing (by `init`), a penalty is one of outputs, or the
            optimizer's metric is not known, or is not that of the learning rate.
        PluginError: a plugin cannot be found, imported or used.
        FieldError: the learning rate exceeds the largest step that a prox declares (by `init`).

    Source: Yun, Lozano and Yang (2021), *Adaptive proximal gradient methods for structured neural
    networks*, for proximal points in the optimizer's metric.
    """
    required("optax", package="optax", extra="jax", purpose="regkit.jax.regularize")
    from regkit.jax.step import Step

    if not all(callable(getattr(optimizer, name, None)) for name in ("init", "update")):
        raise InputError(
            f"optimizer must be a transformation of optax, such as optax.adam(1e-3), got "
            f"{type(optimizer).__name__}: regularize(optimizer, regularizers, learning_rate=…)"
        )
    plugins = configured(as_regularizers(regularizers))
    step = Step(optimizer, plugins, as_schedule(learning_rate), number("eps", eps, least=0))
    return step.transformation()
