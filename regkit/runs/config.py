"""The settings of a run. Each has a flag of `regkit train` of the same name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
InitName = Literal["normal", "he", "glorot"]
DTypeName = Literal["float32", "float64"]
DataName = Literal["spiral", "vertical", "sine"]


@dataclass(frozen=True)
class Config:
    """What `regkit train` is asked to do; the defaults are the chapter's job.

    `reg` holds spec strings, `hidden` the sizes of the hidden layers (none for a linear model),
    `batch_size` the rows of a step (None for all), `samples` the rows of each class.
    """

    data: DataName = "spiral"
    samples: int = 1000
    classes: int = 3
    hidden: tuple[int, ...] = (64,)
    init: InitName = "normal"
    reg: tuple[str, ...] = ("l2=5e-4@dense1",)
    optimizer: OptimizerName = "adam"
    lr: float = 0.05
    decay: float = 5e-7
    momentum: float = 0.0
    epochs: int = 10_000
    batch_size: int | None = None
    seed: int = 0
    dtype: DTypeName = "float32"
    log_every: int = 100
