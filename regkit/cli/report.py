"""How a training shows itself: rows and a progress bar, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

import click

from regkit.nn.model import Evaluation
from regkit.runs.metrics import scores
from regkit.training import Objective, Record, Zeroed


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

    def begin(self, summary: str | None) -> None:
        """The data are there; `summary` is a line about a table."""

    def epoch(self, record: Record) -> None:
        """A record is there."""

    def end(
        self,
        epochs: int,
        training: Objective,
        held_out: Mapping[str, Evaluation],
        seconds: float,
    ) -> None:
        """The training is over; `held_out` has "validation" and "test" where there are any."""

    def zeroed(
        self,
        zeroed: Zeroed,
        before: Mapping[str, Evaluation],
        after: Mapping[str, Evaluation],
    ) -> None:
        """Small weights were set to 0; `before` and `after` are the held-out parts."""

    def remark(self, text: str) -> None:
        """Something to know after the end."""


class JsonLines(Report):
    """One JSON object a line on stdout, and nothing else there."""

    def epoch(self, record: Record) -> None:
        """`{"event": "epoch", …}`."""
        _print_json(
            {
                "event": "epoch",
                "epoch": record.epoch,
                **scores(record),
                "loss": record.loss,
                "data_loss": record.data_loss,
                "penalty": record.penalty,
                "penalties": record.penalties,
                "lr": record.lr,
            }
        )

    def end(
        self,
        epochs: int,
        training: Objective,
        held_out: Mapping[str, Evaluation],
        seconds: float,
    ) -> None:
        """`{"event": "end", …}`, measured after the last update."""
        _print_json(
            {
                "event": "end",
                "epochs": epochs,
                "train": {
                    **scores(training.evaluation),
                    "loss": training.loss,
                    "data_loss": training.evaluation.data_loss,
                    "penalty": training.penalty,
                },
                **{part: _held_out(found) for part, found in held_out.items()},
                "seconds": seconds,
            }
        )

    def zeroed(
        self,
        zeroed: Zeroed,
        before: Mapping[str, Evaluation],
        after: Mapping[str, Evaluation],
    ) -> None:
        """`{"event": "zeroed", …}`."""
        _print_json(
            {
                "event": "zeroed",
                **asdict(zeroed),
                "before": {part: _held_out(found) for part, found in before.items()},
                "after": {part: _held_out(found) for part, found in after.items()},
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

    def begin(self, summary: str | None) -> None:
        """On stderr: it is no row."""
        if summary is not None:
            click.echo(summary, err=True)

    def epoch(self, record: Record) -> None:
        """A row: epoch, score, loss, data loss, each penalty by its label, learning rate."""
        columns = [
            ("epoch", f"{record.epoch:d}"),
            *((name, f"{value:.3f}") for name, value in scores(record).items()),
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

    def end(
        self,
        epochs: int,
        training: Objective,
        held_out: Mapping[str, Evaluation],
        seconds: float,
    ) -> None:
        """A line for training after the last update, and one for each held-out part."""
        click.echo(
            f"training:   {_scores(training.evaluation)}, loss {training.loss:.3f} "
            f"= data loss {training.evaluation.data_loss:.3f} + penalty {training.penalty:.3f} "
            f"after {epochs} epochs in {seconds:.1f} s"
        )
        for part, found in held_out.items():
            click.echo(f"{part + ':':11} {_scores(found)}, loss {found.data_loss:.3f}")

    def zeroed(
        self,
        zeroed: Zeroed,
        before: Mapping[str, Evaluation],
        after: Mapping[str, Evaluation],
    ) -> None:
        """A line for the zeros and the objective, and one for each held-out part before."""
        click.echo(
            f"exact zeros: {zeroed.zeros_before} -> {zeroed.zeros_after} of {zeroed.candidates}, "
            f"objective {zeroed.objective_before:.6f} -> {zeroed.objective_after:.6f}"
        )
        for part, found in before.items():
            click.echo(f"{part} before zeroing: {_scores(found)}, loss {found.data_loss:.3f}")

    def remark(self, text: str) -> None:
        """A line of its own."""
        click.echo(text)

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


def _held_out(evaluation: Evaluation) -> dict[str, float]:
    return {**scores(evaluation), "loss": evaluation.data_loss}


def _scores(evaluation: Evaluation) -> str:
    names = {"accuracy": "accuracy", "r2": "R²"}
    return ", ".join(f"{names[name]} {value:.3f}" for name, value in scores(evaluation).items())


def _print_json(event: dict[str, Any]) -> None:
    click.echo(json.dumps(event, ensure_ascii=False))
