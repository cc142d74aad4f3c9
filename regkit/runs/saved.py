"""A trained model, loaded from a run's folder. No plugin is imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regkit.array_types import Array
from regkit.data import Preparation, Table, read_table
from regkit.errors import InputError
from regkit.nn.model import Model
from regkit.nn.score import Evaluation
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file
from regkit.runs.data import dialect_of
from regkit.runs.folder import RunFolder
from regkit.runs.network import network


class SavedRun:
    """A run's model with the preparation of its inputs: names, categories, scales, labels.

    Attributes: `path`, `config`, `model`, `preparation`, `weights` (the file of the parameters),
    `epoch` (the number of epochs trained) and `untrained` (the model before training).
    """

    def __init__(
        self,
        path: Path,
        config: Config,
        model: Model,
        preparation: Preparation,
        weights: Path,
        epoch: int,
        untrained: Model,
    ) -> None:
        self.path = path
        self.config = config
        self.model = model
        self.preparation = preparation
        self.weights = weights
        self.epoch = epoch
        self.untrained = untrained

    def __repr__(self) -> str:
        return f"<SavedRun {self.path}: {self.model!r}, {self.weights.name}>"

    def table(self, data: Any) -> Table:
        """A file, a frame, an array or a Table, read as the training data were.

        Raises:
            DataError: it cannot be read.
        """
        return data if isinstance(data, Table) else read_table(data, dialect=dialect_of(self.config))

    def predict(self, data: Any) -> Array:
        """The original labels, or numbers, (n,), for a file, a frame, an array or a Table.

        Raises:
            InputError: the data do not have the columns that the model was trained with.
        """
        predicted = self.model.predict(self.preparation.transform(self.table(data)))
        return self.preparation.labels(predicted) if self.is_classifier else predicted

    def predict_proba(self, data: Any) -> Array:
        """Probabilities, (n, classes), in the order of `preparation.classes`.

        Raises:
            InputError: as for `predict`, or it is a regression model.
        """
        return self.model.predict_proba(self.preparation.transform(self.table(data)))

    def evaluate(self, data: Any) -> Evaluation:
        """Data loss, and accuracy or R², on data that include the target.

        Raises:
            InputError: as for `predict`, or the target is missing or has unknown labels.
        """
        table = self.table(data)
        return self.model.evaluate(
            self.preparation.transform(table), self.preparation.targets(table)
        )

    @property
    def is_classifier(self) -> bool:
        """Whether the model predicts classes."""
        return self.preparation.task == "classification"


def load(path: str | Path, *, weights: str | None = None, classes: Sequence[type] = ()) -> SavedRun:
    """The model of a run.

    Args:
        path: the run's folder.
        weights: `"last"`, `"best"` (lowest data loss on validation) or `"zeroed"` (after
            `--zero-small`); None for zeroed, best or last, whichever exists first.
        classes: layer classes that are not regkit's.

    Raises:
        InputError: there is no run, nothing was saved yet, a file is damaged, or a layer's class
            is not given.
    """
    if isinstance(classes, type):
        raise InputError(f"classes must be a list, such as [{classes.__name__}]")
    folder = RunFolder.existing(Path(path))
    file = _weights(folder, weights)
    config = config_from_file(folder.config)
    preparation = Preparation.from_json(_read(folder.preparation), str(folder.preparation))
    checkpoint = Checkpoint.load(file)
    start = Checkpoint.load(folder.start) if folder.start.exists() else None
    return SavedRun(
        folder.path,
        config,
        checkpoint.model(classes),
        preparation,
        file,
        checkpoint.epoch,
        network(config, preparation) if start is None else start.model(classes),
    )


def _weights(folder: RunFolder, wanted: str | None) -> Path:
    files = {"zeroed": folder.zeroed, "best": folder.best, "last": folder.last}
    if wanted is not None and wanted not in files:
        raise InputError(f"weights must be one of {', '.join(files)}, got {wanted!r}")
    for name in files if wanted is None else [wanted]:
        if files[name].exists():
            return files[name]
    missing = "no weights" if wanted is None else f"no {wanted} weights"
    raise InputError(f"{folder.path} holds {missing} yet: go on with `regkit resume {folder.path}`")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
