"""The sign-flip test of paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

EXACT_PAIRS = 20
"""Up to this many pairs every assignment of signs is counted."""

FLIPS = 100_000
"""Beyond it, this many random assignments are."""

CHUNK = 10_000


def sign_flip_p(differences: Sequence[float]) -> float:
    """How often signs by chance give a mean at least as far from 0; two-sided.

    If neither arm is better, each difference is as likely with the other sign. The p value is the
    share of the 2ᵏ assignments of signs to the k magnitudes |dᵢ| with |Σ ±|dᵢ|| ≥ |Σ dᵢ|. It
    assumes no normal distribution, and cannot fall below 2¹⁻ᵏ: below 6 pairs it never reaches .05.
    Beyond 20 pairs, (1 + hits)/(1 + 100,000) of random assignments from a fixed generator.

    Args:
        differences: finite numbers, in any order; it changes nothing.

    Source: R. A. Fisher, "The Design of Experiments" (1935), §21.
    """
    magnitudes = np.array(sorted(map(abs, differences)))
    observed = abs(math.fsum(differences))
    # Sums that are equal on paper differ by rounding.
    reached = observed - 1e-12 * math.fsum(magnitudes)
    if len(magnitudes) <= EXACT_PAIRS:
        # The first sign may stay: flipping all of them changes no magnitude.
        sums = magnitudes[:1]
        for magnitude in magnitudes[1:]:
            sums = np.concatenate([sums + magnitude, sums - magnitude])
        return float(np.mean(np.abs(sums) >= reached))
    generator = np.random.Generator(np.random.PCG64(0))
    hits = 0
    for _ in range(FLIPS // CHUNK):
        signs = generator.integers(0, 2, (CHUNK, len(magnitudes)), dtype=np.int8) * 2 - 1
        hits += int(np.count_nonzero(np.abs(signs @ magnitudes) >= reached))
    return (1 + hits) / (1 + FLIPS)
