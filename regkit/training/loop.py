"""One training: its parts, its state, and the loop, in the order of the book's chapter 14."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from regkit.errors import InputError
from regkit.kernels.choice import kernels_for
from regkit.nn.model import Model
from regkit.nn.passes import Passes
from regkit.training.batches import Batches
from regkit.training.blas_threads import BlasThreads
from regkit.training.divergence import (
    require_finite_gradients,
    require_finite_loss,
    require_finite_parameters,
)
from regkit.training.gradient_norms import GradientNorms
from regkit.training.idle_biases import IdleBiases
from regkit.training.penalties import require_proximal_steps, run_hooks
from regkit.training.plan import Plan
from regkit.training.record import Record
from regkit.training.zeros import share_of_zeros


@dataclass(frozen=True)
class TrainingState:
    """What carries over between epochs besides parameters and moments.

    `iterations` counts the optimizer's steps; the generators' states are NumPy's dictionaries.
    """

    epoch: int
    iterations: int
    shuffling: dict[str, Any]
    dropout: dict[str, Any]


class Training:
    """A training that is set up and checked, and then runs from record to record.

    Args:
        model: trained in place.
        X: (samples, n_inputs).
        y: the targets.
        plan: the settings.

    Raises:
        InputError: the data do not fit the model, or the plan does not fit them.
        PluginError: a regularizer cannot be used.
    """

    def __init__(self, model: Model, X: ArrayLike, y: ArrayLike, plan: Plan) -> None:
        inputs = model.as_inputs(X)
        targets = model.as_targets(y, len(inputs))
        if not len(inputs):
            raise InputError("there are no rows to train on")
        rows = plan.batch_size or len(inputs)
        if rows > len(inputs):
            raise InputError(
                f"batch_size must be an integer from 1 to {len(inputs)}, got {plan.batch_size}"
            )
        for_shuffling, for_dropout = (
            np.random.default_rng(child) for child in np.random.SeedSequence(plan.seed).spawn(2)
        )
        self.model = model
        self.plan = plan
        self.optimizer = plan.optimizer
        self.epoch = 0
        self.kernels = kernels_for(plan.kernels, entries=plan.entries(model, len(inputs)))
        self.hooks = run_hooks(model, plan.regularizers, self.kernels)
        require_proximal_steps(self.hooks, self.optimizer)
        self.optimizer.attach(model.parameters)
        self.threads = BlasThreads(plan.threads, model, rows)
        self._batches = Batches(inputs, targets, plan.batch_size, for_shuffling)
        self._passes = Passes(
            model.layers,
            model.loss,
            model.dtype,
            rng=for_dropout,
            kernels=self.kernels,
            full_batches=plan.batch_size is None,
        )
        self._for_dropout = for_dropout
        self._held_out = None
        if plan.validation is not None:
            held_out = model.as_inputs(plan.validation[0])
            self._held_out = held_out, model.as_targets(plan.validation[1], len(held_out))
        self._spans = model.trainable_spans
        self._idle_biases = IdleBiases(model, self.hooks, self.optimizer)
        self._gradient_norms = GradientNorms(model, self.hooks) if plan.gradient_norms else None
        self._epoch_is_open = False
        self._stopping = False

    def records(self) -> Iterator[Record]:
        """Train, yielding the records that are due, each before its epoch's last update."""
        records = self._records()
        while True:
            # Between records, callers find BLAS with its previous setting.
            with self.threads.limited():
                record = next(records, None)
            if record is None:
                return
            yield record

    def _records(self) -> Iterator[Record]:
        while self.epoch < self.plan.epochs and not self._stopping:
            due = self.plan.is_due(self.epoch)
            data_loss = tally = 0.0
            for batch in self._batches.epoch():
                # Overflow is detected and reported; NumPy's warnings would repeat it.
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
        """Apply the last update of the epoch whose record was just yielded.

        `records` then continues with the next epoch, as usual.
        """
        if self._epoch_is_open:
            self._epoch_is_open = False
            self._update()
            self.epoch += 1

    def state(self) -> TrainingState:
        """What a training needs to resume between two epochs, besides parameters and moments."""
        return TrainingState(
            self.epoch,
            self.optimizer.iterations,
            dict(self._batches.rng.bit_generator.state),
            dict(self._for_dropout.bit_generator.state),
        )

    def restore(self, state: TrainingState) -> None:
        """Resume from a state; parameters and optimizer's moments are restored separately."""
        self.epoch = state.epoch
        self.optimizer.iterations = state.iterations
        self._batches.rng.bit_generator.state = state.shuffling
        self._for_dropout.bit_generator.state = state.dropout

    def stop(self) -> None:
        """End `records` after the current epoch."""
        self._stopping = True

    def _update(self) -> None:
        parameters, proximal = self.model.parameters, bool(self.hooks.proximal)
        step = self.optimizer.proximal_step() if proximal else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            self.optimizer.step(parameters, self.model.gradients, self._spans, self.kernels)
            for layer, parameter, point in self.hooks.proximal_points(step) if proximal else ():
                span = self.model.span(layer, parameter)
                displacement = point.reshape(-1) - parameters[span]
                parameters[span] = point.reshape(-1)
                self.optimizer.displaced(span, displacement)

    def _look_at_data_gradients(self) -> None:
        self._idle_biases.look_before_penalties()
        if self._gradient_norms is not None:
            self._gradient_norms.look_before_penalties()

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def _record(self, data_loss: float, tally: float) -> Record:
        targets = self._batches.targets
        return Record(
            epoch=self.epoch,
            data_loss=data_loss / len(targets),
            score=self.model.loss.score(tally, targets),
            layers=self.hooks.penalties(),
            lr=self.optimizer.current_lr,
            validation=self.model.evaluate_prepared(*self._held_out) if self._held_out else None,
            zeros={layer.name: share_of_zeros(layer) for layer in self.model.parameter_layers},
            gradient_norms=self._gradient_norms.measured() if self._gradient_norms else None,
        )
