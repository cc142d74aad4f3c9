"""A path in columns and words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from regkit.studies.columns import columns

MOST_NAMES = 12
"""So many inputs are listed by name."""


class Shown(Protocol):
    """What is shown of a path."""

    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def strengths(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def means(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def errors(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def nonzeros(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def selected(self) -> int: ...  # noqa: D102
    @property
    def distances(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def converged(self) -> Sequence[bool]: ...  # noqa: D102
    @property
    def inputs(self) -> Mapping[str, float | None]: ...  # noqa: D102
    @property
    def neurons(self) -> Mapping[str, Mapping[int, float | None]]: ...  # noqa: D102
    @property
    def lambda_min(self) -> float: ...  # noqa: D102
    @property
    def lambda_1se(self) -> float: ...  # noqa: D102


def path_lines(path: Shown) -> list[str]:
    """A row a strength, the choices, and when inputs and neurons leave."""
    return [
        *columns(
            [
                ["strength", f"{path.metric}, mean ± SE", "non-zeros", "distance", ""],
                *(_row(path, number) for number in range(len(path.strengths))),
            ]
        ),
        *_unconverged(path),
        "",
        f"lambda_min {path.lambda_min:.4g} (the best mean), lambda_1se {path.lambda_1se:.4g} (the "
        "largest within one standard error of it)",
        *_inputs(path.inputs),
        *_neurons(path.neurons),
    ]


def _row(path: Shown, number: int) -> list[str]:
    strength, mean, error = path.strengths[number], path.means[number], path.errors[number]
    marks = [
        name for name, at in (("min", path.lambda_min), ("1se", path.lambda_1se)) if at == strength
    ]
    if not path.converged[number]:
        marks.append("not converged")
    shown = "failed" if math.isnan(mean) else f"{mean:.4g} ± {error:.2g}"
    nonzeros = f"{path.nonzeros[number]} of {path.selected}"
    return [f"{strength:.4g}", shown, nonzeros, f"{path.distances[number]:.1e}", ", ".join(marks)]


def _unconverged(path: Shown) -> Iterator[str]:
    count = len(path.converged) - sum(path.converged)
    if count:
        yield (
            f"{count} of {len(path.converged)} points did not converge: equal epochs are not equal "
            "convergence; more --epochs, or a lower --lr, bring them closer"
        )


def _inputs(inputs: Mapping[str, float | None]) -> Iterator[str]:
    gone = sorted(
        ((at, name) for name, at in inputs.items() if at is not None), key=lambda one: -one[0]
    )
    stay = [name for name, at in inputs.items() if at is None]
    if not gone:
        return
    last = [f"{name} ({at:.3g})" for at, name in gone][:MOST_NAMES]
    more = f" and {len(gone) - MOST_NAMES} more" if len(gone) > MOST_NAMES else ""
    yield f"inputs, the last to leave first, with the strength: {', '.join([*stay, *last])}{more}"


def _neurons(neurons: Mapping[str, Mapping[int, float | None]]) -> Iterator[str]:
    for layer, leave in neurons.items():
        gone = sorted(at for at in leave.values() if at is not None)
        if gone:
            yield (
                f"neurons of {layer}: {len(gone)} of {len(leave)} leave, at strengths from "
                f"{gone[0]:.3g} to {gone[-1]:.3g}"
            )
