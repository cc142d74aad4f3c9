"""Kernels compiled by numba, the extra `compiled`: fewer sweeps over memory, the same results.

The results agree with NumPy's to rounding, not to the bit, so a run says which it wants. Nothing
here is imported before a run asks for it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Literal, get_args

from regkit.errors import InputError

Kernels = Literal["numpy", "compiled"]


def wants_compiled(kernels: str) -> bool:
    """Whether these are the compiled kernels, which then can be had.

    Raises:
        InputError: the name is neither, or numba is not installed.
    """
    if kernels not in get_args(Kernels):
        raise InputError(f"kernels must be 'numpy' or 'compiled', got {kernels!r}")
    if kernels == "numpy":
        return False
    try:
        import_module("numba")
    except ImportError as error:
        raise InputError(
            "kernels 'compiled' need numba, which cannot be imported "
            f"({error}): pip install 'regkit-nn[compiled]', or take 'numpy'"
        ) from error
    return True


@cache
def kernels_for(task: str) -> ModuleType:
    """The module of kernels for a task, imported at the first call: `sweeps`, say."""
    return import_module(f"regkit.compiled.{task}")
