"""Hidden neurons as the rows of a matrix: incoming weights, bias and outgoing weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from regkit import array_namespace
from regkit.errors import FieldError
from regkit_network.chain import chain

if TYPE_CHECKING:
    from regkit.array_types import Array, ModelArrays


@dataclass(frozen=True)
class Neurons:
    """The neurons of a hidden layer, and where their entries are.

    Attributes:
        layer: the layer, whose columns lead to them.
        parameters: those of the layer's parameters that are selected.
        after: the next layer, whose weights have a row for each of them.
    """

    layer: str
    parameters: tuple[str, ...]
    after: str

    def rows(self, arrays: ModelArrays) -> Array:
        """(neurons, entries), one row for each neuron."""
        xp = array_namespace(arrays[self.after]["weights"])
        incoming = [xp.matrix_transpose(arrays[self.layer][name]) for name in self.parameters]
        rows: Array = xp.concat([*incoming, arrays[self.after]["weights"]], axis=1)
        return rows

    def parted(self, rows: Array, like: ModelArrays) -> Iterator[tuple[str, str, Array]]:
        """The inverse of `rows`: layer, parameter and array, of the shapes of `like`."""
        xp = array_namespace(rows)
        start = 0
        for name in self.parameters:
            stop = start + like[self.layer][name].shape[0]
            yield self.layer, name, xp.matrix_transpose(rows[:, start:stop])
            start = stop
        yield self.after, "weights", rows[:, start:]


def hidden_layers(params: ModelArrays, penalty: str) -> list[Neurons]:
    """The neurons of each selected layer but the last, in order.

    Raises:
        FieldError: there is only one layer, or the layers' shapes do not chain.
    """
    layers = list(chain(params, penalty))
    if len(layers) < 2:
        raise FieldError(
            f"{penalty}: only {layers[0]} is selected, but the groups also hold the weights that "
            "its neurons feed: select two or more consecutive layers, such as '*'"
        )
    return [Neurons(layer, tuple(params[layer]), after) for layer, after in pairwise(layers)]
