"""The names of kernels, which are known without importing NumPy."""

from __future__ import annotations

from typing import Literal, cast, get_args

from regkit.errors import InputError

KernelsName = Literal["auto", "numpy", "compiled"]


def checked_name(name: object) -> KernelsName:
    """`name`, checked to be a name of kernels.

    Raises:
        InputError: it is not.
    """
    for known in get_args(KernelsName):
        if name == known:
            return cast("KernelsName", known)
    raise InputError(f"kernels must be 'auto', 'numpy' or 'compiled', got {name!r}")
