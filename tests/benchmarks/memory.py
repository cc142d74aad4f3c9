"""P5: the peak memory of a training with many parameters, in a process of its own.

The process is this file, run with the number of parameters.
"""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

BYTES_A_PARAMETER = 16
"""float32 Adam holds a parameter, its gradient and two moments."""

ROWS, BATCH = 256, 64


def memory(millions: int):
    """P5: peak above that after a small training, over what Adam must hold plus the data."""
    from .figure import Figure

    done = subprocess.run(
        [sys.executable, __file__, str(millions * 1_000_000)],
        check=True,
        capture_output=True,
        text=True,
    )
    measured = json.loads(done.stdout)
    needed = BYTES_A_PARAMETER * measured["parameters"] + measured["data"]
    return Figure(
        "P5",
        f"{millions} million parameters: peak memory ÷ 16 bytes a parameter plus the data",
        (measured["peak"] - measured["imported"]) / needed,
        1.25,
        1.1,
    )


def sizes(parameters: int) -> tuple[int, ...]:
    """A network of about so many parameters, half of them in the first layer."""
    unit = math.isqrt(parameters // 40)
    return 5 * unit // 2, 8 * unit, 2 * unit, 2 * unit


def measured_here(parameters: int) -> dict[str, int]:
    """Train, evaluate and predict; return the bytes in use before and at the peak."""
    import numpy as np

    import regkit as rk

    _train_and_use(rk, np, 1000)  # What is imported on the way is no part of it.
    imported = _status("VmRSS")
    model, X = _train_and_use(rk, np, parameters)
    return {
        "parameters": model.parameters.size,
        "data": X.nbytes,
        "imported": imported,
        "peak": _status("VmHWM"),
    }


def _train_and_use(rk: Any, np: Any, parameters: int) -> tuple[Any, Any]:
    n_inputs, *hidden, classes = sizes(parameters)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((ROWS, n_inputs), dtype=np.float32)
    y = rng.integers(0, classes, ROWS)
    layers = []
    for before, after in zip((n_inputs, *hidden), (*hidden, classes), strict=True):
        layers += [rk.Dense(before, after), rk.ReLU()]
    model = rk.Model(layers[:-1], loss=rk.SoftmaxCrossEntropy())
    rk.train(
        model,
        X,
        y,
        optimizer=rk.Adam(),
        regularizers=[rk.ElasticNet(1e-6)],
        epochs=2,
        batch_size=BATCH,
        validation=(X[:BATCH], y[:BATCH]),
    )
    model.score(X, y)
    model.predict(X)
    return model, X


def _status(field: str) -> int:
    """Bytes by Linux's account of this process; getrusage would count the parent's peak as ours."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (one for one in lines if one.startswith(field))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(measured_here(int(sys.argv[1]))))
