"""A comparison with two workers, beside two processes that share the same cells out beforehand.

`python -m tests.benchmarks.workers` prints the ratio of their speeds, each with one BLAS thread a
process, in turn. Imports and the start of workers are part of the times.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

import click

from regkit.studies.comparisons.compare import prepare_comparison
from regkit.studies.processes import ONE_THREAD
from regkit.studies.task import perform

from .machine import processor

SETTINGS = {
    "samples": 100,
    "hidden": (64, 64),
    "init": "he",
    "lr": 0.01,
    "epochs": 300,
}
ARMS = {"none": ["none"], "l2": ["l2=1e-3"]}
PROCESSES = 2


def half(number: int, seeds: int) -> None:
    """Perform every second cell."""
    prepared = prepare_comparison(
        SETTINGS, ARMS, seeds, baseline=None, metric=None, tune=None, test_share=None
    )
    for cell in prepared.cells[number::PROCESSES]:
        perform(cell)


def independent(seeds: int) -> float:
    """Seconds of two processes that know nothing of each other."""
    halves = [
        [sys.executable, "-m", __spec__.name, "--half", str(one), "--seeds", str(seeds)]
        for one in range(PROCESSES)
    ]
    return _seconds(halves)


def by_workers(seeds: int) -> float:
    """Seconds of `regkit compare` with two workers."""
    options: list[str] = []
    for name, value in SETTINGS.items():
        text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        options += [f"--{name}", text]
    for name, specs in ARMS.items():
        options += ["--arm", f"{name}:{' '.join(specs)}"]
    options += ["--seeds", str(seeds), "--workers", str(PROCESSES), "--quiet"]
    return _seconds([[sys.executable, "-m", "regkit", "compare", *options]])


def _seconds(commands: Sequence[Sequence[str]]) -> float:
    began = time.perf_counter()
    running = [
        subprocess.Popen(command, env={**os.environ, **ONE_THREAD}, stdout=subprocess.DEVNULL)
        for command in commands
    ]
    if any(process.wait() for process in running):
        raise RuntimeError("a process failed")
    return time.perf_counter() - began


@click.command()
@click.option("--seeds", default=30, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--half", "number", type=int, hidden=True)
def main(seeds: int, rounds: int, number: int | None) -> None:
    """Print the speed of two workers divided by that of two processes."""
    if number is not None:
        half(number, seeds)
        return
    load = os.getloadavg()[0]
    ratios = []
    for _ in range(rounds):
        alone = independent(seeds)
        shared = by_workers(seeds)
        ratios.append(alone / shared)
        click.echo(f"{alone:.2f} s by processes, {shared:.2f} s by workers: {ratios[-1]:.3f}")
    click.echo(
        f"median {median(ratios):.3f} of {rounds} rounds, {len(ARMS) * seeds} cells, "
        f"{processor()}, {os.cpu_count()} cores, load {load:.1f}"
    )


if __name__ == "__main__":
    main()
