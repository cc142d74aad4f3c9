"""`regkit train`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from regkit.cli.completion import Data
from regkit.cli.options import classes_from, debug_option, plugin_file_option
from regkit.cli.train_options import GroupedCommand, config_from, setting_options
from regkit.runs.config_file import SUFFIX


@click.command(
    cls=GroupedCommand,
    epilog="Example: regkit train iris.csv --target species --reg 'l1=1e-4@dense1' --out runs/iris",
)
@click.argument("sources", nargs=-1, metavar="[RUN.toml] [DATA]", type=Data(also=(SUFFIX,)))
@setting_options()
@plugin_file_option
@click.option("--force", is_flag=True, help="Overwrite the run in the --out folder.")
@click.option("--print-config", is_flag=True, help="Print the settings as TOML and exit.")
@debug_option
def train(
    sources: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    force: bool,
    print_config: bool,
    **flags: Any,
) -> None:
    """Train a regularized network on DATA.

    Without arguments, train as in chapter 14 of Neural Networks from Scratch.

    DATA is spiral or vertical (classification), sine (regression), a CSV, Parquet or NPZ file, or
    sklearn:NAME. RUN.toml holds settings under the names of their flags; flags override it.
    """
    config = config_from(sources, flags)
    if print_config:
        from regkit.runs.config_file import toml_of
        from regkit.runs.copied_files import with_whole_paths

        whole = with_whole_paths(config, classes_from(plugin_files))
        click.echo(toml_of(whole), nl=False)
        return
    from regkit.cli.interruption import Interruption
    from regkit.cli.reporters import reporter_for
    from regkit.runs.execute import execute

    run = partial(
        execute,
        config,
        classes=classes_from(plugin_files),
        plugin_files=plugin_files,
        force=force,
    )
    if config.gradient_norms and config.out is None and not config.json:
        click.echo("Note: gradient norms are shown by --json and kept by --out", err=True)
    reporter = reporter_for(epochs=config.epochs, as_json=config.json, quiet=config.quiet)
    if config.out is None:  # Nothing to save: Ctrl-C exits at once.
        with reporter:
            run(watch=reporter)
        return
    interruption = Interruption()
    with reporter:
        outcome = run(watch=reporter, while_training=interruption.while_training)
    interruption.exit_if_stopped(outcome, Path(config.out))
