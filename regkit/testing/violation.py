"""A case in which a law does not hold."""

from __future__ import annotations

from collections.abc import Mapping


class Violation(Exception):  # noqa: N818 - a law was violated; it is not an error
    """A case in which a law does not hold.

    Attributes:
        problem: one line that says what was found and what was expected.
        bindings: the names that the call uses; parameters, arrays and numbers.
        call: a Python expression that shows the problem. It may use `regularizer`, `layer(params)`
            and the bindings.
    """

    def __init__(self, problem: str, bindings: Mapping[str, object], call: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.bindings = dict(bindings)
        self.call = call
