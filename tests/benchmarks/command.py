"""The command: which jobs, how many rounds, and what is written."""

import sys
from pathlib import Path

import click

from . import check_kit, machinery, memory, report, scaling, startup
from .figure import Figure
from .machine import machine

DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA, PLOT = (DOCS / f"benchmarks.{suffix}" for suffix in ("md", "json", "svg"))

JOBS = ("P1", "P2", "P4", "P5", "P6", "P7", "P11")
MILLIONS = (10, 50)


@click.command()
@click.option("--job", "jobs", type=click.Choice(JOBS), multiple=True, help="P3 comes with P2.")
@click.option("--rounds", type=click.IntRange(1), default=15, show_default=True)
@click.option("--check", is_flag=True, help="Only show that all compute the same thing.")
@click.option("--write/--no-write", default=None, help="By default, if all jobs are run.")
def main(jobs: tuple[str, ...], rounds: int, check: bool, write: bool | None) -> None:
    """Compare regkit with what people would pick instead, and write docs/benchmarks.md."""
    from . import speed

    wanted = jobs or JOBS
    ran_on = machine()
    agreement = _agree(speed, wanted)
    if check:
        return
    figures: list[Figure] = []
    medians = {}
    measured = {
        "P1": speed.chapter_job,
        "P2": speed.wide_job,
        "P4": machinery.machinery,
        "P6": startup.startup,
        "P7": scaling.scaling,
        "P11": check_kit.check_kit,
    }
    for job in wanted:
        if job == "P5":
            figures += [_shown(memory.memory(millions)) for millions in MILLIONS]
            continue
        found, seconds = measured[job](rounds)
        figures += map(_shown, found)
        medians[job] = speed.microseconds(seconds)
        if job == "P7" and write is not False:
            scaling.plot(seconds, PLOT)
    if write or (write is None and not jobs):
        report.write(PAGE, DATA, figures, ran_on, rounds, medians, agreement)


def _agree(speed, wanted) -> dict[str, float]:
    entries = {}
    if "P1" in wanted:
        entries["P1"] = speed.in_chapter_job()
    if "P2" in wanted:
        entries["P2"] = speed.in_wide_job()
    apart = {}
    for job, contenders in entries.items():
        for name, difference in speed.disagreements(contenders):
            apart[f"{job}, {name}"] = difference
            click.echo(f"{job} {name}: loss after 20 steps differs by {difference:.1e}", err=True)
            if difference > speed.AGREEMENT:
                sys.exit(f"{name} does not compute the same thing as regkit")
    return apart


def _shown(figure: Figure) -> Figure:
    click.echo(
        f"{figure.job} {figure.what}: {figure.value:.2f} {figure.unit} {figure.verdict}".rstrip(),
        err=True,
    )
    return figure
