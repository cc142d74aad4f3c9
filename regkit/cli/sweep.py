"""`regkit sweep`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from regkit.cli.completion import Data
from regkit.cli.numerals import Number
from regkit.cli.study_options import (
    StudyFlags,
    metric_option,
    seeds_option,
    study_options,
    test_share_option,
)
from regkit.cli.train_options import GroupedCommand, file_and_typed, setting_options
from regkit.runs.config_file import SUFFIX

if TYPE_CHECKING:
    from regkit.runs.config import Config
    from regkit.studies.search.open_settings import OpenSetting


@click.command(
    cls=GroupedCommand,
    epilog="Example: regkit sweep iris.csv --reg 'l2=1e-6..1' --lr 1e-3..1e-1 --out study",
)
@click.argument("sources", nargs=-1, metavar="[RUN.toml] [DATA]", type=Data(also=(SUFFIX,)))
@setting_options(of_study=True, ranges=True)
@click.option(
    "--trials",
    type=Number(int),
    default=40,
    show_default=True,
    help="Number of trials; a sweep in --out goes on to a larger one.",
)
@click.option(
    "--batch",
    type=Number(int),
    default=8,
    show_default=True,
    help="Trials that are asked for at a time, with what is known of those before.",
)
@click.option(
    "--sampler",
    default="tpe",
    show_default=True,
    metavar="NAME",
    help="tpe, qmc, gp or random: which numbers are tried next.",
)
@click.option(
    "--sampler-seed",
    type=Number(int),
    default=0,
    show_default=True,
    help="Random seed of the sampler.",
)
@seeds_option("Number of seeds of each trial.  [default: 3, or 1 with --folds]")
@click.option(
    "--folds",
    type=Number(int),
    metavar="INTEGER",
    help="Folds to validate on, in place of the rows that --val holds out.",
)
@metric_option("data_loss")
@click.option(
    "--prune/--no-prune",
    default=True,
    help="Drop trials that are told worse before their last seed or fold.  [default: prune]",
)
@test_share_option
@click.option(
    "--storage",
    metavar="URL",
    help="Database for Optuna's trials, such as sqlite:///trials.db.  "
    "[default: journal.log in --out]",
)
@study_options
def sweep(
    sources: tuple[str, ...],
    trials: int,
    batch: int,
    sampler: str,
    sampler_seed: int,
    seeds: int | None,
    folds: int | None,
    metric: str | None,
    prune: bool,
    test_share: float | None,
    storage: str | None,
    **flags: Any,
) -> None:
    """Search several numbers at once, given as ranges LOW..HIGH.

    A strength or another field in --reg, and --lr, --decay, --batch-size, --hidden, --dropout,
    --momentum, --epochs, --patience and --min-delta may be ranges. Each trial is trained with the
    same seeds or folds; the best one by the validation rows is measured on rows that chose nothing.
    """
    from regkit.cli.carrying_out import carry_out
    from regkit.errors import InputError
    from regkit.studies.search.sweep import prepare_sweep

    shared = StudyFlags.taken_from(flags)
    config, open_settings = _config_and_open(sources, flags)
    prepared = prepare_sweep(
        config,
        open_settings,
        trials=trials,
        batch=batch,
        sampler=sampler,
        sampler_seed=sampler_seed,
        seeds=seeds,
        folds=folds,
        metric=metric,
        prune=prune,
        test_share=test_share,
        storage=storage,
        saved=shared.out is not None,
        plugin_files=shared.plugin_files,
    )
    found = carry_out(
        prepared,
        shared,
        lambda found: f"the run of {'no trial' if found.best is None else found.best.name}",
    )
    if found is not None and found.best is None:
        raise InputError("no trial has finished, so there is nothing to choose")


def _config_and_open(
    sources: Sequence[str], flags: dict[str, Any]
) -> tuple[Config, dict[str, OpenSetting]]:
    """The settings with values, and those that are ranges; a flag overrides the file's of both."""
    from regkit.runs.config import Config
    from regkit.studies.search.open_settings import without_open
    from regkit.studies.search.sweep_settings import read_swept_file

    file, typed = file_and_typed(sources, flags)
    config, found = (Config(), {}) if file is None else read_swept_file(file)
    by_key = {name.replace("_", "-"): value for name, value in typed.items()}
    values, typed_open = without_open(by_key, "command line")
    kept = {name: one for name, one in found.items() if name not in typed}
    given = {key.replace("-", "_"): value for key, value in values.items()}
    return replace(config, **given), {**kept, **typed_open}
