"""P9: small data, where a step is mostly what surrounds its arithmetic."""

from functools import partial

import numpy as np
from sklearn.datasets import load_iris

from .figure import Figure
from .peers.jax_optax import JaxScan, JaxStep
from .peers.regkit_train import RegkitTrain
from .peers.sklearn_mlp import SklearnMLP
from .peers.torch_eager import TorchEager
from .problem import Problem
from .rounds import Seconds, ratio
from .speed import Entries, on, timed

COMPILED = "regkit, compiled"
OURS = {"regkit": RegkitTrain, COMPILED: partial(RegkitTrain, kernels="compiled")}
PEERS = {
    "JAX, lax.scan": JaxScan,
    "JAX, step by step": JaxStep,
    "PyTorch, 1 thread": partial(TorchEager, threads=1),
    "scikit-learn": partial(SklearnMLP, threads=1),
}
ROWS, BATCH = 112, 16
STEPS = 700


def iris() -> Problem:
    """Iris, standardized, 4-64-3 in batches of 16: seven whole ones, as some take no smaller."""
    X, y = load_iris(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(X))[:ROWS]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return Problem(
        X[rows].astype(np.float32),
        y[rows],
        sizes=(4, 64, 3),
        penalized=((True, False), (True, False)),
        l2=1e-4,
        lr=0.01,
        epsilon=1e-12,
        batch_size=BATCH,
    )


def in_small_job() -> Entries:
    return on(iris(), OURS | PEERS)


def small_job(rounds: int) -> tuple[list[Figure], Seconds]:
    """P9."""
    seconds = timed(in_small_job(), lambda _: STEPS, rounds)
    figures = []
    for name in OURS:
        for peer in PEERS:
            bounds = (None, 1.5) if peer == "JAX, lax.scan" else (1.0, None)
            if name != COMPILED:
                bounds = (None, None)
            figures.append(Figure("P9", f"{name} ÷ {peer}", ratio(seconds, name, peer), *bounds))
    return figures, seconds
