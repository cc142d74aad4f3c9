"""Packages that only an extra of regkit installs."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from regkit.about import DISTRIBUTION
from regkit.errors import MissingPackageError


def required(module: str, *, package: str, extra: str, purpose: str) -> ModuleType:
    """Import a module of another package.

    Args:
        module: its name, such as `"sklearn"`.
        package: what is installed to get it, such as `"scikit-learn"`.
        extra: the extra of regkit that installs it.
        purpose: what needs it, for the message.

    Raises:
        MissingPackageError: it cannot be imported.
    """
    try:
        return import_module(module)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == module
        problem = "is not installed" if missing else f"cannot be imported ({error})"
        raise MissingPackageError(
            f"{purpose} needs {package}, which {problem}: pip install '{DISTRIBUTION}[{extra}]'"
        ) from error
