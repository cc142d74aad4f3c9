"""The kernel of a network with one hidden layer computes what its layers and its loss do.

Covers: regkit/kernels/numba/hidden_layer.py, regkit/kernels/numba/blocks.py
Covers: regkit/kernels/numba/many_samples.py, regkit/kernels/numba/few_samples.py
Covers: regkit/kernels/numba/packed.py, regkit/kernels/numba/padded.py
Covers: regkit/kernels/numba/activations.py, regkit/kernels/numba/losses.py
Covers: regkit/kernels/network.py
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk
from regkit.kernels.kernels import Kernels
from regkit.kernels.network import Network
from regkit.kernels.numba import activations, losses, network
from regkit.kernels.numba.kernels import NumbaKernels
from regkit.kernels.numba.network import (
    N_INPUTS,
    N_NEURONS,
    N_OUTPUTS,
    block,
    has_neurons_in_lanes,
)
from regkit.nn.passes import Passes

NEURONS = 7
IN_LANES = {"samples": NEURONS, "neurons": 61}
"""What the vectors go over, for 50 rows, and a number of neurons with which they do."""
ACTIVATIONS = {"relu": rk.ReLU, "tanh": rk.Tanh, "sigmoid": rk.Sigmoid}
LOSSES = {
    "softmax_cross_entropy": rk.SoftmaxCrossEntropy,
    "mean_squared_error": rk.MeanSquaredError,
    "binary_cross_entropy": rk.BinaryCrossEntropy,
}
MOST = block(10**6, NEURONS * 8)


class Job:
    """A network with one hidden layer, and rows for it."""

    def __init__(
        self,
        rows=50,
        n_inputs=2,
        n_outputs=3,
        *,
        activation="relu",
        loss="softmax_cross_entropy",
        dtype="float64",
        neurons=NEURONS,
        scale=1.0,
    ):
        rng = np.random.default_rng(0)
        layers = [
            rk.Dense(n_inputs, neurons),
            ACTIVATIONS[activation](),
            rk.Dense(neurons, n_outputs),
        ]
        self.model = rk.Model(layers, loss=LOSSES[loss](), dtype=dtype)
        self.model.parameters[...] = scale * rng.standard_normal(self.model.parameters.size)
        y = {
            "softmax_cross_entropy": rng.integers(0, n_outputs, rows),
            "mean_squared_error": rng.standard_normal((rows, n_outputs)),
            "binary_cross_entropy": rng.integers(0, 2, (rows, n_outputs)),
        }[loss]
        self.inputs = self.model.as_inputs(rng.standard_normal((rows, n_inputs)))
        self.targets = self.model.as_targets(y, rows)
        self.weights = rng.random(rows).astype(dtype)

    def passes(self, kernels, *, full_batches=True):
        return Passes(
            self.model.layers,
            self.model.loss,
            self.model.dtype,
            kernels=kernels,
            rows=len(self.inputs),
            full_batches=full_batches,
        )

    def measured(self, passes, rows=slice(None), *, weighted=False):
        """Outputs, data loss, tally and gradients of a batch."""
        inputs, targets = self.inputs[rows], self.targets[rows]
        weights = self.weights[rows] if weighted else None
        self.model.gradients[...] = np.nan
        passes.measure(inputs, targets, weights)
        outputs = passes.outputs.copy()
        found = passes.data_loss(targets, weights), passes.tally(targets)
        passes.backward(targets, weights)
        return outputs, *map(np.array, found), self.model.gradients.copy()

    def assert_alike(self, rtol, **options):
        fused = self.passes(NumbaKernels())
        plain = self.passes(Kernels())
        for expected, found in zip(
            self.measured(plain, **options), self.measured(fused, **options), strict=True
        ):
            assert_allclose(found, expected, rtol=0, atol=rtol * np.abs(expected).max())


def described(layers, loss="softmax_cross_entropy", rows=10):
    return Network([layer.as_network_layer() for layer in layers], loss, rows, True)


def test_the_longer_of_samples_and_neurons_is_in_the_lanes():
    assert not has_neurons_in_lanes(IN_LANES["samples"], 50)
    assert has_neurons_in_lanes(IN_LANES["neurons"], 50)
    assert has_neurons_in_lanes(1024, 1)
    assert not has_neurons_in_lanes(1025, 1)


@pytest.mark.parametrize(
    ("n_inputs", "neurons", "n_outputs", "rows", "gains"),
    [
        (2, 64, 3, 3000, True),
        (20, 300, 10, 1, True),
        (20, 300, 10, 350, True),
        (20, 300, 10, 5000, True),
        (20, 1100, 10, 350, False),
        (20, 1100, 10, 1100, True),
        (40, 640, 20, 20, True),
        (40, 640, 20, 200, False),
        (40, 640, 20, 1000, True),
        (100, 10, 3, 1000, False),
    ],
)
def test_a_network_is_fused_where_that_gains(n_inputs, neurons, n_outputs, rows, gains):
    """The rule that comes from a grid of shapes; the others go the general way."""
    layers = [rk.Dense(n_inputs, neurons), rk.ReLU(), rk.Dense(neurons, n_outputs)]
    rk.Model(layers, rk.SoftmaxCrossEntropy())
    assert (NumbaKernels().whole_network(described(layers, rows=rows)) is not None) is gains


@pytest.mark.parametrize("neurons", IN_LANES.values(), ids=IN_LANES)
@pytest.mark.parametrize("n_outputs", range(1, 8))
@pytest.mark.parametrize("n_inputs", range(1, 8))
def test_all_shapes(n_inputs, n_outputs, neurons):
    Job(n_inputs=n_inputs, n_outputs=n_outputs, neurons=neurons).assert_alike(1e-13)


@pytest.mark.parametrize("neurons", [*range(1, 10), *range(51, 66), 1023, 1024])
def test_all_numbers_of_neurons(neurons):
    Job(neurons=neurons).assert_alike(1e-13)


@pytest.mark.parametrize("neurons", IN_LANES.values(), ids=IN_LANES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_all_activations_and_losses(activation, loss, weighted, neurons):
    Job(activation=activation, loss=loss, neurons=neurons).assert_alike(1e-13, weighted=weighted)


@pytest.mark.parametrize(("rows", "neurons"), [(3000, NEURONS), (50, 61)], ids=IN_LANES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32(activation, loss, rows, neurons):
    job = Job(rows, activation=activation, loss=loss, dtype="float32", neurons=neurons)
    job.assert_alike(1e-5)


@pytest.mark.parametrize("rows", [1, 2, 15, 16, 17, MOST - 1, MOST, MOST + 1, 3 * MOST - 5])
def test_all_numbers_of_rows(rows):
    Job(rows).assert_alike(1e-12)


@pytest.mark.parametrize("rows", [*range(1, 10), 31, 32, 33, 63, 64, 65, 299])
def test_all_numbers_of_rows_with_neurons_in_the_lanes(rows):
    """In blocks of up to 32 rows."""
    Job(rows, neurons=1000).assert_alike(1e-12)


@pytest.mark.parametrize("neurons", IN_LANES.values(), ids=IN_LANES)
@pytest.mark.parametrize("loss", LOSSES)
def test_large_outputs_overflow_nothing(loss, neurons):
    Job(loss=loss, scale=100.0, neurons=neurons).assert_alike(1e-12)


@pytest.mark.parametrize("neurons", [NEURONS, 71], ids=IN_LANES)
def test_batches_of_several_sizes_one_after_the_other(neurons):
    job = Job(70, loss="mean_squared_error", neurons=neurons)
    fused, plain = (job.passes(one, full_batches=False) for one in (NumbaKernels(), Kernels()))
    for rows in (slice(0, 32), slice(32, 64), slice(64, 70), slice(0, 32), slice(10, 42)):
        for expected, found in zip(
            job.measured(plain, rows, weighted=True),
            job.measured(fused, rows, weighted=True),
            strict=True,
        ):
            assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


@pytest.mark.parametrize(("rows", "neurons"), [(40, 12), (1000, 12), (1500, 12), (200, 600)])
def test_two_threads_give_the_digits_of_one(monkeypatch, rows, neurons):
    """And both those of the layers, to rounding, with a last batch that is one part alone, too."""
    monkeypatch.setattr(network, "WORTH_A_THREAD", 0)
    job = Job(rows, n_inputs=5, dtype="float32", neurons=neurons)
    ends = []
    for threads in (1, 2):
        kernels = NumbaKernels()
        kernels.threads = threads
        passes = job.passes(kernels, full_batches=False)
        ends.append([job.measured(passes, slice(0, end)) for end in (rows, 7, rows)])
    for one, two in zip(*ends, strict=True):
        for found, expected in zip(two, one, strict=True):
            np.testing.assert_array_equal(found, expected)
    plain = job.measured(job.passes(Kernels()))
    for found, expected in zip(ends[0][0], plain, strict=True):
        assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("neurons", IN_LANES.values(), ids=IN_LANES)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_is_not_finite_does_not_pass_for_finite(activation, loss, value, neurons):
    job = Job(activation=activation, loss=loss, neurons=neurons)
    job.model.layers[2].weights[0, 0] = value
    with np.errstate(invalid="ignore"):
        outputs, _, _, gradients = job.measured(job.passes(NumbaKernels()))
    assert not np.isfinite(outputs).all()
    assert not np.isfinite(gradients).all()


@pytest.mark.parametrize("bytes_a_sample", [16, 256, 2560, 10**6])
@pytest.mark.parametrize("samples", [1, 16, 100, 1024, 1025, 3000, 10**6])
@pytest.mark.parametrize("parts", [1, 2])
def test_blocks_are_equal_shares_of_whole_vectors(samples, bytes_a_sample, parts):
    size = block(samples, bytes_a_sample, parts)
    assert size % 16 == 0
    assert 16 <= size <= 1024
    assert -(-samples // size) * size < samples + size


@pytest.mark.parametrize("samples", [1, 2, 33, 256, 1000])
@pytest.mark.parametrize("parts", [1, 2])
def test_blocks_are_equal_shares_of_fours_with_neurons_in_the_lanes(samples, parts):
    size = block(samples, 4 * 1024, parts, by_neurons=True)
    assert size % 4 == 0
    assert 4 <= size <= 32
    assert -(-samples // size) * size < samples + size


@pytest.mark.parametrize(
    ("layers", "fits"),
    [
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3)], True),
        ([rk.Dense(2, 64), rk.Tanh(), rk.Dense(64, 3)], True),
        ([rk.Dense(2, 64), rk.Sigmoid(), rk.Dense(64, 3)], True),
        ([rk.Dense(N_INPUTS, 64), rk.ReLU(), rk.Dense(64, N_OUTPUTS)], True),
        ([rk.Dense(N_INPUTS + 1, 64), rk.ReLU(), rk.Dense(64, 3)], False),
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, N_OUTPUTS + 1)], False),
        ([rk.Dense(2, 64, trainable=False), rk.ReLU(), rk.Dense(64, 3)], False),
        ([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3, trainable=False)], False),
        ([rk.Dense(2, 600), rk.ReLU(), rk.Dense(600, 3)], True),
        ([rk.Dense(4, 2000), rk.ReLU(), rk.Dense(2000, 3)], False),  # 10 rows are too few.
        ([rk.Dense(1, N_NEURONS + 1), rk.ReLU(), rk.Dense(N_NEURONS + 1, 1)], False),
        ([rk.Dense(2, 3)], False),
        ([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 4), rk.ReLU(), rk.Dense(4, 3)], False),
        ([rk.Dense(2, 4), rk.Dense(4, 4), rk.Dense(4, 3)], False),
    ],
)
def test_which_networks_the_kernel_takes(layers, fits):
    assert (NumbaKernels().whole_network(described(layers)) is not None) is fits


def test_it_knows_the_losses_of_the_library_and_no_others():
    layers = [rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)]
    assert tuple(LOSSES) == losses.KINDS
    assert tuple(ACTIVATIONS) == activations.KINDS
    for name, cls in LOSSES.items():
        assert cls().as_network_loss() == name
        assert type("Doubled", (cls,), {})().as_network_loss() is None
        assert NumbaKernels().whole_network(described(layers, name)) is not None
    assert NumbaKernels().whole_network(described(layers, "hinge")) is None


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_subclass_may_compute_something_else_and_is_not_taken(activation):
    Doubled = type("Doubled", (ACTIVATIONS[activation],), {})
    assert Doubled().as_network_layer() is None
    layers = [rk.Dense(2, 4), Doubled(), rk.Dense(4, 3)]
    kernels, dtype = NumbaKernels(), np.dtype("float32")
    passes = Passes(layers, rk.MeanSquaredError(), dtype, kernels=kernels, rows=5)
    assert passes.forward(np.ones((5, 3), np.float32)).shape == (5, 3)
