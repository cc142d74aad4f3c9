"""The contract that a plugin must meet: pairs of hooks, marked, that can be called as they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from regkit.errors import PluginError
from regkit.hookspecs import PROJECT
from regkit.regularizers import ActivityRegularizer, Configured, ModelRegularizer, Regularizer

PAIRS = (
    ("penalty", "penalty_grad"),
    ("penalty_model", "penalty_model_grad"),
    ("penalty_outputs", "penalty_outputs_grad"),
)
"""A penalty and its gradient; a plugin has at least one pair."""

ARGUMENTS = {
    "penalty": ["layer"],
    "penalty_grad": ["layer"],
    "penalty_prox": ["layer", "step"],
    "penalty_model": ["layers"],
    "penalty_model_grad": ["layers"],
    "penalty_model_prox": ["layers", "steps"],
    "penalty_outputs": ["layer", "outputs"],
    "penalty_outputs_grad": ["layer", "outputs"],
}
REACHES_OTHERS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname")
"""Options of a hook implementation that would let it change other plugins' results."""

_MARK = f"{PROJECT}_impl"
_BASES = (Regularizer, ModelRegularizer, ActivityRegularizer)


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
    _require_pairs(marked, label)
    if isinstance(plugin, Configured):
        _require_value_and_grad(plugin, label)
        require_own_methods(type(plugin), label)


def _require_pairs(marked: dict[str, Callable[..., Any]], label: str) -> None:
    """Check that each penalty has its gradient, and that there is one."""
    pairs = [pair for pair in PAIRS if any(name in marked for name in pair)] or [PAIRS[0]]
    for name in (name for pair in pairs for name in pair):
        if name not in marked:
            raise PluginError(f"regularizer {label!r} has no {name}: it needs both hooks")


def _marked(plugin: object) -> dict[str, Callable[..., Any]]:
    """The functions that pluggy recognizes as hook implementations, by name."""
    marked: dict[str, Callable[..., Any]] = {}
    for name in dir(plugin):
        if isinstance(getattr(type(plugin), name, None), property):
            continue  # Its value is no hook, and may fail.
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


def _require_value_and_grad(plugin: Configured, label: str) -> None:
    [base] = [one for one in _BASES if isinstance(plugin, one)][:1] or [Regularizer]
    pair = next(pair for pair in PAIRS if hasattr(base, pair[0]))
    if plugin.constraint:
        return
    for hook, method in zip(pair, ("value", "grad"), strict=True):
        inherited = getattr(type(plugin), hook) is getattr(base, hook)
        if inherited and not hasattr(plugin, method):
            raise PluginError(
                f"regularizer {label!r} defines no {method}: it needs value and grad, "
                f"or {pair[0]} and {pair[1]} of its own"
            )


def require_own_methods(cls: type, label: str) -> None:
    """Check that `grad_into` has its three parameters, and fits the class's own formulas.

    Raises:
        PluginError: it takes others; or `grad_into` or `prox` was written for a parent whose
            `value` or `grad` the class overrides.
    """
    into = getattr(cls, "grad_into", None)
    if into is not None and len(inspect.signature(into).parameters) != len(("self", *_INTO)):
        raise PluginError(
            f"regularizer {label!r}: {cls.__name__}.grad_into must take exactly "
            f"({', '.join(_INTO)})"
        )
    for inherited in ("grad_into", "prox"):
        owner = _definer(cls, inherited)
        for formula in ("value", "grad"):
            newer = _definer(cls, formula)
            if owner is None or newer is None or owner in (cls, newer):
                continue
            if issubclass(newer, owner) and _definer(owner, formula) is not None:
                raise PluginError(
                    f"regularizer {label!r}: {newer.__name__} overrides {formula}, but inherits "
                    f"the {inherited} that {owner.__name__} wrote for its own: override "
                    f"{inherited} too, or set {inherited} = None"
                )


_INTO = ("w", "scale", "out")


def _definer(cls: type, name: str) -> type | None:
    """The class that defines a method for `cls`; None if none does, or only as abstract."""
    for one in cls.__mro__:
        if name in vars(one):
            method = vars(one)[name]
            concrete = method is not None and not getattr(method, "__isabstractmethod__", False)
            return one if concrete else None
    return None
