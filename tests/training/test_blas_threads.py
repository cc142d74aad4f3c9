"""BLAS gets one thread unless a product is large, and is put back afterwards."""

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import regkit as rk
from regkit.errors import InputError
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
