"""Proximal points of groups under a step for each entry, beside one product of the layer's size.

`python -m tests.benchmarks.weighted_prox` prints, for each case, how many products at 128 rows a
proximal point takes: medians over interleaved rounds. It needs regkit-group-lasso and
regkit-structured.
"""

import os
import time
from collections.abc import Callable
from itertools import product
from statistics import median

import click
import numpy as np
from threadpoolctl import threadpool_limits

import regkit
from tests.benchmarks.machine import processor

SHAPES = ((512, 784), (784, 512))
ROWS = 128
PENALTIES = ("group_lasso", "sparse_group_lasso", "group_mcp")


def steps_like_adams(w: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """lr/(√v̂ + ε) of living entries: within a factor of a hundred of each other."""
    return (0.02 * 10 ** rng.uniform(-1, 1, w.shape)).astype(w.dtype)


def steps_with_dead_entries(w: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """From 1e-8 to 0.1, and for one entry in twenty lr/ε."""
    steps = 10 ** rng.uniform(-8, -1, w.shape)
    return np.where(rng.random(w.shape) < 0.05, 5e5, steps).astype(w.dtype)


STEPS = {"like Adam's": steps_like_adams, "with dead entries": steps_with_dead_entries}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(spec: str, w: np.ndarray, steps: np.ndarray, rounds: int) -> float:
    """The time of a proximal point over that of a product."""
    penalty = regkit.regularizer(spec)
    inputs = np.random.default_rng(1).standard_normal((ROWS, w.shape[0])).astype(w.dtype)
    outputs = np.empty((ROWS, w.shape[1]), w.dtype)
    scaled = 0.05 * steps
    works = (lambda: penalty.prox(w, scaled), lambda: np.matmul(inputs, w, out=outputs))
    times = [[seconds(work) for work in works] for _ in range(rounds + 1)][1:]
    prox, one_product = (median(column) for column in zip(*times, strict=True))
    return prox / one_product


@click.command()
@click.option("--rounds", default=15, help="Rounds, after one to warm up.")
@click.option("--threads", default=1, help="BLAS threads of the product.")
def main(rounds: int, threads: int) -> None:
    """Print the table."""
    with threadpool_limits(threads, "blas"):
        print(f"{processor()}, {threads} BLAS thread(s), load {os.getloadavg()[0]:.1f}")
        print("| penalty | steps | dtype | products |\n|---|---|---|---|")
        for name, (title, draw), dtype in product(PENALTIES, STEPS.items(), ("float32", "float64")):
            rng = np.random.default_rng(0)
            found = []
            for shape, groups in product(SHAPES, ("incoming", "outgoing")):
                w = (0.05 * rng.standard_normal(shape)).astype(dtype)
                found.append(ratio(f"{name}=1,groups={groups}", w, draw(w, rng), rounds))
            print(f"| `{name}` | {title} | {dtype} | {min(found):.1f} to {max(found):.1f} |")


if __name__ == "__main__":
    main()
