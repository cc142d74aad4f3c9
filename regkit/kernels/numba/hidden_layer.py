"""Few inputs, a hidden layer with ReLU, few outputs: passes that do not store the hidden layer.

Each neuron of the hidden layer is computed for a block of samples that fits the first-level cache,
used, and discarded; the backward pass computes it again, which is faster than reading it. Matrices
are transposed, so that samples are contiguous: X (n_inputs + 1, samples) with a last row of ones,
outputs and doutputs (n_outputs, samples). Weights are given as [weights; biases].

Products of small matrices are computed three at a time: the entries of three rows are read once
for three products.
"""

from __future__ import annotations

from regkit.array_types import Array
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.relu import NOTHING, let_through, rectify


@kernel
def forward(X: Array, first: Array, second: Array, outputs: Array, hidden: Array) -> None:
    """The outputs, ReLU(X · first), with a column of ones, · second; `hidden` holds a block."""
    samples, n_neurons = X.shape[1], first.shape[1]
    for start in range(0, samples, hidden.size):
        stop = min(start + hidden.size, samples)
        for c in range(outputs.shape[0]):
            outputs[c, start:stop] = second[n_neurons, c]
        for j in range(n_neurons):
            _combine(X, start, stop, first[:, j], hidden)
            rectify(hidden, stop - start)
            _add_multiples(hidden, second[j], outputs, start, stop)


@kernel
def backward(
    X: Array,
    first: Array,
    second: Array,
    doutputs: Array,
    dfirst: Array,
    dsecond: Array,
    hidden: Array,
    dhidden: Array,
) -> None:
    """The gradients with respect to `first` and `second`; `hidden` and `dhidden` hold a block."""
    samples, n_neurons = X.shape[1], first.shape[1]
    dfirst[:] = 0
    dsecond[:] = 0
    for start in range(0, samples, hidden.size):
        stop = min(start + hidden.size, samples)
        for c in range(doutputs.shape[0]):
            dsecond[n_neurons, c] += doutputs[c, start:stop].sum()
        for j in range(n_neurons):
            _combine(X, start, stop, first[:, j], hidden)
            rectify(hidden, stop - start)
            _add_products(hidden, doutputs, start, stop, dsecond[j])
            _combine(doutputs, start, stop, second[j], dhidden)
            let_through(hidden, dhidden, stop - start)
            _add_products(dhidden, X, start, stop, dfirst[:, j])


@kernel
def _combine(rows: Array, start: int, stop: int, factors: Array, into: Array) -> None:
    """Set `into` to Σₖ factors[k] · rows[k, start:stop]."""
    n = stop - start
    k = rows.shape[0] % 3
    if k == 0:
        k = 3
        x, y, z = rows[0, start:stop], rows[1, start:stop], rows[2, start:stop]
        a, b, c = factors[0], factors[1], factors[2]
        for i in range(n):
            into[i] = a * x[i] + b * y[i] + c * z[i]
    elif k == 1:
        x, a = rows[0, start:stop], factors[0]
        for i in range(n):
            into[i] = a * x[i]
    else:
        x, y, a, b = rows[0, start:stop], rows[1, start:stop], factors[0], factors[1]
        for i in range(n):
            into[i] = a * x[i] + b * y[i]
    while k < rows.shape[0]:
        x, y, z = rows[k, start:stop], rows[k + 1, start:stop], rows[k + 2, start:stop]
        a, b, c = factors[k], factors[k + 1], factors[k + 2]
        for i in range(n):
            into[i] += a * x[i] + b * y[i] + c * z[i]
        k += 3


@kernel
def _add_multiples(row: Array, factors: Array, to: Array, start: int, stop: int) -> None:
    """to[c, start:stop] += factors[c] · row, for each c."""
    n = stop - start
    c = 0
    while c + 3 <= to.shape[0]:
        x, y, z = to[c, start:stop], to[c + 1, start:stop], to[c + 2, start:stop]
        p, q, r = factors[c], factors[c + 1], factors[c + 2]
        for i in range(n):
            entry = row[i]
            x[i] += p * entry
            y[i] += q * entry
            z[i] += r * entry
        c += 3
    while c < to.shape[0]:
        x, p = to[c, start:stop], factors[c]
        for i in range(n):
            x[i] += p * row[i]
        c += 1


@kernel
def _add_products(row: Array, others: Array, start: int, stop: int, to: Array) -> None:
    """to[k] += Σ row · others[k, start:stop], for each k."""
    n = stop - start
    k = 0
    while k + 3 <= others.shape[0]:
        x, y, z = others[k, start:stop], others[k + 1, start:stop], others[k + 2, start:stop]
        p = q = r = NOTHING
        for i in range(n):
            entry = row[i]
            p += entry * x[i]
            q += entry * y[i]
            r += entry * z[i]
        to[k] += p
        to[k + 1] += q
        to[k + 2] += r
        k += 3
    while k < others.shape[0]:
        x, p = others[k, start:stop], NOTHING
        for i in range(n):
            p += row[i] * x[i]
        to[k] += p
        k += 1
