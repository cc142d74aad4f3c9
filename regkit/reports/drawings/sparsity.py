"""The pattern of zeros in each layer's weights, and the neurons that do nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.ticker import MaxNLocator

from regkit.array_types import Array
from regkit.data.by_position import are_unnamed
from regkit.nn.model import Model
from regkit.nn.passes import Passes
from regkit.reports.drawings.drawing import Drawing, Numbers, new_figure
from regkit.reports.pictures.names import distinct
from regkit.reports.pictures.style import BLUE
from regkit.reports.words import count
from regkit.runs.saved import SavedRun

MOST_NAMES = 40
"""Of more inputs every second is named, or every third, and so on."""

NAME_HEIGHT = 0.155
"""The room of a name, in inches."""

NAME_SIZE = 8
LONGEST_NAME = 20
"""In points, and in letters."""

MOST_TRIANGLES = 100
"""More would not lie side by side."""

MOST_CELLS = 400
"""A larger matrix is drawn in blocks, each as dark as its share of weights that are not 0."""


def sparsity(saved: SavedRun, X: Array | None) -> list[Drawing]:
    """A drawing for each matrix of weights in which something is exactly 0.

    Args:
        saved: the model.
        X: the training rows; None where they cannot be read again.
    """
    silent = {} if X is None else silent_neurons(saved.model, X)
    drawn = []
    for layer in saved.model.parameter_layers:
        for name, w in layer.weight_arrays().items():
            if w.ndim == 2 and not w.all():
                inputs = _input_names(saved, layer.name, len(w))
                title = f"{layer.name}.{name}"
                drawn.append(
                    _drawing(title, saved.weights_title, w, silent.get(layer.name), inputs)
                )
    return drawn


def without_zeros(saved: SavedRun, X: Array | None) -> Numbers | None:
    """The matrices that have no drawing, since no weight of theirs is 0.

    None where no other has a drawing and no neuron is dead. Arguments are those of `sparsity`.
    """
    silent = {} if X is None else silent_neurons(saved.model, X)
    matrices = [
        (layer.name, f"{layer.name}.{name}", w)
        for layer in saved.model.parameter_layers
        for name, w in layer.weight_arrays().items()
        if w.ndim == 2
    ]
    full = [one for one in matrices if one[2].all()]
    if not full or (len(full) == len(matrices) and not any(silent.values())):
        return None
    return Numbers(
        ("layer", "weights", "dead neurons"),
        [
            [
                title,
                str(w.size),
                f"{len(silent[layer])} of {w.shape[1]}" if layer in silent else "",
            ]
            for layer, title, w in full
        ],
    )


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


def _input_names(saved: SavedRun, layer: str, count: int) -> list[str] | None:
    """What the rows of a layer's weights belong to; None for layers behind the first one.

    A table without a header has none either.
    """
    first = saved.model.parameter_layers[0].name
    names = saved.preparation.features
    if layer != first or len(names) != count or are_unnamed(saved.names):
        return None
    return names


def _drawing(
    title: str, title_of: str, w: Array, silent: list[int] | None, inputs: Sequence[str] | None
) -> Drawing:
    used = w != 0
    empty_rows, empty_columns = (int((~used.any(axis=axis)).sum()) for axis in (1, 0))
    height = min(4.0, max(1.4, 1.0 + 3.0 * w.shape[0] / w.shape[1]))
    if inputs is not None:
        height = max(height, 1.0 + NAME_HEIGHT * min(len(inputs), MOST_NAMES))
    figure, panel = new_figure(height=height)
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
    if inputs is not None:
        shown = range(0, len(inputs), -(-len(inputs) // MOST_NAMES))
        names = distinct(inputs, LONGEST_NAME)
        panel.set_yticks(shown, [names[at] for at in shown], fontsize=NAME_SIZE)
    zeros = w.size - int(np.count_nonzero(w))
    told = [
        ("weights", str(w.size)),
        ("exactly 0", f"{zeros} ({zeros / w.size:.1%})"),
        (
            "inputs without a weight",
            f"{empty_rows} of {w.shape[0]}{_named(inputs, ~used.any(axis=1))}",
        ),
        ("neurons without a weight", f"{empty_columns} of {w.shape[1]}"),
    ]
    if silent is not None:
        told.append(("dead neurons", f"{len(silent)} of {w.shape[1]}"))
        # Ticks above the columns of neurons that are dead.
        at = _apart(silent, w.shape[1])
        panel.plot(at, [-0.5] * len(at), "v", color="#D55E00", markersize=4, clip_on=False)
    dead = ""
    if silent is not None:
        dead = (
            f" Dead neurons, which give the same for every training row: {len(silent)} of "
            f"{w.shape[1]}, each marked by a triangle."
        )
    return Drawing(
        f"Zeros of {title}",
        figure,
        f"{title_of[0].upper()}{title_of[1:]}: {zeros} of {w.size} {'is' if zeros == 1 else 'are'} "
        f"exactly 0 ({zeros / w.size:.1%}), all but invisible here. "
        f"Without any weight left: {empty_rows} of {count(w.shape[0], 'input')} and "
        f"{empty_columns} of {count(w.shape[1], 'neuron')}.{dead}",
        Numbers(("", title), told),
    )


def _named(inputs: Sequence[str] | None, chosen: Array) -> str:
    """The names of the chosen inputs after a colon, if they have names and there are any."""
    if inputs is None or not chosen.any():
        return ""
    return f": {', '.join(inputs[at] for at in np.flatnonzero(chosen).tolist())}"


def _apart(silent: Sequence[int], count: int) -> list[float]:
    """The places of the triangles; of a wide layer, those that would hide each other are one."""
    step = max(1.0, count / MOST_TRIANGLES)
    return sorted({round(one / step) * step for one in silent})


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
