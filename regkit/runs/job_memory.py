"""The memory that a job needs, estimated from its settings before anything is allocated."""

from __future__ import annotations

from itertools import pairwise

from regkit.errors import InputError
from regkit.memory import require_memory
from regkit.runs.config import Config

MOST_LAYERS = 1000
"""Hidden layers; the objects of millions would fill the memory without one large array."""

MOMENTS = {"sgd": 0, "adagrad": 1, "rmsprop": 1, "adam": 2}
"""Arrays of each optimizer that are as large as the parameters."""

BYTES = {"float32": 4, "float64": 8}


def require_memory_for(config: Config, *, n_inputs: int, n_outputs: int, rows: int = 0) -> None:
    """Check that the network, its gradients and moments, and its outputs fit the memory.

    With P parameters, m moments, N neurons and b rows a batch, in numbers of `config.dtype`: the
    network needs (2 + m)·P and a step needs the outputs and their gradients, 2·b·N. Data and
    compiled code come on top: it is an estimate from below.

    Args:
        config: the settings.
        n_inputs: columns of X.
        n_outputs: columns of the network's output.
        rows: training rows; 0 for a network that is not trained.

    Raises:
        InputError: it exceeds the memory, or there are more than 1000 hidden layers.
    """
    if len(config.hidden) > MOST_LAYERS:
        raise InputError(f"--hidden has {len(config.hidden)} layers: give {MOST_LAYERS} at most")
    sizes = (n_inputs, *(one for one in config.hidden if isinstance(one, int)), n_outputs)
    parameters = sum((before + 1) * after for before, after in pairwise(sizes))
    arrays = 2 + MOMENTS[config.optimizer] + bool(config.momentum)
    batch = rows if config.batch_size is None else min(rows, config.batch_size)
    numbers = parameters * arrays + 2 * batch * sum(sizes[1:])
    trained = f", trained on {batch} rows at a time," if rows else ""
    require_memory(f"a network of {parameters} parameters{trained}", numbers * BYTES[config.dtype])
