"""Checkpoints: parameters, moments and training state in one safetensors file.

The state is JSON in the file's metadata, with a SHA-256 of state and arrays that detects a damaged
file. No pickle is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.memory import require_memory
from regkit.nn.architecture import Architecture
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.storage import regular, write_whole
from regkit.training import TrainingState

KEY = "regkit"
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
        return cls(architecture, _parameters(model), state.epoch, moments, state, run)

    @classmethod
    def of_model(
        cls, architecture: Architecture, model: Model, epoch: int, *, run: str = ""
    ) -> Checkpoint:
        """A model alone; its architecture is computed once per run."""
        return cls(architecture, _parameters(model), epoch, {}, run=run)

    def save(self, path: Path) -> None:
        """Write the file atomically.

        Raises:
            StorageError: it cannot be written.
        """
        from safetensors.numpy import save

        arrays = {
            name: np.ascontiguousarray(array)
            for name, array in (
                *self.parameters.items(),
                *((MOMENT + name, array) for name, array in self.moments.items()),
            )
        }
        head = {
            "format": FORMAT,
            "architecture": asdict(self.architecture),
            "epoch": self.epoch,
            "state": None if self.state is None else asdict(self.state),
            "run": self.run,
        }
        # One metadata key only: safetensors does not keep the order of several.
        sealed = json.dumps({**head, "sha256": _digest(head, arrays)}, sort_keys=True)
        write_whole(path, save(arrays, metadata={KEY: sealed}))

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

        sealed, arrays = _read(path)
        try:
            head = json.loads(sealed or "")
            digest = head.pop("sha256")
            if digest != _digest(head, arrays):
                raise ValueError("its checksum does not match its contents")
            if head["format"] != FORMAT:
                raise ValueError(f"its format is {head['format']}, and this regkit reads {FORMAT}")
            found = cls._of_file(head, arrays)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise _not_a_checkpoint(path, error) from error
        except ValidationError as error:
            raise _not_a_checkpoint(path, error) from error
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
        made = self.architecture.build(classes)
        self.put_into(made)
        return made

    def put_into(self, model: Model) -> None:
        """Set the model's parameters.

        Raises:
            InputError: the model's layers differ from the file's.
        """
        wanted = _parameters(model)
        if {n: a.shape for n, a in wanted.items()} != {
            n: a.shape for n, a in self.parameters.items()
        }:
            raise InputError("the checkpoint belongs to a network with different layers")
        for name, array in wanted.items():
            array[...] = self.parameters[name]

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


def _read(path: Path) -> tuple[str | None, dict[str, Array]]:
    """The sealed state and the arrays of a safetensors file."""
    from safetensors import SafetensorError, safe_open

    there = regular(path)
    if there is None:
        raise InputError(f"{path} does not exist")
    require_memory(f"{path}", there.st_size)
    try:
        with safe_open(path, framework="numpy") as file:
            sealed = (file.metadata() or {}).get(KEY)
            return sealed, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a complete safetensors file: {error}") from error


def _not_a_checkpoint(path: Path, error: Exception) -> InputError:
    return InputError(f"{path} is not a checkpoint of this regkit, or is damaged: {error}")


def _parameters(model: Model) -> dict[str, Array]:
    return {
        f"{layer.name}.{name}": array
        for layer in model.parameter_layers
        for name, array in layer.params.items()
    }


def _digest(head: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()
