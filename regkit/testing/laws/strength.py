"""The strength multiplies the whole penalty, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.testing.cases import SMALL, Case, value_cases
from regkit.testing.law import Violation, law
from regkit.testing.point import Point
from regkit.testing.subject import Subject

Array = NDArray[Any]

STRENGTHS = (1.0, 0.0, 1e-4, 3.0)
EXACT = 1e-12


@law("finite", "Values and gradients are finite while no parameter exceeds 1e8 in size.")
def finite(subject: Subject) -> Iterator[bool]:
    """Every shape, pattern and scale; but at 0 some penalties are undefined, as Hoyer's is."""
    for case in value_cases(subject.seed):
        point = subject.point(case)
        for hook, result in _results(subject, point).items():
            if point.size() and not np.isfinite(result).all():
                raise Violation(
                    f"{hook} is not finite", {"point": point}, f"regularizer.{hook}(layer(point))"
                )
        yield point.size() > 0


@law(
    "linear-in-strength",
    "Values and gradients are proportional to the strength, and 0 at strength 0.",
    applies=lambda subject: None if subject.is_regularizer else "a raw plugin has no strength",
)
def linear_in_strength(subject: Subject) -> Iterator[bool]:
    """Strengths 0, 1e-4, 1 and 3 against the one at which the other laws are tried."""
    for strength in STRENGTHS:
        other = subject.at(strength)
        ratio = strength / subject.unit
        for shape in SMALL:
            for scale in (1e-3, 1.0, 1e3):
                point = subject.point(Case("normal", shape, scale, subject.seed))
                here, there = _results(subject, point), _results(other, point)
                for hook in here:
                    wanted = ratio * here[hook]
                    if np.max(np.abs(there[hook] - wanted)) > EXACT * np.max(np.abs(wanted)):
                        raise Violation(
                            f"{hook} at strength {strength:g} is not {ratio:g} times that at "
                            f"{subject.unit:g}",
                            {"point": point, "strength": strength},
                            "import dataclasses\n"
                            "stronger = dataclasses.replace(regularizer, strength=strength)\n"
                            f"regularizer.{hook}(layer(point)), stronger.{hook}(layer(point))",
                        )
                yield bool(np.any(here["penalty_grad"]))


def _results(subject: Subject, point: Point) -> dict[str, Array]:
    value, slopes = subject.value(point), subject.grad(point)
    return {"penalty": np.array([value]), "penalty_grad": slopes.flat()}
