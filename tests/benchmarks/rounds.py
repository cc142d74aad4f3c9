"""Timing in interleaved rounds, A B C A B C …, and the ratios of what was timed."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .contender import Contender

Seconds = Mapping[str, list[float]]
"""What each contender took in each round."""


@dataclass(frozen=True)
class Ratio:
    """How much longer one takes than another: pairs of one round are divided by each other.

    What disturbs a machine for longer than a round disturbs both of a pair, and falls out.
    """

    median: float
    quarter: float
    three_quarters: float
    of_minima: float


def interleaved(timed: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Let each take its time once a round, after one round that does not count."""
    for measure in timed.values():
        measure()
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, measure in timed.items():
            seconds[name].append(measure())
    return seconds


def training(contender: Contender, steps: int) -> Callable[[], float]:
    """Seconds a step, from the problem's start; going back to it is not timed."""

    def measure() -> float:
        contender.restart()
        started = time.perf_counter()
        contender.train(steps)
        return (time.perf_counter() - started) / steps

    return measure


def ratio(seconds: Seconds, one: str, other: str) -> Ratio:
    """How much longer `one` takes than `other`."""
    pairs = [a / b for a, b in zip(seconds[one], seconds[other], strict=True)]
    quarter, median, three_quarters = (
        statistics.quantiles(pairs, n=4, method="inclusive") if len(pairs) > 1 else pairs * 3
    )
    return Ratio(median, quarter, three_quarters, min(seconds[one]) / min(seconds[other]))


def fastest(seconds: Seconds, names: list[str]) -> str:
    """The one with the lowest median."""
    return min(names, key=lambda name: statistics.median(seconds[name]))
