"""The output of training: rows and a progress bar, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any, Self

import click

from regkit import startup
from regkit.cli import say
from regkit.cli.terminals import is_piped, is_terminal
from regkit.runs.events import (
    Began,
    BestWeights,
    Ended,
    Event,
    PatienceCompared,
    RecordMade,
    Saved,
    SmallWeightsZeroed,
    WeightsName,
    trained_for,
)
from regkit.training import Record

IN_EPOCH_EVENTS = ("loss", "data_loss", "penalty", "penalties", "lr")
"""The entries of a record that a JSON line shows besides the epoch and the score."""


class Reporter:
    """Prints only why a run stopped, on stderr; subclasses print more."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to close."""

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, PatienceCompared):
            _note_patience(event)


class JsonLines(Reporter):
    """One JSON object per line on stdout, and nothing else there."""

    def __call__(self, event: Event) -> None:
        """`{"event": "epoch", …}`, `{"event": "zeroed", …}` and `{"event": "end", …}`."""
        super().__call__(event)
        match event:
            case Began():
                _note_kernels(event)
            case RecordMade(record):
                plain = record.as_dict()
                shown = {name: plain[name] for name in IN_EPOCH_EVENTS}
                if record.factors:
                    shown["factors"] = plain["factors"]
                if record.gradient_norms is not None:
                    shown["gradient_norms"] = plain["gradient_norms"]
                _print_json("epoch", {"epoch": record.epoch, **record.score.as_dict(), **shown})
            case SmallWeightsZeroed(zeroed, before, after):
                parts = {"before": before, "after": after}
                measured = {
                    when: {part: found.measures() for part, found in held_out.items()}
                    for when, held_out in parts.items()
                }
                _print_json("zeroed", {**asdict(zeroed), **measured})
            case Ended(epochs, training, held_out, seconds, weights, best):
                shown = {
                    "epochs": epochs,
                    "weights": weights,
                    "train": {
                        **training.score.as_dict(),
                        "loss": training.loss,
                        "data_loss": training.data_loss,
                        "penalty": training.penalty,
                    },
                    **{part: found.measures() for part, found in held_out.items()},
                    "best": None
                    if best is None
                    else {
                        "epochs": best.epochs,
                        **{part: found.measures() for part, found in best.held_out.items()},
                    },
                    "seconds": seconds,
                }
                _print_json("end", shown)


class Rows(Reporter):
    """A row for each record on stdout and, on a terminal, a progress bar on stderr."""

    def __init__(self, epochs: int) -> None:
        # Imported here: what finds the terminal's width loads every kind of archive, too.
        from regkit.cli.record_rows import RecordRows
        from regkit.cli.rows import terminal_width

        self._epochs = epochs
        self._rows = RecordRows(epochs, terminal_width())
        self._bar: Any = None

    def __enter__(self) -> Self:
        if is_terminal(sys.stderr) and not is_piped(sys.stdout):
            from tqdm import tqdm

            self._bar = tqdm(total=self._epochs, unit="epoch", file=sys.stderr, leave=False)
        return self

    def __call__(self, event: Event) -> None:
        """Rows while training; lines of text afterwards."""
        if not isinstance(event, Began | RecordMade):
            self.close()
        super().__call__(event)
        match event:
            case Began(summary=summary):
                if summary is not None:
                    say(summary)  # stdout holds rows only.
                _note_kernels(event)
            case RecordMade(record):
                self._print_row(record)
            case SmallWeightsZeroed(zeroed, before, _):
                click.echo(
                    f"exact zeros: {zeroed.zeros_before} -> {zeroed.zeros_after} of "
                    f"{zeroed.candidates}, objective {zeroed.objective_before:.6f} -> "
                    f"{zeroed.objective_after:.6f}"
                )
                for part, found in before.items():
                    click.echo(f"{part} before zeroing: {found}")
            case Ended(epochs, training, held_out, seconds, weights, best, saved):
                if best is not None:
                    _print_weights(weights, best, saved=saved)
                click.echo(
                    f"training:   {training.score}, loss {training.loss:.3f} "
                    f"= data loss {training.data_loss:.3f} + penalty {training.penalty:.3f} "
                    f"after {epochs} epochs in {seconds:.1f} s"
                )
                for part, found in held_out.items():
                    click.echo(f"{part + ':':11} {found}")
            case Saved(path, weights):
                click.echo(
                    f"saved in {path}; evaluate, predict and plot take the {weights} weights; "
                    f"see it with: regkit plot {path}"
                )

    def _print_row(self, record: Record) -> None:
        for line in self._rows.lines(record):
            if self._bar is not None:
                self._bar.write(line, file=sys.stdout)
            else:
                click.echo(line)
        if self._bar is not None:
            self._bar.update(record.epoch + 1 - self._bar.n)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def reporter_for(*, epochs: int, as_json: bool, quiet: bool) -> Reporter:
    """The reporter for these flags."""
    if not quiet and is_terminal(sys.stderr):
        startup.announce = lambda text: say(f"Note: {text}")
    if as_json:
        return JsonLines()
    return Reporter() if quiet else Rows(epochs)


def _note_kernels(began: Began) -> None:
    if began.kernels_chosen and began.kernels != "numpy":
        say(f"Note: using {began.kernels} kernels for a long job; for NumPy's: --kernels numpy")


def _print_weights(measured: WeightsName, best: BestWeights, *, saved: bool) -> None:
    """Which weights the lines below measure, and how the best ones do."""
    does = "; ".join(f"{part} {found}" for part, found in best.held_out.items())
    lost = "" if saved else " (they are kept with --out)"
    click.echo(
        f"weights:    the lines below measure the {measured} ones; the best (lowest validation "
        f"loss), {trained_for(best.epochs)}: {does}{lost}"
    )


def _note_patience(event: PatienceCompared) -> None:
    if event.stopped_at is not None:
        say(
            f"Note: stopped at epoch {event.stopped_at}: the validation data loss has not improved "
            f"since epoch {event.improved_at}"
        )
    if event.penalized_stop not in (event.recorded_stop, event.stopped_at):
        stop = event.penalized_stop
        when = f"at epoch {stop}" if stop is not None else "later or not at all"
        say(f"Note: by the records, the penalized loss would have stopped the run {when}")


def _print_json(event: str, data: dict[str, Any]) -> None:
    click.echo(json.dumps({"event": event, **data}, ensure_ascii=False))
