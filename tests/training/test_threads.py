"""Trainings in several threads of one process know nothing of each other."""

import threading
from concurrent.futures import ThreadPoolExecutor

from threadpoolctl import threadpool_info

import regkit as rk

THREADS = 4


def blas():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def training(number, together=None):
    """A job that differs from its neighbours in all that could be shared; its bytes."""
    if together is not None:
        together.wait()
    X, y = rk.datasets.spiral(samples=40, classes=3, seed=number)
    layers = [rk.Dense(2, 16), rk.ReLU(), rk.Dropout(0.1 * number), rk.Dense(16, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=number)
    records = rk.train(
        model,
        X,
        y,
        optimizer=[rk.Adam, rk.RMSProp, rk.AdaGrad, rk.SGD][number](0.02),
        regularizers=["l1=1e-4@dense1.weights", "elastic_net=1e-3", "l2=1e-4@dense2.weights"],
        epochs=30,
        batch_size=[None, 32, 50, 17][number],
        validation=rk.datasets.spiral(samples=10, classes=3, seed=(number, 1)),
        seed=number,
        threads=1,
        kernels=["numpy", "compiled"][number % 2],
    )
    return model.parameters.tobytes(), [record.as_dict() for record in records]


def test_four_beside_each_other_give_the_bytes_of_one_after_the_other():
    alone = [training(number) for number in range(THREADS)]
    before = blas()
    together = threading.Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(3):
            found = list(pool.map(training, range(THREADS), [together] * THREADS))
            assert found == alone
    assert blas() == before
