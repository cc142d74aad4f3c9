"""How many threads BLAS works with.

A second thread gains nothing on small matrix products, and costs a factor of ten and more as soon
as something else runs on the machine: the threads wait for each other at every product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from threadpoolctl import ThreadpoolController

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.nn.model import Model

Threads = int | Literal["auto"]

WORTH_A_THREAD = 20_000_000
"""Multiplications in a product, about 0.25 ms of them, from which on it gets more threads."""


class BlasThreads:
    """The number of threads for the products of a training, set while it computes.

    Args:
        asked: a number, or `"auto"`: one thread if no product is worth more, and otherwise as many
            as BLAS is set to.
        model: whose products they are.
        rows: rows that go through it together.

    Raises:
        InputError: `asked` is neither.
    """

    def __init__(self, asked: Threads, model: Model, rows: int) -> None:
        self._controller = ThreadpoolController().select(user_api="blas")
        if asked != "auto":
            if isinstance(asked, str):
                raise InputError(f"threads must be a number or 'auto', got {asked!r}")
            self._limit: int | None = integer("threads", asked, least=1)
        else:
            largest = max(rows * layer.size for layer in model.parameter_layers)
            self._limit = 1 if largest < WORTH_A_THREAD else None

    @property
    def number(self) -> int | None:
        """How many threads the products get; None where BLAS cannot be asked."""
        with self.limited():
            return max((pool["num_threads"] for pool in self._controller.info()), default=None)

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Set the number, and put back what it was."""
        with self._controller.limit(limits=self._limit):
            yield
