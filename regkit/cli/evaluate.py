"""`regkit evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from regkit.cli.options import debug_option, json_option, weights_option


@click.command(epilog="Example: regkit evaluate runs/a test.csv")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("data", required=False)
@weights_option
@json_option
@debug_option
def evaluate(run: Path, data: str | None, weights: str | None, as_json: bool) -> None:
    """Evaluate a run's model: data loss, and accuracy or R². Imports no plugin.

    DATA has the columns of the training data, including the target. Without DATA, the run's own
    validation and test data are used.
    """
    from regkit.errors import InputError
    from regkit.runs.data import run_data
    from regkit.runs.saved import load

    saved = load(run, weights=weights)
    if data is not None:
        found = {data: saved.evaluate(data)}
    else:
        held_out = run_data(saved.config).held_out
        found = {part: saved.model.evaluate(*pair) for part, pair in held_out.items()}
    if not found:
        raise InputError(f"{run} has no validation or test data: give DATA")
    for part, evaluation in found.items():
        if as_json:
            measured = {**evaluation.score.as_dict(), "loss": evaluation.data_loss}
            origin = {"data": part, "weights": saved.weights.name, "epoch": saved.epoch}
            click.echo(json.dumps({**measured, **origin}, ensure_ascii=False))
        else:
            click.echo(
                f"{part}: {evaluation.score}, loss {evaluation.data_loss:.3f} "
                f"({saved.weights.name}, epoch {saved.epoch})"
            )
