"""Ctrl-C, SIGTERM and SIGHUP in training: the first stops after the epoch, a second at once."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from regkit.cli import HUNG_UP, INTERRUPTED, TERMINATED
from regkit.runs.execute import Outcome

EXIT_CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
if hasattr(signal, "SIGHUP"):
    EXIT_CODES[signal.SIGHUP] = HUNG_UP


class Interruption:
    """Catches the signal that asks training to stop."""

    def __init__(self) -> None:
        self._signal: signal.Signals | None = None

    @contextmanager
    def while_training(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on the first signal; the previous handlers take the second.

        Signals that are ignored, as SIGHUP is under nohup, stay ignored.
        """

        def first(number: int, frame: FrameType | None) -> None:
            self._signal = signal.Signals(number)
            restore()
            stop()

        before = {
            number: signal.signal(number, first)
            for number in EXIT_CODES
            if signal.getsignal(number) != signal.SIG_IGN
        }

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        try:
            yield
        except OSError:
            if self._signal is None:  # A terminal that hung up takes no more rows.
                raise
        finally:
            restore()

    def exit_if_stopped(self, outcome: Outcome, folder: Path) -> None:
        """If the run was stopped early, say how to resume it, and exit."""
        if outcome.finished or self._signal is None:
            return
        with contextlib.suppress(OSError):
            click.echo(
                f"{self._signal.name} after epoch {outcome.epochs - 1}; "
                f"go on with: regkit resume {folder}",
                err=True,
            )
        click.get_current_context().exit(EXIT_CODES[self._signal])
