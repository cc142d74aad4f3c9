"""The penalties of a tree of parameters, as a part of a loss that JAX differentiates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from regkit.errors import InputError
from regkit.hooks.given import as_regularizers, configured
from regkit.hooks.labels import labelled
from regkit.hooks.modes import CONSTRAINT, LOSS
from regkit.jax.amounts import with_amounts
from regkit.jax.epochs import as_epoch, require_epoch
from regkit.jax.layers import ByLeaf
from regkit.jax.network import Network


def penalty(params: Any, regularizers: Iterable[object], *, epoch: Any = None) -> jax.Array:
    """The sum of all penalties of a tree of parameters, to be added to a loss.

    Its gradient is each penalty's own `grad`, so that |w| and norms have the subgradient at 0 that
    the penalty defines. It works under `jit`, `grad`, `vmap` and `jvp`. A strength may be traced,
    as in `penalty(params, [L2(strength)])`; its gradient is then the penalty for strength 1.

    Args:
        params: a tree of parameters, of Flax, of Equinox, or of dictionaries, lists and tuples. A
            layer is what holds arrays; its name is its path with dots. `weights` also means
            `weight`, `kernel`, `embedding` and `w`, and `biases` means `bias` and `b`. Leaves that
            are no arrays of floating-point numbers are left out.
        regularizers: specs such as `"l2=5e-4"`, tables, or regularizers.
        epoch: by which schedules go, traced or not.

    Returns:
        an array of no dimension, of the parameters' common dtype, of 32 bits at least.

    Raises:
        InputError: a selector matches nothing, a penalty is one of outputs or not in mode `loss`,
            or has a schedule, and no epoch is given.
        PluginError: a plugin cannot be found, imported or used.
        RegularizerError: a hook failed.
    """
    plugins = configured(as_regularizers(regularizers))
    _require_in_loss(plugins)
    each = penalties(params, plugins, epoch=epoch)
    values = [value for by_layer in each.values() for value in by_layer.values()]
    return sum(values[1:], start=values[0]) if values else jnp.zeros(())


def penalties(
    params: Any, regularizers: Iterable[object], *, epoch: Any = None
) -> dict[str, dict[str, jax.Array]]:
    """Each penalty where it applies, `{label: {layer: penalty}}`, of the whole model at `model`.

    The arguments and errors are those of `penalty`, of which these are the parts; but here a
    penalty may be in any mode. Those of other modes than `loss` have no gradient.
    """
    plugins = configured(as_regularizers(regularizers))
    epoch = as_epoch(epoch)
    require_epoch(plugins, epoch)
    amounts = with_amounts(plugins, epoch)
    network = Network(params, [one.plugin for one in amounts])
    leaves = jax.tree.leaves(params)
    arrays = {number: jnp.asarray(leaves[number]) for number in network.numbers}
    asked = _differentiable(network)(arrays, epoch)
    factors = {
        plugin.label: one.factor
        for plugin, one in zip(network.hooks.plugins, amounts, strict=True)
        if one.factor is not None
    }
    # JAX sorts dictionaries; the order is the user's.
    return {
        label: {scope: factors.get(label, 1) * asked[label][scope] for scope in scopes}
        for label in network.hooks.labels
        for scopes in [network.scopes(asked[label])]
    }


def _differentiable(network: Network) -> Any:
    """(arrays by leaf, epoch): each penalty, with the gradients of its own behind it."""

    @jax.custom_jvp
    def asked(arrays: ByLeaf, epoch: Any) -> dict[str, dict[str, jax.Array]]:
        found = network.penalties(arrays, epoch)
        each: dict[str, dict[str, jax.Array]]
        each = jax.tree.map(lambda value: jnp.asarray(value, _wide(arrays)), found)
        return each

    @asked.defjvp
    def derivative(primals: Any, tangents: Any) -> Any:
        (arrays, epoch), (along, _) = primals, tangents
        values = asked(arrays, epoch)
        moved = jax.tree.map(jnp.zeros_like, values)
        for plugin, scope, number, gradient in network.each_gradient(LOSS, arrays, epoch):
            change = jnp.sum(gradient * along[number], dtype=_wide(arrays))
            moved[plugin.label][scope] = moved[plugin.label][scope] + change
        return values, moved

    return asked


def _wide(arrays: ByLeaf) -> Any:
    """The dtype of values: the parameters' common one, of 32 bits at least."""
    return jnp.promote_types(jnp.result_type(*arrays.values()), jnp.float32)


def _require_in_loss(plugins: Sequence[Any]) -> None:
    for one in labelled(plugins):
        if one.mode is not LOSS:
            other = "" if one.mode is CONSTRAINT else ", or use mode 'loss'"
            raise InputError(
                f"{one.label} is in mode {one.mode.name!r}, which acts beside a loss: give it to "
                f"regkit.jax.regularize{other} (its value is among regkit.jax.penalties)"
            )
