"""Constraints: what is a projection, and what the hooks answer where there is no penalty to add."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regkit.testing.cases import LARGER, SMALL, Case
from regkit.testing.difference import NOISE
from regkit.testing.law import law
from regkit.testing.params import Params, combined
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

EXACT = 1e-12
STEP = 1.0
SCALES = (1e-3, 0.1, 1.0, 10.0, 1e3)
PATTERNS = ("normal", "ties", "some zeros", "zero rows", "zero columns", "equal")


def _no_constraint(penalty: PenaltyUnderTest) -> str | None:
    return None if penalty.is_constraint else "it is no constraint"


@law(
    "projection-idempotent",
    "A projection leaves a projected point where it is, to 1e-12.",
    applies=_no_constraint,
)
def projection_idempotent(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Points inside and outside of the set, of every shape and scale."""
    for params in _points(penalty):
        once = penalty.prox(params, STEP)
        twice = penalty.prox(once, STEP)
        moved = float(np.max(np.abs(twice.flat() - once.flat()), initial=0))
        if not moved <= EXACT * once.size():
            raise Violation(
                "the projection of a projected point is another point",
                {"params": params, "step": STEP},
                f"once = {{**params, **{penalty.prox_source()}}}\n"
                f"once, {{**once, **{penalty.prox_source('once')}}}",
                off=moved,
                allowed=EXACT * once.size(),
            )
        yield _moves(params, once)


@law(
    "projection-nearest",
    "No feasible point is nearer than the projection; for a convex set "
    "⟨w − P(w), P(z) − P(w)⟩ ≤ 0.",
    applies=_no_constraint,
)
def projection_nearest(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """Against the projections of other points: near ones, distant ones, and parts of w."""
    for params in _points(penalty):
        here = penalty.prox(params, STEP)
        for other in _others(penalty, params, here):
            _require_nearest(penalty, params, here, other)
        yield _moves(params, here)


def _require_nearest(
    penalty: PenaltyUnderTest, params: Params, here: Params, other: Params
) -> None:
    w, nearest, feasible = params.flat(), here.flat(), penalty.prox(other, STEP).flat()
    left = w - nearest
    distances = float(np.linalg.norm(left)), float(np.linalg.norm(w - feasible))
    size = max(params.size(), here.size(), float(np.max(np.abs(feasible), initial=0)))
    bindings = {"params": params, "other": other, "step": STEP}
    call = f"[{{**one, **{penalty.prox_source('one')}}} for one in (params, other)]"
    allowed = EXACT * size * len(w)
    if distances[0] > distances[1] + allowed:
        raise Violation(
            f"the projection is {distances[0]!r} away, that of another point {distances[1]!r}",
            bindings,
            call,
            off=distances[0] - distances[1],
            allowed=allowed,
        )
    reach = feasible - nearest
    angle = float(np.sum(left * reach))
    rounding = EXACT * float(np.sum(np.abs(reach))) + NOISE * size * len(w)
    if penalty.declared("convex") and angle > size * rounding:
        raise Violation(
            "it is no projection on a convex set: ⟨w − P(w), P(z) − P(w)⟩ is above 0",
            bindings,
            call,
            off=angle,
            allowed=size * rounding,
        )


@law(
    "constraint-hooks",
    "The penalty is 0 at a projection and 0 or ∞ elsewhere, there is no gradient, and no step "
    "changes the projection.",
    applies=_no_constraint,
)
def constraint_hooks(penalty: PenaltyUnderTest) -> Iterator[bool]:
    """What a run relies on, in both dtypes."""
    for drawn in _points(penalty):
        for dtype in (np.float32, np.float64):
            params = drawn.astype(dtype)
            once = penalty.prox(params, STEP)
            if penalty.value(once) != 0:
                raise Violation(
                    f"the penalty at a projected point is {penalty.value(once)!r}, not 0.0",
                    {"params": once},
                    penalty.value_source(),
                )
            if penalty.value(params) not in (0.0, np.inf):
                raise Violation(
                    f"the penalty is {penalty.value(params)!r}, neither 0.0 nor ∞",
                    {"params": params},
                    penalty.value_source(),
                )
            if penalty.answer(penalty.scope.gradient, params) is not None:
                raise Violation(
                    f"{penalty.scope.gradient} returns a gradient",
                    {"params": params},
                    penalty.grad_source(),
                )
            for step in (1e-3, 1e3):
                _require_same(penalty, params, once, step)
            yield _moves(params, once)


def _require_same(penalty: PenaltyUnderTest, params: Params, once: Params, step: float) -> None:
    stepped = penalty.prox(params, step)
    if not penalty.overrides_hooks:
        own = penalty.direct("prox", params, step=step)
        given = penalty.subject.flat(penalty.subject.answered(own))
        stepped = Params({name: given.get(name, array) for name, array in once.items()})
    if not np.array_equal(stepped.flat(), once.flat()):
        raise Violation(
            f"the projection changes with the step, here {step:g}",
            {"params": params, "step": step},
            f"{penalty.direct_source('prox', step=step)}, "
            f"{penalty.direct_source('prox', step=1.0).replace('step', '1.0')}",
        )


def _points(penalty: PenaltyUnderTest) -> Iterator[Params]:
    return penalty.drawn(
        Case(pattern, shape, scale, penalty.seed)
        for shape in (*SMALL, *LARGER)
        for pattern in PATTERNS
        for scale in SCALES
    )


def _others(penalty: PenaltyUnderTest, params: Params, here: Params) -> Iterator[Params]:
    """Points whose projections are compared with that of w."""
    rng = np.random.default_rng(penalty.seed)
    for base in (params, here):
        for share in (1e-3, 0.1, 1.0):
            size = share * (base.size() or 1.0)

            def moved(array: np.ndarray, size: float = size) -> np.ndarray:
                return array + size * rng.standard_normal(array.shape)

            yield base.map(moved)
        yield base.map(lambda array: array * (rng.random(array.shape) < 0.7))
    yield combined(lambda w, x: (w + x) / 2, params, here)
    yield params.times(-1.0)


def _moves(params: Params, once: Params) -> bool:
    return not np.array_equal(params.flat(), once.flat())
