"""The settings of a run: each has a flag of `regkit train` and a key of a configuration file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from regkit.kernels.names import KernelsName

OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
InitName = Literal["normal", "he", "glorot"]
DTypeName = Literal["float32", "float64"]
TaskName = Literal["auto", "classification", "regression"]
ImputeName = Literal["mean", "median", "most_frequent"]

SYNTHETIC_DATA = "Synthetic data"
TABLE = "A table"
NETWORK = "Network"
REGULARIZATION = "Regularization"
TRAINING = "Training"
OUTPUT = "Output"


@dataclass(frozen=True)
class About:
    """What the help says of a setting, and among which others it stands."""

    group: str
    text: str
    metavar: str | None = None


@dataclass(frozen=True)
class Config:
    """What `regkit train` is asked to do; the defaults are the chapter's job.

    Flags, configuration files, their checks and the help are made from this class alone. A setting
    is a str, an int, a float, a bool or a `Literal` of texts, or one of them or None, which leaves
    the choice to regkit; or it is a tuple of texts or integers.
    """

    data: Annotated[str, About(SYNTHETIC_DATA, "The argument DATA.")] = "spiral"
    samples: Annotated[int, About(SYNTHETIC_DATA, "Rows of each class.")] = 1000
    classes: Annotated[int, About(SYNTHETIC_DATA, "Classes of spiral and vertical.")] = 3
    data_seed: Annotated[
        int | None,
        About(SYNTHETIC_DATA, "Random seed of the draw.  [default: that of --seed]", "INTEGER"),
    ] = None
    val_samples: Annotated[
        int, About(SYNTHETIC_DATA, "Rows of each class to validate on, drawn anew; 0 for none.")
    ] = 100

    target: Annotated[str | None, About(TABLE, "The column to predict.", "COLUMN")] = None
    task: Annotated[TaskName, About(TABLE, "auto goes by the values of the target.")] = "auto"
    drop: Annotated[
        tuple[str, ...], About(TABLE, "A column to leave out. Repeatable.", "COLUMN")
    ] = ()
    categorical: Annotated[
        tuple[str, ...],
        About(TABLE, "A column whose numbers stand for categories. Repeatable.", "COLUMN"),
    ] = ()
    header: Annotated[
        bool | None,
        About(TABLE, "Whether a CSV's first row holds names.  [default: if no number is in it]"),
    ] = None
    val: Annotated[
        float, About(TABLE, "Fraction of the rows (of each class) to validate on; 0 for none.")
    ] = 0.2
    split_seed: Annotated[
        int | None,
        About(
            TABLE, "Random seed of the choice of these rows.  [default: that of --seed]", "INTEGER"
        ),
    ] = None
    test: Annotated[
        str | None, About(TABLE, "A second table, to measure the trained model on.", "FILE")
    ] = None
    standardize: Annotated[
        bool, About(TABLE, "Scale columns of numbers by the training rows: mean 0, deviation 1.")
    ] = False
    impute: Annotated[
        ImputeName | None,
        About(TABLE, "Fill in missing values, by the training rows.  [default: refuse them]"),
    ] = None

    hidden: Annotated[
        tuple[int, ...],
        About(NETWORK, "Sizes of the hidden layers, such as 64,64; none for a linear model."),
    ] = (64,)
    init: Annotated[InitName, About(NETWORK, "How weights start: 0.01·randn, He or Glorot.")] = (
        "normal"
    )
    dtype: Annotated[DTypeName, About(NETWORK, "What the network computes in.")] = "float32"

    reg: Annotated[
        tuple[str, ...],
        About(
            REGULARIZATION,
            "A regularizer: NAME=STRENGTH[,FIELD=VALUE…][@SELECTOR+…]. Repeatable; "
            "'none' for none.",
            "SPEC",
        ),
    ] = ("l2=5e-4@dense1",)

    zero_small: Annotated[
        bool,
        About(
            REGULARIZATION,
            "After training, set small weights to exactly 0 where the objective does not rise.",
        ),
    ] = False

    optimizer: Annotated[OptimizerName, About(TRAINING, "How gradients become steps.")] = "adam"
    lr: Annotated[float, About(TRAINING, "Learning rate.")] = 0.05
    decay: Annotated[float, About(TRAINING, "Of the learning rate: lr / (1 + decay · step).")] = (
        5e-7
    )
    momentum: Annotated[float, About(TRAINING, "For --optimizer sgd.")] = 0.0
    epochs: Annotated[int, About(TRAINING, "Times to go through the training rows.")] = 10_000
    batch_size: Annotated[int | None, About(TRAINING, "Rows in a step.  [default: all]")] = None
    seed: Annotated[
        int, About(TRAINING, "Random seed of weights, shuffling and dropout, and of the data.")
    ] = 0
    threads: Annotated[
        int | None,
        About(
            TRAINING,
            "Threads that BLAS multiplies with; auto: one, or all where a product is large.  "
            "[default: auto]",
            metavar="N|auto",
        ),
    ] = None

    kernels: Annotated[
        KernelsName,
        About(
            TRAINING,
            "compiled: faster, the same to rounding, from the extra 'compiled'; auto: where it is "
            "installed and the job is long enough.",
        ),
    ] = "auto"

    patience: Annotated[
        int | None,
        About(
            TRAINING, "Stop when the data loss on validation has not improved for so many epochs."
        ),
    ] = None
    min_delta: Annotated[float, About(TRAINING, "What counts as improved, for --patience.")] = 0.0

    out: Annotated[str | None, About(OUTPUT, "A folder to save the run in.", "DIR")] = None
    log_every: Annotated[int, About(OUTPUT, "Epochs from row to row.")] = 100
    gradient_norms: Annotated[
        bool, About(OUTPUT, "Record how strongly the data and each penalty pull on the weights.")
    ] = False
    json: Annotated[bool, About(OUTPUT, "Print one JSON object a line.")] = False
    quiet: Annotated[bool, About(OUTPUT, "Print nothing but warnings and errors.")] = False


@dataclass(frozen=True)
class Setting:
    """A field of `Config`, as flags and configuration files see it.

    `kind` is the type without None, `optional` whether None is one of the values.
    """

    name: str
    kind: Any
    optional: bool
    default: Any
    about: About

    @property
    def key(self) -> str:
        """Its key in a configuration file, and with two dashes before it its flag: `batch-size`."""
        return self.name.replace("_", "-")


def settings() -> Sequence[Setting]:
    """All settings, in order."""
    hints = get_type_hints(Config, include_extras=True)
    found = []
    for field in fields(Config):
        kind, about = get_args(hints[field.name])
        optional = get_origin(kind) in (Union, UnionType)
        if optional:
            (kind,) = (one for one in get_args(kind) if one is not type(None))
        found.append(Setting(field.name, kind, optional, field.default, about))
    return found
