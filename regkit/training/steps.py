"""Training as a generator, `steps`, and as a function, `train`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec

from numpy.typing import ArrayLike

from regkit.kernels.names import KernelsName
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.training.blas_threads import Threads
from regkit.training.loop import Training
from regkit.training.plan import Plan
from regkit.training.record import Record

P = ParamSpec("P")


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
    kernels: KernelsName = "auto",
) -> Iterator[Record]:
    """Train the model in place, yielding a record at epochs 0, log_every, 2·log_every, … and last.

    Everything is checked before this returns. When a record is yielded, the model is in the state
    that the record describes; stopping there leaves it in that state. Trainings in several threads
    of a process do not affect each other.

    Args:
        model: trained in place.
        X: (samples, n_inputs).
        y: (samples,) or (samples, 1).
        optimizer: bound to this model from now on.
        regularizers: regularizers, spec strings or raw plugin objects; strengths given to `Dense`
            layers come before them.
        epochs: ≥ 0.
        batch_size: rows in a step; None for all.
        validation: (X, y) to evaluate at each record.
        log_every: epochs between records.
        seed: the random seed of shuffling and dropout.
        gradient_norms: whether records hold the norms of the data's and each penalty's gradient,
            for which each penalty's gradient is computed once more.
        threads: the number of BLAS threads; `"auto"` for one, unless a matrix product is large
            enough for more. The last bits of float32 results depend on it.
        kernels: `"numpy"` is the reference. `"compiled"` trains with kernels compiled by numba,
            the extra `compiled`: Adam, ReLU's gradient, the built-in penalties, and full batches
            through one narrow hidden layer; the results are NumPy's to rounding. `"auto"` uses
            them if numba is installed and the training is long enough to repay their start-up.

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
        log_every=log_every,
        seed=seed,
        gradient_norms=gradient_norms,
        threads=threads,
        kernels=kernels,
    )
    return Training(model, X, y, plan).records()


def _in_one_go(generator: Callable[P, Iterator[Record]]) -> Callable[P, list[Record]]:
    def train(*args: P.args, **kwargs: P.kwargs) -> list[Record]:
        """Train the model in place and return the records: `list(steps(…))`, with its arguments."""
        return list(generator(*args, **kwargs))

    signature = inspect.signature(generator)
    setattr(train, "__signature__", signature.replace(return_annotation="list[Record]"))  # noqa: B010
    return train


train = _in_one_go(steps)
