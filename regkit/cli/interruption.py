"""Ctrl-C and SIGTERM while training: the first ends the epoch, a second ends the command."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from regkit.cli import INTERRUPTED, TERMINATED

EXIT_CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}


class Interruption:
    """The signal that asked the training to stop, or None."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

    @property
    def exit_code(self) -> int:
        """What the command exits with: 0 where nothing was asked."""
        return EXIT_CODES.get(self.signal, 0) if self.signal is not None else 0


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[Interruption]:
    """Call `stop` on the first SIGINT or SIGTERM; the handlers from before take the second."""
    interruption = Interruption()

    def first(number: int, frame: FrameType | None) -> None:
        interruption.signal = signal.Signals(number)
        restore()
        stop()

    before = {number: signal.signal(number, first) for number in EXIT_CODES}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    try:
        yield interruption
    finally:
        restore()
