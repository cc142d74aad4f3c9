"""Strengths and schedules that are traced: taken out of the penalties, and multiplied outside.

A hook then sees a strength of 1, so that a transformation of JAX, such as `vmap`, finds all that it
changes outside of the hooks. That is right since a strength multiplies the whole penalty.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from regkit.array_libraries import is_traced
from regkit.regularizers import Configured


@dataclasses.dataclass(frozen=True)
class Amount:
    """A penalty, and what multiplies it outside of its hooks.

    Attributes:
        plugin: as its hooks are called.
        factor: the strength and the schedule's factor where one of them is traced, else None.
    """

    plugin: Any
    factor: Any = None


def with_amounts(plugins: Sequence[Any], epoch: Any) -> list[Amount]:
    """The penalties without what is traced.

    Args:
        plugins: as they were given.
        epoch: by which schedules go; traced or not.
    """
    return [_with_amount(one, epoch) for one in plugins]


def _with_amount(plugin: Any, epoch: Any) -> Amount:
    if not isinstance(plugin, Configured) or plugin.constraint:
        return Amount(plugin)
    scheduled = plugin.schedule is not None and is_traced(epoch)
    if not (is_traced(plugin.strength) or scheduled):
        return Amount(plugin)
    apart = dataclasses.replace(plugin, strength=1.0, schedule=None)
    # As an integer of 32 bits it would make a factor of 32 bits.
    known = jnp.asarray(epoch, float) if scheduled else epoch
    return Amount(apart, plugin.strength_at(known))
