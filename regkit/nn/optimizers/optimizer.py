"""The base class of optimizers: an update rule for the flat parameters, and its state."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from regkit.arguments import number
from regkit.array_types import Array, Arrays
from regkit.errors import InputError
from regkit.kernels.kernels import Kernels
from regkit.kernels.root_steps import RootSteps
from regkit.nn.described import described


class Optimizer(ABC):
    """Moves a flat parameter array against its gradient.

    The learning rate decays as lr · factor / (1 + decay · iteration), where iteration is the number
    of previous steps, and factor is that of the training's schedule (1 without one). The optimizer
    owns its moments and serves one model, whose training it can continue in a later call. A copy
    keeps the moments, and serves the next model that it is given.
    A subclass names its moments and implements `update`.

    Source: *Neural Networks from Scratch*, chapter 10.

    Raises:
        InputError: a setting is not finite or out of range.

    Attributes:
        adaptive: whether each parameter has its own step, as `divisor` says.
        used_lr: the learning rate of the last step.
        moment_names: the arrays that it keeps, each of the parameters' size and initially zero.
        settles: whether the gradients must be complete before `update`, which does not hold where
            it hands them to a kernel that completes them.
    """

    adaptive: ClassVar[bool] = True
    moment_names: ClassVar[tuple[str, ...]] = ()
    settles: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "update" in vars(cls):
            cls.settles = vars(cls).get("settles", True)

    def __init__(self, lr: float, decay: float = 0.0) -> None:
        self.lr = number("lr", lr, above=0)
        self.decay = number("decay", decay, least=0)
        self.factor = 1.0
        self.iterations = 0
        self.used_lr = 0.0
        self.kernels = Kernels()
        self.moments: dict[str, Array] = {}
        self._serves: Array | None = None
        self._slices: _Slices | None = None

    def __repr__(self) -> str:
        return described(self, vars(self))

    @property
    def current_lr(self) -> float:
        """The learning rate of the next step, lr · factor / (1 + decay · iterations)."""
        return self.lr * self.factor / (1 + self.decay * self.iterations)

    def attach(self, params: Array) -> None:
        """Make the optimizer serve these flat parameters, with moments that are initially zero.

        Raises:
            InputError: it has state that belongs to another model's parameters.
        """
        if not hasattr(self, "_serves"):
            raise InputError(f"{type(self).__name__}: call super().__init__(lr) in __init__")
        if self._serves is params:
            return
        fits = all(one.shape == params.shape for one in self.moments.values())
        if self._serves is not None or not fits:
            raise InputError(
                f"this {type(self).__name__} holds the moments of another model: make a new one"
            )
        self._serves = params
        for name in self.moment_names:
            moment = np.empty_like(params)
            moment[...] = self.moments.get(name, 0)
            self.moments[name] = moment

    def step(
        self,
        params: Array,
        grads: Array,
        spans: Sequence[slice] = (slice(None),),
        kernels: Kernels | None = None,
    ) -> None:
        """One update of the flat parameters, in place.

        Args:
            params: flat, such as `model.parameters`.
            grads: in the same order, such as `model.gradients`.
            spans: the slices to update; by default all.
            kernels: the run's; NumPy's by default.
        """
        if getattr(params, "shape", None) != getattr(grads, "shape", ()):
            raise InputError(
                "step takes two flat arrays of one size, such as model.parameters and "
                "model.gradients"
            )
        self.attach(params)
        self.kernels = kernels or Kernels()
        self.used_lr = self.current_lr
        if self._slices is None or not self._slices.are_of(params, grads, self.moments, spans):
            self._slices = _Slices(params, grads, self.moments, spans)
        if self.settles:
            self.kernels.settle()
        for slices in self._slices.each:
            # An outsider's may compute new parameters instead of changing these.
            if self.update(*slices) is not None:
                raise InputError(
                    f"{type(self).__name__}: update must change params in place and return nothing"
                )
        self.iterations += 1

    @abstractmethod
    def update(self, params: Array, grads: Array, moments: Arrays) -> None:
        """Apply the rule, in place, to one slice of each array; all arrays are flat.

        `self.current_lr` is the learning rate, and `self.kernels` the run's kernels, which the
        built-in optimizers compute with.
        """

    def divisor(self, moments: Arrays) -> Array:
        """What the last update divided the directions by, entry by entry: √v̂ + ε, say.

        An adaptive optimizer defines it, so that proximal points can be taken in its metric.

        Raises:
            InputError: the class does not define it.
        """
        raise InputError(
            f"{type(self).__name__} does not say what it divides its steps by: define divisor"
        )

    def proximal_step(self) -> float | Array:
        """The step of proximal points after the last update.

        It is the learning rate that the update used; for an adaptive optimizer an array, flat, of
        the learning rate divided by `divisor`.

        Source: Yun, Lozano & Yang (2021), *Adaptive proximal gradient methods for structured neural
        networks* (ProxGen).

        Raises:
            InputError: the class defines no `divisor`.
        """
        return self.used_lr / self.divisor(self.moments) if self.adaptive else self.used_lr

    def uncomputed_steps(self) -> RootSteps | None:
        """What `proximal_step` is made of, if it is an array of that form, for kernels to compute.

        Where that is known, the steps do not take a `divisor` or `proximal_step` of their own.
        """
        return None

    def displaced(self, span: slice, displacement: Array) -> None:  # noqa: B027 - most need not
        """Account for parameters moved after an update, as by a proximal step."""

    def __getstate__(self) -> dict[str, Any]:
        # A copied model has its own parameters, and the copied optimizer continues with them.
        moments = {name: array.copy() for name, array in self.moments.items()}
        return {
            **vars(self),
            "moments": moments,
            "kernels": Kernels(),
            "_serves": None,
            "_slices": None,
        }


class _Slices:
    """The slices of the arrays of a step, which most steps share with the one before."""

    def __init__(
        self, params: Array, grads: Array, moments: Arrays, spans: Sequence[slice]
    ) -> None:
        self._arrays = params, grads, *moments.values()
        self._spans = list(spans)
        self.each = [
            (params[span], grads[span], {name: one[span] for name, one in moments.items()})
            for span in spans
        ]

    def are_of(self, params: Array, grads: Array, moments: Arrays, spans: Sequence[slice]) -> bool:
        """Whether these are the arrays."""
        given = params, grads, *moments.values()
        return all(map(operator.is_, self._arrays, given)) and self._spans == list(spans)
