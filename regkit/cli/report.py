"""How a training shows itself: rows and a progress bar, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Any, Self

import click

from regkit.nn.model import Evaluation
from regkit.training import Objective, Record


class Report:
    """Says nothing; the others say what they are told."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to put away."""

    def epoch(self, record: Record) -> None:
        """A record is there."""

    def end(self, epochs: int, training: Objective, validation: Evaluation, seconds: float) -> None:
        """The training is over."""


class JsonLines(Report):
    """One JSON object a line on stdout, and nothing else there."""

    def epoch(self, record: Record) -> None:
        """`{"event": "epoch", …}`."""
        _print_json(
            {
                "event": "epoch",
                "epoch": record.epoch,
                **_score(record),
                "loss": record.loss,
                "data_loss": record.data_loss,
                "penalty": record.penalty,
                "penalties": record.penalties,
                "lr": record.lr,
            }
        )

    def end(self, epochs: int, training: Objective, validation: Evaluation, seconds: float) -> None:
        """`{"event": "end", …}`, measured after the last update."""
        _print_json(
            {
                "event": "end",
                "epochs": epochs,
                "train": {
                    **_score(training.evaluation),
                    "loss": training.loss,
                    "data_loss": training.evaluation.data_loss,
                    "penalty": training.penalty,
                },
                "validation": {**_score(validation), "loss": validation.data_loss},
                "seconds": seconds,
            }
        )


class Rows(Report):
    """A row for each record on stdout; on a terminal a progress bar on stderr besides."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._bar: Any = None
        self._header: str | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=self._epochs, unit="epoch", file=sys.stderr, leave=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def epoch(self, record: Record) -> None:
        """A row: epoch, score, loss, data loss, each penalty by its label, learning rate."""
        columns = [
            ("epoch", f"{record.epoch:d}"),
            *((name, f"{value:.3f}") for name, value in _score(record).items()),
            ("loss", f"{record.loss:.3f}"),
            ("data loss", f"{record.data_loss:.3f}"),
            *((label, f"{value:.3g}") for label, value in record.penalties.items()),
            ("lr", f"{record.lr:.6g}"),
        ]
        widths = [max(len(name), 9) for name, _ in columns]
        if self._header is None:
            self._header = "  ".join(
                name.rjust(w) for (name, _), w in zip(columns, widths, strict=True)
            )
            self._print(self._header)
        self._print(
            "  ".join(value.rjust(w) for (_, value), w in zip(columns, widths, strict=True))
        )
        if self._bar is not None:
            self._bar.update(record.epoch + 1 - self._bar.n)

    def end(self, epochs: int, training: Objective, validation: Evaluation, seconds: float) -> None:
        """Two lines: training after the last update, and validation."""
        click.echo(
            f"training:   {_scores(training.evaluation)}, loss {training.loss:.3f} "
            f"= data loss {training.evaluation.data_loss:.3f} + penalty {training.penalty:.3f} "
            f"after {epochs} epochs in {seconds:.1f} s"
        )
        click.echo(f"validation: {_scores(validation)}, loss {validation.data_loss:.3f}")

    def _print(self, row: str) -> None:
        if self._bar is not None:
            self._bar.write(row, file=sys.stdout)
        else:
            click.echo(row)


def report_for(*, epochs: int, as_json: bool, quiet: bool) -> Report:
    """The report that the flags ask for."""
    if as_json:
        return JsonLines()
    return Report() if quiet else Rows(epochs)


def _score(measured: Record | Evaluation) -> dict[str, float]:
    scores = {"accuracy": measured.accuracy, "r2": measured.r2}
    return {name: value for name, value in scores.items() if value is not None}


def _scores(evaluation: Evaluation) -> str:
    names = {"accuracy": "accuracy", "r2": "R²"}
    return ", ".join(f"{names[name]} {value:.3f}" for name, value in _score(evaluation).items())


def _print_json(event: dict[str, Any]) -> None:
    click.echo(json.dumps(event, ensure_ascii=False))
