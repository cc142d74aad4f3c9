"""What the last line of a counterexample must give, law by law, to show what the verdict says."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def flat(result: Any) -> np.ndarray:
    """All numbers of a result, whatever it is made of."""
    if isinstance(result, Mapping):
        result = list(result.values())
    if isinstance(result, list | tuple):
        return np.concatenate([flat(one) for one in result]) if result else np.zeros(0)
    return np.ravel(np.asarray(result, dtype=float))


def differ(result: Any, **_: Any) -> bool:
    """What is and what should be are not the same."""
    one, other = result
    return not np.allclose(flat(one), flat(other), rtol=1e-12, atol=0)


def at_each_step(result: Any, **_: Any) -> bool:
    """Each entry at its own step is not the one of all entries at that step."""
    together, apart = result
    return differ((together, [flat(one)[index] for index, one in enumerate(apart)]))


def above_the_mean(result: Any, **_: Any) -> bool:
    """The middle of a chord lies below the curve."""
    left, middle, right = result
    return middle > (left + right) / 2


def above_the_tangent(result: Any, names: Mapping[str, Any], **_: Any) -> bool:
    """The tangent at x overshoots the value at y."""
    value, slopes, there = result
    x, y = names["x"], names["y"]
    reach = sum(float(np.sum(slopes[name] * (y[name] - x[name]))) for name in slopes)
    return value + reach > there


def expands(result: Any, names: Mapping[str, Any], **_: Any) -> bool:
    """Proximal points are farther apart than a projection leaves them."""
    moved = flat(result[0]) - flat(result[1])
    given = flat(dict(names["x"])) - flat(dict(names["y"]))
    return float(moved @ moved) > float(moved @ given)


def of_another_kind(result: Any, reason: str, **_: Any) -> bool:
    """The result is what the verdict names: a dtype, a type, a key."""
    shown = next(iter(result.values())) if isinstance(result, Mapping) else result
    words = {type(shown).__name__, str(getattr(shown, "dtype", "")), *map(str, dict_keys(result))}
    return any(word and word in reason for word in words)


def dict_keys(result: Any) -> list[str]:
    return list(result) if isinstance(result, Mapping) else []


SHOWN: dict[str, Callable[..., bool]] = {
    "declarations": lambda result, reason, **_: repr(result) in reason,
    "result-form": of_another_kind,
    "shape-and-dtype": of_another_kind,
    "fields": lambda result, reason, **_: result.name in reason,
    "quiet": lambda result, reason, printed, **_: printed.splitlines()[0] in reason,
    "spec-round-trip": lambda result, **_: result[0] != result[1],
    "pickle-round-trip": lambda result, **_: result[0] != result[1],
    "finite": lambda result, **_: not np.isfinite(flat(result)).all(),
    "gradient": lambda result, reason, **_: f"gradient is {result:.9g}, but" in reason,
    "linear-in-strength": lambda result, **_: differ((2 * flat(result[0]), flat(result[1]))),
    "convex": above_the_mean,
    "subgradient": above_the_tangent,
    "even": differ,
    "homogeneous": lambda result, reason, **_: f"is {result[1]!r}, but" in reason,
    "minimum": lambda result, reason, **_: f"the value {result!r} is below" in reason,
    "elementwise": differ,
    "float64-accumulation": lambda result, reason, **_: f"changes by {result:.3g}" in reason,
    "memory-layout": differ,
    "input-untouched": lambda result, names, **_: differ((result[1], names["untouched"])),
    "random-state-untouched": lambda result, **_: not all(result),
    "memoryless": lambda result, **_: any(differ((result[0], one)) for one in result[1:]),
    "nan": lambda result, **_: np.isfinite(flat(result)).any(),
    "grad-into": differ,
    "prox-minimizes": lambda result, **_: result[0] > result[1],
    "prox-optimality": lambda result, **_: abs(result[0] - result[1]) > 1e-7 * abs(result[1]),
    "prox-largest-step": lambda result, **_: np.isfinite(flat(result)).all(),
    "prox-nonexpansive": expands,
    "prox-array-step": at_each_step,
}
"""Where a law is not here, an error shows it."""
