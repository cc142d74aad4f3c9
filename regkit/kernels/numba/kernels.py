"""The kernels that numba compiles: fewer passes over memory than NumPy's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numba
import numpy as np

from regkit.array_types import Array
from regkit.kernels.kernels import Kernels
from regkit.kernels.linear_gradient import LinearGradient
from regkit.kernels.network import Network, WholeNetwork
from regkit.kernels.numba import group_threshold, sweeps
from regkit.kernels.numba.network import OneHiddenLayer
from regkit.kernels.numba.put_off import PutOff
from regkit.kernels.numba.two_threads import Call, TwoThreads, one_after_the_other
from regkit.kernels.root_steps import RootSteps
from regkit.startup import blas_threads_sleep


class NumbaKernels(Kernels):
    """Compiled where measurements show a gain, and NumPy's elsewhere."""

    name: ClassVar[str] = "compiled"

    def __init__(self) -> None:
        super().__init__()
        self._put_off = PutOff()
        self._two_threads = TwoThreads()

    @property
    def versions(self) -> Mapping[str, str]:
        """numba's."""
        return {"numba": numba.__version__}

    def relu_gradient(self, outputs: Array, doutputs: Array) -> None:
        """As in `Kernels`, in one pass if both have the same memory layout."""
        if outputs.flags.f_contiguous and doutputs.flags.f_contiguous:
            sweeps.let_through(outputs.T.reshape(-1), doutputs.T.reshape(-1))
        else:
            super().relu_gradient(outputs, doutputs)

    def add_linear_gradient(self, w: Array, out: Array, gradient: LinearGradient) -> None:
        """As in `Kernels`, but only when `settle`, `are_finite` or `adam` comes to it."""
        if w.flags.c_contiguous and out.flags.c_contiguous:
            self._put_off.add(w, out, gradient)
        else:
            super().add_linear_gradient(w, out, gradient)

    def settle(self) -> None:
        """Add the gradients that wait."""
        self._put_off.settle()

    def are_finite(self, params: Array, grads: Array) -> bool:
        """As in `Kernels`, with what waits to be added."""
        pieces = self._put_off.within(params, grads)
        if pieces is not None:
            if math.isfinite(sweeps.sum_of_squares(params, grads, *pieces)):
                return True
            self.settle()
        return super().are_finite(params, grads)

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
        """As in `Kernels`, in one pass that adds what waits to be added."""
        pieces = self._put_off.take(params, grads)
        sweeps.adam(params, grads, momentum, cache, *pieces, beta_1, beta_2, lr, epsilon)

    def whole_network(self, network: Network) -> WholeNetwork | None:
        """One hidden layer between few inputs and few outputs."""
        return OneHiddenLayer.of(network, self._both)

    def linear_prox(self, w: Array, out: Array, steps: RootSteps, gradient: LinearGradient) -> None:
        """As in `Kernels`, in one pass, and to the bit."""
        # Of two arrays that share memory no loop would be vectorized.
        if not np.may_share_memory(w, out):
            out[...] = w
        number = w.dtype.type
        lr, sign, multiple = steps.lr, gradient.sign, gradient.multiple
        sweeps.linear_prox(
            out.reshape(-1),
            steps.cache.reshape(-1),
            number(steps.scale),
            number(steps.epsilon),
            number(lr * sign) if sign else None,
            number(lr * multiple) if multiple else None,
        )

    def group_prox(
        self,
        groups: Array,
        out: Array,
        steps: RootSteps,
        *,
        group_strength: float,
        entry_strength: float = 0.0,
    ) -> bool:
        """As in `Kernels`, while a group is in the cache; of matrices, and of their transposes."""
        kappa, tau = steps.lr * group_strength, steps.lr * entry_strength
        columns = not groups.flags.c_contiguous
        w, cache, points = (one.T if columns else one for one in (groups, steps.cache, out))
        if not kappa or not w.flags.c_contiguous:
            return False
        numbers = steps.scale, steps.epsilon, kappa, tau
        # Right after a step's products, whose threads may still spin where the other one would be.
        both = self._both if blas_threads_sleep() else one_after_the_other
        group_threshold.set_points(w, cache, points, numbers, self._space, both, columns=columns)
        return True

    def _both(self, one: Call, other: Call) -> None:
        if self.threads > 1:
            self._two_threads.both(one, other)
        else:
            one_after_the_other(one, other)
