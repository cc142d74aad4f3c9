"""Trainings in every mode are the same after somebody called `nnfs.init()`.

It rebinds `np.zeros`, `np.eye` and `np.dot` for the whole process, to float32.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PROGRAM = """
import sys
import numpy as np

sys.path.insert(0, {tests!r})
if {init}:
    import nnfs
    nnfs.init()
    assert np.zeros(1).dtype == np.float32
import regkit as rk
from penalty_kinds import Ball, Floor, Squares, Together

X = np.random.RandomState(0).standard_normal((40, 3)) / 3
y = np.arange(40) % 3
named = dict(schedule="ramp:0:20", scale="size")
found = []
for make in (lambda: rk.SGD(0.05, momentum=0.9), lambda: rk.Adam(0.05)):
    for batch_size, kernels in ((None, "numpy"), (9, "numpy"), (None, "compiled")):
        layers = [rk.Dense(3, 7, init="he"), rk.Tanh(), rk.Dropout(0.1), rk.Dense(7, 3, init="he")]
        model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
        history = rk.train(
            model, X, y, optimizer=make(), epochs=30, batch_size=batch_size, kernels=kernels,
            gradient_norms=True, validation=(X, y), restore_best=True,
            regularizers=[
                rk.L1(1e-1, **named), rk.L2(1e-3, on="*", mode="decoupled"),
                rk.ElasticNet(1e-2, on="dense1.weights", mode="prox"),
                Together(1e-2, scale="size"), Together(1e-2, on="*", mode="decoupled"),
                Together(1e-1, on="dense1.biases", mode="prox"),
                Floor(least=-0.2, on="dense2.biases"), Ball(radius=1.5, on="dense2.weights"),
                Squares(1e-2, on=["tanh1", "dense2"]),
            ],
        )
        assert model.parameters.dtype == np.float64
        norms = list(history[-1].gradient_norms.values())
        values = [history[-1].data_loss, history[-1].loss, *history[-1].penalties.values(), *norms]
        found.append(np.concatenate([model.parameters, values]))
sys.stdout.buffer.write(np.concatenate(found).tobytes())
"""


def trained(*, init):
    program = PROGRAM.format(tests=str(Path(__file__).parents[1]), init=init)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return np.frombuffer(done.stdout, np.float64)


@pytest.mark.slow
def test_every_mode_of_every_kind_trains_the_same_in_float64():
    without, with_it = trained(init=False), trained(init=True)
    assert np.isfinite(without).all()
    np.testing.assert_allclose(with_it, without, rtol=1e-12, atol=1e-14)
