"""Whether an object is a plugin: both hooks, rightly marked, with signatures that can be called."""

from __future__ import annotations

import inspect

from regkit.errors import PluginError
from regkit.hookspecs import PROJECT

REQUIRED = ("penalty", "penalty_grad")
ARGUMENTS = {"penalty": ["layer"], "penalty_grad": ["layer"], "penalty_prox": ["layer", "step"]}
REACHES_OTHERS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname")
"""Options of a hook implementation with which it would reach into other plugins' results."""

_MARK = f"{PROJECT}_impl"


def has_both_hooks(candidate: object) -> bool:
    """Whether the class, module or object carries marked `penalty` and `penalty_grad`."""
    return all(hasattr(getattr(candidate, name, None), _MARK) for name in REQUIRED)


def require_hooks(plugin: object, label: str) -> None:
    """Check a plugin's hooks before it is registered.

    Raises:
        PluginError: a hook is missing, not marked, takes an argument that no hook gets, or asks
            for an option that reaches into other plugins' results.
    """
    for name in ARGUMENTS:
        hook = inspect.getattr_static(plugin, name, None)
        if hook is None:
            if name in REQUIRED:
                raise PluginError(f"regularizer {label!r} has no {name}: it needs both hooks")
            continue
        implementation = getattr(plugin, name)
        if not hasattr(implementation, _MARK):
            raise PluginError(
                f"regularizer {label!r}: {name} is not marked with @regkit.hookimpl, "
                "so it would never be called"
            )
        options = getattr(implementation, _MARK)
        for option in REACHES_OTHERS:
            if options.get(option):
                raise PluginError(
                    f"regularizer {label!r}: {name} uses {option}, which reaches into other "
                    "plugins' results and is refused"
                )
        _require_signature(implementation, name, label)


def _require_signature(implementation: object, name: str, label: str) -> None:
    if not callable(implementation):
        raise PluginError(f"regularizer {label!r}: {name} is not a function")
    for parameter in inspect.signature(implementation).parameters.values():
        variable = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if variable or parameter.default is not parameter.empty:
            continue
        keyword_only = parameter.kind is parameter.KEYWORD_ONLY
        if keyword_only or parameter.name not in ARGUMENTS[name]:
            raise PluginError(
                f"regularizer {label!r}: {name} takes an argument {parameter.name!r}, "
                f"but it is called as {name}({', '.join(ARGUMENTS[name])})"
            )
