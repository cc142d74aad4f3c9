"""What the laws need of a library: its arrays, made of NumPy's, and how exact its results are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from regkit.array_libraries import in_numpy
from regkit.array_types import Array
from regkit.testing.cases import LARGER, SMALL, WIDE
from regkit.testing.params import Params
from regkit.testing.subjects.subject import Shape

Method = Callable[..., Any]
"""`PenaltyUnderTest.direct`."""

EXACT = {"float64": 1e-12, "float32": 1e-5}
"""The largest error of an entry w, relative to 1 + |w|."""


class Library(ABC):
    """A library of arrays.

    Attributes:
        name: of its backend and of the laws on it.
        array_name: one of its arrays, in messages.
        module_name: what is imported.
        set_up: its import as Python source.
        array_source: an array of the library as Python source, with `{}` for NumPy's.
        dtypes: the dtypes that penalties are tested in.
        shapes: of the arrays that they are tested on, in every pattern of entries.
        wide_shapes: of larger ones, of normal entries.
    """

    name: ClassVar[str]
    array_name: ClassVar[str]
    module_name: ClassVar[str]
    set_up: ClassVar[str]
    array_source: ClassVar[str]
    dtypes: ClassVar[tuple[str, ...]] = ("float64", "float32")
    shapes: ClassVar[tuple[Shape, ...]] = (*SMALL, *LARGER)
    wide_shapes: ClassVar[tuple[Shape, ...]] = WIDE

    @cached_property
    def module(self) -> ModuleType:
        """The library itself, imported when it is first asked for."""
        return import_module(self.module_name)

    @property
    @abstractmethod
    def array_type(self) -> Any:
        """The type of its arrays."""

    @abstractmethod
    def array(self, array: Array) -> Any:
        """An array of the library with the numbers of NumPy's, which it does not share."""

    def numpy(self, array: Any) -> Array:
        """An array of the library as NumPy's."""
        return in_numpy(array)

    def arrays(self, value: Any) -> Any:
        """Parameters as arrays of the library; what is none, such as a step, stays as it is."""
        if not isinstance(value, Params):
            return value
        return Params({name: self.array(array) for name, array in value.items()})

    def variants(self) -> tuple[Library, ...]:
        """The ways to call a method with arrays of the library; each is tried."""
        return (self,)

    def at_work(self) -> AbstractContextManager[None]:
        """The setting in which arrays are made and methods called."""
        return nullcontext()

    def call(self, method: Method, name: str, arrays: Params, more: Mapping[str, Any]) -> Any:
        """The result of a method on arrays of the library, under its restrictions.

        Args:
            method: calls it.
            name: of the author's own method.
            arrays: of the library.
            more: the step of `prox`: a float, or arrays of the library.
        """
        return method(name, arrays, **more)

    def call_source(self, call: str, names: str) -> str:
        """The same as Python source.

        Args:
            call: the source of the call.
            names: those of the arrays in it, such as `arrays, steps`.
        """
        return call

    def exact(self, dtype: str, wanted: Array) -> float:
        """The largest error of a result.

        Args:
            dtype: the dtype of the parameters.
            wanted: the result on NumPy's arrays.
        """
        return EXACT[dtype]

    def use_one_thread(self) -> None:  # noqa: B027 - not every library has threads
        """Keep its computations in one thread, for a process of the kit's own."""
