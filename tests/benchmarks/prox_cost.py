"""P10: what proximal points after Adam's steps cost on the large network, under a step an entry."""

from collections.abc import Iterator

import numpy as np

from .figure import Figure
from .peers.regkit_train import RegkitTrain
from .problem import Problem, wide
from .rounds import Seconds, interleaved, ratio, training

STEPS = 200
KERNELS = {"regkit": "numpy", "regkit, compiled": "compiled"}
PENALTIES = {
    "l1": "l1=2e-4,mode=prox",
    "group_lasso": "group_lasso=7e-4,mode=prox",
    "group_lasso of rows": "group_lasso=9.5e-4,groups=outgoing,mode=prox",
    "sparse_group_lasso": "sparse_group_lasso=5e-4,mode=prox",
}
"""Strengths with which some but not most weights are 0 after these steps."""
MUST, GOAL = 1.15, 1.06


class TrainedInProx(RegkitTrain):
    """regkit with one penalty, given as a spec, on all weights; with none if it is empty."""

    def __init__(self, problem: Problem, spec: str, **settings: str) -> None:
        super().__init__(problem, **settings)
        self.spec = spec

    @property
    def zeros(self) -> float:
        """The share of weights that are 0, in per cent."""
        weights = [weights for weights, _ in self.parameters()]
        return 100 * sum(np.count_nonzero(w == 0) for w in weights) / sum(w.size for w in weights)

    def _regularizers(self) -> list[str]:
        return [self.spec] if self.spec else []


def prox_cost(rounds: int) -> tuple[list[Figure], Seconds]:
    """A step with each penalty in mode `prox`, over one without a penalty."""
    problem = wide()
    contenders = {
        _name(ours, penalty): TrainedInProx(problem, spec, kernels=kernels)
        for ours, kernels in KERNELS.items()
        for penalty, spec in {"no penalty": "", **PENALTIES}.items()
    }
    seconds = interleaved({name: training(one, STEPS) for name, one in contenders.items()}, rounds)
    return list(_figures(contenders, seconds)), seconds


def _figures(contenders: dict[str, TrainedInProx], seconds: Seconds) -> Iterator[Figure]:
    for ours in KERNELS:
        for penalty in PENALTIES:
            name, bounds = _name(ours, penalty), (MUST, GOAL) if "compiled" in ours else ()
            added = ratio(seconds, name, _name(ours, "no penalty"))
            yield Figure("P10", f"{name} ÷ no penalty", added, *bounds)
    for penalty in PENALTIES:
        share = contenders[_name(ours, penalty)].zeros
        yield Figure("P10", f"{penalty}: weights that are 0 in the end", share, unit="%")


def _name(ours: str, penalty: str) -> str:
    return f"{ours}: {penalty}"
