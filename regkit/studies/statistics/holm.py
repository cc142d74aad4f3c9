"""Holm's correction for several comparisons."""

from __future__ import annotations

import math
from collections.abc import Sequence

from regkit.errors import InputError


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values so that any false alarm among them is as rare as one of them alone.

    With p₍₁₎ ≤ … ≤ p₍ₘ₎ the i-th is corrected to max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎): no
    independence is assumed.

    Args:
        p_values: of the m comparisons.

    Returns:
        The corrected ones, in the same order.

    Raises:
        InputError: one is not a number from 0 to 1.

    Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
    Journal of Statistics 6 (1979), 65–70.
    """
    for p in p_values:
        if not 0 <= p <= 1:  # NaN too
            raise InputError(f"holm: a p value is a number from 0 to 1, got {p!r}")
    order = sorted(range(len(p_values)), key=lambda position: p_values[position])
    corrected = [math.nan] * len(order)
    largest = 0.0
    for rank, position in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[position]))
        corrected[position] = largest
    return corrected
