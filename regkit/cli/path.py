"""`regkit path`."""

from __future__ import annotations

from typing import Any

import click

from regkit.cli import say
from regkit.cli.completion import Data
from regkit.cli.numerals import Number
from regkit.cli.study_options import (
    StudyFlags,
    metric_option,
    seeds_option,
    study_options,
)
from regkit.cli.train_options import GroupedCommand, config_and_tables, setting_options
from regkit.runs.config_file import SUFFIX


@click.command(
    cls=GroupedCommand,
    epilog="Example: regkit path table.csv --hidden none --reg 'l1=auto@*.weights' --out study",
)
@click.argument("sources", nargs=-1, metavar="[RUN.toml] [DATA]", type=Data(also=(SUFFIX,)))
@setting_options(of_study=True)
@click.option(
    "--strengths",
    type=Number(int),
    default=30,
    show_default=True,
    help="Number of strengths, each the same multiple of the one before.",
)
@click.option(
    "--folds",
    type=Number(int),
    default=5,
    show_default=True,
    help="Folds of the training rows, the same for every strength.",
)
@seeds_option("Number of seeds of weights and order.", 1)
@click.option(
    "--direction",
    type=click.Choice(["dense", "sparse"]),
    default="dense",
    show_default=True,
    help="From the weakest strength to the strongest, or back.",
)
@click.option(
    "--refit",
    is_flag=True,
    help="Train each point once more without the penalty, keeping zeros, and measure that.",
)
@metric_option("data_loss")
@click.option(
    "--choose",
    type=click.Choice(["1se", "min"]),
    default="1se",
    show_default=True,
    help="The strength of the saved run: the largest within one standard error, or the best.",
)
@click.option(
    "--tolerance",
    type=Number(float),
    metavar="FLOAT",
    help="A point has converged where its distance from stationarity is at most this share of the "
    "gradient where its chain begins.  [default: 1e-10 in float64, 1e-5 in float32]",
)
@study_options
def path(
    sources: tuple[str, ...],
    strengths: int,
    folds: int,
    seeds: int,
    direction: str,
    refit: bool,
    metric: str | None,
    choose: str,
    tolerance: float | None,
    **flags: Any,
) -> None:
    """Find how strong a regularizer should be, along a path of strengths.

    One --reg has the strength auto or LOW..HIGH. For each strength: the mean over the folds with
    its standard error, the non-zeros and the distance from convergence; then the best strength,
    the largest within one standard error of it, and when each input leaves.
    """
    from regkit.cli.carrying_out import carry_out
    from regkit.errors import InputError
    from regkit.studies.paths.path import prepare_path

    shared = StudyFlags.taken_from(flags)
    config, _ = config_and_tables(sources, flags, ())
    prepared = prepare_path(
        config,
        config.reg,
        folds,
        seeds,
        direction=direction,
        refit=refit,
        strengths=strengths,
        metric=metric,
        choose=choose,
        tolerance=tolerance,
        plugin_files=shared.plugin_files,
    )
    for note in prepared.notes:
        say(f"Note: {note}")
    found = carry_out(prepared, shared, lambda found: f"the run with strength {found.chosen:.4g}")
    if found is not None and found.choice is None:
        raise InputError("no strength can be chosen, since at none of them every fold finished")
