"""The answer of --dry-run: how many cells, and how long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from regkit.studies.counts import counted

if TYPE_CHECKING:
    from regkit.studies.duration import Estimate


def echo_estimate(estimate: Estimate, *, as_json: bool) -> None:
    """Print the estimate, as text or as one JSON object."""
    if as_json:
        click.echo(json.dumps({"event": "estimate", **estimate.as_dict()}))
        return
    click.echo(
        f"{counted(estimate.cells, 'cell')}, {counted(estimate.trainings, 'training')}: about "
        f"{_in_words(estimate.seconds)} of work, {_in_words(estimate.elapsed)} with "
        f"{counted(estimate.workers, 'worker')}, by a short trial; less where trainings stop "
        "early, and a few seconds more for the start of workers"
    )


def _in_words(seconds: float) -> str:
    if seconds < 99.5:
        return f"{seconds:.2g} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
