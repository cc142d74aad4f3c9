"""Training as a generator, `steps`, and in one go, `train`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpy.typing import ArrayLike

from regkit.compiled import Kernels
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.nn.threads import Threads
from regkit.training.record import Record
from regkit.training.training import Training


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
    gradient_norms: bool = False,
    threads: Threads = "auto",
    kernels: Kernels = "numpy",
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
        gradient_norms: whether records hold the norms of the data's and each penalty's gradient,
            for which each penalty is asked for its gradient once more.
        threads: with how many threads BLAS multiplies; by default one, unless a product is large
            enough to be worth more. The last bits of float32 results depend on it.
        kernels: `"compiled"` trains with kernels compiled by numba, the extra `compiled`: Adam,
            ReLU's gradient, the built-in penalties, and full batches through one narrow hidden
            layer. The results are NumPy's to rounding.

    Raises:
        InputError: an argument cannot be used.
        PluginError: a regularizer cannot be used.
        RegularizerError: (while iterating) a hook failed.
        DivergenceError: (while iterating) the data loss, a penalty or a parameter is not finite.
    """
    return Training(
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
        gradient_norms=gradient_norms,
        threads=threads,
        kernels=kernels,
    ).records()


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
    gradient_norms: bool = False,
    threads: Threads = "auto",
    kernels: Kernels = "numpy",
) -> list[Record]:
    """Train the model in place and return the records: `list(steps(…))`, with its arguments."""
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
            gradient_norms=gradient_norms,
            threads=threads,
            kernels=kernels,
        )
    )
