"""PyTorch and JAX behind one face: arrays in, derivatives and NumPy's arrays out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import torch


@dataclass(frozen=True)
class Library:
    """A library, the type of its arrays, and whether JAX may use float64."""

    name: str
    dtype: str
    x64: bool = True

    def __str__(self) -> str:
        return f"{self.name}-{self.dtype}{'' if self.x64 else '-without-x64'}"

    @property
    def tolerance(self) -> float:
        """The error allowed, relative to the largest entry or to 1."""
        return 1e-12 if self.dtype == "float64" else 1e-6

    def array(self, tree: Any) -> Any:
        """NumPy's array, or a nested dictionary of them, as this library's."""
        convert = torch.tensor if self.name == "torch" else jax.numpy.asarray
        return jax.tree.map(lambda one: convert(one.astype(self.dtype)), tree)

    def derivative(self, function: Callable[[Any], Any], tree: Any) -> Any:
        """The gradient of a function by automatic differentiation, in the form of `tree`."""
        if self.name == "jax":
            return jax.grad(function)(self.array(tree))
        leaves, form = jax.tree.flatten(self.array(tree))
        for leaf in leaves:
            leaf.requires_grad_()
        total = function(jax.tree.unflatten(form, leaves))
        return jax.tree.unflatten(
            form, torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True)
        )


LIBRARIES = [
    Library("torch", "float32"),
    Library("torch", "float64"),
    Library("jax", "float32", x64=False),
    Library("jax", "float32"),
    Library("jax", "float64"),
]
IN_FLOAT64 = [one for one in LIBRARIES if one.dtype == "float64"]


def flat(tree: Any) -> Any:
    """All entries, one after the other, in float64 of NumPy."""
    return np.concatenate([np.asarray(one, np.float64).ravel() for one in jax.tree.leaves(tree)])


def whole(tree: Any, rest: Any) -> Any:
    """A penalty's answer over several layers, with `rest` for the arrays that it left out."""
    if not isinstance(rest, dict):
        return tree
    return {
        layer: {name: tree.get(layer, {}).get(name, array) for name, array in arrays.items()}
        for layer, arrays in rest.items()
    }


def assert_close(found: Any, expected: Any, tolerance: float) -> None:
    """Compare two trees: errors above tolerance × the largest entry, or 1 if it is less, fail."""
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    size = np.max(np.abs(flat(expected)))
    np.testing.assert_allclose(flat(found), flat(expected), rtol=0, atol=tolerance * max(size, 1))
