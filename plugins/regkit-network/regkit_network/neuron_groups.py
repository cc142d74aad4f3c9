"""Whole neurons as groups: incoming weights, bias and outgoing weights together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from regkit_group_lasso import GroupLasso

from regkit import ModelRegularizer
from regkit.errors import FieldError
from regkit_network.neurons import hidden_layers

if TYPE_CHECKING:
    from regkit.array_types import Array, ModelArrays

ROWS = GroupLasso(groups="outgoing")
"""√p Σ‖row‖ of a matrix whose rows are the groups, p its number of columns."""


class NeuronGroups(ModelRegularizer):
    """λ Σ √p ‖group‖: a group is all of a hidden neuron, and the penalty empties whole neurons.

    A group holds p entries: a column of a layer's `weights`, that neuron's bias where it is
    selected, and the row of the next layer's `weights` that the neuron feeds. `on` selects two or
    more consecutive layers, such as `"*"`. The neurons of the last one are the network's outputs:
    they form no groups, and their biases are free.

    The gradient is √p · group / ‖group‖, and 0 for a group that is 0. The proximal operator is the
    block soft threshold, and the root of a scalar equation for each group under a step for each
    entry. It is defined for one hidden layer: with more, a weight between two hidden neurons is in
    both of their groups, and groups that overlap have no such form.

    Source: Yuan & Lin (2006), *Model selection and estimation in regression with grouped
    variables*; Alvarez & Salzmann (2016), *Learning the number of neurons in deep networks*, whose
    groups leave out the outgoing weights.

    Raises:
        FieldError: (once it is used) fewer than two layers are selected, their shapes do not chain,
            or there are more than two and the mode is `prox`.
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    consecutive: ClassVar[bool] = True
    sparsifying: ClassVar[bool] = True
    only_layers: ClassVar[int] = 2
    array_step: ClassVar[bool] = True
    array_api: ClassVar[bool] = True
    array_api_prox: ClassVar[bool] = True

    def value(self, params: ModelArrays) -> Array:
        """Σ √p ‖group‖, accumulated in float64."""
        first, *deeper = (
            ROWS.value(neurons.rows(params)) for neurons in hidden_layers(params, "NeuronGroups")
        )
        return sum(deeper, start=first)

    def grad(self, params: ModelArrays) -> ModelArrays:
        """√p · group / ‖group‖, and 0 for a group that is 0; summed where groups overlap."""
        sums: dict[str, dict[str, Array]] = {}
        for neurons in hidden_layers(params, "NeuronGroups"):
            gradient = ROWS.grad(neurons.rows(params))
            for layer, name, part in neurons.parted(gradient, params):
                arrays = sums.setdefault(layer, {})
                arrays[name] = arrays[name] + part if name in arrays else part
        return sums

    def prox(self, params: ModelArrays, steps: float | ModelArrays) -> ModelArrays:
        """Each group with its norm at the threshold; for arrays of steps in their metric."""
        neurons, *overlapping = hidden_layers(params, "NeuronGroups")
        if overlapping:
            raise FieldError(
                f"NeuronGroups: in {', '.join(params)} the groups of neighbouring hidden neurons "
                "overlap, and its prox is defined for one hidden layer: select two layers, or use "
                "mode 'loss'"
            )
        step = neurons.rows(steps) if isinstance(steps, Mapping) else steps
        point = ROWS.prox(neurons.rows(params), step)
        points: dict[str, dict[str, Array]] = {layer: {} for layer in params}
        for layer, name, part in neurons.parted(point, params):
            points[layer][name] = part
        return points
