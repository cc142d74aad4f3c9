"""Models in files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.nn.model import MODEL_FORMAT, Model
from regkit.nn.named_arrays import put_arrays
from regkit.sealed_arrays import not_readable, read_sealed

KIND = "a model"


def load_model(path: Path, classes: Sequence[type] = ()) -> Model:
    """A model that `Model.save` wrote.

    Args:
        path: the file.
        classes: layer and loss classes that are not regkit's.

    Raises:
        InputError: the file does not exist, is damaged or holds something else, or a class is
            missing.
    """
    from msgspec import ValidationError, convert

    head, arrays = read_sealed(path, KIND, MODEL_FORMAT)
    try:
        architecture = convert(head["architecture"], Architecture)
        labels: list[Any] | None = convert(head["classes"], list[bool | str] | None)
        seed = checked_seed(head["seed"])
    except (LookupError, InputError, ValidationError) as error:
        raise not_readable(path, KIND, error) from error
    model = Model.of_architecture(architecture, classes)
    try:
        put_arrays(arrays, model.parameter_layers)
    except InputError as error:
        raise not_readable(path, KIND, error) from error
    model.classes = None if labels is None else tuple(labels)
    model.seed = seed
    return model
