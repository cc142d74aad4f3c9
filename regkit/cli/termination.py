"""Signals that end a command, wherever they arrive."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

SECONDS_UNTIL_AGAIN = 0.5
"""Python swallows an exception that a signal raises in a destructor or in a callback of its own, as
the ones of imports; so it is raised again after this time until it has arrived."""


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived; `exit_code` is the command's."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def end_by_signals() -> None:
    """Raise `KeyboardInterrupt` at SIGINT, and `Terminated` at SIGTERM and SIGHUP.

    Signals that are ignored, as SIGHUP is under nohup, stay ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def ended() -> None:
    """The exception has arrived where the command ends."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _end(signum: int, frame: FrameType | None) -> NoReturn:
    if hasattr(signal, "setitimer"):

        def again(alarm: int, frame: FrameType | None) -> None:
            if not _is_on_its_way():
                raise _exception(signum)

        signal.signal(signal.SIGALRM, again)
        signal.setitimer(signal.ITIMER_REAL, SECONDS_UNTIL_AGAIN, SECONDS_UNTIL_AGAIN)
    raise _exception(signum)


def _exception(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)


def _is_on_its_way() -> bool:
    """Whether the interrupted code cleans up behind the exception: in a `finally`, or an exit."""
    error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
    while error is not None:
        if isinstance(error, KeyboardInterrupt | Terminated):
            return True
        error = error.__context__
    return False
