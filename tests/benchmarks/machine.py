"""What a benchmark ran on: the machine, versions and thread counts."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

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


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
