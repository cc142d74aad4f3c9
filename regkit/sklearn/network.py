"""What an estimator's parameters describe: a network, an optimizer, a random seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import pairwise
from numbers import Integral
from typing import Any, TypeVar

from numpy.typing import DTypeLike
from sklearn.utils import check_random_state

from regkit.arguments import integer, number
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.nn.layers import Dense, Dropout, Layer
from regkit.nn.layers.dense import Init
from regkit.nn.losses import Loss
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSProp
from regkit.runs.network import ACTIVATIONS

OPTIMIZERS: Mapping[str, type[SGD | AdaGrad | RMSProp | Adam]] = {
    "sgd": SGD,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}

LR = 0.01
"""The learning rate of an optimizer that is given by its name alone."""

LARGEST = 2**31 - 1
"""The largest random seed that is drawn."""

Named = TypeVar("Named")


def network(
    hidden: Iterable[int],
    *,
    n_inputs: int,
    n_outputs: int,
    loss: Loss,
    activation: str,
    dropout: float,
    init: Init,
    seed: int,
    dtype: DTypeLike,
) -> Model:
    """A new network of dense layers; each hidden one has an activation and, if asked for, dropout.

    Raises:
        InputError: a size, a name or the dropout rate cannot be used.
    """
    if isinstance(hidden, str | Iterator) or not isinstance(hidden, Iterable):
        raise InputError(f"hidden must be a tuple of sizes, such as (64,), got {hidden!r}")
    sizes = [integer("each size in hidden", size, least=1) for size in hidden]
    function = _named("activation", activation, ACTIVATIONS)
    rate = number("dropout", dropout, least=0, below=1)
    if rate and not sizes:
        raise InputError(f"dropout {rate:g} has no hidden layer to act on: set it to 0")
    *inner, output = (
        Dense(before, after, init=init) for before, after in pairwise([n_inputs, *sizes, n_outputs])
    )
    layers: list[Layer] = []
    for dense in inner:
        layers += [dense, function(), *([Dropout(rate)] if rate else [])]
    return Model([*layers, output], loss, seed=seed, dtype=dtype)


def new_optimizer(optimizer: object, lr: float | None) -> Optimizer:
    """The optimizer of a name, or a copy of one that is given as an object.

    Raises:
        InputError: there is none of this name, or a learning rate stands beside an object.
    """
    if isinstance(optimizer, Optimizer):
        if lr is not None:
            raise InputError(
                f"optimizer={optimizer!r} has its own learning rate: set it there, and leave out lr"
            )
        return deepcopy(optimizer)
    return _named("optimizer", optimizer, OPTIMIZERS)(LR if lr is None else lr)


def seed_of(random_state: Any) -> int:
    """An integer as it is; a draw from a generator, which is NumPy's global one for None.

    Raises:
        InputError: the integer is out of range.
        ValueError: it is nothing that scikit-learn takes as a `random_state`.
    """
    if isinstance(random_state, Integral):
        return checked_seed(random_state, "random_state")
    return int(check_random_state(random_state).randint(LARGEST))


def _named(what: str, name: object, known: Mapping[Any, Named]) -> Named:
    if isinstance(name, str) and name in known:
        return known[name]
    names = ", ".join(map(repr, known))
    raise InputError(f"{what} must be one of {names}, got {name!r}")
