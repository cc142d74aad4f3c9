"""Checkpoints: parameters, moments and training state in one safetensors file.

The state is JSON in the file's metadata; a checksum seals both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.nn.model import Model
from regkit.nn.named_arrays import named_arrays, put_arrays
from regkit.nn.optimizers import Optimizer
from regkit.sealed_arrays import not_readable, read_sealed, write_sealed
from regkit.training import TrainingState

KIND = "a checkpoint"
FORMAT = 3
"""Format 1 held no architecture, format 2 no run's identity."""

MOMENT = "optimizer."


@dataclass(frozen=True)
class Checkpoint:
    """The contents of a file: parameters by `layer.parameter`, flat moments by name, and the state.

    `epoch` is the number of epochs trained. `state` and `moments` are absent from files that hold
    only a model. `run` is the identity of the run that wrote it, empty outside a run's folder.
    """

    architecture: Architecture
    parameters: Mapping[str, Array]
    epoch: int
    moments: Mapping[str, Array]
    state: TrainingState | None = None
    run: str = ""

    @classmethod
    def of(
        cls,
        architecture: Architecture,
        model: Model,
        optimizer: Optimizer,
        state: TrainingState,
        *,
        run: str = "",
    ) -> Checkpoint:
        """The checkpoint of a training between two epochs."""
        moments = dict(optimizer.moments)
        return cls(
            architecture, named_arrays(model.parameter_layers), state.epoch, moments, state, run
        )

    @classmethod
    def of_model(
        cls, architecture: Architecture, model: Model, epoch: int, *, run: str = ""
    ) -> Checkpoint:
        """A model alone; its architecture is computed once per run."""
        return cls(architecture, named_arrays(model.parameter_layers), epoch, {}, run=run)

    def save(self, path: Path) -> None:
        """Write the file atomically.

        Raises:
            StorageError: it cannot be written.
        """
        moments = {MOMENT + name: array for name, array in self.moments.items()}
        head = {
            "format": FORMAT,
            "architecture": asdict(self.architecture),
            "epoch": self.epoch,
            "state": None if self.state is None else asdict(self.state),
            "run": self.run,
            "role": _role(path),
        }
        write_sealed(path, head, {**self.parameters, **moments})

    @classmethod
    def load(cls, path: Path, *, run: str | None = None) -> Checkpoint:
        """Read a file that `save` wrote.

        Args:
            path: the file.
            run: the identity of the run that must have written it; None for any.

        Raises:
            InputError: it does not exist, is damaged, is not a checkpoint, or another run's.
        """
        from msgspec import ValidationError

        head, arrays = read_sealed(path, KIND, FORMAT)
        try:
            found = cls._of_file(head, arrays)
        except (LookupError, ValidationError) as error:
            raise not_readable(path, KIND, error) from error
        if run is not None and head.get("role") != _role(path):
            raise InputError(
                f"{path} was written as {head.get('role')}{path.suffix}: put back the file that "
                "has this name"
            )
        if run is not None and found.run != run:
            raise InputError(
                f"{path} belongs to another run than {path.parent}: put back the file of this run"
            )
        return found

    @classmethod
    def _of_file(cls, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> Checkpoint:
        from msgspec import Meta, convert

        return cls(
            convert(head["architecture"], Architecture),
            {name: array for name, array in arrays.items() if not name.startswith(MOMENT)},
            convert(head["epoch"], Annotated[int, Meta(ge=0)]),
            {
                name.removeprefix(MOMENT): array
                for name, array in arrays.items()
                if name.startswith(MOMENT)
            },
            convert(head["state"], TrainingState | None),
            convert(head["run"], str),
        )

    def model(self, classes: Sequence[type] = ()) -> Model:
        """A new model with these parameters.

        Raises:
            InputError: a layer is neither regkit's nor among the classes.
        """
        made = Model.of_architecture(self.architecture, classes)
        self.put_into(made)
        return made

    def put_into(self, model: Model) -> None:
        """Set the model's parameters.

        Raises:
            InputError: the model's layers differ from the file's.
        """
        put_arrays(self.parameters, model.parameter_layers)

    def put_moments_into(self, optimizer: Optimizer) -> None:
        """Set the moments of an optimizer that is already attached to its model.

        Raises:
            InputError: the optimizer's moments differ from the file's.
        """
        if {n: a.shape for n, a in optimizer.moments.items()} != {
            n: a.shape for n, a in self.moments.items()
        }:
            raise InputError("the checkpoint belongs to another optimizer")
        for name, array in optimizer.moments.items():
            array[...] = self.moments[name]


def _role(path: Path) -> str:
    """What a file is for, by its name: `last`, `best`, `zeroed` or `start`."""
    return path.name.partition(".")[0]
