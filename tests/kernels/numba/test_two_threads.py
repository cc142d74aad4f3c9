"""Two calls at the same time, whichever thread comes to the second one."""

import gc
import threading
import time

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
    two.both(nothing, nothing)
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
