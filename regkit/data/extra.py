"""The packages of the extra `data`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from regkit.errors import DataError


def needed(module: str, purpose: str) -> Any:
    """The module, imported.

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
