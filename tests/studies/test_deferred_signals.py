"""Signals that arrive while locks are held."""

import signal
import threading

import pytest

from regkit.studies.deferred_signals import SIGNALS, signals_deferred


class Arrived(Exception):
    pass


@pytest.fixture(params=[one.name for one in SIGNALS])
def number(request):
    """A signal whose handler raises `Arrived`."""

    def handler(number, frame):
        raise Arrived(number)

    number = getattr(signal, request.param)
    before = signal.signal(number, handler)
    yield number
    signal.signal(number, before)


def test_a_signal_raises_when_the_context_is_left(number):
    reached = []

    def body():
        with signals_deferred():
            signal.raise_signal(number)
            reached.append("the end")

    with pytest.raises(Arrived):
        body()
    assert reached == ["the end"]
    with pytest.raises(Arrived):
        signal.raise_signal(number)


def test_an_error_within_keeps_its_place_beside_the_signal(number):
    def body():
        with signals_deferred():
            signal.raise_signal(number)
            raise ZeroDivisionError

    with pytest.raises(Arrived) as caught:
        body()
    assert isinstance(caught.value.__context__, ZeroDivisionError)


def test_without_a_signal_nothing_changes(number):
    before = signal.getsignal(number)
    with signals_deferred():
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with signals_deferred():
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_in_another_thread_there_is_nothing_to_do():
    done = []

    def body():
        with signals_deferred():
            done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert done == [signal.getsignal(signal.SIGINT)]
