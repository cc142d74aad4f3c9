"""Training as a generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpy.typing import ArrayLike

from regkit.kernels.names import KernelsName
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.training.blas_threads import Threads
from regkit.training.loop import Training
from regkit.training.plan import LrSchedule, Plan
from regkit.training.record import Record


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
    sample_weight: ArrayLike | None = None,
    lr_schedule: LrSchedule | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    restore_best: bool = False,
    log_every: int = 1,
    seed: int = 0,
    gradient_norms: bool = False,
    threads: Threads = "auto",
    kernels: KernelsName = "auto",
) -> Iterator[Record]:
    """Train the model in place, yielding a record at epochs 0, log_every, 2·log_every, … and last.

    Everything is checked before this returns. When a record is yielded, the model is in the state
    that the record describes; stopping there leaves it in that state. Trainings in several threads
    of a process do not affect each other.

    The arguments are those of `regkit.train`, which is this loop with a history, a progress bar and
    a folder.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: (while iterating) a hook failed.
        DivergenceError: (while iterating) the data loss, a penalty or a parameter is not finite.
    """
    plan = Plan(
        optimizer=optimizer,
        regularizers=regularizers,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        sample_weight=sample_weight,
        lr_schedule=lr_schedule,
        patience=patience,
        min_delta=min_delta,
        restore_best=restore_best,
        log_every=log_every,
        seed=seed,
        gradient_norms=gradient_norms,
        threads=threads,
        kernels=kernels,
    )
    return Training(model, X, y, plan).records()
