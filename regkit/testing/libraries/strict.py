"""array-api-strict: NumPy's numbers behind the array API standard, and nothing beyond it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from regkit.array_types import Array
from regkit.testing.libraries.library import EXACT, Library, Method
from regkit.testing.params import Params

NEED_NUMBERS = ("__bool__", "__float__", "__int__", "__index__")
"""What fails on an array that is being traced, as under `jax.jit`: its entries are not known."""


class Strict(Library):
    """array-api-strict, whose arrays are taken as if they were being traced."""

    name = "array-api"
    array_name = "an array of array-api-strict"
    module_name = "array_api_strict"
    set_up = (
        "import array_api_strict as xp\nfrom regkit.testing.libraries.strict import under_tracing"
    )
    array_source = "xp.asarray({})"

    def is_installed(self) -> bool:
        """Whether it can be imported."""
        return importlib.util.find_spec(self.module_name) is not None

    @property
    def array_type(self) -> Any:
        """A private class of the library."""
        return type(self.module.asarray(0.0))

    def array(self, array: Array) -> Any:
        """A copy: by itself the library would share the memory."""
        return self.module.asarray(array, copy=True)

    def call(self, method: Method, name: str, arrays: Params, more: Mapping[str, Any]) -> Any:
        """As if the arrays were being traced."""
        return under_tracing(self.module, lambda: method(name, arrays, **more))

    def call_source(self, call: str, names: str) -> str:
        """`under_tracing(xp, lambda: …)`."""
        return f"under_tracing(xp, lambda: {call})"

    def exact(self, dtype: str, wanted: Array) -> float:
        """By the dtype of the result: the arrays compute as NumPy's, and values in float64."""
        return EXACT.get(str(wanted.dtype), EXACT["float64"])


def under_tracing(xp: Any, call: Callable[[], Any]) -> Any:
    """The call, made while arrays of the library refuse what a traced array refuses."""
    flags = xp.ArrayAPIStrictFlags(boolean_indexing=False, data_dependent_shapes=False)
    with _numbers_refused(type(xp.asarray(0.0))), flags:
        return call()


@contextmanager
def _numbers_refused(kind: type) -> Iterator[None]:
    """While the context lasts, arrays of a class give no numbers."""

    def refuse(array: object) -> None:
        raise TypeError("the entries of an array that is being traced are not known")

    methods = {name: getattr(kind, name) for name in NEED_NUMBERS}
    try:
        for name in methods:
            setattr(kind, name, refuse)
        yield
    finally:
        for name, method in methods.items():
            setattr(kind, name, method)
