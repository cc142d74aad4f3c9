"""One training: its parts, its state, and the loop, in the order of the book's chapter 14."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from regkit.errors import InputError
from regkit.kernels.choice import kernels_for
from regkit.nn.model import Model
from regkit.nn.passes import Passes
from regkit.nn.score import Evaluation
from regkit.training.batches import Batches
from regkit.training.blas_threads import BlasThreads
from regkit.training.changing_strengths import warn_of_schedules, warn_of_stopping
from regkit.training.collapse import warn_of_collapse, warn_of_empty_layers
from regkit.training.divergence import (
    divergence,
    require_finite_loss,
    require_finite_parameters,
)
from regkit.training.early_stopping import EarlyStopping
from regkit.training.gradient_norms import GradientNorms
from regkit.training.idle_biases import IdleBiases
from regkit.training.idle_penalties import IdlePenalties
from regkit.training.penalties import require_proximal_steps, run_hooks
from regkit.training.plan import Plan
from regkit.training.record import Record
from regkit.training.sample_weights import mean_one
from regkit.training.state import TrainingState
from regkit.training.update import Update
from regkit.training.zeros import share_of_zeros


def silently() -> np.errstate:
    """Without NumPy's warnings: overflow is detected and reported, and they would repeat it."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")


class Training:
    """A training that is set up and checked, and then runs from record to record.

    `early_stopping` holds the best parameters and the state of patience; it is None unless the plan
    watches validation. `after_epoch`, if set, is called between epochs, and `before_restoring` at
    the end, before the best parameters take the place of the last ones.

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
        if not isinstance(model, Model):
            raise InputError(f"model must be a model such as Model([…], loss), got {model!r:.60}")
        inputs = model.as_inputs(X)
        model.learn_classes(y)
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
        require_proximal_steps(self.hooks, plan)
        warn_of_collapse(model, self.hooks, plan.epochs)
        warn_of_schedules(plan, self.hooks)
        self._update = Update(model, self.hooks, self.optimizer, self.kernels)
        self.threads = BlasThreads(plan.threads, model, rows)
        self.kernels.threads = self.threads.most
        weights = mean_one(plan.sample_weight, len(inputs), model.dtype)
        self._batches = Batches(inputs, targets, weights, plan.batch_size, for_shuffling)
        self._passes = Passes(
            model.layers,
            model.loss,
            model.dtype,
            rng=for_dropout,
            kernels=self.kernels,
            rows=rows,
            full_batches=plan.batch_size is None,
            output_gradients=self.hooks.output_gradients if self.hooks.sees_outputs else None,
        )
        self._for_dropout = for_dropout
        self._held_out = None
        if plan.validation is not None:
            held_out = np.asfortranarray(model.as_inputs(plan.validation[0]))
            self._held_out = held_out, model.as_targets(plan.validation[1], len(held_out))
        self._held_out_passes = Passes(model.layers, model.loss, model.dtype)
        self.early_stopping = (
            EarlyStopping(plan.patience, plan.min_delta) if plan.watches_validation else None
        )
        self.after_epoch: Callable[[], None] | None = None
        self.before_restoring: Callable[[], None] | None = None
        self._idle_penalties = IdlePenalties()
        self._idle_biases = IdleBiases(model, self.hooks, self.optimizer)
        self._gradient_norms = (
            GradientNorms(model, self.hooks, self._passes) if plan.gradient_norms else None
        )
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
        while not (self.all_epochs_are_trained or self._stopping):
            due = self.plan.is_due(self.epoch)
            # An epoch at which patience may run out is the last one then, and is recorded.
            measured = due or self.plan.patience is not None
            self.optimizer.factor = self.plan.lr_factor(self.epoch)
            self.hooks.begin_epoch(self.epoch)
            data_loss = tally = 0.0
            with silently():
                for inputs, targets, weights, last in self._batches.epoch():
                    self._passes.measure(inputs, targets, weights)
                    if measured:
                        loss = self._passes.data_loss(targets, weights)
                        data_loss += loss * len(targets)
                        tally += self._passes.tally(targets)
                    self._passes.backward(targets, weights)
                    if measured and last:
                        self._look_at_data_gradients()
                    self.hooks.add_gradients()
                    if not self._update.is_finite():
                        raise divergence(self.model, self.hooks, self.optimizer, self.epoch)
                    if not last:
                        self._update.apply()
            self._epoch_is_open = True
            validation = self._validation() if due or self.early_stopping is not None else None
            stops = self._runs_out_of_patience(validation)
            if due or stops:
                self.kernels.settle()
                self._idle_biases.warn_after_penalties()
                record = self._record(data_loss, tally, validation)
                require_finite_loss(record, self.model, self.hooks, self.optimizer)
                yield record
            self.finish_epoch()
        require_finite_parameters(self.model, self.hooks, self.optimizer, self.epoch)
        if self.stopped_at is not None:
            warn_of_stopping(self.stopped_at, self.plan, self.hooks)
        if self.all_epochs_are_trained:
            warn_of_empty_layers(self.model, self.hooks)
        if self.early_stopping is not None and self.all_epochs_are_trained:
            self._look_at_the_end(self.early_stopping)

    @property
    def stopped_at(self) -> int | None:
        """The epoch at which patience ran out, or None."""
        watch = self.early_stopping
        return None if watch is None else watch.patience.stop_epoch

    @property
    def last_epoch(self) -> int:
        """The last epoch that was trained, by whose strengths a final objective goes."""
        return max(self.epoch - 1, 0)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do, since patience has run out or all epochs are trained."""
        if self.early_stopping is not None and self.early_stopping.ended_after != self.epoch:
            return False
        return self.all_epochs_are_trained

    @property
    def all_epochs_are_trained(self) -> bool:
        """Whether no epoch is left, though the last weights may not be measured yet."""
        out_of_patience = self.stopped_at is not None and self.epoch > self.stopped_at
        return out_of_patience or self.epoch >= self.plan.epochs

    def finish_epoch(self) -> None:
        """Apply the last update of the epoch whose record was just yielded.

        `records` then continues with the next epoch, as usual.
        """
        if self._epoch_is_open:
            self._epoch_is_open = False
            with silently():
                self._update.apply()
            self.epoch += 1
            if self.after_epoch is not None:
                self.after_epoch()

    def restore_best(self) -> None:
        """Give the model the best parameters seen so far, if validation is watched."""
        if self.early_stopping is not None and self.early_stopping.best.parameters is not None:
            self.model.parameters[...] = self.early_stopping.best.parameters

    def state(self) -> TrainingState:
        """What a training needs to resume between two epochs, besides parameters and moments."""
        return TrainingState(
            self.epoch,
            self.optimizer.iterations,
            dict(self._batches.rng.bit_generator.state),
            dict(self._for_dropout.bit_generator.state),
            None if self.early_stopping is None else self.early_stopping.state(),
        )

    def restore(self, state: TrainingState) -> None:
        """Resume from a state; parameters and optimizer's moments are restored separately."""
        self.epoch = state.epoch
        self.optimizer.iterations = state.iterations
        self._batches.rng.bit_generator.state = state.shuffling
        self._for_dropout.bit_generator.state = state.dropout
        if self.early_stopping is not None and state.early_stopping is not None:
            self.early_stopping.restore(state.early_stopping)

    def stop(self) -> None:
        """End `records` after the current epoch."""
        self._stopping = True

    def _look_at_data_gradients(self) -> None:
        self._idle_biases.look_before_penalties()
        if self._gradient_norms is not None:
            self._gradient_norms.look_before_penalties()

    def _validation(self) -> Evaluation | None:
        with silently():
            return self._held_out and self._held_out_passes.evaluation(*self._held_out)

    def _runs_out_of_patience(self, validation: Evaluation | None) -> bool:
        if self.early_stopping is None or validation is None:
            return False
        self.early_stopping.see(self.epoch, validation.data_loss, self.model.parameters)
        return self.stopped_at is not None

    def _look_at_the_end(self, early_stopping: EarlyStopping) -> None:
        """The state after the last update may be the best, too."""
        found = self._validation()
        if found is not None:
            early_stopping.see_the_end(self.epoch, found.data_loss, self.model.parameters)
        if self.plan.restore_best:
            if self.before_restoring is not None:
                self.before_restoring()
            self.restore_best()

    def _record(self, data_loss: float, tally: float, validation: Evaluation | None) -> Record:
        targets = self._batches.targets
        with silently():
            penalties = self.hooks.penalties(self._passes.layer_outputs)
            norms = self._gradient_norms.measured() if self._gradient_norms else None
        self._idle_penalties.look(penalties)
        return Record(
            epoch=self.epoch,
            data_loss=data_loss / len(targets),
            score=self.model.loss.score(tally, targets),
            layers=penalties,
            factors=self.hooks.factors(self.epoch),
            lr=self.optimizer.current_lr,
            validation=validation,
            zeros={layer.name: share_of_zeros(layer) for layer in self.model.parameter_layers},
            gradient_norms=norms,
        )
