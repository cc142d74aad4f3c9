"""A cell of a sweep: one trial with one seed, on one split or fold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regkit.catalogue.plugin_files import classes_in
from regkit.runs.config_file import config_from_text
from regkit.runs.data import run_data
from regkit.runs.prepared import TEST, VALIDATION
from regkit.studies.measures import are_measures
from regkit.studies.search.repeats import Repeat
from regkit.studies.settings import with_seed
from regkit.studies.task import FAILED, Row, Task
from regkit.studies.trained_row import trained_row

VALUES = "values"
"""The key of a trial's numbers in its rows."""


@dataclass(frozen=True)
class SweepCell(Task):
    """One repeat of a trial.

    Attributes:
        trial: its number.
        values: the numbers that the sweep has decided, by title, as JSON text.
        settings: the configuration file of the training, as text.
        repeat: the seed, and what is validated on.
        plugin_files: the paths of files that define regularizers.
        test_share: the share of a table's rows that only the measurement sees.
        metric: by which trials are compared.
    """

    trial: int
    values: str
    settings: str
    repeat: Repeat
    plugin_files: tuple[str, ...]
    test_share: float
    metric: str

    def perform(self) -> list[Row]:
        """Train, and measure on the rows that choose and on those by which nothing is chosen.

        Raises:
            RegkitError: a setting cannot be used, or the training diverged.
        """
        classes = [cls for path in self.plugin_files for cls in classes_in(Path(path))]
        config = config_from_text(self.settings, f"trial {self.trial}")
        data = run_data(
            replace(config, seed=self.repeat.split_seed), self.repeat.unseen(self.test_share)
        )
        found = trained_row(with_seed(config, self.repeat.seed), classes, data)
        return [{**self._who(), **found}]

    def failed(self, reason: str) -> list[Row]:
        """A row with the reason."""
        return [{**self._who(), FAILED: reason}]

    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether there is one row, of this trial with these numbers, and measures or a reason."""
        return self._is_whole(rows) and rows[0][VALUES] == json.loads(self.values)

    def refusal(self, rows: Sequence[Row]) -> str:
        """That the numbers are others, where the row is whole."""
        if not self._is_whole(rows):
            return super().refusal(rows)
        kept, asked = rows[0][VALUES], json.loads(self.values)
        others = [title for title in asked if kept[title] != asked[title]]
        there, here = (
            ", ".join(f"{title} = {found[title]!r}" for title in others) for found in (kept, asked)
        )
        return (
            f"rows.jsonl has {self.key} with {there}, and the sweep asks for it with {here}: they "
            "are not of one sweep; put back the journal.log, or give the storage, with which the "
            "rows were trained, or choose another folder"
        )

    def _is_whole(self, rows: Sequence[Row]) -> bool:
        """Whether there is one row, of this trial with some numbers, and measures or a reason."""
        if len(rows) != 1:
            return False
        (row,) = rows
        values, who = row.get(VALUES), self._who()
        if any(row.get(key) != one for key, one in who.items() if key != VALUES):
            return False
        if not isinstance(values, dict) or values.keys() != who[VALUES].keys():
            return False
        if not all(isinstance(one, int | float) for one in values.values()):
            return False
        parts = [row.get(part) or {} for part in (VALIDATION, TEST)]
        return FAILED in row or all(are_measures(one) and self.metric in one for one in parts)

    def _who(self) -> Row:
        return {"trial": self.trial, VALUES: json.loads(self.values), **self.repeat.as_dict()}
