"""A cell of a comparison: one arm with one seed, trained and measured on unseen rows."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regkit.catalogue.plugin_files import classes_in
from regkit.errors import DivergenceError
from regkit.runs.config_file import config_from_text
from regkit.runs.data import run_data
from regkit.runs.prepared import TEST, VALIDATION, RunData
from regkit.runs.unseen import Share
from regkit.studies.measures import are_measures, higher_is_better
from regkit.studies.task import FAILED, Row, Task
from regkit.studies.trained_row import trained_row


@dataclass(frozen=True)
class Candidate:
    """Settings that a cell tries.

    Attributes:
        settings: the configuration file of the training, as text.
        strengths: what tuning varied, by label, as JSON text; `"{}"` if nothing.
    """

    settings: str
    strengths: str = "{}"


@dataclass(frozen=True)
class Cell(Task):
    """One arm with one seed.

    Attributes:
        arm: the arm's name.
        seed: of data, split, weights and order.
        candidates: of which the best on the validation rows is measured; one, if nothing is tuned.
        plugin_files: the paths of files that define regularizers.
        test_share: the share of a table's rows that only the measurement sees.
        metric: by which candidates are chosen.
    """

    arm: str
    seed: int
    candidates: tuple[Candidate, ...]
    plugin_files: tuple[str, ...]
    test_share: float
    metric: str

    def perform(self) -> list[Row]:
        """Train each candidate, and measure the best one.

        Raises:
            RegkitError: a setting cannot be used, or every candidate diverged.
        """
        classes = [cls for path in self.plugin_files for cls in classes_in(Path(path))]
        data: RunData | None = None
        best: tuple[tuple[float, float], Row] | None = None
        diverged: DivergenceError | None = None
        for candidate in self.candidates:
            config = config_from_text(candidate.settings, f"arm {self.arm!r}")
            data = data or run_data(config, Share(self.test_share))
            try:
                row = trained_row(config, classes, data)
            except DivergenceError as error:
                diverged = error  # Another strength may do.
                continue
            strengths = json.loads(candidate.strengths)
            row = {**({"strengths": strengths} if strengths else {}), **row}
            found = self._merit(row) if len(self.candidates) > 1 else (0.0, 0.0)
            if best is None or found > best[0]:
                best = found, row
        if best is None:
            assert diverged is not None
            raise diverged
        return [{"arm": self.arm, "seed": self.seed, **best[1]}]

    def failed(self, reason: str) -> list[Row]:
        """A row with the reason."""
        return [{"arm": self.arm, "seed": self.seed, FAILED: reason}]

    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether there is one row, of this arm and seed, with what is compared or a reason."""
        if len(rows) != 1 or (rows[0].get("arm"), rows[0].get("seed")) != (self.arm, self.seed):
            return False
        (row,) = rows
        found = row.get(TEST) or {}
        return FAILED in row or (are_measures(found) and self.metric in found)

    def _merit(self, row: Row) -> tuple[float, float]:
        """The more the better: the metric on the validation rows, then their data loss."""
        found = row[VALIDATION]
        sign = 1.0 if higher_is_better(self.metric) else -1.0
        return _finite(sign * found[self.metric]), _finite(-found["data_loss"])


def _finite(merit: float) -> float:
    """The merit; one that is no number is the worst."""
    return merit if math.isfinite(merit) else -math.inf
