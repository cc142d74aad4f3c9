"""The backends of Keras on which penalties run."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

from regkit.errors import InputError, MissingPackageError
from regkit.extras import required
from regkit.keras.hooked import Hooked

BACKENDS = {"torch": "regkit.keras.on_torch", "jax": "regkit.keras.on_jax"}
ADVICE = "set the environment variable KERAS_BACKEND to torch or jax before keras is imported"


class Backend(Protocol):
    """What a file of a backend defines."""

    def bridge(self, plugin: object) -> object:
        """What makes a plugin serve its arrays; see `regkit.hooks.RunHooks`."""

    def differentiable(self, hooked: Hooked, x: Any) -> Any:
        """The penalty of `x`, of no dimension, with the penalty's own gradient behind it."""


def require_keras() -> None:
    """Check that Keras can be imported.

    Raises:
        MissingPackageError: it is not installed, or asks for TensorFlow, which is not.
    """
    try:
        required("keras", package="keras", extra="keras", purpose="regkit.keras")
    except MissingPackageError as error:
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError) and _is_tensorflow(cause.name):
            raise MissingPackageError(
                f"Keras asks for TensorFlow, on which regkit's penalties do not run: {ADVICE}"
            ) from error
        raise


def _is_tensorflow(module: str | None) -> bool:
    return (module or "").partition(".")[0] == "tensorflow"


def backend() -> Backend:
    """The backend of this process.

    Raises:
        InputError: penalties do not run on it.
    """
    name = import_module("keras").backend.backend()
    if name not in BACKENDS:
        raise InputError(f"regkit's penalties do not run on Keras' backend {name!r}: {ADVICE}")
    return cast("Backend", import_module(BACKENDS[name]))
