"""Parameters that stack several projections: which penalties may see them as one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError, RegkitError
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import CONSTRAINT, LAYER
from regkit.hooks.run_plugin import RunPlugin

SMALL = (3, 2)
"""(inputs, neurons of one block) of the matrices that are tried."""


class Stacked(Protocol):
    """Where an adapter sees a parameter, of one projection or of several."""

    @property
    def layer(self) -> str:
        """The layer's name."""

    @property
    def name(self) -> str:
        """What plugins call the parameter."""

    @property
    def also(self) -> Sequence[tuple[str, str]]:
        """Its other names."""

    @property
    def path(self) -> str:
        """Its name in the framework."""

    @property
    def blocks(self) -> int:
        """How many projections it stacks."""


def require_separable(plugin: RunPlugin, place: Stacked) -> None:
    """Check that a penalty treats stacked projections as it would each one alone.

    It is seen as (inputs, blocks · neurons), and a penalty that couples columns, such as the
    nuclear norm, would couple projections that have nothing to do with each other.

    Raises:
        InputError: it does not.
    """
    if place.blocks == 1 or plugin.scopes != [LAYER]:
        coupled = place.blocks > 1
    else:
        coupled = not _is_separable(plugin, place)
    if coupled:
        raise InputError(
            f"{plugin.label} couples columns, and {place.path} stacks {place.blocks} projections "
            "side by side: use a penalty of single entries or columns, or exclude it"
        )


def _is_separable(plugin: RunPlugin, place: Stacked) -> bool:
    """Whether its answers for two blocks side by side are those for each."""
    if getattr(plugin.plugin, "elementwise", False):
        return True
    rng = np.random.default_rng(0)
    left, right = (rng.standard_normal(SMALL) for _ in range(2))
    try:
        both = _answer(plugin, place, np.hstack([left, right]))
        apart = np.hstack([_answer(plugin, place, one) for one in (left, right)])
    except RegkitError:
        return False
    return both.shape == apart.shape and np.allclose(both, apart, rtol=1e-9, atol=1e-12)


def _answer(plugin: RunPlugin, place: Stacked, w: Array) -> Array:
    """The gradient at a matrix, or the projection of a constraint."""
    penalty: Any = plugin.plugin
    view = LayerView(place.layer, {place.name: w}, also={place.name: place.also})
    if plugin.mode is CONSTRAINT:
        answer = penalty.penalty_prox(view, 1.0)
    else:
        answer = penalty.penalty_grad(view)
    found: Array = np.asarray((answer or {}).get(place.name, np.empty(0)))
    # Of a strength per entry, a matrix of half the size gets twice as much.
    return found * w.size if getattr(penalty, "scale", "none") == "size" else found
