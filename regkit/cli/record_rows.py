"""The records of a training as rows of text."""

from __future__ import annotations

from regkit.cli.rows import LR, PENALTY, Column, Layout
from regkit.training import Record

LOSS = Column("loss", 8, ".3f")
DATA_LOSS = Column("data loss", 8, ".3f")


class RecordRows:
    """A header and a row for each record: epoch, score, losses, each penalty, learning rate.

    Args:
        epochs: those of the whole training.
        width: the cells of a row; None for no limit.
    """

    def __init__(self, epochs: int, width: int | None) -> None:
        self._epochs = epochs
        self._width = width
        self._layout: Layout | None = None

    def lines(self, record: Record) -> list[str]:
        """The record's row, after the header if it is the first."""
        epoch = Column("epoch", len(str(self._epochs)), "d")
        score = Column(record.score.name, 7, ".3f")
        penalties = {
            Column(label, PENALTY.width, PENALTY.form, is_penalty=True): value
            for label, value in record.penalties.items()
        }
        above = []
        if self._layout is None:
            columns = [epoch, score, LOSS, DATA_LOSS, *penalties, LR]
            self._layout = Layout(columns, self._width)
            above = [self._layout.header()]
        numbers = {
            epoch: record.epoch,
            score: record.score.value,
            LOSS: record.loss,
            DATA_LOSS: record.data_loss,
            **penalties,
            PENALTY: record.penalty,
            LR: record.lr,
        }
        return [*above, self._layout.row(numbers)]
