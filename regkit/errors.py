"""The errors of regkit, and the command's exit code for each.

Every error that regkit raises on purpose is a `RegkitError`. Its message is one line that says
what is wrong, where, and what to do; `exit_code` is what `regkit` exits with.
"""

from __future__ import annotations

from typing import Any


class RegkitError(Exception):
    """The base class of regkit's errors. Exit code 1: an internal error."""

    exit_code = 1

    def __reduce__(self) -> tuple[Any, ...]:
        # By message and attributes: pickle cannot call an __init__ with keywords.
        return RegkitError.__new__, (type(self), *self.args), vars(self)


class InputError(RegkitError, ValueError):
    """Something the user gave cannot be used: an argument, a file, an array. Exit code 2."""

    exit_code = 2


class MissingPackageError(InputError, ImportError):
    """A package is not installed, or cannot be imported, which an extra of regkit installs."""


class StorageError(InputError):
    """A file cannot be written: the disk is full, or writing is not permitted."""


class DataError(InputError):
    """A table cannot be read, or cannot be used as intended."""


class ConfigError(InputError):
    """A configuration file cannot be read, or holds an invalid setting."""


class SpecError(InputError):
    """A spec string such as `l2=0.0005@dense1` cannot be read."""


class FieldError(InputError):
    """A regularizer's field is unknown, of the wrong type or out of range."""


class SelectorError(InputError):
    """A selector matches no trainable parameter."""


class LayerNotFoundError(InputError, KeyError):
    """A model has no layer of that name or position."""

    def __str__(self) -> str:
        # KeyError would show its message in quotes.
        return str(self.args[0])


class UnknownRegularizerError(InputError):
    """No installed regularizer has the requested name."""


class PluginError(RegkitError):
    """A plugin cannot be used: it cannot be imported, or its hooks are invalid."""

    exit_code = 2


class RegularizerError(PluginError):
    """A hook of a regularizer failed during a run.

    Attributes:
        plugin: its label.
        distribution: its distribution's name and version, or None.
        hook: the name of the hook.
        layer: the name of the layer, or `model`.
        parameter: the name of the parameter; None if no single one is at fault.

    Args:
        problem: what happened.
        refused: whether it is what an error of regkit's own, raised by the hook, says.
    """

    def __init__(
        self,
        problem: str,
        *,
        plugin: str,
        distribution: str | None,
        hook: str,
        layer: str,
        parameter: str | None = None,
        refused: bool = False,
    ) -> None:
        origin = f" (from {distribution})" if distribution else ""
        layers = f"layer {layer}" if layer else "the root module"
        place = "the whole model" if layer == "model" else layers
        place += f", parameter {parameter}" if parameter else ""
        said = f"refuses {place}: {problem}" if refused else f"{problem} at {place}"
        super().__init__(f"regularizer {plugin!r}{origin}: {hook} {said}")
        self.plugin = plugin
        self.distribution = distribution
        self.hook = hook
        self.layer = layer
        self.parameter = parameter


class DivergenceError(RegkitError):
    """Training diverged: the data loss, a penalty or a parameter is no longer finite. Exit code 3.

    Attributes:
        epoch: the epoch in which it did.
        term: what diverged first, "data loss" or a regularizer's label.
    """

    exit_code = 3

    def __init__(self, message: str, *, epoch: int, term: str) -> None:
        super().__init__(message)
        self.epoch = epoch
        self.term = term


class RegkitWarning(UserWarning):
    """Training continues, but probably not as intended."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a training of `regkit.train`.

    Attributes:
        history: the records that were made until then.
    """

    def __init__(self, history: Any) -> None:
        super().__init__("the training was interrupted; its records are in .history")
        self.history = history
