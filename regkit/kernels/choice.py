"""Which kernels a run gets: NumPy's, or those compiled by numba, the extra `compiled`."""

from __future__ import annotations

from importlib import import_module

from regkit.errors import InputError
from regkit.kernels.kernels import Kernels
from regkit.kernels.names import checked_name

WORTH_COMPILING = 5_000_000_000
"""Entries from which compiled kernels repay their start-up on any machine: they take 1.3 s to load
once they have been compiled, and save 0.2 ns per entry where everything fits the processor's
second-level cache, up to 2 ns where it does not."""


def kernels_for(name: str, *, entries: float) -> Kernels:
    """New kernels for one run: they own the memory they compute in.

    Args:
        name: `"numpy"`, `"compiled"`, or `"auto"`: compiled if numba is installed and the job
            processes enough entries. Nothing else decides, so that a job always gets the same
            kernels.
        entries: entries of activations and parameters that the whole job processes.

    Raises:
        InputError: the name is unknown, or numba is needed and not installed.
    """
    if checked_name(name) == "numpy" or (name == "auto" and entries < WORTH_COMPILING):
        return Kernels()
    try:
        import_module("numba")
    except ImportError as error:
        if name == "auto":
            return Kernels()
        raise InputError(
            "kernels 'compiled' need numba, which cannot be imported "
            f"({error}): pip install 'regkit-nn[compiled]', or use 'numpy'"
        ) from error
    from regkit.kernels.numba.kernels import NumbaKernels

    return NumbaKernels()
