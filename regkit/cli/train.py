"""`regkit train`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, get_args

import click

from regkit.cli.options import SpecType, classes_from, debug_option, plugin_file_option
from regkit.runs.config import Config, DataName, DTypeName, InitName, OptimizerName

_DEFAULT = Config()


class Sizes(click.ParamType[tuple[int, ...]]):
    """Layer sizes, as in `64,64`; `none` for no hidden layer."""

    name = "SIZES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The sizes as integers of at least 1."""
        if isinstance(value, tuple):
            return value
        if value == "none":
            return ()
        sizes = [int(part) if part.strip().isdecimal() else 0 for part in value.split(",")]
        if min(sizes) < 1:
            self.fail(f"{value!r} is not a list of layer sizes such as 64 or 64,64", param, ctx)
        return tuple(sizes)


@click.command(epilog="Example: regkit train spiral --reg 'l1=1e-4@dense1' --reg l2=5e-4 --seed 1")
@click.argument("data", type=click.Choice(get_args(DataName)), default=_DEFAULT.data)
@click.option(
    "--reg",
    type=SpecType(),
    multiple=True,
    default=_DEFAULT.reg,
    show_default=True,
    help="A regularizer: NAME=STRENGTH[,FIELD=VALUE…][@SELECTOR+…]. Repeatable; 'none' for none.",
)
@plugin_file_option
@click.option(
    "--samples", type=int, default=_DEFAULT.samples, show_default=True, help="Rows of each class."
)
@click.option("--classes", type=int, default=_DEFAULT.classes, show_default=True)
@click.option(
    "--hidden",
    type=Sizes(),
    default="64",
    show_default=True,
    help="Sizes of the hidden layers, such as 64,64.",
)
@click.option(
    "--init",
    type=click.Choice(get_args(InitName)),
    default=_DEFAULT.init,
    show_default=True,
    help="How weights start: 0.01·randn, He or Glorot.",
)
@click.option(
    "--optimizer",
    type=click.Choice(get_args(OptimizerName)),
    default=_DEFAULT.optimizer,
    show_default=True,
)
@click.option("--lr", type=float, default=_DEFAULT.lr, show_default=True, help="Learning rate.")
@click.option(
    "--decay",
    type=float,
    default=_DEFAULT.decay,
    show_default=True,
    help="Of the learning rate: lr / (1 + decay · step).",
)
@click.option(
    "--momentum",
    type=float,
    default=_DEFAULT.momentum,
    show_default=True,
    help="For --optimizer sgd.",
)
@click.option("--epochs", type=int, default=_DEFAULT.epochs, show_default=True)
@click.option("--batch-size", type=int, help="Rows in a step.  [default: all]")
@click.option(
    "--seed",
    type=int,
    default=_DEFAULT.seed,
    show_default=True,
    help="Of the data, the weights, the shuffling and dropout.",
)
@click.option(
    "--dtype", type=click.Choice(get_args(DTypeName)), default=_DEFAULT.dtype, show_default=True
)
@click.option(
    "--log-every",
    type=int,
    default=_DEFAULT.log_every,
    show_default=True,
    help="Epochs from row to row.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@debug_option
def train(plugin_files: tuple[Path, ...], as_json: bool, quiet: bool, **settings: Any) -> None:
    """Train a network on DATA, with penalties. Without arguments: the chapter's job.

    DATA is spiral or vertical (classification) or sine (regression).
    """
    from regkit.cli.report import report_for
    from regkit.runs.job import job

    made = job(Config(**settings), classes_from(plugin_files))
    steps = made.steps()
    started = time.perf_counter()
    with report_for(epochs=made.config.epochs, as_json=as_json, quiet=quiet) as report:
        for record in steps:
            report.epoch(record)
    seconds = time.perf_counter() - started
    report.end(made.config.epochs, made.objective(), made.validate(), seconds)
