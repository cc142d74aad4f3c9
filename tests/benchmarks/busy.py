"""P2b: the wide job while another process keeps one core busy.

Each measurement is a process of its own, started as the command starts: what OpenBLAS's idle
threads do is settled when NumPy is loaded.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from regkit.startup import child_environment

from .figure import Figure
from .rounds import Seconds, interleaved, ratio

TESTS = Path(__file__).parents[1]
STEPS = 100
NO_CHANGE: Mapping[str, str] = {}
KERNELS = {"regkit": "numpy", "regkit, compiled": "compiled"}
THREADS = {"by default": "auto", "one thread": "1"}
BUSY = ", beside a busy process"
ENDLESS = "while True: pass"
SPINNING = "regkit, compiled, by default, as a library"
OPENBLAS_DEFAULT = {"OPENBLAS_THREAD_TIMEOUT": "26"}


def beside_a_busy_process(rounds: int) -> tuple[list[Figure], Seconds]:
    """P2b."""
    contenders: dict[str, Callable[[], float]] = {}
    for name, kernels in KERNELS.items():
        for way, threads in THREADS.items():
            contenders[f"{name}, {way}"] = _training(kernels, threads, busy=False)
            contenders[f"{name}, {way}{BUSY}"] = _training(kernels, threads, busy=True)
    for suffix in ("", BUSY):
        contenders[SPINNING + suffix] = _training(
            "compiled", "auto", busy=bool(suffix), environment=OPENBLAS_DEFAULT
        )
    seconds = interleaved(contenders, rounds)
    figures = []
    for name in KERNELS:
        ours, one = f"{name}, by default", f"{name}, one thread"
        busy = ratio(seconds, ours + BUSY, one + BUSY)
        what = f"{name}: by default ÷ one thread"
        figures.append(Figure("P2b", f"{what}{BUSY}", busy, 1.5, 1.2))
        figures.append(Figure("P2b", f"{what}, alone", ratio(seconds, ours, one)))
    for suffix in ("", BUSY):
        waits = ratio(seconds, f"regkit, compiled, by default{suffix}", SPINNING + suffix)
        what = f"threads that sleep after 2¹⁶ cycles ÷ after 2²⁶{suffix or ', alone'}"
        figures.append(Figure("P2b", f"regkit, compiled: {what}", waits))
    return figures, seconds


def _training(
    kernels: str, threads: str, *, busy: bool, environment: Mapping[str, str] = NO_CHANGE
) -> Callable[[], float]:
    command = [sys.executable, "-m", f"{__package__}.wide_steps", kernels, threads, str(STEPS)]

    def measure() -> float:
        with _kept_busy(busy):
            done = subprocess.run(
                command,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                cwd=TESTS,
                env=child_environment() | dict(environment),
            )
        return float(done.stdout)

    return measure


@contextmanager
def _kept_busy(busy: bool) -> Iterator[None]:
    """A process that computes without end, if it is asked for."""
    other = subprocess.Popen([sys.executable, "-c", ENDLESS]) if busy else None
    try:
        yield
    finally:
        if other is not None:
            other.kill()
            other.wait()
