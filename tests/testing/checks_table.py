"""The table of `docs/checks-table.md`: written by `python -m tests.testing.checks_table`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from testing.correct import correct_penalties
from testing.mutants import all_mutants
from testing.mutants.process import PROCESS_MUTANTS

from regkit.testing import LAWS
from regkit.testing.penalty_under_test import PenaltyUnderTest

PATH = Path(__file__).parents[2] / "docs" / "checks-table.md"


def table() -> str:
    """What the kit does today: its laws, the planted faults, the correct penalties."""
    order = [law.name for law in LAWS]
    mutants = sorted(
        (*map(type, all_mutants()), *PROCESS_MUTANTS), key=lambda cls: order.index(cls.caught_by)
    )
    faults = [f"| {_cell(cls.__doc__ or '')} | `{cls.caught_by}` |" for cls in mutants]
    laws = [f"| `{law.name}` | {_cell(law.statement)} |" for law in LAWS]
    correct = [
        f"| {name if ' ' in name else f'`{_cell(name)}`'} | {_applicable(penalty)} |"
        for name, penalty in correct_penalties().items()
    ]
    return "\n".join(
        [
            "<!-- written by: python -m tests.testing.checks_table -->",
            "",
            "## The laws",
            "",
            *("| law | what it says |", "|---|---|", *laws),
            "",
            f"## {len(faults)} planted faults, each with the law that must catch it",
            "",
            *("| fault | law |", "|---|---|", *faults),
            "",
            f"## {len(correct)} correct penalties, none of which may be refused",
            "",
            *("| penalty | laws that apply |", "|---|---|", *correct),
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _applicable(regularizer: object) -> str:
    penalty = PenaltyUnderTest(regularizer)
    return f"{sum(law.applies(penalty) is None for law in LAWS)} of {len(LAWS)}"


if __name__ == "__main__":
    PATH.write_text(table(), encoding="utf-8")
