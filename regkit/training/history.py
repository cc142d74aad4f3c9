"""The history of a training: its records, as a list and as a data frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from regkit.data.frame_of_entries import frame_of_entries
from regkit.training.record import Record


class History(list[Record]):
    """The records of a training, in order.

    Args:
        records: to begin with.

    Attributes:
        stopped: the epoch at which patience ran out; None if the training ran to its end, or was
            interrupted.
        best_epoch: the number of epochs after which the validation data loss was lowest; None if
            it was not watched each epoch, as `patience`, `restore_best` and `out` ask for.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        super().__init__(records)
        self.stopped: int | None = None
        self.best_epoch: int | None = None

    def __repr__(self) -> str:
        if not self:
            return "<History: no records>"
        last = self[-1]
        count = f"{len(self)} record{'s' if len(self) != 1 else ''}"
        stopped = "" if self.stopped is None else ", stopped early"
        return f"<History: {count}, the last of epoch {last.epoch}: {last.summary}{stopped}>"

    def to_frame(self) -> Any:
        """A data frame with a row for each record and scalar columns.

        The columns are those of `Record.as_dict`, with the names of nested entries joined by dots:
        `epoch`, `accuracy` or `r2`, `loss`, `data_loss`, `penalty`, `penalties.l2@dense1`,
        `layers.l2@dense1.dense1`, `lr`, `zeros.dense1`, `validation.data_loss`, …

        Returns:
            A pandas frame; a polars frame where pandas is not installed.

        Raises:
            DataError: neither is installed.
        """
        entries = (record.as_dict() for record in self)
        return frame_of_entries(entries, "a data frame of records")
