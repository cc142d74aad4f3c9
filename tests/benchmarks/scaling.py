"""P7: the cost of a step as parameters and rows grow, and the plot of it."""

import math
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from .figure import Figure
from .peers.regkit_train import RegkitTrain
from .problem import Problem, chapter, wide
from .rounds import Seconds, interleaved, training

PARAMETERS = (10**3, 10**4, 10**5, 10**6, 10**7)
ROWS = (10**2, 10**3, 10**4, 10**5, 10**6)
FLAT_FROM = 10**5
LONG_ENOUGH = 0.3
"""Seconds that one measurement takes at least, so that set-up weighs little beside steps."""


def scaling(rounds: int) -> tuple[list[Figure], Seconds]:
    """P7, through the public `train`."""
    problems = {f"{n} parameters": with_parameters(n) for n in PARAMETERS}
    problems |= {f"{n} rows": with_rows(n) for n in ROWS}
    timed = {}
    for name, problem in problems.items():
        contender = RegkitTrain(problem)
        steps = 2
        while steps * training(contender, steps)() < LONG_ENOUGH:
            steps *= 4
        timed[name] = training(contender, steps)
    seconds = interleaved(timed, rounds)
    a_parameter = [median(seconds[f"{n} parameters"]) / n for n in PARAMETERS if n >= FLAT_FROM]
    a_row = [median(seconds[f"{n} rows"]) / n for n in ROWS if n >= ROWS[1]]
    return [
        Figure(
            "P7",
            "cost a parameter from 10⁵ to 10⁷: the highest ÷ the lowest",
            max(a_parameter) / min(a_parameter),
            4.0,
        ),
        Figure(
            "P7", "cost a row from 10³ to 10⁶: the highest ÷ the lowest", max(a_row) / min(a_row)
        ),
    ], seconds


def with_parameters(parameters: int) -> Problem:
    """A network of about so many parameters, 128 rows a step."""
    n_inputs, classes = 16, 10
    # h² + (n_inputs + 1 + classes + 1) h ≈ parameters, for two hidden layers of h.
    h = max(1, round(math.sqrt(parameters + 14**2) - 14))
    problem = wide(rows=128)
    return replace(problem, X=problem.X[:, :n_inputs], sizes=(n_inputs, h, h, classes))


def with_rows(rows: int) -> Problem:
    """The chapter's network on so many rows, all in one step."""
    problem = chapter()
    take = np.arange(rows) % len(problem.X)
    return replace(problem, X=problem.X[take], y=problem.y[take])


def plot(seconds: Seconds, path: Path) -> None:
    """Both costs over size, on logarithmic axes."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(8, 3.2), layout="constrained")
    for axes, what, counts in zip(
        canvas.subplots(1, 2), ("parameters", "rows"), (PARAMETERS, ROWS), strict=True
    ):
        cost = [1e9 * median(seconds[f"{n} {what}"]) / n for n in counts]
        axes.loglog(counts, cost, marker="o")
        axes.set(xlabel=what, ylabel=f"nanoseconds a step, divided by {what}")
        axes.grid(alpha=0.3)
    canvas.savefig(path, metadata={"Date": None})
