"""P1 to P3: steps of training, beside the programs that people would pick instead."""

import os
import statistics
from collections.abc import Callable, Iterator
from functools import partial

from .contender import Make, loss_after_some_steps
from .figure import Figure
from .peers.chapter_program import ChapterProgram
from .peers.jax_optax import JaxScan, JaxStep
from .peers.keras_on_jax import KerasOnJax
from .peers.regkit_train import RegkitTrain
from .peers.sklearn_mlp import SklearnMLP
from .peers.torch_eager import TorchEager
from .problem import Problem, chapter, chapter_variant, wide
from .rounds import Seconds, fastest, interleaved, ratio, training

THREADS = sorted({1, os.cpu_count() or 1})
REGKIT = "regkit"
TORCH = {f"PyTorch, {n} thread{'s' * (n > 1)}": partial(TorchEager, threads=n) for n in THREADS}
JAX = {"JAX, step by step": JaxStep, "JAX, lax.scan": JaxScan}
KERAS = {"Keras on JAX": KerasOnJax}
PLAIN = "plain program after the chapter"
# Small products: a second BLAS thread only costs these two something.
IN_CHAPTER_JOB = {PLAIN: partial(ChapterProgram, threads=1)}
IN_VARIANT = {"scikit-learn": partial(SklearnMLP, threads=1)} | KERAS
IN_WIDE_JOB = {PLAIN: ChapterProgram}

AGREEMENT = 1e-4

Entries = dict[str, tuple[Make, Problem]]
"""Contenders by name, each with the problem that it is given."""


def on(problem: Problem, makers: dict[str, Make], suffix: str = "") -> Entries:
    return {name + suffix: (make, problem) for name, make in makers.items()}


def in_chapter_job() -> Entries:
    return on(chapter(), {REGKIT: RegkitTrain} | JAX | TORCH | IN_CHAPTER_JOB) | on(
        chapter_variant(), {f"{REGKIT}, variant": RegkitTrain} | IN_VARIANT
    )


def in_wide_job() -> Entries:
    everyone = {REGKIT: RegkitTrain} | JAX | TORCH
    return (
        on(wide(), everyone | IN_WIDE_JOB | KERAS)
        | on(wide().unpenalized(), everyone | IN_WIDE_JOB, ", no penalty")
        | on(wide(l1=0.0), {REGKIT: RegkitTrain}, ", L2 alone")
    )


def disagreements(entries: Entries) -> Iterator[tuple[str, float]]:
    """How far each one's loss is from regkit's on the same problem, after the same steps."""
    expected: dict[int, float] = {}
    for name, (make, problem) in entries.items():
        if id(problem) not in expected:
            expected[id(problem)] = loss_after_some_steps(RegkitTrain, problem)
        yield name, abs(loss_after_some_steps(make, problem) - expected[id(problem)])


def timed(entries: Entries, steps: Callable[[str], int], rounds: int) -> Seconds:
    return interleaved(
        {name: training(make(problem), steps(name)) for name, (make, problem) in entries.items()},
        rounds,
    )


def chapter_job(rounds: int) -> tuple[list[Figure], Seconds]:
    """P1. The slow ones take fewer steps, so that a round stays short."""
    slow = {*IN_CHAPTER_JOB, *IN_VARIANT}
    seconds = timed(in_chapter_job(), lambda name: 50 if name in slow else 200, rounds)
    bounds = {
        "JAX, lax.scan": (1.1, 1.0),
        "JAX, step by step": (None, None),
        fastest(seconds, list(TORCH)): (1 / 3, None),
        PLAIN: (1 / 5, None),
    }
    figures = [
        Figure("P1", f"regkit ÷ {other}", ratio(seconds, REGKIT, other), must, goal)
        for other, (must, goal) in bounds.items()
    ]
    figures += [
        Figure(
            "P1", f"regkit ÷ {other}, variant", ratio(seconds, f"{REGKIT}, variant", other), must
        )
        for other, must in (("scikit-learn", 1 / 3), ("Keras on JAX", None))
    ]
    return figures, seconds


def wide_job(rounds: int) -> tuple[list[Figure], Seconds]:
    """P2 and P3."""
    seconds = timed(in_wide_job(), lambda _: 40, rounds)
    torch, jax = fastest(seconds, list(TORCH)), fastest(seconds, list(JAX))
    figures = [
        Figure("P2", f"regkit ÷ {torch}", ratio(seconds, REGKIT, torch), 1.0, 1.0),
        *(Figure("P2", f"regkit ÷ {one}", ratio(seconds, REGKIT, one), 1.2, 1.0) for one in JAX),
        Figure("P2", "regkit ÷ Keras on JAX", ratio(seconds, REGKIT, "Keras on JAX")),
        Figure(
            "P2",
            f"regkit ÷ {PLAIN}",
            ratio(seconds, REGKIT, PLAIN),
        ),
    ]
    for name, must, goal in (
        (REGKIT, 1.12, 1.05),
        (torch, None, None),
        (jax, None, None),
        (PLAIN, None, None),
    ):
        figures.append(
            Figure(
                "P3",
                f"{name}: elastic net ÷ no penalty",
                ratio(seconds, name, f"{name}, no penalty"),
                must,
                goal,
            )
        )
    l2_alone = ratio(seconds, f"{REGKIT}, L2 alone", f"{REGKIT}, no penalty")
    figures.append(Figure("P3", "regkit: L2 alone ÷ no penalty", l2_alone, 1.06, 1.05))
    return figures, seconds


def microseconds(seconds: Seconds) -> dict[str, float]:
    """The medians, for the JSON file: what the ratios were made from."""
    return {name: 1e6 * statistics.median(values) for name, values in seconds.items()}
