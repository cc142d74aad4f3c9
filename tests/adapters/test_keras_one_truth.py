"""regkit's own trainer and Keras give the same parameters, on both backends, for every penalty.

Covers: regkit/keras/hooked.py, regkit/keras/on_torch.py, regkit/keras/on_jax.py
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from frameworks.penalties import CASES

from regkit import ActivityRegularizer, ModelRegularizer

EXACT = 1e-6
BACKENDS = ("torch", "jax")
OPTIMIZERS = ("sgd", "adam")
OF_LAYERS = [
    case
    for case in CASES
    if not case.penalty_class.constraint and not issubclass(case.penalty_class, ModelRegularizer)
]
OF_OUTPUTS = [case for case in OF_LAYERS if issubclass(case.penalty_class, ActivityRegularizer)]
NAMES = [
    *map(str, OF_LAYERS),
    *(f"{case} of few rows" for case in OF_OUTPUTS),
    *(f"{name} of biases" for name in ("l1", "l2", "group_lasso", "sorted_l1(q=0.3)")),
    *(f"by {scale}" for scale in ("size", "fan_in", "sqrt_fan_in")),
    *("bridged", "own hooks", "bridged outputs"),
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told_by(tmp_path_factory):
    """What a process of each backend measures, both at once, and once for all workers of tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    answer = shared / "keras-on-its-backends.json"
    with FileLock(f"{answer}.lock"):
        if not answer.exists():
            folders = map(tmp_path_factory.mktemp, BACKENDS)
            with ThreadPoolExecutor() as threads:
                told = list(threads.map(trained_on, BACKENDS, folders))
            answer.write_text(json.dumps(dict(zip(BACKENDS, told, strict=True))))
    return json.loads(answer.read_text())


def trained_on(backend, folder):
    """What a process of this backend measures: everything."""
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "JAX_ENABLE_X64": "1",
        "OMP_NUM_THREADS": "1",  # Beside another process, threads would wait for each other.
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "adapters.keras_twins", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_each_penalty(backend, name, optimizer, told_by):
    told = told_by[backend]
    assert told["backend"] == backend
    found = told["found"][f"{name}, {optimizer}"]
    assert found["apart"] <= EXACT
    assert found["theirs"] == pytest.approx(found["ours"], rel=1e-6)
    assert found["moved"] > 1e-4
