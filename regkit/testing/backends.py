"""The backends of a check: the laws, and those on the arrays of a library besides NumPy."""

from __future__ import annotations

from collections.abc import Mapping

from regkit.errors import InputError
from regkit.suggestions import did_you_mean
from regkit.testing.backend_names import BACKENDS, NUMPY
from regkit.testing.law import Law
from regkit.testing.laws import LAWS
from regkit.testing.laws.backend import laws_on
from regkit.testing.libraries import JAX, Library, PyTorch

LIBRARIES: Mapping[str, type[Library]] = {"torch": PyTorch, "jax": JAX}


def library_of(backend: str) -> Library | None:
    """The library of a backend, imported; None for NumPy.

    Raises:
        InputError: there is no such backend.
        MissingPackageError: its library cannot be imported.
    """
    if backend not in BACKENDS:
        advice = did_you_mean(str(backend), BACKENDS) or f"use one of {', '.join(BACKENDS)}"
        raise InputError(f"there is no backend {backend!r}: {advice}")
    if backend == NUMPY:
        return None
    library = LIBRARIES[backend]()
    _ = library.module  # It is imported now, so that its absence is no law's failure.
    return library


def laws_for(library: Library | None) -> tuple[Law, ...]:
    """The laws in the order in which they are checked, those on the library's arrays last."""
    return LAWS if library is None else (*LAWS, *laws_on(library))
