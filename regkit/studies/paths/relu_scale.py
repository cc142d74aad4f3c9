"""Layers that can shrink at no cost, since the next one grows."""

from __future__ import annotations

from regkit.nn.layers import ReLU
from regkit.runs.job import Job
from regkit.studies.paths.selected import selected_arrays
from regkit.warn import warn


def warn_of_relu_scale(made: Job, place: int) -> None:
    """Warn where a penalized layer before a ReLU is followed by one without a penalty.

    max(0, c·z) = c·max(0, z) for c > 0: dividing a layer by c and multiplying the next one by c
    leaves the data loss as it is, and the penalty c times smaller.
    """
    chosen = {layer for layer, _ in selected_arrays(made.model, made.regularizers[place])}
    penalized = {
        layer for one in made.regularizers for layer, _ in selected_arrays(made.model, one)
    }
    layers = made.model.layers
    for number, layer in enumerate(layers):
        following = next((one for one in layers[number + 1 :] if one.params), None)
        if layer.name not in chosen or following is None or following.name in penalized:
            continue
        if any(isinstance(one, ReLU) for one in layers[number : layers.index(following)]):
            warn(
                f"{layer.name} stands before a ReLU and {following.name} has no penalty: the one "
                "can shrink and the other grow at no cost, so strengths say little; penalize "
                f"{following.name} too, for example with l2=1e-4@{following.name}"
            )
