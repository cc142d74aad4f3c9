"""JAX: its arrays as they are, and as `jax.jit` traces them in every compiled training step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from types import ModuleType
from typing import Any

from regkit.array_types import Array
from regkit.extras import required
from regkit.testing.libraries.library import Library, Method
from regkit.testing.params import Params


class JAX(Library):
    """JAX on the CPU, with float64 while a law is tried."""

    name = "jax"
    array_name = "an array of JAX"
    module_name = "jax"
    set_up = "import jax\njax.config.update('jax_enable_x64', True)"
    array_source = "jax.numpy.asarray({})"
    # Few, since JAX compiles each operation for each shape.
    shapes = ((1, 1), (3, 2), (12, 9))
    wide_shapes = ((33, 65),)

    @cached_property
    def module(self) -> ModuleType:
        """`jax`.

        Raises:
            MissingPackageError: it cannot be imported.
        """
        return required(self.module_name, package="jax", extra="jax", purpose="--backend jax")

    @property
    def array_type(self) -> Any:
        """`jax.Array`."""
        return self.module.Array

    def array(self, array: Array) -> Any:
        """A copy."""
        return self.module.numpy.array(array)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """With float64 and on the CPU; the process's own settings stay what they are."""
        jax = self.module
        with ExitStack() as stack:
            stack.enter_context(_float64(jax))
            stack.enter_context(jax.default_device(jax.local_devices(backend="cpu")[0]))
            yield

    def variants(self) -> tuple[Library, ...]:
        """Arrays as they are, then traced ones."""
        return self, TracedJAX()


class TracedJAX(JAX):
    """JAX under `jax.jit`, in which the entries of an array are not known."""

    array_name = "a traced array of JAX"

    def __init__(self) -> None:
        # Compiled once for each shape, rather than in each call.
        self._compiled: dict[object, Any] = {}

    def call(self, method: Method, name: str, arrays: Params, more: Mapping[str, Any]) -> Any:
        """Compiled; arrays are arguments, since what a function closes over is not traced."""
        steps = {one: dict(value) for one, value in more.items() if isinstance(value, Params)}
        numbers = {one: value for one, value in more.items() if one not in steps}
        key = (method, name, *numbers.items())
        if key not in self._compiled:

            def traced(arrays: dict[str, Any], steps: dict[str, dict[str, Any]]) -> Any:
                given = {one: Params(value) for one, value in steps.items()}
                return _plain(method(name, Params(arrays), **given, **numbers))

            self._compiled[key] = self.module.jit(traced)
        return self._compiled[key](dict(arrays), steps)

    def call_source(self, call: str, names: str) -> str:
        """`jax.jit(lambda arrays: …)(arrays)`."""
        return f"jax.jit(lambda {names}: {call})({names})"


def _float64(jax: Any) -> Any:
    """A context in which JAX has float64."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64  # Until JAX 0.8.

    return enable_x64()


def _plain(tree: Any) -> Any:
    """Mappings as the dictionaries that `jax.jit` knows."""
    if isinstance(tree, Mapping):
        return {name: _plain(one) for name, one in tree.items()}
    return tree
