"""Modules from the packages of the extra `data`, which may not be installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from regkit.errors import DataError


def optional_module(module: str, purpose: str) -> Any:
    """Import a module that `purpose`, such as a file name, needs.

    Raises:
        DataError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        root = module.partition(".")[0]
        package = {"sklearn": "scikit-learn"}.get(root, root)
        raise DataError(
            f"{purpose} needs {package}, which is not installed: pip install 'regkit-nn[data]'"
        ) from error
