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


def apart(rtol: float) -> Callable[..., bool]:
    """What is and what should be differ by more than a share."""
    return lambda result, **_: not np.allclose(*map(flat, result), rtol=rtol, atol=0)


def named(result: Any, reason: str, **_: Any) -> bool:
    """The number is the one that the verdict tells."""
    return f"is {float(result)!r}" in reason


def answers(result: Any, **_: Any) -> bool:
    """There is an answer where None is right."""
    return result is not None


def domain_is_wrong(result: Any, **_: Any) -> bool:
    """The value is finite and the domain says it is not, or the other way round."""
    inside, value = result
    return bool(inside) != bool(np.isfinite(value))


def not_multiplied(result: Any, reason: str, **_: Any) -> bool:
    """The factor that the verdict names is missing."""
    factor = float(reason.split("by the factor ")[1].split(":")[0])
    got, plain = (flat(one) for one in result)
    return not np.allclose(got, factor * plain, rtol=1e-6, atol=0)


def not_as_numpy(result: Any, names: Mapping[str, Any], **_: Any) -> bool:
    """It is not what NumPy's arrays give, as an array of the other library."""
    found, _ = result
    like = next(iter(names["arrays"].values()))
    return type(found) is not type(like) or differ(result)


def no_constraint(result: Any, **_: Any) -> bool:
    """A gradient, a penalty that is not 0, or two projections."""
    if isinstance(result, tuple):
        return differ(result)
    return isinstance(result, Mapping) or result != 0


def projections_differ(result: Any, **_: Any) -> bool:
    """The second projection is not the first."""
    return differ(result)


def is_farther(result: Any, names: Mapping[str, Any], **_: Any) -> bool:
    """The other point's projection is nearer, or on the wrong side."""
    here, there = (flat(one) for one in result)
    w = flat(dict(names["params"]))
    nearer = np.linalg.norm(w - there) < np.linalg.norm(w - here)
    return bool(nearer) or float((w - here) @ (there - here)) > 0


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
    "random-state-untouched": lambda result, **_: (
        result[0] != result[1] if isinstance(result[0], dict) else not all(result)
    ),
    "memoryless": lambda result, **_: any(differ((result[0], one)) for one in result[1:]),
    "nan": lambda result, **_: np.isfinite(flat(result)).any(),
    "grad-into": differ,
    "prox-minimizes": lambda result, reason, **_: (
        not np.isfinite(flat(result)).all()
        if reason.endswith("is not finite")
        else result[0] > result[1]
    ),
    "prox-optimality": lambda result, **_: abs(result[0] - result[1]) > 1e-7 * abs(result[1]),
    "prox-largest-step": lambda result, **_: np.isfinite(flat(result)).all(),
    "prox-nonexpansive": expands,
    "prox-array-step": lambda result, **_: differ(result) and not result[0] <= result[1],
    "selection": answers,
    "domain": domain_is_wrong,
    "schedule-and-scale": not_multiplied,
    "array-api": not_as_numpy,
    "array-api-prox": not_as_numpy,
    "constraint-hooks": no_constraint,
    "dual-norm": named,
    "subgradient-distance": named,
    "directional-derivative": apart(1e-3),
    "continuous": apart(1e-8),
    "float32": apart(2e-4),
    "layers": differ,
    "prox-whole-arrays": lambda result, **_: result[0] > result[1],
    "training": apart(1e-9),
    "projection-idempotent": projections_differ,
    "projection-nearest": is_farther,
}
"""Where a law is not here, an error shows it."""


def largest_difference(result: Any, **_: Any) -> float:
    """Of the entries of two results; None is no penalty."""
    one, other = (flat(0.0 if part is None else part) for part in result)
    return float(np.max(np.abs(one - other)))


def outside(number: float, reason: str) -> float:
    """How far a number is from the interval that the verdict gives."""
    low, high = (float(end) for end in reason.split(" give ")[1].split(" (")[0].split(" … "))
    return max(low - number, number - high)


def above_the_mean_by(result: Any, **_: Any) -> float:
    """How far the middle lies above the chord."""
    left, middle, right = result
    return middle - (left + right) / 2


def above_the_tangent_by(result: Any, names: Mapping[str, Any], **_: Any) -> float:
    """How far the tangent at x overshoots the value at y."""
    value, slopes, there = result
    x, y = names["x"], names["y"]
    return value + sum(float(np.sum(slopes[n] * (y[n] - x[n]))) for n in slopes) - there


MARGINS: dict[str, Callable[..., float]] = {
    "gradient": lambda result, reason, **_: outside(result, reason),
    "directional-derivative": lambda result, reason, **_: outside(result[0], reason),
    "continuous": largest_difference,
    "linear-in-strength": lambda result, names, **_: largest_difference(
        (2 * names["strength"] * flat(result[0]), flat(result[1]))
    ),
    "convex": above_the_mean_by,
    "subgradient": above_the_tangent_by,
    "even": largest_difference,
    "elementwise": largest_difference,
    "memory-layout": largest_difference,
    "float32": largest_difference,
    "layers": largest_difference,
    "prox-minimizes": lambda result, **_: result[0] - result[1],
    "prox-whole-arrays": lambda result, **_: result[0] - result[1],
    "projection-idempotent": largest_difference,
    "training": largest_difference,
}
"""How far off the pasted lines show a penalty to be: what the verdict prints."""
