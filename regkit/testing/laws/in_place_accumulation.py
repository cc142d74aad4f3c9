"""In-place accumulation: the gradient added equals the gradient returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from regkit.array_types import Array
from regkit.hooks.modes import LAYER
from regkit.kernels.kernels import Kernels
from regkit.testing.cases import HUGE, Case, ordinary_cases
from regkit.testing.law import law
from regkit.testing.laws.arrays import C_ORDERED, LAYOUTS, Layout
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

EXACT = 1e-12


def _in_a_run(array: Array) -> Array:
    """A part of a longer flat array, as gradients lie in a model."""
    longer = np.full(array.size + 3, 0, array.dtype)
    part = longer[3:].reshape(array.shape)
    part[...] = array
    return part


IN_A_RUN: Layout = (_in_a_run, "np.append(np.zeros(3), {0})[3:].reshape({0}.shape)")


def _no_grad_into(penalty: PenaltyUnderTest) -> str | None:
    if penalty.scope is not LAYER:
        return "only penalties of single layers add their gradients in place"
    if callable(penalty.declared("grad_into")) or penalty.overrides_hooks:
        return None
    return "it defines no 'grad_into'"


@law(
    "grad-into",
    "Where the layer offers gradient accumulators, exactly strength × gradient is added to them.",
    applies=_no_grad_into,
    constraints=False,
)
def grad_into(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Pre-filled accumulators of every memory layout, that of the parameters and others."""
    layouts = {"C-ordered": C_ORDERED, "like a run's": IN_A_RUN, **LAYOUTS}
    cases = [*ordinary_cases(penalty.seed), Case("negative zeros", (3, 2))]
    if callable(penalty.declared("grad_into")):
        cases.append(Case("normal", HUGE, 1.0, penalty.seed))
    for case in cases:
        params = penalty.one(case)
        if params is None:
            continue
        wanted = penalty.grad(params)
        filled = penalty.params(Case("normal", case.shape, 2.0, case.seed + 7))
        for layout, (lay_out, template) in layouts.items():
            other = params.map(lay_out, template)
            for laid_out, sums in ((params, lay_out), (other, lay_out), (other, np.array)):
                for name, added in _added(penalty, laid_out, filled, sums).items():
                    error = float(np.max(np.abs(added - wanted[name])))
                    allowed = EXACT * (filled.size() + wanted.size())
                    if error > allowed:
                        raise Violation(
                            "the addition is not the gradient where parameters or sums are "
                            f"{layout}",
                            {"params": laid_out, "filled": filled},
                            _shown(name, "{}" if sums is np.array else template),
                            off=error,
                            allowed=allowed,
                        )
                yield bool(np.any(wanted.flat()))


def _added(
    penalty: PenaltyUnderTest, params: Params, filled: Params, lay_out: Callable[[Array], Array]
) -> dict[str, Array]:
    """What the hook adds to pre-filled accumulators, plus what it returns."""
    sums = {name: lay_out(array.copy()) for name, array in filled.items()}
    [view] = penalty.subject.views(params)
    layer = view.adding_to(sums, Kernels())
    try:
        returned = penalty.regularizer.penalty_grad(layer) or {}
    except (Exception, SystemExit) as error:
        raise Violation(
            f"penalty_grad raised {type(error).__name__}: {error}",
            {"params": params, "filled": filled},
            f"{_ADDING.format(sums='dict(filled)')}\nregularizer.penalty_grad(asked)",
        ) from error
    return {name: sums[name] + returned.get(name, 0.0) - filled[name] for name in sums}


def _shown(name: str, template: str) -> str:
    sums = template.format(f"filled[{name!r}].copy()")
    return (
        f"{_ADDING.format(sums=f'{{{name!r}: {sums}}}')}\n"
        f"regularizer.penalty_grad(asked)\n"
        f"asked.accumulation.sums[{name!r}] - filled[{name!r}], "
        "regularizer.penalty_grad(layer(params))"
    )


_ADDING = (
    "from regkit.kernels.kernels import Kernels\nasked = layer(params).adding_to({sums}, Kernels())"
)
