"""The table of docs/benchmarks.md, and the JSON file beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .figure import Figure
from .marked_page import write_part
from .rounds import Ratio

PROGRAM = "python -m tests.benchmarks"


def table(figures: Sequence[Figure], ran_on: Mapping[str, Any], rounds: int) -> str:
    """The figures with musts and goals, and what they were measured on."""
    rows = [
        "| job | figure | median | middle half | of minima | must | goal | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [f"| {' | '.join(_cells(figure))} |" for figure in figures]
    versions = ", ".join(f"{name} {number}" for name, number in ran_on["versions"].items())
    pools = "; ".join(
        f"{pool['library']} {pool['version'] or ''} ({pool['threads']})".replace("  ", " ")
        for pool in ran_on["pools"]
    )
    return "\n".join(
        [
            *rows,
            "",
            f"Measured in {rounds} interleaved rounds on {ran_on['processor']}, "
            f"{ran_on['cores']} cores, {ran_on['system']}, load {ran_on['load']:.1f} before; "
            f"Python {ran_on['python']}, {versions}; "
            f"libraries with threads of their own (and how many): {pools}.",
        ]
    )


def write(
    page: Path,
    data: Path,
    figures: Sequence[Figure],
    ran_on: Mapping[str, Any],
    rounds: int,
    medians: Mapping[str, Mapping[str, float]],
    agreement: Mapping[str, float],
) -> None:
    """Replace the table between the page's markers, and the JSON file.

    Raises:
        ValueError: the page has no markers.
    """
    write_part(page, PROGRAM, table(figures, ran_on, rounds))
    everything = {
        "machine": ran_on,
        "rounds": rounds,
        "disagreement_after_20_steps": agreement,
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures],
        "median_microseconds": medians,
    }
    data.write_text(json.dumps(everything, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _cells(figure: Figure) -> list[str]:
    if isinstance(figure.measured, Ratio):
        ratio = figure.measured
        numbers = [
            f"{ratio.median:.2f}",
            f"{ratio.quarter:.2f} – {ratio.three_quarters:.2f}",
            f"{ratio.of_minima:.2f}",
        ]
    else:
        numbers = [f"{figure.measured:.2f} {figure.unit}".rstrip(), "", ""]
    bounds = ["" if bound is None else f"≤ {bound:.2f}" for bound in (figure.must, figure.goal)]
    return [figure.job, figure.what, *numbers, *bounds, figure.verdict]
