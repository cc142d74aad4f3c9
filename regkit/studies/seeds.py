"""The random seeds of a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError

Seeds = int | Iterable[int]

MOST_SEEDS = 100_000
"""No study has more: the settings of all its cells are in memory."""


def checked_seeds(seeds: Seeds, *, least: int) -> Sequence[int]:
    """The seeds as a list; a number n stands for 0 to n − 1.

    Raises:
        InputError: they are no integers from 0 to 2³² − 1, one occurs twice, or there are too few
            or too many.
    """
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        seeds = range(integer("seeds", seeds, least=least))
    found = [checked_seed(one, "a seed") for one in islice(seeds, MOST_SEEDS + 1)]
    if len(found) > MOST_SEEDS:
        raise InputError(f"a study has at most {MOST_SEEDS} seeds: give fewer")
    twice = [seed for seed, count in Counter(found).items() if count > 1]
    if twice:
        raise InputError(f"seed {twice[0]} is given twice: give each once")
    if len(found) < least:
        why = "one says nothing about noise" if least > 1 else "none was given"
        raise InputError(f"a study needs at least {least} seeds, got {len(found)}: {why}")
    return found
