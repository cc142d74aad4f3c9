"""`regkit check`: check the mathematics of a regularizer."""

from __future__ import annotations

import json
from pathlib import Path

import click

from regkit.cli.options import SpecType, debug_option, json_option, plugin_file_option
from regkit.errors import PluginError
from regkit.testing.backend_names import BACKENDS, NUMPY


@click.command(epilog="Example: regkit check l1 elastic_net=0.1,l1_ratio=0.3")
@click.argument("specs", type=SpecType(), metavar="SPEC...", nargs=-1, required=True)
@plugin_file_option
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="Limit for all laws on one SPEC; exceeding it is a failure.",
)
@click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    default=NUMPY,
    show_default=True,
    help="Check on this library's arrays too: torch compares results on tensors of PyTorch, jax "
    "those on arrays of JAX, traced too, with those on NumPy's arrays.",
)
@json_option
@debug_option
def check(
    specs: tuple[str, ...],
    plugin_files: tuple[Path, ...],
    time_limit: float,
    backend: str,
    as_json: bool,
) -> None:
    """Check regularizers against the laws that every penalty must obey.

    Each SPEC is checked in a separate process. A law is reported as passed, FAILED (with a
    counterexample that can be pasted into Python) or - (not applicable). The exit code is 0 if
    every applicable law holds for every SPEC, and 2 otherwise.
    """
    from regkit.testing.isolated import check_spec

    if not all(spec.strip() for spec in specs):
        raise click.UsageError("a SPEC is empty: write for example l2, or l2=0.0005")
    reports = []
    for spec in specs:
        report = check_spec(spec, plugin_files=plugin_files, time_limit=time_limit, backend=backend)
        reports.append(report)
        if not as_json:
            click.echo(f"{report}\n")
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in reports], ensure_ascii=False, indent=2))
    failed = [
        f"{report.regularizer} fails {', '.join(verdict.law for verdict in report.failures)}"
        for report in reports
        if not report.ok
    ]
    if failed:
        raise PluginError("; ".join(failed))
