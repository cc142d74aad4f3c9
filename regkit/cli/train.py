"""`regkit train`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from regkit.cli.options import classes_from, debug_option, plugin_file_option
from regkit.cli.train_options import GroupedCommand, config_from, setting_options


@click.command(
    cls=GroupedCommand,
    epilog="Example: regkit train iris.csv --target species --reg 'l1=1e-4@dense1' --out runs/iris",
)
@click.argument("sources", nargs=-1, metavar="[RUN.toml] [DATA]")
@setting_options
@plugin_file_option
@click.option("--force", is_flag=True, help="Overwrite the run that the folder of --out holds.")
@click.option("--print-config", is_flag=True, help="Print the settings as TOML and do nothing.")
@debug_option
def train(
    sources: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    force: bool,
    print_config: bool,
    **flags: Any,
) -> None:
    """Train a network on DATA, with penalties. Without arguments: the chapter's job.

    DATA is spiral or vertical (classification), sine (regression), a CSV, Parquet or NPZ file, or
    sklearn:NAME. RUN.toml holds settings under the names of their flags; flags go before it.
    """
    config = config_from(sources, flags)
    if print_config:
        from regkit.runs.config_file import toml_of

        click.echo(toml_of(config), nl=False)
        return
    from regkit.cli.report import report_for
    from regkit.cli.running import run
    from regkit.runs.job import job
    from regkit.runs.session import RunSession
    from regkit.runs.start import started

    made = job(config, classes_from(plugin_files))
    report = report_for(epochs=config.epochs, as_json=config.json, quiet=config.quiet)
    report.begin(made.data.summary)
    if config.out is None:
        run(RunSession(made), report)
        return
    with started(Path(config.out), made, plugin_files=plugin_files, force=force) as session:
        run(session, report)
