"""regkit's own trainer and Keras give the same parameters, on both backends, for every penalty.

Covers: regkit/keras/hooked.py, regkit/keras/on_torch.py, regkit/keras/on_jax.py
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
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

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keras")]


@functools.cache
def trained_on(backend):
    """A process of this backend, which has measured everything."""
    tests = Path(__file__).parents[1]
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "JAX_ENABLE_X64": "1",
        "PYTHONPATH": str(tests),
    }
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "adapters.keras_twins", folder]
        return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_each_penalty(backend, name, optimizer):
    done = trained_on(backend)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["backend"] == backend
    found = told["found"][f"{name}, {optimizer}"]
    assert found["apart"] <= EXACT
    assert found["theirs"] == pytest.approx(found["ours"], rel=1e-6)
    assert found["moved"] > 1e-4
