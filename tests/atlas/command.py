"""The command of the atlas."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from atlas.arms import ARMS, TRIED
from atlas.findings import Findings
from atlas.page import page
from atlas.studies import findings_on
from atlas.tables import TABLES
from benchmarks.machine import processor

DOCS = Path(__file__).parents[2] / "docs"
FIGURES, PAGE = DOCS / "atlas.json", DOCS / "atlas.md"
SEEDS = 10
SLICE = ("none", "l2", "l1")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Keeps the studies, to go on with.")
@click.option("--workers", type=int, help="Processes.")
@click.option(
    "--slice", "is_slice", is_flag=True, help="A small part, which is printed and not written."
)
def main(out: Path | None, workers: int | None, is_slice: bool) -> None:
    """Compare eight penalties on four tables, and write docs/atlas.md."""
    with TemporaryDirectory() as made:
        folder = out or Path(made)
        if is_slice:
            click.echo(page(_found(folder, 3, 2, workers, SLICE, list(TABLES)[:1])))
            return
        found = _found(folder, SEEDS, TRIED, workers, tuple(ARMS), list(TABLES))
    found.save(FIGURES)
    PAGE.write_text(page(found), encoding="utf-8")
    click.echo(f"{FIGURES}\n{PAGE}")


def _found(
    folder: Path,
    seeds: int,
    tried: int,
    workers: int | None,
    arms: tuple[str, ...],
    tables: list[str],
) -> Findings:
    findings = [
        finding
        for table in tables
        for finding in findings_on(
            table,
            TABLES[table],
            {name: ARMS[name] for name in arms},
            seeds=seeds,
            tried=tried,
            folder=folder / table.replace(" ", "-"),
            workers=workers,
        )
    ]
    return Findings(seeds, tried, processor(), findings)
