"""Signals while training: the first asks for a stop, the second goes to who was before.

A training that is interrupted in earnest is in `test_resume.py`.
"""

import signal
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from regkit.cli import HUNG_UP, INTERRUPTED, TERMINATED
from regkit.cli.interruption import Interruption

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def earlier():
    """The signals that reach the handlers from before."""
    reached = []
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, lambda number, frame: reached.append(signal.Signals(number)))
    yield reached
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("second", SIGNALS)
@pytest.mark.parametrize("first", SIGNALS)
def test_the_first_asks_for_a_stop_and_a_second_of_either_kind_ends_it(earlier, first, second):
    stops = []
    with Interruption().while_training(lambda: stops.append("stop")):
        signal.raise_signal(first)
        assert (stops, earlier) == (["stop"], [])
        signal.raise_signal(second)
    assert (stops, earlier) == (["stop"], [second])


@pytest.mark.parametrize("sent", SIGNALS)
def test_after_training_signals_go_where_they_went_before(earlier, sent):
    with pytest.raises(KeyError), Interruption().while_training(lambda: None):
        raise KeyError
    signal.raise_signal(sent)
    assert earlier == [sent]


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize("ignored", SIGNALS)
def test_what_is_ignored_stays_ignored(ignored):
    """As SIGHUP is under nohup, and SIGINT in the background of a script."""
    signal.signal(ignored, signal.SIG_IGN)
    stops = []
    with Interruption().while_training(lambda: stops.append("stop")):
        signal.raise_signal(ignored)
    assert stops == []
    assert signal.getsignal(ignored) == signal.SIG_IGN


@pytest.mark.usefixtures("earlier")
def test_rows_for_a_terminal_that_hung_up_are_no_error_and_others_are():
    interruption = Interruption()
    with interruption.while_training(lambda: None):
        signal.raise_signal(signal.SIGHUP)
        raise OSError(5, "Input/output error")
    assert ended(interruption, SimpleNamespace(finished=False, epochs=7)) == HUNG_UP
    with pytest.raises(OSError, match="full"), Interruption().while_training(lambda: None):
        raise OSError(28, "full")


def ended(interruption, outcome):
    """The exit code with which a command ends, or None where it goes on."""
    try:
        with click.Context(click.Command("train")):
            interruption.exit_if_stopped(outcome, Path("run"))
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return None


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED), (signal.SIGHUP, HUNG_UP)],
)
def test_a_run_that_was_stopped_ends_the_command_and_says_how_to_go_on(sent, code, capsys):
    interruption = Interruption()
    with interruption.while_training(lambda: None):
        signal.raise_signal(sent)
    assert ended(interruption, SimpleNamespace(finished=False, epochs=7)) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{sent.name} after epoch 6; ")
    assert printed.err.endswith("regkit resume run\n")


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(("interrupted", "finished"), [(False, False), (True, True)])
def test_a_run_that_ended_by_itself_goes_on(interrupted, finished, capsys):
    interruption = Interruption()
    with interruption.while_training(lambda: None):
        if interrupted:
            signal.raise_signal(signal.SIGINT)
    assert ended(interruption, SimpleNamespace(finished=finished, epochs=7)) is None
    assert capsys.readouterr().err == ""
