"""The penalties of a tree of parameters, as a part of a loss that JAX differentiates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp

from regkit.hooks.given import as_regularizers, configured
from regkit.hooks.modes import LOSS
from regkit.jax.amounts import with_amounts
from regkit.jax.network import ByLeaf, Network, in_dtypes


def penalty(params: Any, regularizers: Iterable[object], *, epoch: Any = None) -> jax.Array:
    """The sum of all penalties of a tree of parameters, to be added to a loss.

    Its gradient is each penalty's own `grad`, so that |w| and norms have the subgradient at 0 that
    the penalty defines; that of penalties in mode `loss` alone: the others act beside the loss,
    in `regularize`. It works under `jit`, `grad` and `vmap`. A strength may be traced, as in
    `penalty(params, [L2(strength)])`, and its gradient is then the penalty for strength 1.

    Args:
        params: a tree of parameters, of Flax, of Equinox, or of dictionaries, lists and tuples. A
            layer is what holds arrays; its name is its path with dots. `weights` also means
            `weight`, `kernel`, `embedding` and `w`, and `biases` means `bias` and `b`. Leaves that
            are no arrays of floating-point numbers are left out.
        regularizers: specs such as `"l2=5e-4"`, tables, or regularizers.
        epoch: by which schedules go, traced or not; without it their factor is 1.

    Returns:
        an array of no dimension, of the parameters' common dtype.

    Raises:
        InputError: a selector matches nothing, or a penalty is one of outputs.
        PluginError: a plugin cannot be found, imported or used.
        RegularizerError: a hook failed.
    """
    each = penalties(params, regularizers, epoch=epoch)
    values = [value for by_layer in each.values() for value in by_layer.values()]
    return sum(values[1:], start=values[0]) if values else jnp.zeros(())


def penalties(
    params: Any, regularizers: Iterable[object], *, epoch: Any = None
) -> dict[str, dict[str, jax.Array]]:
    """Each penalty where it applies, `{label: {layer: penalty}}`, of the whole model at `model`.

    The arguments and errors are those of `penalty`, of which these are the parts.
    """
    amounts = with_amounts(configured(as_regularizers(regularizers)), epoch)
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

    @jax.custom_vjp
    def asked(arrays: ByLeaf, epoch: Any) -> dict[str, dict[str, jax.Array]]:
        common = jnp.result_type(*arrays.values())
        dtype = jnp.promote_types(common, jnp.float32)
        found = network.penalties(arrays, epoch)
        each: dict[str, dict[str, jax.Array]]
        each = jax.tree.map(lambda value: jnp.asarray(value, dtype), found)
        return each

    def forward(arrays: ByLeaf, epoch: Any) -> Any:
        return asked(arrays, epoch), (arrays, epoch)

    def backward(saved: Any, cotangents: Any) -> Any:
        arrays, epoch = saved
        found = network.gradients(
            LOSS, arrays, epoch, lambda plugin, scope: cotangents[plugin.label][scope]
        )
        zeros = jax.tree.map(jnp.zeros_like, arrays)
        return {**zeros, **in_dtypes(found, arrays)}, None

    asked.defvjp(forward, backward)
    return asked
