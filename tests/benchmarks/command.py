"""The command: which jobs, how many rounds, and what is written."""

import sys
from pathlib import Path

import click

from . import busy, check_kit, machinery, memory, prox_cost, report, scaling, startup
from .figure import Figure
from .machine import OtherProcesses, machine

DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA, PLOT = (DOCS / f"benchmarks.{suffix}" for suffix in ("md", "json", "svg"))

JOBS = ("P1", "P1w", "P2", "P2b", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11")
MILLIONS = (10, 50)


@click.command()
@click.option("--job", "jobs", type=click.Choice(JOBS), multiple=True, help="P3 comes with P2.")
@click.option("--rounds", type=click.IntRange(1), default=15, show_default=True)
@click.option("--check", is_flag=True, help="Only show that all compute the same thing.")
@click.option("--write/--no-write", default=None, help="By default, if all jobs are run.")
@click.option("--table", help="The table to write, instead of that of the width of vectors.")
def main(
    jobs: tuple[str, ...], rounds: int, check: bool, write: bool | None, table: str | None
) -> None:
    """Compare regkit with what people would pick instead, and write docs/benchmarks.md."""
    from . import narrow, path_cost, small_data, speed

    wanted = jobs or JOBS
    ran_on = machine()
    others = OtherProcesses()
    agreement = _agree(
        speed,
        {
            "P1": speed.in_chapter_job,
            "P1w": narrow.in_narrow_jobs,
            "P2": speed.in_wide_job,
            "P8": path_cost.in_steps,
            "P9": small_data.in_small_job,
        },
        wanted,
    )
    if "P8" in wanted:
        _compare_scores(path_cost)
    if check:
        return
    figures: list[Figure] = []
    medians = {}
    measured = {
        "P1": speed.chapter_job,
        "P1w": narrow.narrow_jobs,
        "P2": speed.wide_job,
        "P2b": busy.beside_a_busy_process,
        "P4": machinery.machinery,
        "P6": startup.startup,
        "P7": scaling.scaling,
        "P8": path_cost.path_cost,
        "P9": small_data.small_job,
        "P10": prox_cost.prox_cost,
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
    ran_on["others"] = others.share()
    if write or (write is None and not jobs):
        report.write(PAGE, DATA, figures, ran_on, rounds, medians, agreement, table)


def _agree(speed, contenders, wanted) -> dict[str, float]:
    apart = {}
    for job, entries in contenders.items():
        if job not in wanted:
            continue
        for name, difference in speed.disagreements(entries()):
            apart[f"{job}, {name}"] = difference
            click.echo(f"{job} {name}: loss after 20 steps differs by {difference:.1e}", err=True)
            if difference > speed.AGREEMENT:
                sys.exit(f"{name} does not compute the same thing as regkit")
    return apart


def _compare_scores(path_cost) -> None:
    scores = path_cost.best_scores()
    expected = scores[path_cost.GRID]
    for name, score in scores.items():
        click.echo(f"P8 {name}: best mean accuracy {score:.4f}", err=True)
        if abs(score - expected) > path_cost.SCORES_APART:
            sys.exit(f"{name} does not find the same as {path_cost.GRID}")


def _shown(figure: Figure) -> Figure:
    click.echo(
        f"{figure.job} {figure.what}: {figure.value:.2f} {figure.unit} {figure.verdict}".rstrip(),
        err=True,
    )
    return figure
