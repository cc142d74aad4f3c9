"""One figure of the report: what was measured, beside its must and its goal."""

from dataclasses import dataclass
from typing import Any

from .rounds import Ratio


@dataclass(frozen=True)
class Figure:
    """A measured ratio, or a number in a unit of its own; lower is always better.

    Attributes:
        job: the name of what was measured, such as P1.
        what: what was divided by what, or measured.
        measured: the ratio of pairs, or a number that has no pairs.
        must: what it must not exceed; None for a figure that is shown beside others.
        goal: what it is hoped to stay within.
        unit: of a number that is not a ratio.
    """

    job: str
    what: str
    measured: Ratio | float
    must: float | None = None
    goal: float | None = None
    unit: str = ""

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> "Figure":
        """From what `asdict` gave, and JSON kept."""
        measured = told["measured"]
        ratio = Ratio(**measured) if isinstance(measured, dict) else measured
        return cls(told["job"], told["what"], ratio, told["must"], told["goal"], told["unit"])

    @property
    def value(self) -> float:
        return self.measured if isinstance(self.measured, float) else self.measured.median

    @property
    def verdict(self) -> str:
        if self.must is not None and self.value > self.must:
            return "missed"
        if self.goal is not None:
            return "goal met" if self.value <= self.goal else self._short_of_goal
        return "" if self.must is None else "must met"

    @property
    def _short_of_goal(self) -> str:
        return "goal missed" if self.must is None else "must met, goal missed"
