"""P8: a path of strengths beside scikit-learn's grid search, with two workers on each side.

Both train a network 64-64-10 on the digits in batches of 32 at the same 30 strengths of L2, without
each of the same five folds. A path trains at each strength on all rows, too, and each of its chains
begins with a training without the penalty. In the first figure it takes so many epochs fewer at a
strength that all epochs together are as many; in the second, so few as give it no worse a score,
since each training starts from the weights of the one before.
"""

import tempfile
import time
import warnings
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
from joblib import parallel_config
from joblib.externals.loky import get_reusable_executor
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier

import regkit as rk
from regkit.data import Table, fold
from regkit.data.column import array_column
from regkit.errors import RegkitWarning
from regkit.studies.paths.path_start import grid

from .contender import Entries
from .figure import Figure
from .peers.sklearn_mlp import SklearnMLP, alpha
from .problem import Problem
from .rounds import Seconds, interleaved, ratio

STRENGTHS = grid(1e-6, 1e-1, 30)
FOLDS = 5
SEED = 0
WORKERS = 2
BATCH_SIZE = 32
LR = 1e-3
EPSILON = 1e-7  # What a path's Adam has.
NEURONS = 64

EPOCHS = 25
"""Of a path, at each strength."""

EPOCHS_OF_GRID = 31
"""Of the grid search, in each fit: as many in all."""

EPOCHS_FROM_WARM_STARTS = 4
"""Of a path, at each strength, whose best score is no worse: over the seeds 0 to 2 it was .977 in
the mean, that of the grid search .973."""

SCORES_APART = 0.02
"""The best scores may differ by so much: other initial weights, and warm starts, give others."""

MOST_ROUNDS = 3
"""A round takes about a minute."""

PATH = "regkit path"
COMPILED = "regkit path, compiled"
FROM_WARM_STARTS = f"{COMPILED}, {EPOCHS_FROM_WARM_STARTS} epochs a strength"
GRID = "scikit-learn, GridSearchCV"

Scored = tuple[float, float]
"""Seconds, and the best mean accuracy over the folds."""


def digits(strength: float = 1e-3) -> Problem:
    """A training of P8."""
    X, y = _data()
    return Problem(
        X,
        y,
        sizes=(X.shape[1], NEURONS, 10),
        penalized=((True, False),) * 2,
        l2=strength,
        lr=LR,
        epsilon=1e-12,
        batch_size=BATCH_SIZE,
    )


def path_cost(rounds: int) -> tuple[list[Figure], Seconds]:
    """P8, from the call to its result, with the start of the workers."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = interleaved(
            {name: _timed(run) for name, run in _contenders(Path(folder)).items()},
            min(rounds, MOST_ROUNDS),
        )
    return [
        Figure("P8", f"{PATH} ÷ {GRID}, equal epochs", ratio(seconds, PATH, GRID)),
        Figure(
            "P8", f"{COMPILED} ÷ {GRID}, equal epochs", ratio(seconds, COMPILED, GRID), 0.3, 0.15
        ),
        Figure("P8", f"{FROM_WARM_STARTS} ÷ {GRID}", ratio(seconds, FROM_WARM_STARTS, GRID)),
    ], seconds


def in_steps() -> Entries:
    """scikit-learn, whose steps must agree with regkit's."""
    return {"scikit-learn": (partial(SklearnMLP, threads=1), digits())}


def best_scores() -> dict[str, float]:
    """The best mean accuracy over the folds that each one finds."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: run()[1] for name, run in _contenders(Path(folder)).items()}


def splits() -> list[tuple[np.ndarray, np.ndarray]]:
    """The rows of each fold that a path trains on, and those that it holds out."""
    _, y = _data()
    columns = {"row": array_column("row", np.arange(len(y))), "digit": array_column("digit", y)}
    parts = (
        fold(Table("digits", columns, "digit"), number, FOLDS, SEED, stratify=True)
        for number in range(FOLDS)
    )
    return [tuple(part.column("row").values.astype(int) for part in pair) for pair in parts]


def settings(folder: Path, epochs: int, kernels: str = "compiled") -> dict[str, object]:
    """Those of a path's trainings, on a file that is written to the folder."""
    X, y = _data()
    file = folder / "digits.npz"
    np.savez(file, X=X, y=y)
    return {
        "data": str(file),
        "standardize": False,
        "val": 0,
        "hidden": (NEURONS,),
        "init": "glorot",
        "lr": LR,
        "decay": 0.0,
        "batch_size": BATCH_SIZE,
        "epochs": epochs,
        "kernels": kernels,
    }


def _contenders(folder: Path) -> dict[str, Callable[[], Scored]]:
    paths = {
        PATH: settings(folder, EPOCHS, "numpy"),
        COMPILED: settings(folder, EPOCHS),
        FROM_WARM_STARTS: settings(folder, EPOCHS_FROM_WARM_STARTS),
    }
    return {name: partial(_path, one) for name, one in paths.items()} | {GRID: _grid_search}


def _timed(run: Callable[[], Scored]) -> Callable[[], float]:
    return lambda: run()[0]


def _path(of_trainings: dict[str, object]) -> Scored:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegkitWarning)  # Of pixels that are always white.
        started = time.perf_counter()
        found = rk.path(
            of_trainings,
            f"l2={STRENGTHS[0]}..{STRENGTHS[-1]},mode=loss@dense1.weights+dense2.weights",
            FOLDS,
            [SEED],
            strengths=len(STRENGTHS),
            metric="accuracy",
            tolerance=1e-12,  # No training ends before its last epoch.
            workers=WORKERS,
        )
        return time.perf_counter() - started, max(found.means)


def _grid_search() -> Scored:
    X, y = _data()
    search = GridSearchCV(
        MLPClassifier(
            (NEURONS,),
            batch_size=BATCH_SIZE,
            learning_rate_init=LR,
            epsilon=EPSILON,
            max_iter=EPOCHS_OF_GRID,
            tol=0.0,
            n_iter_no_change=EPOCHS_OF_GRID + 1,
            random_state=SEED,
        ),
        {"alpha": [alpha(one, BATCH_SIZE) for one in STRENGTHS]},
        cv=splits(),
        n_jobs=WORKERS,
        refit=False,
    )
    get_reusable_executor().shutdown()  # regkit starts workers for each path, too.
    with warnings.catch_warnings(), parallel_config("loky", inner_max_num_threads=1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        started = time.perf_counter()
        search.fit(X, y)
        return time.perf_counter() - started, float(search.best_score_)


@cache
def _data() -> tuple[np.ndarray, np.ndarray]:
    """The digits, from 0 to 1 and in float32, in which both then compute."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y
