"""The pattern of zeros in each layer's weights, and the neurons that do nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.ticker import MaxNLocator

from regkit.array_types import Array
from regkit.nn.model import Model
from regkit.nn.passes import Passes
from regkit.reports.drawings.drawing import Drawing, Numbers, new_figure
from regkit.reports.pictures.style import BLUE
from regkit.runs.saved import SavedRun

MOST_CELLS = 400
"""A larger matrix is drawn in blocks, each as dark as its share of weights that are not 0."""


def sparsity(saved: SavedRun, X: Array | None) -> list[Drawing]:
    """A drawing for each matrix of weights in which something is exactly 0, or a neuron is dead.

    Args:
        saved: the model.
        X: the training rows; None where they cannot be read again.
    """
    silent = {} if X is None else silent_neurons(saved.model, X)
    drawn = []
    for layer in saved.model.parameter_layers:
        for name, w in layer.weight_arrays().items():
            if w.ndim == 2 and (not w.all() or silent.get(layer.name)):
                drawn.append(
                    _drawing(f"{layer.name}.{name}", saved.weights_title, w, silent.get(layer.name))
                )
    return drawn


def silent_neurons(model: Model, X: Array) -> Mapping[str, list[int]]:
    """By layer, the neurons that give the same on every training row, behind their activation.

    Only layers that something follows: of the last one the outputs are the answer.
    """
    passes = Passes(model.layers, model.loss, model.dtype, output_gradients=lambda *_: ())
    passes.forward(model.as_inputs(X))
    found: dict[str, list[int]] = {}
    *hidden, last = [layer.name for layer in model.parameter_layers]
    owner = None
    for layer in model.layers:
        owner = layer.name if layer.name in (*hidden, last) else owner
        if owner is not None and owner != last:
            outputs = passes.layer_outputs[layer.name]
            constant = (outputs == outputs[:1]).all(axis=0)
            found[owner] = np.flatnonzero(constant).tolist()
    return found


def _drawing(title: str, title_of: str, w: Array, silent: list[int] | None) -> Drawing:
    used = w != 0
    empty_rows, empty_columns = (int((~used.any(axis=axis)).sum()) for axis in (1, 0))
    figure, panel = new_figure(height=min(4.0, max(1.4, 1.0 + 3.0 * w.shape[0] / w.shape[1])))
    shades = ListedColormap([(*to_rgba(BLUE)[:3], alpha) for alpha in np.linspace(0.06, 1, 65)])
    panel.imshow(
        _in_blocks(used),
        cmap=shades,
        vmin=0,
        vmax=1,
        extent=(-0.5, w.shape[1] - 0.5, w.shape[0] - 0.5, -0.5),
        aspect="auto",
        interpolation="nearest",
    )
    panel.grid(visible=False)
    panel.set_xlabel("neuron")
    panel.set_ylabel("input")
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    zeros = w.size - int(np.count_nonzero(w))
    told = [
        ("weights", str(w.size)),
        ("exactly 0", f"{zeros} ({zeros / w.size:.1%})"),
        ("inputs without a weight", f"{empty_rows} of {w.shape[0]}"),
        ("neurons without a weight", f"{empty_columns} of {w.shape[1]}"),
    ]
    if silent is not None:
        told.append(("dead neurons", f"{len(silent)} of {w.shape[1]}"))
        # Ticks above the columns of neurons that are dead.
        panel.plot(silent, [-0.5] * len(silent), "v", color="#D55E00", markersize=4, clip_on=False)
    dead = ""
    if silent is not None:
        dead = (
            f" Dead neurons, which give the same for every training row: {len(silent)} of "
            f"{w.shape[1]}, each marked by a triangle."
        )
    return Drawing(
        f"Zeros of {title}",
        figure,
        f"{title_of[0].upper()}{title_of[1:]}: {zeros} of {w.size} are exactly 0 "
        f"({zeros / w.size:.1%}), which are pale. "
        f"Without any weight left: {empty_rows} of {w.shape[0]} inputs and {empty_columns} of "
        f"{w.shape[1]} neurons.{dead}",
        Numbers(("", title), told),
    )


def _in_blocks(used: Array) -> Array:
    """The share of what is used, in at most `MOST_CELLS` blocks along each axis."""
    shares = used.astype(np.float64)
    for axis in (0, 1):
        size = shares.shape[axis]
        if size > MOST_CELLS:
            starts = np.unique(np.linspace(0, size, MOST_CELLS, endpoint=False).astype(int))
            counts = np.diff(np.append(starts, size))
            shape = (-1, 1) if axis == 0 else (1, -1)
            shares = np.add.reduceat(shares, starts, axis=axis) / counts.reshape(shape)
    return shares
