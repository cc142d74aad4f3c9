"""A trained model as it lies in a run's folder, ready to predict. No plugin is imported."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from regkit.data import Preparation, Table
from regkit.data import load as load_table
from regkit.errors import InputError
from regkit.nn.layers import Dense, Layer, ReLU
from regkit.nn.losses import MeanSquaredError, SoftmaxCrossEntropy
from regkit.nn.model import Evaluation, Model
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file
from regkit.runs.folder import RunFolder

Array = NDArray[Any]


class SavedRun:
    """A run's model with the preparation of its inputs: names, categories, scales, labels.

    Attributes: `path`, `config`, `model`, `preparation`, `weights` (the file the parameters come
    from) and `epoch` (how many epochs lie behind them).
    """

    def __init__(
        self,
        path: Path,
        config: Config,
        model: Model,
        preparation: Preparation,
        weights: Path,
        epoch: int,
    ) -> None:
        self.path = path
        self.config = config
        self.model = model
        self.preparation = preparation
        self.weights = weights
        self.epoch = epoch

    def __repr__(self) -> str:
        return f"<SavedRun {self.path}: {self.model!r}, {self.weights.name}>"

    def table(self, data: Any) -> Table:
        """A file, a frame, an array or a Table, read as the training data were.

        Raises:
            DataError: it cannot be read.
        """
        return data if isinstance(data, Table) else load_table(data, header=self.config.header)

    def predict(self, data: Any) -> Array:
        """Labels as they came in, or numbers, (n,), for a file, a frame, an array or a Table.

        Raises:
            InputError: the data do not have the columns that the model was trained with.
        """
        predicted = self.model.predict(self.preparation.transform(self.table(data)))
        return self.preparation.labels(predicted) if self.is_classifier else predicted

    def predict_proba(self, data: Any) -> Array:
        """Probabilities, (n, classes), in the order of `preparation.classes`.

        Raises:
            InputError: as for `predict`, or the model is one of regression.
        """
        return self.model.predict_proba(self.preparation.transform(self.table(data)))

    def evaluate(self, data: Any) -> Evaluation:
        """Data loss and accuracy or R² on data that hold the target, too.

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


def load(path: str | Path, *, weights: str | None = None) -> SavedRun:
    """The model of a run.

    Args:
        path: the run's folder.
        weights: `"last"`, `"best"` (lowest data loss on validation) or `"zeroed"` (after
            `--zero-small`); None for zeroed, best or last, whichever exists first.

    Raises:
        InputError: there is no run, nothing was saved yet, or a file is damaged.
    """
    folder = RunFolder.existing(Path(path))
    file = _weights(folder, weights)
    config = config_from_file(folder.config)
    preparation = Preparation.from_json(_read(folder.preparation))
    checkpoint = Checkpoint.load(file)
    model = Model(
        _network(checkpoint),
        SoftmaxCrossEntropy() if preparation.task == "classification" else MeanSquaredError(),
        dtype=config.dtype,
    )
    checkpoint.put_into(model)
    return SavedRun(folder.path, config, model, preparation, file, checkpoint.epoch)


def _weights(folder: RunFolder, wanted: str | None) -> Path:
    files = {"zeroed": folder.zeroed, "best": folder.best, "last": folder.last}
    if wanted is not None and wanted not in files:
        raise InputError(f"weights must be one of {', '.join(files)}, got {wanted!r}")
    for name in files if wanted is None else [wanted]:
        if files[name].exists():
            return files[name]
    missing = "no weights" if wanted is None else f"no {wanted} weights"
    raise InputError(f"{folder.path} holds {missing} yet: go on with `regkit resume {folder.path}`")


def _network(checkpoint: Checkpoint) -> list[Layer]:
    """The layers that the arrays in a checkpoint belong to."""
    shapes: list[tuple[int, ...]] = []
    while (name := f"dense{len(shapes) + 1}.weights") in checkpoint.parameters:
        shapes.append(checkpoint.parameters[name].shape)
    if not shapes or any(a[1] != b[0] for a, b in pairwise(shapes)):
        raise InputError("the checkpoint does not hold a network of regkit")
    layers: list[Layer] = []
    for n_inputs, n_neurons in shapes:
        layers += [Dense(n_inputs, n_neurons), ReLU()]
    return layers[:-1]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
