"""The random seeds of a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.errors import InputError

Seeds = int | Iterable[int]


def checked_seeds(seeds: Seeds, *, least: int) -> Sequence[int]:
    """The seeds as a list; a number n stands for 0 to n − 1.

    Raises:
        InputError: they are no integers from 0 to 2³² − 1, one occurs twice, or there are too few.
    """
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        seeds = range(integer("seeds", seeds, least=least))
    found = [checked_seed(one, "a seed") for one in seeds]
    twice = [seed for seed, count in Counter(found).items() if count > 1]
    if twice:
        raise InputError(f"seed {twice[0]} is given twice: give each once")
    if len(found) < least:
        why = "one says nothing about noise" if least > 1 else "none was given"
        raise InputError(f"a study needs at least {least} seeds, got {len(found)}: {why}")
    return found
