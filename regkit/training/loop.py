"""The training loop, in the order of the chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.nn.layers.seen_by_hooks import LayerSeenByHooks
from regkit.nn.model import Model
from regkit.nn.optimizers import SGD, Optimizer
from regkit.nn.passes import Passes
from regkit.plugins import RunHooks
from regkit.training.batches import Batches
from regkit.training.divergence import require_finite_gradients, require_finite_parameters
from regkit.training.idle_biases import IdleBiases
from regkit.training.record import Record

Array = NDArray[Any]


def train(
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
) -> list[Record]:
    """Train the model in place and return the records: `list(steps(…))`."""
    return list(
        steps(
            model,
            X,
            y,
            optimizer=optimizer,
            regularizers=regularizers,
            epochs=epochs,
            batch_size=batch_size,
            validation=validation,
            log_every=log_every,
            seed=seed,
        )
    )


def steps(
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
) -> Iterator[Record]:
    """Train the model in place, yielding a record at epochs 0, log_every, 2·log_every, … and last.

    Everything is checked before this returns. While a record is being looked at, the model is in
    the state that the record describes; stopping then leaves it there.

    Args:
        model: trained in place.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        optimizer: serves this model from now on.
        regularizers: regularizers, spec strings or raw plugin objects; strengths given to `Dense`
            layers come before them.
        epochs: ≥ 0.
        batch_size: rows in a step; None for all.
        validation: (X, y) to evaluate at each record.
        log_every: epochs from record to record.
        seed: of the shuffling and of dropout.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: (while iterating) a hook failed.
        DivergenceError: (while iterating) the data loss, a penalty or a parameter is not finite.
    """
    inputs = model.inputs(X)
    targets = model.targets(y, len(inputs))
    if not len(inputs):
        raise InputError("there are no rows to train on")
    if batch_size is not None:
        batch_size = integer("batch_size", batch_size, least=1, most=len(inputs))
    if not isinstance(optimizer, Optimizer):
        raise InputError(f"optimizer must be an optimizer such as Adam(0.05), got {optimizer!r}")
    held_out = None
    if validation is not None:
        held_out_inputs = model.inputs(validation[0])
        held_out = held_out_inputs, model.targets(validation[1], len(held_out_inputs))
    epochs = integer("epochs", epochs, least=0)
    log_every = integer("log_every", log_every, least=1)
    for_shuffling, for_dropout = np.random.SeedSequence(checked_seed(seed)).spawn(2)
    hooks = run_hooks(model, regularizers)
    _require_gradient_descent_for_prox(hooks, optimizer)
    optimizer.attach(model.parameters)
    return _run(
        model,
        Batches(inputs, targets, batch_size, np.random.default_rng(for_shuffling)),
        Passes(model, np.random.default_rng(for_dropout)),
        hooks,
        optimizer,
        epochs,
        log_every,
        held_out,
    )


def _run(
    model: Model,
    batches: Batches,
    passes: Passes,
    hooks: RunHooks,
    optimizer: Optimizer,
    epochs: int,
    log_every: int,
    held_out: tuple[Array, Array] | None,
) -> Iterator[Record]:
    spans = model.trainable_spans
    idle_biases = IdleBiases(model, hooks, optimizer)
    for epoch in range(epochs):
        due = epoch % log_every == 0 or epoch == epochs - 1
        data_loss = tally = 0.0
        for batch in batches.epoch():
            # What overflows is looked for and named; NumPy's warnings would say it twice.
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                passes.measure(batch.inputs, batch.targets)
                if due:
                    data_loss += passes.data_loss(batch.targets) * len(batch.targets)
                    tally += passes.tally(batch.targets)
                passes.backward(batch.targets)
                if due:
                    idle_biases.look_before_penalties()
                hooks.add_gradients()
                require_finite_gradients(model, hooks, optimizer, epoch)
            if due and batch.last:
                idle_biases.warn_after_penalties()
                score = model.loss.score(tally, batches.targets)
                yield Record(
                    epoch,
                    data_loss / len(batches.targets),
                    hooks.penalties(),
                    optimizer.current_lr,
                    validation=model.evaluate_prepared(*held_out) if held_out else None,
                    **{model.loss.score_name: score},
                )
            with np.errstate(over="ignore", invalid="ignore"):
                step = optimizer.current_lr
                optimizer.step(model.parameters, model.gradients, spans)
                _take_proximal_steps(model, hooks, optimizer, step)
    require_finite_parameters(model, hooks, optimizer, epochs)


def _take_proximal_steps(model: Model, hooks: RunHooks, optimizer: Optimizer, step: float) -> None:
    for layer, parameter, point in hooks.proximal_points(step):
        span = model.span(layer, parameter)
        displacement = point.reshape(-1) - model.parameters[span]
        model.parameters[span] += displacement
        if isinstance(optimizer, SGD):
            optimizer.moved(span, displacement)


def run_hooks(model: Model, regularizers: Iterable[object]) -> RunHooks:
    """The model's own strengths and these regularizers, as the hooks of one run."""
    if isinstance(regularizers, str):
        raise InputError(f"regularizers must be a list, such as [{regularizers!r}]")
    from_layers = [one for layer in model.parameter_layers for one in layer.regularizers()]
    trainable = [layer for layer in model.parameter_layers if layer.trainable]
    frozen = [layer for layer in model.parameter_layers if not layer.trainable]
    return RunHooks(
        [*from_layers, *regularizers],
        [LayerSeenByHooks(layer) for layer in trainable],
        [(layer.name, name) for layer in frozen for name in layer.params],
    )


def _require_gradient_descent_for_prox(hooks: RunHooks, optimizer: Optimizer) -> None:
    if hooks.proximal and optimizer.adaptive:
        raise InputError(
            f"{hooks.proximal[0].label} is in mode 'prox', which needs SGD: "
            f"{type(optimizer).__name__} gives each weight a step of its own, and a proximal step "
            "with the learning rate would nearly lose the penalty"
        )
