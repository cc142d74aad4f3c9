"""Signals end a command even where Python swallows what they raise."""

import subprocess
import sys

import pytest

SCRIPT = """
import os, signal, sys, threading
from regkit.cli.termination import Terminated, end_by_signals, ended

class Swallows:
    def __del__(self):
        signal.raise_signal(signal.{name})

end_by_signals()
sys.unraisablehook = lambda unraisable: print("swallowed", flush=True)
try:
    Swallows()
    threading.Event().wait(60)
except (KeyboardInterrupt, Terminated) as error:
    ended()
    print(type(error).__name__, flush=True)
    threading.Event().wait({seconds})  # No other one comes.
    print(getattr(error, "exit_code", 130))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SIGINT", ["KeyboardInterrupt", "130"]),
        ("SIGTERM", ["Terminated", "143"]),
        ("SIGHUP", ["Terminated", "129"]),
    ],
)
def test_what_a_destructor_swallows_is_raised_again(name, expected):
    script = SCRIPT.format(name=name, seconds=0.8)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True
    )
    assert done.stdout.split() == ["swallowed", *expected]


CLEANING = """
import signal, threading
from regkit.cli.termination import Terminated, end_by_signals, ended

end_by_signals()
try:
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        threading.Event().wait(1.2)
        print("cleaned up", flush=True)
except Terminated:
    ended()
    print("ended")
"""


@pytest.mark.slow
def test_cleaning_up_is_not_interrupted():
    done = subprocess.run(
        [sys.executable, "-c", CLEANING], capture_output=True, text=True, timeout=50, check=True
    )
    assert done.stdout.splitlines() == ["cleaned up", "ended"]
    assert done.stderr == ""
