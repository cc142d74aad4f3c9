"""How much results change when their input is rounded: what no library can do better than."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from regkit.array_types import Array
from regkit.testing.params import Params

ROUNDINGS = 32
"""By how many units in the last place each entry is changed."""

TRIES = 3


def change_by_rounding(
    function: Callable[[Params], Mapping[str, Array]],
    params: Params,
    holds: Callable[[Params], bool],
    seed: int,
) -> float:
    """The largest change of any result where all entries are changed in their last digits.

    It is large where a function is ill-conditioned, as the gradient of a sum of singular values is
    where one of them is next to zero. Zeros stay zeros.

    Args:
        function: of the parameters, giving arrays by name.
        params: arrays of one dtype.
        holds: where the function is defined.
        seed: the random seed of the signs.
    """
    rng = np.random.default_rng(seed)

    def rounded(array: Array) -> Array:
        share = ROUNDINGS * np.finfo(array.dtype).eps
        nudged: Array = array * (1 + share * rng.choice([-1.0, 1.0], array.shape))
        return nudged.astype(array.dtype)

    wanted, change = function(params), 0.0
    for other in filter(holds, [params.map(rounded) for _ in range(TRIES)]):
        for name, result in function(other).items():
            change = max(change, float(np.max(np.abs(result - wanted[name]), initial=0)))
    return change
