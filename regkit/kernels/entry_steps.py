"""What the host of a run gives to `penalty_prox` as the steps of a layer's entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regkit.array_types import Array, Arrays, read_only
from regkit.kernels.kernels import Kernels
from regkit.kernels.root_steps import RootSteps


class EntrySteps(Mapping[str, Array]):
    """The steps of a layer's parameters, {parameter: array}; each is computed when it is read.

    The rest is the host's business, and no hook may rely on it.

    Attributes:
        uncomputed: what the steps are made of, by parameter.
        points: where proximal points may be written, by parameter, in the parameters' shapes.
        kernels: the run's.
    """

    def __init__(
        self, uncomputed: Mapping[str, RootSteps], points: Arrays, kernels: Kernels
    ) -> None:
        self.uncomputed = uncomputed
        self.points = points
        self.kernels = kernels
        self._computed: dict[str, Array] = {}

    def __getitem__(self, parameter: str) -> Array:
        if parameter not in self._computed:
            self._computed[parameter] = read_only(self.uncomputed[parameter].array())
        return self._computed[parameter]

    def __iter__(self) -> Iterator[str]:
        return iter(self.uncomputed)

    def __len__(self) -> int:
        return len(self.uncomputed)
