"""The contract that a plugin must meet: both hooks, marked, with signatures that can be called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from regkit.errors import PluginError
from regkit.hookspecs import PROJECT
from regkit.regularizers import Regularizer

REQUIRED = ("penalty", "penalty_grad")
ARGUMENTS = {"penalty": ["layer"], "penalty_grad": ["layer"], "penalty_prox": ["layer", "step"]}
REACHES_OTHERS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname")
"""Options of a hook implementation that would let it change other plugins' results."""

_MARK = f"{PROJECT}_impl"
_USED_BY_BASE_CLASS = {"penalty": "value", "penalty_grad": "grad"}


def has_both_hooks(candidate: object) -> bool:
    """Whether the class, module or object carries marked `penalty` and `penalty_grad`."""
    return all(hasattr(getattr(candidate, name, None), _MARK) for name in REQUIRED)


def require_hooks(plugin: object, label: str) -> None:
    """Check a plugin's hooks before it is registered.

    Raises:
        PluginError: a hook is missing, misspelt, not marked, has a wrong signature, or uses an
            option that can change other plugins' results; or two plugins of the class may compare
            equal, which pluggy would take for one.
    """
    if type(plugin).__eq__ is not object.__eq__:
        raise PluginError(
            f"regularizer {label!r} is compared by value, but a run must distinguish its plugins: "
            "write @dataclass(eq=False)"
        )
    marked = _marked(plugin)
    for name, implementation in marked.items():
        _require_no_reach(implementation, name, label)
        # Not left to pluggy's check_pending, which lets `optionalhook` pass.
        if name not in ARGUMENTS:
            raise PluginError(
                f"regularizer {label!r} marks {name!r}, which is not a hook of regkit "
                f"(hooks: {', '.join(ARGUMENTS)}): a misspelling?"
            )
    for name in ARGUMENTS:
        if name in marked:
            _require_signature(marked[name], name, label)
        elif inspect.getattr_static(plugin, name, None) is not None:
            raise PluginError(
                f"regularizer {label!r}: {name} is not a function marked with "
                "@regkit.hookimpl, so it would never be called"
            )
        elif name in REQUIRED:
            raise PluginError(f"regularizer {label!r} has no {name}: it needs both hooks")
    if isinstance(plugin, Regularizer):
        _require_value_and_grad(plugin, label)


def _marked(plugin: object) -> dict[str, Callable[..., Any]]:
    """The functions that pluggy recognizes as hook implementations, by name."""
    marked: dict[str, Callable[..., Any]] = {}
    for name in dir(plugin):
        if isinstance(inspect.getattr_static(plugin, name, None), property):
            continue
        attribute = getattr(plugin, name, None)
        if inspect.isroutine(attribute) and isinstance(getattr(attribute, _MARK, None), dict):
            marked[name] = attribute
    return marked


def _require_no_reach(implementation: Callable[..., Any], name: str, label: str) -> None:
    options = getattr(implementation, _MARK)
    for option in REACHES_OTHERS:
        if options.get(option):
            raise PluginError(
                f"regularizer {label!r}: {name} uses {option}, which can change other "
                "plugins' results and is refused"
            )


def _require_signature(implementation: Callable[..., Any], name: str, label: str) -> None:
    """Pluggy passes exactly the positional arguments without a default."""
    call = f"it is called as {name}({', '.join(ARGUMENTS[name])})"
    for parameter in inspect.signature(implementation).parameters.values():
        has_default = parameter.default is not parameter.empty
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name not in ARGUMENTS[name]:
            if has_default:
                continue
            fault = f"takes an argument {parameter.name!r}, but {call}"
        elif parameter.kind is parameter.KEYWORD_ONLY:
            fault = f"takes {parameter.name!r} by keyword only, but {call}"
        elif has_default:
            fault = f"gives {parameter.name!r} a default, so that it would not be passed: {call}"
        else:
            continue
        raise PluginError(f"regularizer {label!r}: {name} {fault}")


def _require_value_and_grad(plugin: Regularizer, label: str) -> None:
    for hook, method in _USED_BY_BASE_CLASS.items():
        inherited = getattr(type(plugin), hook) is getattr(Regularizer, hook)
        if inherited and not hasattr(plugin, method):
            raise PluginError(
                f"regularizer {label!r} defines no {method}: it needs value and grad, "
                "or penalty and penalty_grad of its own"
            )
