"""Two calls at the same time, whichever thread comes to the second one."""

import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from functools import partial

import pytest

from regkit.kernels.numba.two_threads import TwoThreads, one_after_the_other

LONG = 60  # Seconds that no test takes.


def until(condition):
    """Whether it becomes true within a minute."""
    end = time.monotonic() + LONG
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)
    return condition()


def nothing():
    pass


def printed_by(program):
    """What a process of its own prints: an interrupt or a fork would concern other tests here."""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=2 * LONG)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_run_at_the_same_time():
    meeting = threading.Barrier(2, timeout=LONG)
    threads = []

    def meet():
        meeting.wait()
        threads.append(threading.get_ident())

    TwoThreads().both(meet, meet)
    assert len(set(threads)) == 2


def test_a_second_thread_that_does_not_come_is_not_waited_for():
    """Its call is made by the first one, and not again."""
    two, woke, go_on, calls = TwoThreads(), threading.Event(), threading.Event(), []

    def keep_busy():
        woke.set()
        go_on.wait(LONG)

    busy = threading.Thread(target=two.both, args=(lambda: woke.wait(LONG), keep_busy))
    busy.start()
    assert woke.wait(LONG)
    two.both(lambda: calls.append("one"), lambda: calls.append(threading.get_ident()))
    assert calls == ["one", threading.get_ident()]
    go_on.set()
    busy.join()
    meeting = threading.Barrier(2, timeout=LONG)
    two.both(meeting.wait, meeting.wait)  # The second thread has passed what waited before.
    assert calls == ["one", threading.get_ident()]


@pytest.mark.parametrize("comes", [True, False])
def test_what_the_second_one_raises_is_raised(comes):
    begun = threading.Event()

    def fails():
        begun.set()
        raise ValueError("no such weight")

    two = TwoThreads()
    for _ in range(2):
        begun.clear()
        with pytest.raises(ValueError, match="no such weight"):
            two.both(lambda: begun.wait(LONG) if comes else None, fails)


def test_what_failed_is_not_kept():
    class Large:
        pass

    def fails(large):
        raise MemoryError

    large = Large()
    known = weakref.ref(large)
    with pytest.raises(MemoryError):
        TwoThreads().both(nothing, partial(fails, large))
    del large
    gc.collect()
    assert known() is None


def test_the_second_one_does_not_begin_after_the_first_one_has_raised():
    two, woke, go_on, calls = TwoThreads(), threading.Event(), threading.Event(), []

    def keep_busy():
        woke.set()
        go_on.wait(LONG)

    def fails():
        raise ValueError("no such weight")

    busy = threading.Thread(target=two.both, args=(lambda: woke.wait(LONG), keep_busy))
    busy.start()
    assert woke.wait(LONG)
    with pytest.raises(ValueError, match="no such weight"):
        two.both(fails, lambda: calls.append("other"))
    go_on.set()
    busy.join()
    meeting = threading.Barrier(2, timeout=LONG)
    two.both(meeting.wait, meeting.wait)
    assert not calls


INTERRUPTED = """
import signal, threading, time
from regkit.kernels.numba.two_threads import TwoThreads

signal.signal(signal.SIGINT, signal.default_int_handler)
begun, go_on, done = threading.Event(), threading.Event(), []
main = threading.get_ident()


def other():
    begun.set()
    go_on.wait(60)
    done.append(True)


def interrupt():
    begun.wait(60)
    time.sleep(0.2)  # Until the first thread waits.
    signal.pthread_kill(main, signal.SIGINT)
    time.sleep(0.2)
    go_on.set()


threading.Thread(target=interrupt).start()
try:
    TwoThreads().both(lambda: begun.wait(60), other)
except KeyboardInterrupt:
    print("interrupted", done)
"""


def test_ctrl_c_waits_for_the_second_one():
    """Nobody may find arrays that are still written to."""
    assert printed_by(INTERRUPTED) == "interrupted [True]\n"


FORKED = """
import os, threading
from regkit.kernels.numba.two_threads import TwoThreads

two = TwoThreads()
two.both(int, int)
process = os.fork()
meeting = threading.Barrier(2, timeout=60)
two.both(meeting.wait, meeting.wait)
if not process:
    os._exit(0)
assert os.waitpid(process, 0)[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_forked_process_has_a_second_thread_of_its_own():
    assert printed_by(FORKED) == ""


def test_the_second_one_is_done_when_the_first_one_raises():
    begun, done = threading.Event(), []

    def slow():
        begun.set()
        time.sleep(0.05)
        done.append(True)

    def fails():
        begun.wait(LONG)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TwoThreads().both(fails, slow)
    assert done


def test_the_thread_ends_with_its_run():
    before = set(threading.enumerate())
    two = TwoThreads()
    two.both(nothing, nothing)
    [other] = set(threading.enumerate()) - before
    del two
    gc.collect()
    assert until(lambda: not other.is_alive())


def test_without_a_second_thread_their_order_is_kept():
    calls = []
    one_after_the_other(lambda: calls.append(1), lambda: calls.append(2))
    assert calls == [1, 2]
