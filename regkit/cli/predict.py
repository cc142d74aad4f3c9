"""`regkit predict`."""

from __future__ import annotations

from pathlib import Path

import click

from regkit.cli.completion import Data, RunFolder
from regkit.cli.options import debug_option, weights_option


@click.command(epilog="Example: regkit predict runs/a new.csv --out predictions.csv")
@click.argument("run", type=RunFolder())
@click.argument("data", type=Data())
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A .csv, .parquet or .jsonl file.  [default: JSON lines to stdout]",
)
@click.option("--proba", is_flag=True, help="Add a probability column for each class.")
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
@weights_option
@debug_option
def predict(
    run: Path, data: str, out: Path | None, proba: bool, force: bool, weights: str | None
) -> None:
    """Predict class labels or numbers with a run's model. Imports no plugin."""
    from regkit.runs.load import load_run
    from regkit.runs.predictions import PredictionFile, json_lines, predictions

    # First, so that nothing is computed for a file that cannot be written.
    file = None if out is None else PredictionFile(out, force=force)
    saved = load_run(run, weights=weights)
    columns = predictions(saved, data, proba=proba)
    click.echo(f"Note: predicted with {saved.weights_title}", err=True)
    if file is None:
        click.echo("".join(json_lines(columns)), nl=False)
    else:
        file.write(columns)
        click.echo(f"wrote {out}", err=True)
