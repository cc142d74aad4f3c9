"""What a page says of one run or study, before it becomes HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regkit.reports.drawings.drawing import Drawing, Numbers


@dataclass(frozen=True)
class Listing:
    """A table that is always shown.

    Attributes:
        title: its heading.
        explanation: what the columns mean.
        numbers: the table.
    """

    title: str
    explanation: str
    numbers: Numbers


@dataclass(frozen=True)
class Instructions:
    """How to get the same again.

    Attributes:
        introduction: what to do with the commands, or why there are none.
        commands: for a shell.
        file_name: of the settings that a command reads.
        file_text: what the file holds.
        versions: what it was made with.
    """

    introduction: str
    commands: Sequence[str]
    file_name: str
    file_text: str
    versions: Numbers


@dataclass(frozen=True)
class Section:
    """A run or a study.

    Attributes:
        title: its name, and what it is.
        verdict: sentences; the first is the headline.
        overview: tables before the drawings.
        drawings: in order.
        listings: likewise.
        instructions: how to reproduce it; None for what its sources say themselves.
    """

    title: str
    verdict: Sequence[str]
    overview: Sequence[Listing]
    drawings: Sequence[Drawing]
    listings: Sequence[Listing]
    instructions: Instructions | None
