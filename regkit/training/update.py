"""One update: the optimizer's step, then decoupled penalties, then points and projections."""

from __future__ import annotations

from regkit.hooks import RunHooks
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, PROX
from regkit.kernels.kernels import Kernels
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.training.decoupled import Decoupled
from regkit.training.points import Points


class Update:
    """The updates of one run, from the gradients to the next parameters.

    Parameters are projected when it is made, so that constraints hold before the first update.
    """

    def __init__(
        self, model: Model, hooks: RunHooks, optimizer: Optimizer, kernels: Kernels
    ) -> None:
        optimizer.attach(model.parameters)
        self._model = model
        self._optimizer = optimizer
        self._kernels = kernels
        self._spans = model.trainable_spans
        in_mode = hooks.in_mode
        self._decoupled = Decoupled(model, hooks, kernels) if in_mode(DECOUPLED) else None
        self._points = None
        if in_mode(PROX, CONSTRAINT):
            self._points = Points(model, hooks, optimizer, kernels)
            self._points.project()

    def is_finite(self) -> bool:
        """Whether the gradients that it uses are; decoupled ones are computed now."""
        parameters = self._model.parameters
        finite = self._kernels.are_finite(parameters, self._model.gradients)
        if self._decoupled is None:
            return finite
        self._decoupled.measure()
        return finite and self._kernels.are_finite(parameters, self._decoupled.gradients)

    def apply(self) -> None:
        """Change the parameters."""
        self._optimizer.step(
            self._model.parameters, self._model.gradients, self._spans, self._kernels
        )
        if self._decoupled is not None:
            self._decoupled.step(self._optimizer.used_lr)
        if self._points is not None:
            self._points.take()
