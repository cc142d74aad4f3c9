"""The regularizers that a local Python file defines."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from regkit.errors import InputError, PluginError
from regkit.hookspecs import HOOKS
from regkit.regularizers import Configured
from regkit.regularizers.naming import snake_case

PREFIX = "regkit_plugin_file_"


def is_of_plugin_file(cls: type) -> bool:
    """Whether a plugin file defined the class."""
    return cls.__module__.startswith(PREFIX)


def classes_in(path: Path) -> list[type]:
    """Run a plugin file and return the regularizer classes that it defines itself.

    The module stays importable as `regkit_plugin_file_<stem>`, so that its regularizers pickle.

    Raises:
        InputError: it is not a file, or not a Python file.
        PluginError: it cannot be run, or it defines no regularizer.
    """
    if not path.is_file():
        fault = "is not a file" if path.exists() else "does not exist"
        raise InputError(f"plugin file {path} {fault}: give the path of a Python file (.py)")
    name = f"{PREFIX}{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"plugin file {path} is not a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise PluginError(
            f"plugin file {path} cannot be run: {type(error).__name__}: {error}"
        ) from error
    found = [
        cls
        for attribute, cls in vars(module).items()
        if isinstance(cls, type)
        and (cls.__module__, cls.__name__) == (name, attribute)
        and not cls.__name__.startswith("_")
        # One that lacks a hook or its mark is told so when it is used.
        and (issubclass(cls, Configured) or any(hasattr(cls, hook) for hook in HOOKS))
    ]
    if not found:
        raise PluginError(f"plugin file {path} defines no regularizer (a subclass of Regularizer)")
    return found


def by_name(classes: list[type]) -> dict[str, type]:
    """Classes without an entry point, each under its class name in snake case.

    Raises:
        PluginError: two of them have the same name.
    """
    named: dict[str, type] = {}
    for cls in classes:
        name = snake_case(cls.__name__)
        if named.setdefault(name, cls) is not cls:
            raise PluginError(
                f"{named[name].__module__} and {cls.__module__} both define {name!r}: "
                "rename one of the classes"
            )
    return named
