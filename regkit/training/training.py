"""One training: its parts, its state, and the loop in the order of the chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.compiled import Kernels, wants_compiled
from regkit.errors import InputError
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD, Optimizer
from regkit.nn.passes import Passes
from regkit.nn.threads import BlasThreads, Threads
from regkit.training.batches import Batches
from regkit.training.divergence import (
    require_finite_gradients,
    require_finite_loss,
    require_finite_parameters,
)
from regkit.training.gradient_norms import GradientNorms
from regkit.training.hooks import require_gradient_descent_for_prox, run_hooks
from regkit.training.idle_biases import IdleBiases
from regkit.training.record import Record

Array = NDArray[Any]


@dataclass(frozen=True)
class TrainingState:
    """What goes on from one epoch to the next beside parameters and moments.

    `iterations` counts the optimizer's steps; the generators' states are NumPy's dictionaries.
    """

    epoch: int
    iterations: int
    shuffling: dict[str, Any]
    dropout: dict[str, Any]


class Training:
    """A training that is set up and checked, and then goes from record to record.

    Arguments and errors as for `steps`.
    """

    def __init__(
        self,
        model: Model,
        X: ArrayLike,
        y: ArrayLike,
        *,
        optimizer: Optimizer,
        regularizers: Iterable[object] = (),
        epochs: int,
        batch_size: int | None = None,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        log_every: int = 1,
        seed: int = 0,
        gradient_norms: bool = False,
        threads: Threads = "auto",
        kernels: Kernels = "numpy",
    ) -> None:
        inputs = model.inputs(X)
        targets = model.targets(y, len(inputs))
        if not len(inputs):
            raise InputError("there are no rows to train on")
        if batch_size is not None:
            batch_size = integer("batch_size", batch_size, least=1, most=len(inputs))
        if not isinstance(optimizer, Optimizer):
            raise InputError(
                f"optimizer must be an optimizer such as Adam(0.05), got {optimizer!r}"
            )
        for_shuffling, for_dropout = (
            np.random.default_rng(child)
            for child in np.random.SeedSequence(checked_seed(seed)).spawn(2)
        )
        self.model = model
        self.optimizer = optimizer
        self.epochs = integer("epochs", epochs, least=0)
        self.log_every = integer("log_every", log_every, least=1)
        self.epoch = 0
        self.compiled = wants_compiled(kernels)
        self.hooks = run_hooks(model, regularizers, compiled=self.compiled)
        require_gradient_descent_for_prox(self.hooks, optimizer)
        optimizer.attach(model.parameters)
        optimizer.compiled = self.compiled
        self.threads = BlasThreads(threads, model, batch_size or len(inputs))
        self._batches = Batches(inputs, targets, batch_size, for_shuffling)
        self._passes = Passes(model, for_dropout, compiled=self.compiled, whole=batch_size is None)
        self._for_dropout = for_dropout
        self._held_out = None
        if validation is not None:
            held_out = model.inputs(validation[0])
            self._held_out = held_out, model.targets(validation[1], len(held_out))
        self._spans = model.trainable_spans
        self._idle_biases = IdleBiases(model, self.hooks, optimizer)
        self._gradient_norms = GradientNorms(model, self.hooks) if gradient_norms else None
        self._epoch_is_open = False
        self._stopping = False

    def records(self) -> Iterator[Record]:
        """Train, yielding the records that are due, each before its epoch's last update."""
        records = self._records()
        while True:
            # Whoever looks at a record in between finds BLAS as it was.
            with self.threads.limited():
                record = next(records, None)
            if record is None:
                return
            yield record

    def _records(self) -> Iterator[Record]:
        while self.epoch < self.epochs and not self._stopping:
            due = self.epoch % self.log_every == 0 or self.epoch == self.epochs - 1
            data_loss = tally = 0.0
            for batch in self._batches.epoch():
                # What overflows is looked for and named; NumPy's warnings would say it twice.
                with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                    self._passes.measure(batch.inputs, batch.targets)
                    if due:
                        data_loss += self._passes.data_loss(batch.targets) * len(batch.targets)
                        tally += self._passes.tally(batch.targets)
                    self._passes.backward(batch.targets)
                    if due and batch.last:
                        self._look_at_data_gradients()
                    self.hooks.add_gradients()
                    require_finite_gradients(self.model, self.hooks, self.optimizer, self.epoch)
                if not batch.last:
                    self._update()
            self._epoch_is_open = True
            if due:
                self._idle_biases.warn_after_penalties()
                record = self._record(data_loss, tally)
                require_finite_loss(record, self.model, self.hooks, self.optimizer)
                yield record
            self.finish_epoch()
        require_finite_parameters(self.model, self.hooks, self.optimizer, self.epoch)

    def finish_epoch(self) -> None:
        """Take the last update of an epoch whose record is being looked at.

        `records` then goes on with the next epoch, as it would have anyway.
        """
        if self._epoch_is_open:
            self._epoch_is_open = False
            self._update()
            self.epoch += 1

    def state(self) -> TrainingState:
        """What a training needs beside parameters and moments to go on between two epochs."""
        return TrainingState(
            self.epoch,
            self.optimizer.iterations,
            dict(self._batches.rng.bit_generator.state),
            dict(self._for_dropout.bit_generator.state),
        )

    def restore(self, state: TrainingState) -> None:
        """Go on from a state; the parameters and the optimizer's moments are restored apart."""
        self.epoch = state.epoch
        self.optimizer.iterations = state.iterations
        self._batches.rng.bit_generator.state = state.shuffling
        self._for_dropout.bit_generator.state = state.dropout

    def stop(self) -> None:
        """End `records` when the current epoch is over."""
        self._stopping = True

    def _update(self) -> None:
        step = self.optimizer.current_lr
        with np.errstate(over="ignore", invalid="ignore"):
            self.optimizer.step(self.model.parameters, self.model.gradients, self._spans)
            for layer, parameter, point in self.hooks.proximal_points(step):
                span = self.model.span(layer, parameter)
                displacement = point.reshape(-1) - self.model.parameters[span]
                self.model.parameters[span] = point.reshape(-1)
                if isinstance(self.optimizer, SGD):
                    self.optimizer.moved(span, displacement)

    def _look_at_data_gradients(self) -> None:
        self._idle_biases.look_before_penalties()
        if self._gradient_norms is not None:
            self._gradient_norms.look_before_penalties()

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def _record(self, data_loss: float, tally: float) -> Record:
        rows = len(self._batches.targets)
        score = self.model.loss.score(tally, self._batches.targets)
        return Record(
            self.epoch,
            data_loss / rows,
            self.hooks.penalties(),
            self.optimizer.current_lr,
            validation=self.model.evaluate_prepared(*self._held_out) if self._held_out else None,
            zeros={
                layer.name: 1 - np.count_nonzero(layer.weights) / layer.weights.size
                for layer in self.model.parameter_layers
            },
            gradient_norms=self._gradient_norms.measured() if self._gradient_norms else None,
            **{self.model.loss.score_name: score},
        )
