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


def table(figures: Sequence[Figure], runs: Sequence[Mapping[str, Any]]) -> str:
    """The figures with musts and goals, and what they were measured on."""
    rows = [
        "| job | figure | median | middle half | of minima | must | goal | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [f"| {' | '.join(_cells(figure))} |" for figure in figures]
    return "\n\n".join(["\n".join(rows), *map(_told, runs)])


def _told(run: Mapping[str, Any]) -> str:
    """How a run was measured."""
    ran_on = run["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in ran_on["versions"].items())
    pools = "; ".join(
        f"{pool['library']} {pool['version'] or ''} ({pool['threads']})".replace("  ", " ")
        for pool in ran_on["pools"]
    )
    return (
        f"{', '.join(run['jobs'])}: measured in {run['rounds']} interleaved rounds on "
        f"{ran_on['processor']}, {ran_on['cores']} cores, vectors of {ran_on['vector_bits']} bits, "
        f"{ran_on['system']}; load {ran_on['load']:.1f} before; {_others(ran_on['others'])}; "
        f"Python {ran_on['python']}, {versions}; "
        f"libraries with threads of their own (and how many): {pools}."
    )


def write(
    page: Path,
    data: Path,
    figures: Sequence[Figure],
    ran_on: Mapping[str, Any],
    rounds: int,
    medians: Mapping[str, Mapping[str, float]],
    agreement: Mapping[str, float],
    kind: str | None = None,
) -> None:
    """Replace the table between the page's markers, and its part of the JSON file.

    There is one for each kind of machine, by default for each width of vectors. What is known of
    jobs that did not run is kept.

    Raises:
        ValueError: the page has no markers.
    """
    kind = kind or f"{ran_on['vector_bits']}-bit vectors"
    everything = json.loads(data.read_text(encoding="utf-8")) if data.exists() else {}
    before = everything.get(kind, {"runs": [], "figures": []})
    jobs = sorted({figure.job for figure in figures}, key=_order)
    run = {
        "jobs": jobs,
        "machine": ran_on,
        "rounds": rounds,
        "disagreement_after_20_steps": agreement,
        "median_microseconds": medians,
    }
    kept = [told for told in before["figures"] if told["job"] not in jobs]
    figures = sorted([*map(Figure.from_dict, kept), *figures], key=lambda one: _order(one.job))
    runs = [*filter(None, (_without(one, jobs) for one in before["runs"])), run]
    write_part(page, f"{PROGRAM}, {kind}", table(figures, runs))
    everything[kind] = {
        "runs": runs,
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures],
    }
    data.write_text(json.dumps(everything, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _without(run: Mapping[str, Any], jobs: Sequence[str]) -> dict[str, Any] | None:
    """An earlier run less the jobs that ran anew; None if nothing is left."""
    left = [job for job in run["jobs"] if job not in jobs]
    medians = {job: one for job, one in run["median_microseconds"].items() if job in left}
    return {**run, "jobs": left, "median_microseconds": medians} if left else None


def _order(job: str) -> tuple[int, str]:
    """P2, P2b, P3, …, P10."""
    digits = "".join(filter(str.isdigit, job))
    return int(digits), job.rpartition(digits)[2]


def _others(share: float | None) -> str:
    if share is None:
        return "what other processes did is not known"
    return f"other processes used {share:.1%} of the cores' time meanwhile"


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
