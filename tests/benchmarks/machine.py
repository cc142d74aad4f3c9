"""What a benchmark ran on: the machine, versions, thread counts, and what else ran."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

DISTRIBUTIONS = (
    "regkit-nn",
    "numpy",
    "pluggy",
    "click",
    "scikit-learn",
    "torch",
    "jax",
    "optax",
    "keras",
    "numba",
    "llm",
)


def machine() -> dict[str, Any]:
    """Everything that figures may depend on; the load shows whether the machine was quiet."""
    return {
        "processor": processor(),
        "vector_bits": vector_bits(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in DISTRIBUTIONS},
        "pools": [
            {
                "library": pool["internal_api"],
                "version": pool.get("version"),
                "kernel": pool.get("architecture"),
                "threads": pool["num_threads"],
                "file": Path(pool["filepath"]).name,
            }
            for pool in threadpool_info()
        ],
        "load": os.getloadavg()[0],
    }


def vector_bits() -> int:
    """The width of the vectors that NumPy may use here."""
    features = np._core._multiarray_umath.__cpu_features__
    return 512 if features.get("AVX512_SKX") else 256 if features.get("AVX2") else 128


class OtherProcesses:
    """What share of the cores' time other processes use, from here on."""

    def __init__(self) -> None:
        self._begun = time.monotonic(), _busy(), _own()

    def share(self) -> float | None:
        """The share so far; None where the system does not tell."""
        started, busy, own = self._begun
        now = _busy()
        if busy is None or now is None:
            return None
        seconds = (time.monotonic() - started) * (os.cpu_count() or 1)
        return max(now - busy - (_own() - own), 0.0) / seconds


def _busy() -> float | None:
    """Seconds that all cores have worked since the machine was started."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0].split()
    except OSError:
        return None
    user, nice, system = map(int, first[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Seconds that this process and those that it started have worked."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
