"""The parameters in a tree: each with its layer, its names and its layout."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp

from regkit.hooks.layouts import NEURONS_FIRST, NEURONS_LAST, ROW, Layout

Pair = tuple[str, str]

BIASES = "biases"

CANONICAL = {
    "weight": "weights",
    "kernel": "weights",
    "embedding": "weights",
    "w": "weights",
    "bias": BIASES,
    "b": BIASES,
}
"""What plugins call the parameters of Equinox, Flax and Haiku."""

COLLECTION = "params"
"""The key at the top of what Flax's `init` returns, which is left out of names."""

STATES = ("batch_stats", "cache", "intermediates", "losses")
"""Keys beside it that hold no parameters."""

VALUE = "value"
"""The last key of a parameter in a state of Flax's NNX, which is left out, too."""

PROJECTIONS = ("query", "key", "value")
"""Layers of Flax whose kernel is (inputs, heads, features of a head)."""

NORMS = ("BatchNorm", "GroupNorm", "LayerNorm", "RMSNorm")
"""Modules of Equinox whose weight is what Flax calls a scale: no weights between neurons."""

SCALE = "scale"

BLOCKS = {"LSTMCell": 4, "GRUCell": 3}
"""Modules of Equinox that stack as many projections in one parameter."""

INPUTS_FIRST = Layout(
    lambda w: w.reshape(w.shape[0], -1), lambda seen, like: seen.reshape(like.shape)
)
"""(inputs, …), in which all that is not the input is a neuron."""


@dataclass(frozen=True)
class Place:
    """One array of a tree, where regkit sees it.

    Attributes:
        number: which of the tree's leaves it is.
        layer: the layer's name: the path of what holds it, with dots.
        name: what plugins call it: `weights`, `biases`, or its own name.
        also: its other names, as (layer, parameter).
        layout: its orientation.
        blocks: how many projections it stacks.
    """

    number: int
    layer: str
    name: str
    also: tuple[Pair, ...]
    layout: Layout
    blocks: int = 1

    def by_its_own_name(self) -> Place:
        """The same, called as in the tree, where another array is called as plugins call it."""
        own = self.also[0][1] if self.also else self.name
        also = tuple(pair for pair in self.also if pair[1] == own and pair != (self.layer, own))
        return replace(self, name=own, also=also)

    @property
    def path(self) -> str:
        """Its name in the tree."""
        layer, name = [(self.layer, self.name), *self.also][-1]
        return f"{layer}.{name}" if layer else name


def places_in(tree: Any) -> list[Place]:
    """The arrays of floating-point numbers in a tree, in its order; other leaves are left out."""
    leaves = jax.tree_util.tree_flatten_with_path(tree)[0]
    return [
        _place(number, path, leaf, tree)
        for number, (path, leaf) in enumerate(leaves)
        if is_parameter(leaf) and not (_has_collections(tree) and _key(path[0]) in STATES)
    ]


def is_parameter(leaf: Any) -> bool:
    """Whether a leaf is an array of floating-point numbers."""
    dtype = getattr(leaf, "dtype", None)
    return dtype is not None and jnp.issubdtype(dtype, jnp.floating)


def _place(number: int, path: Sequence[Any], leaf: Any, tree: Any) -> Place:
    keys = [_key(key) for key in path] or [""]
    if len(keys) > 1 and keys[-1] == VALUE and isinstance(path[-1], jax.tree_util.GetAttrKey):
        keys = keys[:-1]
    own = keys[-1]
    full = ".".join(keys[:-1])
    in_collection = _has_collections(tree) and keys[0] == COLLECTION and len(keys) > 1
    short = ".".join(keys[1:-1]) if in_collection else full
    holder = _equinox_holder(tree, path)
    name = SCALE if holder in NORMS and own == "weight" else CANONICAL.get(own, own)
    others = [(short, own), (full, name), (full, own)]
    also = tuple(dict.fromkeys(pair for pair in others if pair != (short, name)))
    blocks = BLOCKS.get(holder or "", 1)
    return Place(number, short, name, also, _layout(keys, leaf, holder), blocks)


def _key(key: Any) -> str:
    return str(jax.tree_util.keystr((key,), simple=True))


def _has_collections(tree: Any) -> bool:
    return isinstance(tree, Mapping) and COLLECTION in tree


def _layout(keys: Sequence[str], leaf: Any, holder: str | None) -> Layout:
    if leaf.ndim < 2 or CANONICAL.get(keys[-1]) == BIASES or holder in NORMS:
        return ROW
    if holder is not None and keys[-1].startswith("weight") and holder != "Embedding":
        return NEURONS_FIRST
    if keys[-1] == "kernel" and leaf.ndim == 3 and keys[-2:-1] and keys[-2] in PROJECTIONS:
        return INPUTS_FIRST
    return NEURONS_LAST


def _equinox_holder(tree: Any, path: Sequence[Any]) -> str | None:
    """The name of the class that holds a leaf, if it is a module of Equinox."""
    equinox = sys.modules.get("equinox")
    if equinox is None:
        return None
    held = tree
    for key in path[:-1]:
        if isinstance(key, jax.tree_util.GetAttrKey):
            held = getattr(held, key.name)
        elif isinstance(key, jax.tree_util.DictKey):
            held = held[key.key]
        elif isinstance(key, jax.tree_util.SequenceKey):
            held = held[key.idx]
        else:
            return None
    return type(held).__name__ if isinstance(held, equinox.Module) else None
