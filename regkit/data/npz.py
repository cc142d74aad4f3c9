"""Columns from NPZ files."""

from __future__ import annotations

import io
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from regkit.data.column import Column, array_column, matrix_columns
from regkit.errors import DataError

TARGET = "y"
"""The array that is the target unless the caller names another one."""

_DAMAGE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    OSError,
    EOFError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy and zipfile were seen to raise on damaged files; it is documented nowhere."""


def npz_columns(source: str, content: bytes) -> list[Column]:
    """The columns of an NPZ file.

    A one-dimensional array is one column with the array's name, and so is an array `y` of shape
    (rows, 1); another two-dimensional array `X` is the columns X1, X2, … Bytes are UTF-8 text.
    Pickled objects are never loaded.

    Raises:
        DataError: the content is not an NPZ file, or an array has neither one nor two dimensions.
    """
    try:
        arrays = np.load(io.BytesIO(content), allow_pickle=False)
        named = dict(arrays) if isinstance(arrays, Mapping) else None
    except _DAMAGE as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise DataError(f"{source} cannot be read as NPZ: {reason}") from error
    if named is None:
        raise DataError(f"{source} is not an NPZ file: write it with numpy.savez")
    columns = []
    for name, array in named.items():
        if not isinstance(array, np.ndarray) or array.ndim not in (1, 2):
            shape = getattr(array, "shape", "not an array")
            raise DataError(f"{source}: {name!r} must have one or two dimensions, got {shape}")
        if name == TARGET and array.shape[1:] == (1,):
            array = array[:, 0]
        columns += [array_column(name, array)] if array.ndim == 1 else matrix_columns(name, array)
    return columns
