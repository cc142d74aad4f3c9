"""Naming the plugin at fault: when a hook call went wrong, each one is asked by itself."""

from __future__ import annotations

from collections.abc import Iterator
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


def blame(
    hooks: RunHooks,
    hook: str,
    layer: RunLayer,
    error: BaseException | None = None,
    **arguments: float,
) -> RegularizerError:
    """The error that names who failed in a call that went wrong."""
    for identity in hooks.identities:
        fault = _fault(hooks, hook, layer, identity, arguments)
        if fault is not None:
            return fault
    # The fault did not show again: it can only be narrowed down to those that were called.
    what = f"raised {type(error).__name__}: {error}" if error else "returned a wrong result"
    return RegularizerError(
        f"{what}, but not when called again,",
        plugin=" or ".join(hooks.labels),
        distribution=None,
        hook=hook,
        layer=layer.name,
    )


def gradients_one_by_one(
    hooks: RunHooks,
) -> Iterator[tuple[Identity, RunLayer, dict[str, Array]]]:
    """Each regularizer's gradient on each layer by itself, the running sums left alone.

    Raises:
        RegularizerError: a gradient is not finite though its layer's parameters are sane.
    """
    for layer in hooks.layers:
        sane = all(np.max(np.abs(w), initial=0) <= LARGEST_SANE for w in layer.params.values())
        for identity in hooks.identities:
            if identity.mode == "prox":
                continue
            apart = _apart(layer)
            result = hooks.one_by_one("penalty_grad", apart, identity)
            gradient = dict(apart.grads)
            for name, array in result.items() if isinstance(result, dict) else ():
                gradient[name] = gradient[name] + array
            fault = fault_of_arrays(gradient, layer.params, finite=sane)
            if fault is not None:
                raise _error(fault, "penalty_grad", layer, identity)
            yield identity, layer, gradient


def require_finite_penalties(hooks: RunHooks, values: dict[str, dict[str, float]]) -> None:
    """Check penalties that were just asked for.

    Raises:
        RegularizerError: one is not finite though its layer's parameters are sane.
    """
    for identity in hooks.identities:
        for layer in hooks.layers:
            value = values[identity.label].get(layer.name, 0.0)
            fault = fault_of_penalty(value, finite=True)
            if fault and all(
                np.max(np.abs(w), initial=0) <= LARGEST_SANE for w in layer.params.values()
            ):
                raise _error(fault, "penalty", layer, identity)


def _fault(
    hooks: RunHooks, hook: str, layer: RunLayer, identity: Identity, arguments: dict[str, float]
) -> RegularizerError | None:
    try:
        result = hooks.one_by_one(hook, _apart(layer), identity, **arguments)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the returned error is raised from it
        return _error(f"raised {type(error).__name__}: {error}", hook, layer, identity)
    if result is None:
        return None
    if hook == "penalty":
        fault = fault_of_penalty(result)
    else:
        fault = fault_of_arrays(result, layer.params, finite=hook == "penalty_prox")
    return _error(fault, hook, layer, identity) if fault else None


def _error(problem: str, hook: str, layer: RunLayer, identity: Identity) -> RegularizerError:
    named = [name for name in layer.params if f" {name}" in problem]
    if not named and isinstance(identity.plugin, Regularizer):
        named = list(identity.plugin.selected(layer))
    return RegularizerError(
        problem,
        plugin=identity.label,
        distribution=identity.distribution,
        hook=hook,
        layer=layer.name,
        parameter=named[0] if len(named) == 1 else None,
    )


def _apart(layer: RunLayer) -> Any:
    """The layer with running sums of its own, so that asking again adds nothing to the run's."""
    return SimpleNamespace(
        name=layer.name,
        params=layer.params,
        output_axis=getattr(layer, "output_axis", -1),
        grads={name: np.zeros_like(array) for name, array in layer.params.items()},
        **layer.params,
    )
