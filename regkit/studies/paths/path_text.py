"""A path in columns and words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from regkit.studies.columns import columns
from regkit.studies.counts import counted
from regkit.studies.paths.path_points import PathPoints

MOST_NAMES = 12
"""So many inputs are listed by name."""

MOST_REASONS = 3
"""So many reasons of failed trainings are shown."""


def path_lines(path: PathPoints) -> list[str]:
    """A row a strength, the choices, and when inputs and neurons leave."""
    return [
        *columns(
            [
                ["strength", f"{path.metric}, mean ± SE", "non-zeros", "distance", ""],
                *(_row(path, number) for number in range(len(path.strengths))),
            ]
        ),
        *_unconverged(path),
        *_failures(path.failures),
        "",
        _choice(path),
        *_ends(path),
        *_inputs(path.inputs),
        *_neurons(path.neurons),
    ]


def path_notes(path: PathPoints) -> list[str]:
    """What is said of a path besides its rows and its inputs."""
    return [
        *_unconverged(path),
        *_failures(path.failures),
        _choice(path),
        *_ends(path),
        *_neurons(path.neurons),
    ]


def _row(path: PathPoints, number: int) -> list[str]:
    strength, mean, error = path.strengths[number], path.means[number], path.errors[number]
    marks = [
        name for name, at in (("min", path.lambda_min), ("1se", path.lambda_1se)) if at == strength
    ]
    shown = "failed" if math.isnan(mean) else f"{mean:.4g} ± {error:.2g}"
    if 0 < path.finished_folds[number] < path.folds:
        marks.append(f"{path.finished_folds[number]} of {path.folds} folds")
    count = path.nonzeros[number]
    if count is None:
        return [f"{strength:.4g}", shown, "failed", "", ", ".join(marks)]
    if not path.converged[number]:
        marks.append("not converged")
    elif not path.folds_converged[number]:
        marks.append("folds not converged")
    distance = f"{path.distances[number]:.1e}"
    return [f"{strength:.4g}", shown, f"{count} of {path.selected}", distance, ", ".join(marks)]


def _unconverged(path: PathPoints) -> Iterator[str]:
    finished = [
        path.converged[number] and path.folds_converged[number]
        for number, nonzeros in enumerate(path.nonzeros)
        if nonzeros is not None
    ]
    count = len(finished) - sum(finished)
    if count:
        yield (
            f"{count} of {len(finished)} points did not converge: they are farther from "
            f"stationary than {path.asked_tolerance:g} of the gradient where their chain begins"
            f"{_on_all_rows(path.tolerance)}; equal epochs are not equal convergence: more "
            "--epochs or a lower --lr bring them closer, and a larger --tolerance accepts them"
        )


def _on_all_rows(tolerance: float) -> str:
    """What a share of the gradient is as a distance, if that is known."""
    return "" if math.isnan(tolerance) else f", on all rows a distance of {tolerance:.1e}"


def _failures(failures: Mapping[str, int]) -> Iterator[str]:
    for reason, count in list(failures.items())[:MOST_REASONS]:
        yield f"{counted(count, 'training')} failed: {reason}"
    if len(failures) > MOST_REASONS:
        yield f"and {sum(list(failures.values())[MOST_REASONS:])} for other reasons"


def _choice(path: PathPoints) -> str:
    if math.isnan(path.lambda_min):
        return "no strength can be chosen: at none of them did every fold finish"
    return (
        f"lambda_min {path.lambda_min:.4g} (the best mean), lambda_1se {path.lambda_1se:.4g} (the "
        "largest within one standard error of it)"
    )


def _ends(path: PathPoints) -> Iterator[str]:
    """Whether strengths beyond the path might be better, or as good."""
    if path.lambda_min == path.strengths[0]:
        yield "lambda_min is the weakest strength tried: LOW..HIGH looks at weaker ones"
    if path.lambda_1se == path.strengths[-1] and path.nonzeros[-1] != 0:
        yield "lambda_1se is the strongest strength tried: LOW..HIGH looks at stronger ones"


def _inputs(inputs: Mapping[str, float | None]) -> Iterator[str]:
    together: dict[float | None, list[str]] = {}
    for name, at in sorted(inputs.items(), key=lambda one: -(one[1] or math.inf)):
        together.setdefault(at, []).append(name)
    if set(together) <= {None}:
        return
    shown, left = [], MOST_NAMES
    for at, names in together.items():
        if left > 0:
            when = "never" if at is None else f"{at:.3g}"
            shown.append(f"{', '.join(names[:left])} ({when})")
        left -= len(names)
    more = f" and {-left} more (--json names all)" if left < 0 else ""
    yield f"inputs, the last to leave first, with the strength: {'; '.join(shown)}{more}"


def _neurons(neurons: Mapping[str, Mapping[int, float | None]]) -> Iterator[str]:
    for layer, leave in neurons.items():
        gone = sorted(at for at in leave.values() if at is not None)
        if gone:
            yield (
                f"neurons of {layer}: {len(gone)} of {len(leave)} leave, at strengths from "
                f"{gone[0]:.3g} to {gone[-1]:.3g}"
            )
