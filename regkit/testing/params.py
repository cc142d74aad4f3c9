"""The parameters of one layer, as arrays and as Python source."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from typing import Any, Literal, TypeVar

import numpy as np

from regkit.array_types import Array

Order = Literal["C", "F"]
Kept = TypeVar("Kept")


class Params(Mapping[str, Array]):
    """The parameters of one layer by name, and the Python source of each.

    Args:
        arrays: the parameters.
        source: Python source of the one of a name, asked for where a counterexample is printed;
            without one, the array's entries are written out.
    """

    def __init__(
        self, arrays: Mapping[str, Array], source: Callable[[str], str | None] | None = None
    ) -> None:
        self._arrays = dict(arrays)
        self._given_source = source
        self._kept: tuple[object, Any] | None = None

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    # Those of a mapping ask for one array after the other, which takes as long as a hook.
    def items(self) -> ItemsView[str, Array]:
        """Names and arrays."""
        return self._arrays.items()

    def values(self) -> ValuesView[Array]:
        """The arrays."""
        return self._arrays.values()

    def __repr__(self) -> str:
        entries = (f"{name!r}: {self._source(name)}" for name in self)
        return "{" + ", ".join(entries) + "}"

    def kept(self, owner: object, make: Callable[[Params], Kept]) -> Kept:
        """What `make` makes of them for an owner, made once: arrays may change, but stay."""
        if self._kept is None or self._kept[0] is not owner:
            self._kept = owner, make(self)
        made: Kept = self._kept[1]
        return made

    def map(self, function: Callable[[Array], Array], template: str | None = None) -> Params:
        """`function(array)` of each; `template` is its source, with `{}` for the array."""
        source = (lambda name: template.format(self._source(name))) if template else None
        return Params({name: function(array) for name, array in self._arrays.items()}, source)

    def astype(self, dtype: type[np.floating[Any]], order: Order = "C") -> Params:
        """The same in float32 or float64, in one memory order."""
        template = f"{{}}.astype(np.{dtype.__name__}, order={order!r})"
        return self.map(lambda array: array.astype(dtype, order=order), template)

    def times(self, factor: float) -> Params:
        """Each multiplied by a number."""
        return self.map(lambda array: factor * array, f"{factor!r} * {{}}")

    def copy(self) -> Params:
        """The same with copies of the arrays, in the same memory order and with the same source."""
        copies = {name: array.copy(order="K") for name, array in self._arrays.items()}
        return Params(copies, self._given_source)

    def size(self) -> float:
        """The largest |w| over all parameters; 0 if there are none."""
        sizes = [float(abs(array).max()) for array in self._arrays.values() if array.size]
        return max(sizes, default=0.0)

    def flat(self) -> Array:
        """All entries in one flat array."""
        return np.concatenate([array.ravel() for array in self.values()])

    def filled(self, entries: Sequence[float]) -> Params:
        """Arrays of these shapes with these entries, repeated as often as it takes."""
        return self.map(lambda array: np.resize(entries, array.shape))

    def of_flat(self, entries: Array) -> Params:
        """Arrays of these shapes with other entries, in the order of `flat`."""
        arrays, offset = {}, 0
        for name, array in self.items():
            arrays[name] = entries[offset : offset + array.size].reshape(array.shape)
            offset += array.size
        return Params(arrays)

    def _source(self, name: str) -> str:
        given = self._given_source(name) if self._given_source else None
        return given or written(self[name])


def combined(function: Callable[..., Array], *points: Mapping[str, Array]) -> Params:
    """`function` of the arrays of the same name, such as a difference of two."""
    return Params({name: function(*(params[name] for params in points)) for name in points[0]})


def written(array: Array) -> str:
    """An array as Python source that restores it exactly."""
    dtype = "" if array.dtype == np.float64 else f", dtype=np.{array.dtype}"
    if array.size == 0:
        return f"np.zeros({array.shape}{dtype})"
    entries = repr(array.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({entries}{dtype})"
