"""BLAS gets one thread unless a product is large, and is put back afterwards."""

import os
import threading

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import regkit as rk
from regkit.errors import InputError
from regkit.training import blas_threads
from regkit.training.blas_threads import WORTH_A_THREAD, BlasThreads, checked_threads


def blas():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def three():
    """BLAS set to three threads."""
    with threadpool_limits(3, user_api="blas"):
        yield


@pytest.fixture
def model():
    """Its larger product has 7 · 8 multiplications a row."""
    return rk.Model([rk.Dense(6, 8), rk.Dense(8, 2)], loss=rk.MeanSquaredError())


@pytest.mark.parametrize(
    ("asked", "rows", "expected"),
    [
        ("auto", 1, 1),
        ("auto", WORTH_A_THREAD // 56, 1),
        ("auto", WORTH_A_THREAD // 56 + 1, 3),
        (2, 1, 2),
        (2, WORTH_A_THREAD, 2),
    ],
)
def test_the_size_of_the_products_decides_unless_a_number_is_given(model, asked, rows, expected):
    threads = BlasThreads(asked, model, rows)
    assert threads.number == expected
    with threads.limited():
        assert blas() == {expected}
    assert blas() == {3}


def test_kernels_may_use_what_was_asked_for_or_what_blas_has(model):
    assert BlasThreads("auto", model, 1).most == 3
    assert BlasThreads(2, model, 1).most == 2
    with blas_threads.one_thread():
        assert BlasThreads("auto", model, 1).most == 1


@pytest.mark.parametrize("asked", [0, -1, 1.5, True, "many", "2", None])
def test_anything_else_is_refused(asked):
    with pytest.raises(InputError, match="threads must be"):
        checked_threads(asked)


def test_who_looks_at_a_record_finds_blas_as_it_was(model):
    seen = []

    class Watched(rk.SGD):
        def step(self, *arguments):
            seen.append(blas())
            super().step(*arguments)

    X, y = [[1.0] * 6] * 4, [[0.0, 1.0]] * 4
    for _ in rk.training.steps(
        model, X, y, optimizer=Watched(0.1), epochs=3, batch_size=2, threads=2
    ):
        assert blas() == {3}
    assert blas() == {3}
    assert seen == [{2}] * 6


def limit(number):
    model = rk.Model([rk.Dense(2, 2)], loss=rk.MeanSquaredError())
    return BlasThreads(number, model, 1).limited()


def in_a_thread(number, entered, leave):
    def run():
        with limit(number):
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_number_from_before_comes_back_when_the_last_has_ended():
    entered, leave = threading.Event(), threading.Event()
    with limit(2):
        thread = in_a_thread(2, entered, leave)
        assert entered.wait(10)
    assert blas() == {2}
    leave.set()
    thread.join()
    assert blas() == {3}


def test_who_wants_another_number_waits_for_its_turn():
    entered, leave = threading.Event(), threading.Event()
    leave.set()
    with limit(1):
        thread = in_a_thread(2, entered, leave)
        assert not entered.wait(0.2)
        assert blas() == {1}
    assert entered.wait(10)
    thread.join()
    assert blas() == {3}


def test_nobody_is_overtaken_for_ever():
    """While one waits for another number, newcomers of the number in force queue behind it."""
    second, third = threading.Event(), threading.Event()
    leave_second, leave_third = threading.Event(), threading.Event()
    with limit(1):
        waiting = in_a_thread(2, second, leave_second)
        while len(blas_threads._PROCESS._waiting) < 1:
            pass
        newcomer = in_a_thread(1, third, leave_third)
        assert not third.wait(0.2)
    assert second.wait(10)
    assert blas() == {2}
    leave_second.set()
    assert third.wait(10)
    leave_third.set()
    for thread in (waiting, newcomer):
        thread.join()
    assert blas() == {3}


def test_one_inside_another_goes_on_under_the_limit_there_is():
    with limit(1), limit(2):
        assert blas() == {1}
    assert blas() == {3}


def test_an_error_puts_the_number_back():
    with pytest.raises(ZeroDivisionError), limit(1):
        _ = 1 / 0
    assert blas() == {3}


def test_a_forked_child_starts_afresh():
    with limit(1):
        child = os.fork()
        if not child:
            with limit(2):
                os._exit(0 if blas() == {2} else 1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
