"""The settings of a run: each is a flag of `regkit train` and a key of a configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from regkit.kernels.names import KernelsName

if TYPE_CHECKING:
    from regkit.regularizers.table import Entry
else:
    Entry = str  # As a flag takes it: the help is printed without loading a regularizer.

OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
InitName = Literal["normal", "he", "glorot"]
ActivationName = Literal["relu", "tanh", "sigmoid"]
DTypeName = Literal["float32", "float64"]
TaskName = Literal["auto", "classification", "regression"]
ImputeName = Literal["mean", "median", "most_frequent"]
DecimalName = Literal[".", ","]
UnknownName = Literal["error", "ignore"]
ClassWeightName = Literal["balanced"]

SYNTHETIC = ("spiral", "vertical", "sine")
"""The synthetic data sets."""

ARRAYS = "arrays"
"""The data of a run that was trained from Python; they are not saved."""

SYNTHETIC_DATA = "Synthetic data"
TABLE = "Tabular data"
NETWORK = "Network"
REGULARIZATION = "Regularization"
TRAINING = "Training"
OUTPUT = "Output"


@dataclass(frozen=True)
class About:
    """What is known of a setting: its group in the help, the text there, and its metavar.

    `in_studies` says whether the trainings of a study may have it.
    """

    group: str
    text: str
    metavar: str | None = None
    in_studies: bool = True


@dataclass(frozen=True)
class Config:
    """The settings of `regkit train`; the defaults are the job of the book's chapter 14.

    Flags, configuration files, their validation and the help are generated from this class alone.
    A setting is a str, an int, a float, a bool or a `Literal` of strings, or one of these or None,
    which lets regkit choose; or it is a tuple of strings or integers. `regkit.runs.settings` lists
    them. Of the regularizers each is a spec string, or a table, which may be given as a mapping.
    """

    data: Annotated[str, About(SYNTHETIC_DATA, "The argument DATA.")] = "spiral"
    samples: Annotated[int, About(SYNTHETIC_DATA, "Rows per class.")] = 1000
    classes: Annotated[
        int, About(SYNTHETIC_DATA, "Number of classes, for spiral and vertical.")
    ] = 3
    data_seed: Annotated[
        int | None,
        About(
            SYNTHETIC_DATA,
            "Random seed of the data.  [default: that of --seed]",
            "INTEGER",
            in_studies=False,
        ),
    ] = None
    val_samples: Annotated[
        int, About(SYNTHETIC_DATA, "Validation rows (per class), from a separate draw; 0 for none.")
    ] = 100

    target: Annotated[str | None, About(TABLE, "Column to predict.", "COLUMN")] = None
    task: Annotated[
        TaskName, About(TABLE, "Kind of task; auto decides by the target's values.")
    ] = "auto"
    drop: Annotated[
        tuple[str, ...], About(TABLE, "Column to leave out. Repeatable.", "COLUMN")
    ] = ()
    categorical: Annotated[
        tuple[str, ...],
        About(TABLE, "Column of numbers that stand for categories. Repeatable.", "COLUMN"),
    ] = ()
    header: Annotated[
        bool | None,
        About(
            TABLE, "Whether the first row of a CSV holds names.  [default: if no cell is a number]"
        ),
    ] = None
    sep: Annotated[
        str | None,
        About(
            TABLE,
            "Separator of a CSV's cells: one character, tab, or space for any number of blanks.  "
            "[default: tab, semicolon or comma, whichever fits]",
            "TEXT",
        ),
    ] = None
    decimal: Annotated[
        DecimalName | None,
        About(TABLE, "Decimal separator in a CSV.  [default: point; comma if all numbers fit]"),
    ] = None
    thousands: Annotated[
        str | None, About(TABLE, "Thousands separator in a CSV.  [default: none]", "TEXT")
    ] = None
    encoding: Annotated[str, About(TABLE, "Character encoding of a CSV.", "NAME")] = "utf-8"
    na: Annotated[
        tuple[str, ...],
        About(
            TABLE,
            "A further text that stands for a missing value, such as ? or -999. Repeatable.",
            "VALUE",
        ),
    ] = ()
    comment: Annotated[
        str | None,
        About(TABLE, "Skip lines of a CSV that start with this text, such as #.", "TEXT"),
    ] = None
    val: Annotated[
        float,
        About(TABLE, "Fraction of the rows (of each class) held out for validation; 0 for none."),
    ] = 0.2
    group: Annotated[
        str | None,
        About(
            TABLE,
            "Column whose equal values stay on one side of the split; it is not an input.",
            "COLUMN",
        ),
    ] = None
    val_last: Annotated[bool, About(TABLE, "Hold out the last rows instead of random ones.")] = (
        False
    )
    val_file: Annotated[
        str | None, About(TABLE, "Table to validate on, instead of a part of DATA.", "FILE")
    ] = None
    split_seed: Annotated[
        int | None,
        About(
            TABLE,
            "Random seed of the train/validation split.  [default: that of --seed]",
            "INTEGER",
            in_studies=False,
        ),
    ] = None
    test: Annotated[
        str | None, About(TABLE, "Table of test data, for the final evaluation.", "FILE")
    ] = None
    standardize: Annotated[
        bool,
        About(
            TABLE,
            "Scale numeric columns, and a numeric target, to mean 0 and standard deviation 1 in "
            "the training rows.  [default: standardize]",
        ),
    ] = True
    impute: Annotated[
        ImputeName | None,
        About(TABLE, "Fill in missing values from the training rows.  [default: reject them]"),
    ] = None
    unknown: Annotated[
        UnknownName,
        About(
            TABLE, "A category that no training row has: error, or ignore, which makes it zeros."
        ),
    ] = "error"
    class_weight: Annotated[
        ClassWeightName | None,
        About(
            TABLE,
            "balanced: weight the training rows so that every class has the same total.  "
            "[default: every row counts alike]",
        ),
    ] = None

    hidden: Annotated[
        tuple[int, ...],
        About(NETWORK, "Sizes of the hidden layers, such as 64,64; none for a linear model."),
    ] = (64,)
    init: Annotated[InitName, About(NETWORK, "Initial weights: 0.01·randn, He or Glorot.")] = (
        "normal"
    )
    activation: Annotated[
        ActivationName, About(NETWORK, "Activation function of the hidden layers.")
    ] = "relu"
    dropout: Annotated[
        float,
        About(NETWORK, "Fraction of each hidden layer's outputs dropped in training.", "RATE"),
    ] = 0.0
    dtype: Annotated[DTypeName, About(NETWORK, "Floating-point type of the network.")] = "float32"

    reg: Annotated[
        tuple[Entry, ...],
        About(
            REGULARIZATION,
            "A regularizer: NAME=STRENGTH, then ,FIELD=VALUE and @SELECTOR where wanted; or none. "
            "Repeatable.",
            "SPEC",
        ),
    ] = ("l2=5e-4@dense1",)

    zero_small: Annotated[
        bool,
        About(
            REGULARIZATION,
            "After training, set small weights to exactly 0 where the objective does not increase.",
        ),
    ] = False

    optimizer: Annotated[OptimizerName, About(TRAINING, "Optimization algorithm.")] = "adam"
    lr: Annotated[float, About(TRAINING, "Learning rate.")] = 0.05
    decay: Annotated[float, About(TRAINING, "Learning rate decay: lr / (1 + decay · step).")] = 5e-7
    lr_schedule: Annotated[
        str | None,
        About(
            TRAINING,
            "A factor on the learning rate by epoch, such as warmup:50~cosine:50:1000.",
            "SCHEDULE",
        ),
    ] = None
    momentum: Annotated[float, About(TRAINING, "Momentum of --optimizer sgd.")] = 0.0
    epochs: Annotated[int, About(TRAINING, "Passes over the training rows.")] = 10_000
    batch_size: Annotated[int | None, About(TRAINING, "Rows per step.  [default: all]")] = None
    seed: Annotated[
        int,
        About(TRAINING, "Random seed of weights, shuffling, data and split.", in_studies=False),
    ] = 0
    threads: Annotated[
        int | None,
        About(
            TRAINING,
            "BLAS threads; auto: one, or all if a matrix product is large.  [default: auto]",
            metavar="N|auto",
            in_studies=False,
        ),
    ] = None

    kernels: Annotated[
        KernelsName,
        About(
            TRAINING,
            "compiled: faster, equal up to rounding, needs the extra 'compiled'; auto: compiled if "
            "installed and the job is long enough.",
        ),
    ] = "auto"

    patience: Annotated[
        int | None,
        About(
            TRAINING,
            "Stop when the validation data loss has not improved for this many epochs; 0: never.  "
            "[default: 100 for a table with the default --epochs; else 0]",
            "INTEGER",
        ),
    ] = None
    min_delta: Annotated[
        float, About(TRAINING, "An improvement must exceed this, for --patience.")
    ] = 0.0

    out: Annotated[
        str | None,
        About(
            OUTPUT,
            "Folder to save the run in.  [default: save nothing]",
            "DIR",
            in_studies=False,
        ),
    ] = None
    log_every: Annotated[int, About(OUTPUT, "Epochs between rows.", in_studies=False)] = 100
    gradient_norms: Annotated[
        bool,
        About(
            OUTPUT,
            "Record the gradient norms of the data loss and of each penalty.",
            in_studies=False,
        ),
    ] = False
    json: Annotated[bool, About(OUTPUT, "Print one JSON object per line.", in_studies=False)] = (
        False
    )
    quiet: Annotated[bool, About(OUTPUT, "Print only warnings and errors.", in_studies=False)] = (
        False
    )

    def __post_init__(self) -> None:
        # From Python a path may come as one; a file can hold its text only.
        for name in ("data", "val_file", "test", "out"):
            value = getattr(self, name)
            if isinstance(value, os.PathLike):
                object.__setattr__(self, name, os.fspath(value))
        if any(isinstance(one, Mapping) for one in self.reg):
            from regkit.regularizers.table import Table

            entries = (Table.of(one) if isinstance(one, Mapping) else one for one in self.reg)
            object.__setattr__(self, "reg", tuple(entries))
