"""`regkit compare`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from regkit.cli.completion import Data
from regkit.cli.numerals import Number
from regkit.cli.options import SpecType
from regkit.cli.study_options import (
    StudyFlags,
    metric_option,
    seeds_option,
    study_options,
    test_share_option,
)
from regkit.cli.train_options import GroupedCommand, config_and_tables, setting_options
from regkit.errors import InputError
from regkit.runs.config_file import SUFFIX

if TYPE_CHECKING:
    from regkit.runs.config import Config
    from regkit.studies.comparisons.arms import Arm

ARMS = "arms"
DEFAULT_SEEDS = 10


@click.command(
    cls=GroupedCommand,
    epilog="Example: regkit compare iris.csv --arm none --arm 'l2=1e-3' --seeds 20 --out study",
)
@click.argument("sources", nargs=-1, metavar="[RUN.toml] [DATA]", type=Data(also=(SUFFIX,)))
@setting_options(of_study=True)
@click.option(
    "--arm",
    "arms",
    type=SpecType(),
    multiple=True,
    metavar="[NAME:]SPECS",
    help="Regularizers to compare, separated by blanks; or none. Repeatable.  "
    "[default: none, and those of --reg]",
)
@click.option(
    "--leave-one-out",
    is_flag=True,
    help="Compare those of --reg with the same less one each: what each contributes.",
)
@seeds_option("Number of seeds, which move data, split, weights and order.", DEFAULT_SEEDS)
@click.option("--baseline", metavar="NAME", help="Arm to compare with.  [default: none, or first]")
@metric_option("accuracy, or r2")
@click.option(
    "--tune",
    type=Number(int),
    metavar="N",
    help="Try N strengths of each arm within each seed, chosen on the validation rows.",
)
@test_share_option
@study_options
def compare(
    sources: tuple[str, ...],
    arms: tuple[str, ...],
    leave_one_out: bool,
    seeds: int,
    baseline: str | None,
    metric: str | None,
    tune: int | None,
    test_share: float | None,
    **flags: Any,
) -> None:
    """Say whether regularizers help, by more than seed noise.

    Each arm is trained with the same seeds and measured on rows that training never saw. For each
    arm against the baseline: the mean difference with its interval, whether the two are told apart,
    and how many seeds that would take.
    """
    from regkit.cli.carrying_out import carry_out
    from regkit.studies.comparisons.compare import prepare_comparison

    shared = StudyFlags.taken_from(flags)
    config, tables = config_and_tables(sources, flags, (ARMS,))
    prepared = prepare_comparison(
        config,
        _arms(config, arms, tables.get(ARMS), leave_one_out=leave_one_out),
        seeds,
        baseline=baseline,
        metric=metric,
        tune=tune,
        test_share=test_share,
        plugin_files=shared.plugin_files,
    )
    found = carry_out(
        prepared, shared, lambda found: f"the run of {found.winner}, with seed {found.run_seed}"
    )
    if found is not None and not any(arm.scores for arm in found.arms.values()):
        raise InputError("no cell was finished, so there is nothing to compare")


def _arms(
    config: Config, texts: tuple[str, ...], in_file: Any, *, leave_one_out: bool
) -> Sequence[Arm] | None:
    """The arms by the first that is given: --leave-one-out, --arm, the file's; None for neither."""
    from regkit.studies.comparisons.arms import arm_of, arms_of
    from regkit.studies.comparisons.arms import leave_one_out as one_less

    typed = _typed("reg")
    if texts and typed:
        raise click.UsageError("--reg and --arm exclude each other: put all regularizers into arms")
    if leave_one_out:
        if texts:
            raise click.UsageError("--leave-one-out makes the arms itself, of --reg: drop --arm")
        return one_less(config.reg)
    if texts:
        return [arm_of(text) for text in texts]
    if in_file is None:
        return None
    if typed:
        raise click.UsageError(
            "--reg and the file's [arms] exclude each other: leave one of them out"
        )
    arms = arms_of(in_file)
    for arm in arms:
        for key in arm.settings:
            if _typed(key.replace("-", "_")):
                raise click.UsageError(
                    f"--{key} is given, but arm {arm.name!r} sets {key} itself in the file: leave "
                    "one of them out"
                )
    return arms


def _typed(name: str) -> bool:
    """Whether a flag was given on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not ParameterSource.DEFAULT
