"""The points of a path: what was measured at each strength, and the strengths that it chooses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regkit.studies.choice import Choice


@dataclass(frozen=True)
class PathPoints:
    """What a path is shown by; the attributes are those of `PathResult`."""

    metric: str
    strengths: Sequence[float]
    means: Sequence[float]
    errors: Sequence[float]
    finished_folds: Sequence[int]
    folds: int
    nonzeros: Sequence[int | None]
    selected: int
    distances: Sequence[float]
    converged: Sequence[bool]
    folds_converged: Sequence[bool]
    tolerance: float
    asked_tolerance: float
    inputs: Mapping[str, float | None]
    neurons: Mapping[str, Mapping[int, float | None]]
    input_weights: Mapping[str, Sequence[float]]
    neuron_weights: Mapping[str, Sequence[Sequence[float]]]
    norms: bool
    train_losses: Sequence[tuple[float, float]]
    failures: Mapping[str, int]
    choice: Choice | None

    @property
    def lambda_min(self) -> float:
        """The strength with the best mean; NaN if there is none."""
        return math.nan if self.choice is None else self.choice.lambda_min

    @property
    def lambda_1se(self) -> float:
        """The largest strength whose mean is within one standard error of the best."""
        return math.nan if self.choice is None else self.choice.lambda_1se
