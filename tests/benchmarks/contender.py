"""What runs in a benchmark: regkit, or one of the programs that people would pick instead."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

import numpy as np

from .problem import Parameters, Problem

STEPS_TO_AGREE = 20


class Contender(ABC):
    """A program that trains on a problem.

    `restart` goes back to the problem's start and is not timed; `train` goes on from where the
    last call ended, and is.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rng = np.random.default_rng(0)

    @abstractmethod
    def restart(self) -> None:
        """Put the starting parameters in place, and an optimizer without a past."""

    @abstractmethod
    def train(self, steps: int) -> None:
        """Take so many steps: whole epochs."""

    @abstractmethod
    def parameters(self) -> Parameters:
        """The parameters as they are."""

    @property
    def steps_an_epoch(self) -> int:
        size = self.problem.batch_size
        return 1 if size is None else len(self.problem.X) // size

    def batches(self, steps: int) -> Iterator[np.ndarray]:
        """The rows of each step, for a problem in batches: shuffled anew for every epoch."""
        each, size = self.steps_an_epoch, self.problem.batch_size
        for _ in range(steps // each):
            order = self.rng.permutation(len(self.problem.X))
            yield from order[: each * size].reshape(each, size)


Make = Callable[[Problem], Contender]

Entries = dict[str, tuple[Make, Problem]]
"""Contenders by name, each with the problem that it is given."""


def loss_after_some_steps(make: Make, problem: Problem) -> float:
    """The loss after the same steps from the same start, on one batch: the same for all.

    It is computed from the parameters, by the problem's own formulas.
    """
    problem = problem.one_batch()
    contender = make(problem)
    contender.restart()
    contender.train(STEPS_TO_AGREE)
    return problem.loss(contender.parameters())
