"""The row of a point of a path: what is measured there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from regkit.array_types import Array
from regkit.data import Preparation
from regkit.nn.model import Model
from regkit.runs.evaluation import detailed_evaluation
from regkit.runs.job import Job
from regkit.runs.prepared import TEST
from regkit.studies.measures import are_measures, is_figure, measures
from regkit.studies.paths.leaving import in_use
from regkit.studies.paths.path_weights import path_weights
from regkit.studies.paths.point import Trained
from regkit.studies.task import Row

OF_ALL_ROWS = (
    *("columns", "inputs", "neurons", "widths"),
    *("norms", "input_weights", "neuron_weights"),
)
"""What the rows of the chain on all training rows have beside the others."""


def path_row(
    made: Job, trained: Trained, selected: Sequence[tuple[str, str]], *, of_fold: bool
) -> Row:
    """What is measured of a trained point.

    Args:
        made: its job.
        trained: how its training ended.
        selected: the parameters that the path's penalty selects: (layer, parameter).
        of_fold: whether a fold is held out, to be measured on; otherwise inputs and neurons are
            told, of the chain on all training rows.
    """
    arrays = _arrays(made.model, selected)
    objective = made.objective(max(trained.epochs - 1, 0))
    return {
        **(held_out_row(made) if of_fold else {}),
        "train": {"loss": objective.loss, "data_loss": objective.data_loss},
        "nonzeros": sum(int(np.count_nonzero(array)) for array in arrays),
        "selected": sum(array.size for array in arrays),
        "distance": trained.distance,
        "converged": trained.converged,
        "epochs": trained.epochs,
        **({} if of_fold else _usage(made.model, made.data.preparation)),
    }


def held_out_row(made: Job) -> Row:
    """What is measured on the fold that is held out."""
    rows = made.data.held_out[TEST]
    return {TEST: measures(detailed_evaluation(made.model, made.data.preparation, *rows))}


def is_path_row(row: Row, *, of_fold: bool) -> bool:
    """Whether a row has what a result takes from it, besides the reason of a failure."""
    figures = ("nonzeros", "selected", "distance", "tolerance")
    if not all(is_figure(row.get(name)) for name in figures) or "converged" not in row:
        return False
    return are_measures(row.get(TEST)) if of_fold else all(name in row for name in OF_ALL_ROWS)


def _usage(model: Model, preparation: Preparation) -> Row:
    """The inputs and neurons in use, and what there is."""
    used = in_use(model, preparation)
    return {
        "columns": [column.name for column in preparation.columns],
        "inputs": list(used.inputs),
        "neurons": {layer: list(numbers) for layer, numbers in used.neurons.items()},
        "widths": {
            layer.name: layer.params["biases"].size
            for layer in model.parameter_layers
            if layer.name in used.neurons
        },
        **path_weights(model, preparation),
    }


def _arrays(model: Model, selected: Sequence[tuple[str, str]]) -> list[Array]:
    params: Mapping[str, Mapping[str, Array]] = {
        layer.name: layer.params for layer in model.parameter_layers
    }
    return [params[layer][name] for layer, name in selected]
