"""P2b: the wide job while another process keeps one core busy.

Each measurement is a process of its own, started as the command starts: what OpenBLAS's idle
threads do is settled when NumPy is loaded.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from regkit.startup import child_environment

from .figure import Figure
from .rounds import Seconds, interleaved, ratio

TESTS = Path(__file__).parents[1]
STEPS = 100
KERNELS = {"regkit": "numpy", "regkit, compiled": "compiled"}
THREADS = {"by default": "auto", "one thread": "1"}
BUSY = ", beside a busy process"
SPINS = "while True: pass"


def beside_a_busy_process(rounds: int) -> tuple[list[Figure], Seconds]:
    """P2b."""
    contenders: dict[str, Callable[[], float]] = {}
    for name, kernels in KERNELS.items():
        for way, threads in THREADS.items():
            contenders[f"{name}, {way}"] = _training(kernels, threads, busy=False)
            contenders[f"{name}, {way}{BUSY}"] = _training(kernels, threads, busy=True)
    seconds = interleaved(contenders, rounds)
    figures = []
    for name in KERNELS:
        ours, one = f"{name}, by default", f"{name}, one thread"
        busy = ratio(seconds, ours + BUSY, one + BUSY)
        what = f"{name}: by default ÷ one thread"
        figures.append(Figure("P2b", f"{what}{BUSY}", busy, 1.5, 1.2))
        figures.append(Figure("P2b", f"{what}, alone", ratio(seconds, ours, one)))
        figures.append(
            Figure("P2b", f"{ours}{BUSY} ÷ {one}, alone", ratio(seconds, ours + BUSY, one))
        )
    return figures, seconds


def _training(kernels: str, threads: str, *, busy: bool) -> Callable[[], float]:
    command = [sys.executable, "-m", f"{__package__}.wide_steps", kernels, threads, str(STEPS)]

    def measure() -> float:
        with _kept_busy(busy):
            done = subprocess.run(
                command,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                cwd=TESTS,
                env=child_environment(),
            )
        return float(done.stdout)

    return measure


@contextmanager
def _kept_busy(busy: bool) -> Iterator[None]:
    """A process that computes without end, if it is asked for."""
    other = subprocess.Popen([sys.executable, "-c", SPINS]) if busy else None
    try:
        yield
    finally:
        if other is not None:
            other.kill()
            other.wait()
