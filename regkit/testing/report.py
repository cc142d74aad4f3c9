"""The report: for each law, whether it holds, on how many cases, and a counterexample."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import groupby
from textwrap import indent
from typing import Any, Literal

MANY = 3
"""Up to this many consecutive laws that do not apply for one reason are listed, more counted."""

Outcome = Literal["passed", "failed", "undecided", "not applicable"]

MARKS: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "FAILED",
    "undecided": "?",
    "not applicable": "-",
}


@dataclass(frozen=True)
class Verdict:
    """One law's outcome.

    Attributes:
        law: the law's name.
        outcome: passed, failed, undecided (no case of those tried would have shown a fault) or not
            applicable.
        reason: what broke the law, or why it does not apply; empty if it passed or is undecided.
        tried: how many cases were tried.
        decided: how many of them were conclusive; the others were too close to a kink or to
            rounding noise, or had nothing to compare.
        counterexample: Python source that shows the violation; empty if there is none.
    """

    law: str
    outcome: Outcome
    reason: str = ""
    tried: int = 0
    decided: int = 0
    counterexample: str = ""

    def __str__(self) -> str:
        mark = MARKS[self.outcome]
        counts = f"{self.tried} tried, {self.decided} decided" if self.tried else ""
        detail = "; ".join(filter(None, (self.reason, counts)))
        line = f"  {mark:<7} {self.law:<22} {detail}".rstrip()
        return line + ("\n\n" + indent(self.counterexample, " " * 6) + "\n") * bool(
            self.counterexample
        )


@dataclass(frozen=True)
class Report:
    """All verdicts on one regularizer, in the order of the laws.

    Attributes:
        regularizer: its spec, or its class name or repr if it has none.
        verdicts: one for each law.
        notes: remarks that concern no law.
    """

    regularizer: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no law is broken."""
        return not self.failures

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """The verdicts on the laws that are broken."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome == "failed")

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, as `regkit check --json` prints it."""
        return {"regularizer": self.regularizer, "ok": self.ok} | {
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        outcomes = [verdict.outcome for verdict in self.verdicts]
        applicable = len(outcomes) - outcomes.count("not applicable")
        undecided = outcomes.count("undecided")
        more = f", {undecided} undecided" * bool(undecided)
        held = outcomes.count("passed")
        lines = [f"{self.regularizer}: {held} of {applicable} applicable laws hold{more}"]
        for reason, together in groupby(self.verdicts, lambda one: one.reason):
            verdicts = list(together)
            if reason and len(verdicts) > MANY:
                verdicts = [Verdict(f"{len(verdicts)} laws", "not applicable", reason)]
            lines += map(str, verdicts)
        return "\n".join([*lines, *(f"  note    {note}" for note in self.notes)])
