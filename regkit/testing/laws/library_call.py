"""One call of an author's method, on NumPy's arrays and on those of another library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from regkit.array_libraries import array_namespace
from regkit.array_types import Array
from regkit.testing.conditioning import change_by_rounding
from regkit.testing.libraries import Library
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects import ModelSubject
from regkit.testing.violation import Violation


@dataclass(frozen=True)
class LibraryCall:
    """A call that must give the same on both.

    Attributes:
        penalty: whose method is called.
        library: the other library.
        method: `value`, `grad` or `prox`.
        params: NumPy's arrays, all of one dtype.
        more: the step of `prox`: a float, or arrays.
    """

    penalty: PenaltyUnderTest
    library: Library
    method: str
    params: Params
    more: Mapping[str, Any]

    def require_same(self) -> None:
        """Make the call.

        Raises:
            Violation: it fails, gives something else than on NumPy's arrays, or changes them.
        """
        wanted = self._on_numpy(self.params)
        with self.library.at_work():
            self._require(wanted)

    def _require(self, wanted: Mapping[str, Array]) -> None:
        arrays = self.library.arrays(self.params)
        given = {name: self.library.arrays(value) for name, value in self.more.items()}
        try:
            own = self.library.call(self.penalty.direct, self.method, arrays, given)
        except Violation as violation:
            # JAX's errors go on over many lines.
            raise self._violation(violation.problem.partition("\n")[0]) from violation
        results = self._by_name(own)
        if set(results) != set(wanted):
            raise self._violation(f"{self.method} answers for {[*results]}, not {[*wanted]}")
        for name, got in results.items():
            fault = self._fault_of_form(got, arrays, name, wanted[name].shape)
            if fault:
                raise self._violation(f"{self.method} {fault}")
            self._require_numbers(self.library.numpy(got), wanted[name])
        for name, array in self.params.items():
            if self.library.numpy(arrays[name]).tobytes() != array.tobytes():
                problem = f"{self.method} writes to {name}"
                raise self._violation(problem, f"{self._source}\narrays, params")

    def _on_numpy(self, params: Params) -> dict[str, Array]:
        own = self._by_name(self.penalty.direct(self.method, params, **self.more))
        return {name: np.asarray(result) for name, result in own.items()}

    def _by_name(self, own: Any) -> dict[str, Any]:
        """What the author's own method returns, by the names of the arrays."""
        if self.method == "value":
            return {"value": own}
        if isinstance(self.penalty.subject, ModelSubject) and not _is_nested(own):
            raise self._violation(f"{self.method} returns no {{layer: {{parameter: array}}}}")
        flat = self.penalty.subject.flat(self.penalty.subject.answered(own))
        return {name: flat[name] for name in self.params if name in flat}

    def _fault_of_form(
        self, got: Any, arrays: Mapping[str, Any], name: str, shape: tuple[int, ...]
    ) -> str | None:
        """What is wrong with the kind of a result; a value may be of any real dtype."""
        if not isinstance(got, self.library.array_type):
            return f"returns a {type(got).__name__} instead of {self.library.array_name}"
        like = arrays.get(name, next(iter(arrays.values())))
        if got.device != like.device:
            return f"returns an array on {got.device} for one on {like.device}"
        if tuple(got.shape) != shape:
            return f"returns an array of shape {tuple(got.shape)}, not {shape}"
        if name in arrays:
            return None if got.dtype == like.dtype else f"returns {got.dtype} for {like.dtype}"
        real = array_namespace(got).isdtype(got.dtype, ("real floating", "integral"))
        return None if real else f"returns {got.dtype}, which is no real number"

    def _require_numbers(self, got: Array, wanted: Array) -> None:
        """Entry by entry; the worst one is told."""
        off = np.where(got == wanted, 0.0, np.abs(got - wanted))  # ∞ − ∞ is NaN.
        dtype = str(next(iter(self.params.values())).dtype)
        allowed = self.library.exact(dtype, wanted) * (1 + np.abs(wanted))
        if not np.all(off <= allowed):
            seed, holds = self.penalty.seed, self.penalty.holds
            allowed = allowed + change_by_rounding(self._on_numpy, self.params, holds, seed)
        if not np.all(off <= allowed):
            worst = np.argmax(off - allowed)
            raise self._violation(
                f"{self.method} gives another result than on a NumPy array",
                off=float(off.flat[worst]),
                allowed=float(allowed.flat[worst]),
            )

    def _violation(self, problem: str, source: str | None = None, **margin: float) -> Violation:
        both = f"{self._source}, {self.penalty.direct_source(self.method, **self.more)}"
        return Violation(
            f"on {self.library.array_name} {problem}",
            {"params": self.params, **self.more},
            both if source is None else source,
            **margin,
        )

    @cached_property
    def _source(self) -> str:
        """The call on arrays of the library, with what it takes before."""
        made = f"{{name: {self.library.array_source.format('array')} for name, array in "
        lines = [self.library.set_up, f"arrays = {made}params.items()}}"]
        given, names = dict(self.more), "arrays"
        if isinstance(given.get("step"), Params):
            lines.append(f"steps = {made}step.items()}}")
            given, names = {"steps": given["step"]}, "arrays, steps"
        call = self.penalty.direct_source(self.method, "arrays", **given)
        return "\n".join([*lines, self.library.call_source(call, names)])


def _is_nested(own: Any) -> bool:
    return isinstance(own, Mapping) and all(isinstance(one, Mapping) for one in own.values())
