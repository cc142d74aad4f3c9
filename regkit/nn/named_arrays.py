"""The parameters of layers by `layer.parameter`, as files hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.layers import ParameterLayer


def named_arrays(layers: Sequence[ParameterLayer]) -> dict[str, Array]:
    """The layers' own arrays; writing to them sets the parameters."""
    return {
        f"{layer.name}.{name}": array for layer in layers for name, array in layer.params.items()
    }


def put_arrays(arrays: Mapping[str, Array], layers: Sequence[ParameterLayer]) -> None:
    """Set the layers' parameters.

    Raises:
        InputError: the arrays are those of other layers.
    """
    wanted = named_arrays(layers)
    if {n: a.shape for n, a in wanted.items()} != {n: a.shape for n, a in arrays.items()}:
        raise InputError("the file belongs to a network with different layers")
    for name, array in wanted.items():
        array[...] = arrays[name]
