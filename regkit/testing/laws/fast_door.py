"""The fast door: a gradient added to running sums equals the gradient returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.testing.cases import Case, ordinary_cases
from regkit.testing.law import Violation, law
from regkit.testing.laws.arrays import C_ORDERED, LAYOUTS
from regkit.testing.point import Point
from regkit.testing.subject import Subject

Array = NDArray[Any]

EXACT = 1e-12


def _no_door(subject: Subject) -> str | None:
    if callable(subject.declared("grad_into")) or subject.overrides_hooks:
        return None
    return "it defines no 'grad_into'"


@law(
    "grad-into",
    "Where the layer offers running sums, exactly strength × gradient is added to them.",
    applies=_no_door,
)
def grad_into(subject: Subject) -> Iterator[bool]:
    """Pre-filled sums of every memory layout, in the layout of the parameters and in others."""
    layouts = {"C-ordered": C_ORDERED, **LAYOUTS}
    for case in (*ordinary_cases(subject.seed), Case("negative zeros", (3, 2))):
        point = subject.point(case)
        wanted = subject.grad(point)
        filled = subject.point(Case("normal", case.shape, 2.0, case.seed + 7))
        for layout, (lay_out, template) in layouts.items():
            for laid_out in (point, point.map(lay_out, template)):
                for name, added in _added(subject, laid_out, filled, lay_out).items():
                    error = float(np.max(np.abs(added - wanted[name])))
                    if error > EXACT * (filled.size() + wanted.size()):
                        raise Violation(
                            f"what is added to {layout} sums is off the gradient by {error:.3g}",
                            {"point": laid_out, "filled": filled},
                            _shown(name, template),
                        )
                yield bool(np.any(wanted.flat()))


def _added(
    subject: Subject, point: Point, filled: Point, lay_out: Callable[[Array], Array]
) -> dict[str, Array]:
    """What the hook adds to sums that hold something already, or returns beside them."""
    sums = {name: lay_out(array.copy()) for name, array in filled.items()}
    layer = subject.layer(point, grads=sums)
    returned = subject.call("penalty_grad", point, layer) or {}
    return {name: sums[name] + returned.get(name, 0.0) - filled[name] for name in sums}


def _shown(name: str, template: str) -> str:
    sums = template.format(f"filled[{name!r}].copy()")
    return (
        f"asked = layer(point)\nasked.grads = {{{name!r}: {sums}}}\n"
        f"regularizer.penalty_grad(asked)\n"
        f"asked.grads[{name!r}] - filled[{name!r}], regularizer.penalty_grad(layer(point))"
    )
