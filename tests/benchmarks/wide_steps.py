"""`python -m benchmarks.wide_steps KERNELS THREADS STEPS`: seconds a step of the wide job."""

import sys
import time

from .peers.regkit_train import RegkitTrain
from .problem import wide


def main(kernels: str, threads: str, steps: str) -> None:
    contender = RegkitTrain(wide(), kernels, threads=int(threads) if threads.isdigit() else threads)
    contender.restart()
    contender.train(contender.steps_an_epoch)
    started = time.perf_counter()
    contender.train(int(steps))
    print((time.perf_counter() - started) / int(steps))


if __name__ == "__main__":
    main(*sys.argv[1:])
