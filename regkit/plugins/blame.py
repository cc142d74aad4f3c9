"""Naming the plugin at fault: when a hook call went wrong, each one is asked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regkit.errors import RegularizerError
from regkit.plugins.identity import Identity
from regkit.plugins.results import fault_of_arrays, fault_of_penalty
from regkit.regularizers import Regularizer

if TYPE_CHECKING:
    from regkit.plugins.run_hooks import RunHooks, RunLayer

Array = NDArray[Any]

LARGEST_SANE = 1e8
"""While no parameter exceeds this, a result that is not finite is the plugin's own fault."""


def is_sane(layer: RunLayer) -> bool:
    """Whether no parameter of the layer has grown beyond what penalties must cope with."""
    return all(np.max(np.abs(w), initial=0) <= LARGEST_SANE for w in layer.params.values())


def blame(
    hooks: RunHooks,
    hook: str,
    layer: RunLayer,
    error: BaseException | None = None,
    **arguments: float,
) -> RegularizerError:
    """The error that names who failed in a call that went wrong."""
    for identity in hooks.asked(hook):
        try:
            if hook == "penalty":
                _require_penalty(hooks, hook, layer, identity)
            else:
                _arrays(hooks, hook, layer, identity, **arguments)
        except RegularizerError as fault:
            return fault
    # The fault did not show again: it can only be narrowed down to those that were called.
    what = f"raised {type(error).__name__}: {error}" if error else "returned a wrong result"
    return RegularizerError(
        f"{what}, but not when called again,",
        plugin=" or ".join(identity.label for identity in hooks.asked(hook)),
        distribution=None,
        hook=hook,
        layer=layer.name,
    )


def gradients_one_by_one(
    hooks: RunHooks, *, within_reason: bool = False
) -> Iterator[tuple[Identity, RunLayer, dict[str, Array]]]:
    """Each regularizer's gradient on each layer by itself, the running sums left alone.

    With `within_reason`, entries of parameters that have outgrown twice `LARGEST_SANE`, or are no
    numbers any more, are cut back to that; the layers that are yielded show them so.

    Raises:
        RegularizerError: a gradient is not finite though its layer's parameters are sane.
    """
    for layer in hooks.layers:
        shown = _cut_back(layer) if within_reason and not is_sane(layer) else layer
        for identity in hooks.asked("penalty_grad"):
            yield identity, shown, _arrays(hooks, "penalty_grad", shown, identity)


def _require_penalty(
    hooks: RunHooks, hook: str, layer: RunLayer, identity: Identity, **arguments: float
) -> None:
    value = _answer(hooks, hook, layer, identity, **arguments)
    fault = None if value is None else fault_of_penalty(value, finite=is_sane(layer))
    if fault:
        raise _error(fault, hook, layer, identity)


def _arrays(
    hooks: RunHooks, hook: str, layer: RunLayer, identity: Identity, **arguments: float
) -> dict[str, Array]:
    """What a regularizer's `penalty_grad` or `penalty_prox` gives, by either door."""
    apart = _apart(layer)
    result: Any = _answer(hooks, hook, apart, identity, **arguments)
    _require_arrays(result if result is not None else {}, hook, layer, identity, finite=False)
    total = dict(apart.grads)
    for name, array in (result or {}).items():
        total[name] = total[name] + array
    _require_arrays(total, hook, layer, identity, finite=is_sane(layer))
    return total


def _answer(
    hooks: RunHooks, hook: str, layer: RunLayer, identity: Identity, **arguments: float
) -> object:
    try:
        return hooks.one_by_one(hook, layer, identity, **arguments)
    except (Exception, SystemExit) as error:
        problem = f"raised {type(error).__name__}: {error}"
        raise _error(problem, hook, layer, identity) from error


def _require_arrays(
    result: Any, hook: str, layer: RunLayer, identity: Identity, *, finite: bool
) -> None:
    fault = fault_of_arrays(result, layer.params, finite=finite)
    if fault is None:
        return
    wrong = [
        name
        for name in layer.params
        if isinstance(result, Mapping)
        and name in result
        and fault_of_arrays({name: result[name]}, layer.params, finite=finite)
    ]
    raise _error(fault, hook, layer, identity, parameters=wrong)


def _error(
    problem: str,
    hook: str,
    layer: RunLayer,
    identity: Identity,
    *,
    parameters: Sequence[str] = (),
) -> RegularizerError:
    """The error, with its parameter where there can be no other."""
    if not parameters and isinstance(identity.plugin, Regularizer):
        parameters = list(identity.plugin.selected(layer))
    return RegularizerError(
        problem,
        plugin=identity.label,
        distribution=identity.distribution,
        hook=hook,
        layer=layer.name,
        parameter=parameters[0] if len(parameters) == 1 else None,
    )


def _apart(layer: RunLayer) -> Any:
    """The layer with running sums of its own, so that asking again adds nothing to the run's."""
    return _copy(layer, layer.params)


def _cut_back(layer: RunLayer) -> Any:
    # Not to LARGEST_SANE itself, so that the layer stays as little sane as it is.
    limit = 2 * LARGEST_SANE
    cut = {
        name: np.nan_to_num(np.clip(w, -limit, limit), nan=limit)
        for name, w in layer.params.items()
    }
    return _copy(layer, cut)


def _copy(layer: RunLayer, params: Mapping[str, Array]) -> Any:
    return SimpleNamespace(
        name=layer.name,
        params=params,
        output_axis=getattr(layer, "output_axis", -1),
        grads={name: np.zeros_like(array) for name, array in params.items()},
        **params,
    )
