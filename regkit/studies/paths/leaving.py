"""Which inputs and neurons a network uses, and at which strength of a path each leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from regkit.data import Preparation
from regkit.nn.layers import Dense
from regkit.nn.model import Model

T = TypeVar("T", str, int)


@dataclass(frozen=True)
class InUse:
    """What a network uses.

    Attributes:
        inputs: the columns of the table with a weight that is not 0.
        neurons: of each hidden layer, the numbers of those that are reached and that reach further;
            biases do not count.
    """

    inputs: tuple[str, ...]
    neurons: Mapping[str, tuple[int, ...]]


def in_use(model: Model, preparation: Preparation) -> InUse:
    """What the network uses with its current weights."""
    dense = [layer for layer in model.layers if isinstance(layer, Dense)]
    rows = (dense[0].params["weights"] != 0).any(axis=1)
    inputs, first = [], 0
    for column in preparation.columns:
        last = first + len(column.features)
        if rows[first:last].any():
            inputs.append(column.name)
        first = last
    neurons = {
        layer.name: tuple(
            np.flatnonzero(
                (layer.params["weights"] != 0).any(axis=0)
                & (following.params["weights"] != 0).any(axis=1)
            ).tolist()
        )
        for layer, following in pairwise(dense)
    }
    return InUse(tuple(inputs), neurons)


def leaving(
    strengths: Sequence[float], used: Sequence[Collection[T]], everything: Iterable[T]
) -> dict[T, float | None]:
    """The least strength from which on each is out for good; None if it is in to the end.

    What is never in use is out from the first strength on.

    Args:
        strengths: ascending.
        used: what is in use at each of them.
        everything: all that could be.
    """
    outs = [*strengths, None]
    return {
        one: outs[max((number for number, at in enumerate(used) if one in at), default=-1) + 1]
        for one in everything
    }
