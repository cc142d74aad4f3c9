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
        margin: how far off it is, and how far it may be, in words; empty where it is no number.
    """

    def __init__(
        self,
        problem: str,
        bindings: Mapping[str, object],
        call: str,
        *,
        off: float | None = None,
        allowed: float = 0.0,
    ) -> None:
        """Take the parts; `off` is the distance from what the law demands, beyond `allowed`."""
        super().__init__(problem)
        self.margin = "" if off is None else f"off by {off:.3g}, of which {allowed:.1g} is allowed"
        self.problem = f"{problem} ({self.margin})" if self.margin else problem
        self.bindings = dict(bindings)
        self.call = call
