"""NumPy's kernels: the reference, and the fallback of other backends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from regkit.array_types import Array
from regkit.kernels.chunks import KEPT_CHUNK, all_finite
from regkit.kernels.linear_gradient import LinearGradient, add_linear_gradient
from regkit.kernels.linear_prox import SCRATCH_CHUNK, linear_prox
from regkit.kernels.network import Network, WholeNetwork
from regkit.kernels.root_steps import RootSteps

BOOL = np.dtype(np.bool_)


class Kernels:
    """The costly operations of a step besides matrix products, all in place.

    One object serves one run and owns the memory that it computes in. Arrays of layers have shape
    (samples, features) with contiguous samples; those of optimizers are flat, contiguous and of
    one dtype.

    Attributes:
        threads: in which a call may compute at the same time, besides those of BLAS.
    """

    name: ClassVar[str] = "numpy"
    of_numpy: ClassVar[bool] = True
    """Whether the run's arrays are NumPy's."""

    def __init__(self) -> None:
        self.threads = 1
        self._spaces: dict[str, Array] = {}

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the packages besides NumPy that the results depend on."""
        return {}

    # Gradients of activations

    def relu_gradient(self, outputs: Array, doutputs: Array) -> None:
        """Set `doutputs` to 0 where `outputs` is not above 0."""
        positive = self._space_like("positive", doutputs, BOOL)
        np.greater(outputs, 0, out=positive)
        doutputs *= positive

    def sigmoid_gradient(self, outputs: Array, doutputs: Array) -> None:
        """Multiply `doutputs` by σ (1 − σ), with `outputs` = σ."""
        slope = self._space_like("slope", doutputs, doutputs.dtype)
        np.subtract(1, outputs, out=slope)
        slope *= outputs
        doutputs *= slope

    def tanh_gradient(self, outputs: Array, doutputs: Array) -> None:
        """Multiply `doutputs` by 1 − tanh², with `outputs` = tanh."""
        slope = self._space_like("slope", doutputs, doutputs.dtype)
        np.multiply(outputs, outputs, out=slope)
        np.subtract(1, slope, out=slope)
        doutputs *= slope

    # Gradients of penalties

    def add_linear_gradient(self, w: Array, out: Array, gradient: LinearGradient) -> None:
        """Add the gradient at `w` to `out`; both may be strided."""
        scratch = self._space("chunk", min(w.size, KEPT_CHUNK), w.dtype)
        add_linear_gradient(w, out, gradient, scratch)

    def settle(self) -> None:
        """Finish additions that were put off, so that sums may be read: here none are."""

    def are_finite(self, params: Array, grads: Array) -> bool:
        """Whether all gradients are finite, at parameters that lie in memory as they do."""
        return all_finite(grads)

    # Updates of optimizers

    def sgd(
        self, params: Array, grads: Array, velocity: Array, *, momentum: float, lr: float
    ) -> None:
        """v ← momentum · v − lr · grad; w ← w + v."""
        for w, grad, v, space in self._chunks(params, grads, velocity):
            v *= momentum
            np.multiply(grad, lr, out=space)
            v -= space
            w += v

    def adagrad(
        self, params: Array, grads: Array, cache: Array, *, lr: float, epsilon: float
    ) -> None:
        """c ← c + grad²; w ← w − lr · grad / (√c + ε)."""
        for w, grad, c, space in self._chunks(params, grads, cache):
            np.multiply(grad, grad, out=space)
            c += space
            _divided_step(w, grad, c, space, lr=lr, epsilon=epsilon)

    def rmsprop(
        self, params: Array, grads: Array, cache: Array, *, rho: float, lr: float, epsilon: float
    ) -> None:
        """c ← ρ c + (1 − ρ) grad²; w ← w − lr · grad / (√c + ε)."""
        for w, grad, c, space in self._chunks(params, grads, cache):
            c *= rho
            np.multiply(grad, grad, out=space)
            space *= 1 - rho
            c += space
            _divided_step(w, grad, c, space, lr=lr, epsilon=epsilon)

    def adam(
        self,
        params: Array,
        grads: Array,
        momentum: Array,
        cache: Array,
        *,
        beta_1: float,
        beta_2: float,
        lr: float,
        epsilon: float,
    ) -> None:
        """m ← β₁ m + grad; v ← β₂ v + grad²; w ← w − lr · m / (√v + ε)."""
        for w, grad, m, v, space in self._chunks(params, grads, momentum, cache):
            m *= beta_1
            m += grad
            np.multiply(grad, grad, out=space)
            v *= beta_2
            v += space
            _divided_step(w, m, v, space, lr=lr, epsilon=epsilon)

    # Whole networks

    def whole_network(self, network: Network) -> WholeNetwork | None:
        """The layers and the loss fused, or None if that gains nothing."""
        return None

    # Proximal points

    def linear_prox(self, w: Array, out: Array, steps: RootSteps, gradient: LinearGradient) -> None:
        """Set `out`, which may be `w`, to soft(w, step · sign) / (1 + step · multiple)."""
        size = min(w.size, SCRATCH_CHUNK)
        scratch = self._space("prox", 3 * size, w.dtype).reshape(3, size)
        linear_prox(w, out, steps, gradient, scratch)

    def group_prox(
        self,
        groups: Array,
        out: Array,
        steps: RootSteps,
        *,
        group_strength: float,
        entry_strength: float = 0.0,
    ) -> bool:
        """Set `out`, which may be `groups`, to points for λ₂ Σ‖group‖ + λ₁ Σ|w|, a group a row.

        Returns False, with nothing done, where it is no faster than the penalty itself, or cannot.
        """
        return False

    def _chunks(self, *arrays: Array) -> Iterator[tuple[Array, ...]]:
        """Matching chunks of flat arrays that stay in the cache, each with scratch memory."""
        size, dtype = len(arrays[0]), arrays[0].dtype
        if size <= KEPT_CHUNK:  # For a small network slicing costs as much as computing.
            yield *arrays, self._space("chunk", size, dtype)
            return
        space = self._space("chunk", KEPT_CHUNK, dtype)
        for start in range(0, size, KEPT_CHUNK):
            stop = min(start + KEPT_CHUNK, size)
            yield *(array[start:stop] for array in arrays), space[: stop - start]

    def _space_like(self, name: str, array: Array, dtype: np.dtype[Any]) -> Array:
        """Scratch memory of an array's shape (samples, features), with contiguous samples."""
        rows, columns = array.shape
        return self._space(name, array.size, dtype).reshape(columns, rows).T

    def _space(self, name: str, size: int, dtype: np.dtype[Any]) -> Array:
        """Flat scratch memory with undefined contents, the same one every time."""
        space = self._spaces.get(name)
        if space is None or space.size < size or space.dtype != dtype:
            space = self._spaces[name] = np.empty(size, dtype)
        return space if space.size == size else space[:size]


def _divided_step(
    w: Array, direction: Array, cache: Array, space: Array, *, lr: float, epsilon: float
) -> None:
    """w ← w − lr · direction / (√cache + ε)."""
    np.sqrt(cache, out=space)
    space += epsilon
    np.divide(direction, space, out=space)
    space *= lr
    w -= space
