"""`regkit evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from regkit.cli.completion import Data, RunFolder
from regkit.cli.options import debug_option, json_option, weights_option


@click.command(epilog="Example: regkit evaluate runs/a test.csv")
@click.argument("run", type=RunFolder())
@click.argument("data", required=False, type=Data())
@weights_option
@json_option
@debug_option
def evaluate(run: Path, data: str | None, weights: str | None, as_json: bool) -> None:
    """Evaluate a run's model: data loss, accuracy or R², and the classes in detail.

    Imports no plugin.

    DATA has the columns of the training data, including the target. Without DATA, the run's own
    validation and test data are used.
    """
    from regkit.cli.evaluation_text import evaluation_text
    from regkit.errors import InputError
    from regkit.runs.load import load_run

    saved = load_run(run, weights=weights)
    if data is not None:
        found = {data: saved.evaluate(data)}
    else:
        held_out = saved.data().held_out
        found = {part: saved.evaluate_prepared(*pair) for part, pair in held_out.items()}
    if not found:
        raise InputError(f"{run} has no validation or test data: give DATA")
    for part, evaluation in found.items():
        if as_json:
            origin = {"data": part, "weights": saved.weights.name, "epoch": saved.epoch}
            click.echo(json.dumps({**evaluation.as_dict(), **origin}, ensure_ascii=False))
        else:
            click.echo(evaluation_text(part, evaluation, saved.weights_title))
