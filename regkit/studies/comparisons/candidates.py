"""Points of a unit cube that a search tries, evenly spread."""

from __future__ import annotations


def candidates(count: int, dimensions: int) -> list[tuple[float, ...]]:
    """The points, the same for each call.

    In one dimension they are evenly spaced and include both ends; a single one is the middle. In d
    dimensions point i is frac(½ + (i + 1)·(φ⁻¹, φ⁻², …, φ⁻ᵈ)), where φ > 1 solves φᵈ⁺¹ = φ + 1:
    any number of them fills the cube evenly.

    Args:
        count: the number of points, ≥ 1.
        dimensions: d, ≥ 0; without any there is one point.

    Source: M. Roberts, "The unreasonable effectiveness of quasirandom sequences" (2018), for φ.
    """
    if dimensions == 0:
        return [()]
    if dimensions == 1:
        return [(0.5,)] if count == 1 else [(number / (count - 1),) for number in range(count)]
    phi = 2.0
    for _ in range(64):  # A contraction, which converges to the last bit long before.
        phi = (1 + phi) ** (1 / (dimensions + 1))
    return [
        tuple((0.5 + (number + 1) * phi ** -(axis + 1)) % 1.0 for axis in range(dimensions))
        for number in range(count)
    ]
