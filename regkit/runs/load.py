"""Loading what was saved: a model's file, or a run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regkit.arguments import path as as_path
from regkit.errors import InputError
from regkit.nn.model_file import load_model
from regkit.runs.saved import load_run


def load(path: str | Path, *, weights: str | None = None, classes: Sequence[type] = ()) -> Any:
    """The model of a file that `Model.save` wrote, or the run of a folder that training wrote.

    Args:
        path: the file or the folder.
        weights: of a run: `"last"`, `"best"` (lowest validation data loss) or `"zeroed"` (after
            `--zero-small`); None for zeroed, best or last, whichever exists first.
        classes: layer and loss classes that are not regkit's.

    Returns:
        A `Model` for a file, a `SavedRun` for a folder.

    Raises:
        InputError: there is neither, a file is damaged or was changed, nothing was saved yet, or a
            class is not given.
    """
    if isinstance(classes, type):
        raise InputError(f"classes must be a list, such as [{classes.__name__}]")
    place = as_path("path", path)
    if not place.is_file():
        return load_run(place, weights=weights, classes=classes)
    if weights is not None:
        raise InputError(f"{path} is the file of one model: leave out weights={weights!r}")
    return load_model(place, classes)
