"""What every optimizer is: a rule for one piece of the flat parameters, and its own state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from regkit.arguments import number
from regkit.errors import InputError
from regkit.pieces import KEPT_PIECE

Array = NDArray[Any]


class Optimizer(ABC):
    """Steps a flat parameter array against its gradient, in pieces that fit the cache.

    The learning rate decays as lr / (1 + decay · iteration), the iteration being the number of
    steps taken before. The optimizer owns its moments; it serves one model, whose training it may
    go on with in a later call. A training says by `compiled` whether it wants compiled kernels.

    Source: *Neural Networks from Scratch*, chapter 10.

    Raises:
        InputError: a setting is not finite or out of range.
    """

    adaptive: ClassVar[bool]
    moment_names: ClassVar[tuple[str, ...]]

    def __init__(self, lr: float, decay: float) -> None:
        self.lr = number("lr", lr, above=0)
        self.decay = number("decay", decay, least=0)
        self.iterations = 0
        self.compiled = False
        self.moments: dict[str, Array] = {}
        self._params: Array | None = None
        self._scratch: Array = np.empty(0)

    @property
    def current_lr(self) -> float:
        """The learning rate of the next step: lr / (1 + decay · iterations)."""
        return self.lr / (1 + self.decay * self.iterations)

    def attach(self, params: Array) -> None:
        """Make the optimizer serve these flat parameters, with zero moments at first.

        Raises:
            InputError: it has state that belongs to another model's parameters.
        """
        if self._params is params:
            return
        if self._params is not None:
            raise InputError(
                f"this {type(self).__name__} holds the moments of another model: make a new one"
            )
        self._params = params
        self._scratch = np.empty(min(KEPT_PIECE, len(params)), params.dtype)
        self.moments = {name: np.zeros_like(params) for name in self.moment_names}

    def step(self, params: Array, grads: Array, spans: Sequence[slice]) -> None:
        """One update of the given spans of the flat parameters, in place."""
        self.attach(params)
        factors = self.factors()
        moments = [self.moments[name] for name in self.moment_names]
        for span in spans:
            for start in range(span.start, span.stop, KEPT_PIECE):
                piece = slice(start, min(start + KEPT_PIECE, span.stop))
                self.update(
                    params[piece],
                    grads[piece],
                    [moment[piece] for moment in moments],
                    self._scratch[: piece.stop - start],
                    factors,
                )
        self.iterations += 1

    def factors(self) -> Mapping[str, float]:
        """The numbers that one step's `update` takes."""
        return {"lr": self.current_lr}

    @abstractmethod
    def update(
        self,
        params: Array,
        grads: Array,
        moments: Sequence[Array],
        scratch: Array,
        factors: Mapping[str, float],
    ) -> None:
        """The rule, in place, for one piece of everything; `scratch` may be overwritten."""
