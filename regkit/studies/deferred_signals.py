"""Putting off what a signal raises while another library holds its locks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM")
SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
"""Those whose handlers may raise."""


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Have signals handled when the context is left.

    An exception out of a handler may leave a `threading.Condition` locked for ever, and whoever
    waits for it then, such as a pool that is to end, never returns. In threads other than the main
    one no handler runs, and nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    replaced = {number: one for number, one in handlers.items() if callable(one)}
    try:
        for number in replaced:
            signal.signal(number, lambda number, frame: arrived.append(number))
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(arrived):
            signal.raise_signal(number)
