"""P1w: the chapter's network with other ends, widths, activations, losses and batches."""

from functools import partial

from .figure import Figure
from .peers.jax_optax import JaxScan
from .peers.regkit_train import RegkitTrain
from .problem import Problem, narrow
from .rounds import Seconds, ratio
from .speed import Entries, timed

REGKIT, COMPILED, SCAN = "regkit", "regkit, compiled", "JAX, lax.scan"
MAKERS = {
    REGKIT: RegkitTrain,
    COMPILED: partial(RegkitTrain, kernels="compiled"),
    SCAN: JaxScan,
}
JOBS = {
    "1-64-3": narrow(n_inputs=1),
    "8-64-10": narrow(n_inputs=8, n_outputs=10),
    "20-64-10": narrow(n_inputs=20, n_outputs=10),
    "2-16-3": narrow(n_neurons=16),
    "2-640-3": narrow(n_neurons=640),
    "20-640-10": narrow(n_inputs=20, n_neurons=640, n_outputs=10),
    "2-64-2": narrow(n_outputs=2),
    "2-64-3, tanh": narrow(activation="tanh"),
    "2-64-3, sigmoid": narrow(activation="sigmoid"),
    "2-64-2, squared error": narrow(n_outputs=2, squared_error=True),
    "2-64-3, batches of 256": narrow(batch_size=256),
    "20-640-10, batches of 256": narrow(20, 640, 10, batch_size=256),
    "2-64-3, batches of 32": narrow(batch_size=32),
    "20-640-10, batches of 32": narrow(20, 640, 10, batch_size=32),
}

DOMINATES = 40_000
"""Outputs of the hidden layer in a step from which it dominates: about 50 µs of a core's work."""


def in_narrow_jobs() -> Entries:
    return {
        f"{job}, {name}": (make, problem)
        for job, problem in JOBS.items()
        for name, make in MAKERS.items()
    }


def narrow_jobs(rounds: int) -> tuple[list[Figure], Seconds]:
    """P1w. A call takes whole epochs, and about 30 milliseconds."""
    seconds = timed(in_narrow_jobs(), _steps, rounds)
    figures = []
    for job, problem in JOBS.items():
        names = {name: f"{job}, {name}" for name in MAKERS}
        to_scan = ratio(seconds, names[COMPILED], names[SCAN])
        must, goal = (0.8, 0.5) if _entries(problem) >= DOMINATES else (None, None)
        figures.append(Figure("P1w", f"{job}: {COMPILED} ÷ {SCAN}", to_scan, must, goal))
        to_plain = ratio(seconds, names[COMPILED], names[REGKIT])
        figures.append(Figure("P1w", f"{job}: {COMPILED} ÷ {REGKIT}", to_plain, 1.0))
    return figures, seconds


def _entries(problem: Problem) -> int:
    return (problem.batch_size or len(problem.X)) * problem.sizes[1]


def _steps(name: str) -> int:
    size = _entries(in_narrow_jobs()[name][1])
    return 500 if size < DOMINATES else max(100, 200 * 192_000 // size // 10 * 10)
