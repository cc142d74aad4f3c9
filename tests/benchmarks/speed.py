"""P1 to P3: steps of training, beside the programs that people would pick instead."""

import os
import statistics
from collections.abc import Callable, Iterator
from functools import partial

from .contender import Entries, Make, loss_after_some_steps
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
COMPILED = "regkit, compiled"
OURS = {REGKIT: RegkitTrain, COMPILED: partial(RegkitTrain, kernels="compiled")}
TORCH = {f"PyTorch, {n} thread{'s' * (n > 1)}": partial(TorchEager, threads=n) for n in THREADS}
JAX = {"JAX, step by step": JaxStep, "JAX, lax.scan": JaxScan}
KERAS = {"Keras on JAX": KerasOnJax}
PLAIN = "plain program after the chapter"
# Small products: a second BLAS thread only costs these two something.
IN_CHAPTER_JOB = {PLAIN: partial(ChapterProgram, threads=1)}
IN_VARIANT = {"scikit-learn": partial(SklearnMLP, threads=1)} | KERAS
IN_WIDE_JOB = {PLAIN: ChapterProgram}

# Suffixes of a contender's name, for what it is given instead of the job.
VARIANT = ", variant"
NO_PENALTY = ", no penalty"
L2_ALONE = ", L2 alone"

AGREEMENT = 1e-4


def on(problem: Problem, makers: dict[str, Make], suffix: str = "") -> Entries:
    return {name + suffix: (make, problem) for name, make in makers.items()}


def in_chapter_job() -> Entries:
    return on(chapter(), OURS | JAX | TORCH | IN_CHAPTER_JOB) | on(
        chapter_variant(), {name + VARIANT: make for name, make in OURS.items()} | IN_VARIANT
    )


def in_wide_job() -> Entries:
    penalized, unpenalized, l2_alone = wide(), wide().unpenalized(), wide(l1=0.0)
    entries: Entries = {}
    # With and without a penalty are neighbours in a round, so that what disturbs the machine
    # disturbs both.
    for name, make in (OURS | JAX | TORCH | IN_WIDE_JOB).items():
        entries[name + NO_PENALTY] = make, unpenalized
        entries[name] = make, penalized
        if name in OURS:
            entries[name + L2_ALONE] = make, l2_alone
    return entries | on(penalized, KERAS)


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
    """P1. A call of `train` takes 1000 steps; slow ones take fewer, so that a round stays short."""
    slow = {*IN_CHAPTER_JOB, *IN_VARIANT}
    seconds = timed(in_chapter_job(), lambda name: 50 if name in slow else 1000, rounds)
    bounds = {(COMPILED, "JAX, lax.scan"): (0.5, 0.3)}
    others = ["JAX, lax.scan", "JAX, step by step", fastest(seconds, list(TORCH)), PLAIN]
    figures = _beside(seconds, "P1", others, bounds)
    figures += [
        Figure("P1", f"{ours}{VARIANT} ÷ {other}", ratio(seconds, ours + VARIANT, other))
        for ours in OURS
        for other in IN_VARIANT
    ]
    figures.append(Figure("P1", f"{COMPILED} ÷ {REGKIT}", ratio(seconds, COMPILED, REGKIT)))
    return figures, seconds


def _beside(
    seconds: Seconds,
    job: str,
    others: list[str],
    bounds: dict[tuple[str, str], tuple[float, float | None]],
) -> list[Figure]:
    return [
        Figure(
            job,
            f"{ours} ÷ {other}",
            ratio(seconds, ours, other),
            *bounds.get((ours, other), (None, None)),
        )
        for ours in OURS
        for other in others
    ]


def wide_job(rounds: int) -> tuple[list[Figure], Seconds]:
    """P2 and P3."""
    seconds = timed(in_wide_job(), lambda name: 40 if PLAIN in name else 200, rounds)
    torch, jax = fastest(seconds, list(TORCH)), fastest(seconds, list(JAX))
    bounds = {(COMPILED, "JAX, lax.scan"): (1.1, 1.0), (COMPILED, torch): (0.8, None)}
    figures = _beside(seconds, "P2", [torch, *JAX, *KERAS, PLAIN], bounds)
    figures.append(Figure("P2", f"{COMPILED} ÷ {REGKIT}", ratio(seconds, COMPILED, REGKIT)))
    for name in (*OURS, torch, jax, PLAIN):
        must, goal = (1.08, 1.04) if name == COMPILED else (None, None)
        added = ratio(seconds, name, name + NO_PENALTY)
        figures.append(Figure("P3", f"{name}: elastic net ÷ no penalty", added, must, goal))
    for name in OURS:
        must, goal = (1.05, 1.04) if name == COMPILED else (None, None)
        added = ratio(seconds, name + L2_ALONE, name + NO_PENALTY)
        figures.append(Figure("P3", f"{name}: L2 alone ÷ no penalty", added, must, goal))
    return figures, seconds


def microseconds(seconds: Seconds) -> dict[str, float]:
    """The medians, for the JSON file: what the ratios were made from."""
    return {name: 1e6 * statistics.median(values) for name, values in seconds.items()}
