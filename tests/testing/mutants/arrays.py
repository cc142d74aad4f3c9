"""Faults in how arrays are handled: dtype, shape, memory order, whose they are, NaN."""

import numpy as np
from testing.mutants.gradients import Squares

from regkit import Regularizer


class Float32Dot(Squares):
    """a float32 parameter's squares summed by a float32 `dot`"""

    caught_by = "float64-accumulation"

    def value(self, w):
        return float(np.dot(w.ravel(), w.ravel()))


class Float32Sum(Regularizer):
    """a float32 sum, hidden by a float64 factor"""

    caught_by = "float64-accumulation"

    def value(self, w):
        return 0.1 * float(np.sum(w * w))

    def grad(self, w):
        return 0.2 * w


class Float64Gradient(Squares):
    """a float64 gradient of a float32 parameter"""

    caught_by = "shape-and-dtype"

    def grad(self, w):
        return 2.0 * w.astype(float)


class OneRowFlattened(Squares):
    """a gradient that loses an axis where there is one row"""

    caught_by = "shape-and-dtype"

    def grad(self, w):
        return 2 * np.squeeze(w) if len(w) == 1 else 2 * w


class EmptyIsAnIndexError(Squares):
    """an IndexError for an empty array"""

    caught_by = "shape-and-dtype"

    def value(self, w):
        return float(w.ravel()[0] * 0) + super().value(w)


class WritesToItsInput(Squares):
    """an in-place operation where the array allows it"""

    caught_by = "input-untouched"

    def grad(self, w):
        if w.flags.writeable:
            w *= 2
            return w.copy()
        return 2 * w


class WrongForFortranOrder(Squares):
    """a gradient rebuilt in the wrong order for a Fortran-ordered array"""

    caught_by = "memory-layout"

    def grad(self, w):
        return 2 * w.ravel(order="K").reshape(w.shape)


class HiddenNaN(Regularizer):
    """`np.where(size <= γ, …, constant)`, which is finite at NaN"""

    gamma: float = 1.0
    caught_by = "nan"

    def value(self, w):
        size = np.abs(w.astype(float))
        return float(np.sum(np.where(size <= self.gamma, size - size**2 / 2, 0.5)))

    def grad(self, w):
        return np.sign(w) * np.maximum(1 - np.abs(w), 0)


class NaNReplaced(Squares):
    """a `nan_to_num` in the prox"""

    caught_by = "nan"

    def prox(self, w, step):
        return np.nan_to_num(w / (1 + 2 * step)).astype(w.dtype)


class SumsOverwritten(Squares):
    """`grad_into` that replaces what was in the sums"""

    caught_by = "grad-into"

    def grad_into(self, w, scale, out):
        out[...] = 2 * scale * w


class SumsCopied(Squares):
    """`grad_into` that adds to a copy where the sums are strided"""

    caught_by = "grad-into"

    def grad_into(self, w, scale, out):
        flat = out.reshape(-1)
        flat += 2 * scale * w.reshape(-1)


class ScaleForgotten(Squares):
    """`grad_into` that leaves out the scale"""

    caught_by = "grad-into"

    def grad_into(self, w, scale, out):
        out += 2 * w


class OverflowsInFloat32(Regularizer):
    """tanh by exponentials that float32 cannot hold"""

    caught_by = "float32"

    def value(self, w):
        size = np.abs(w.astype(float))
        return float(np.sum(size + np.log1p(np.exp(-2 * size)) - np.log(2)))

    def grad(self, w):
        if w.dtype == np.float64:
            return np.tanh(w)
        up, down = np.exp(w), np.exp(-w)
        return (up - down) / (up + down)


class HalfPrecision(Squares):
    """a gradient that passes through float16 for float32 parameters"""

    caught_by = "float32"

    def grad(self, w):
        return 2 * (w.astype(np.float16).astype(np.float32) if w.dtype == np.float32 else w)


class ForgetsTheTail(Squares):
    """`grad_into` in chunks, without what is left after the last whole one"""

    caught_by = "grad-into"

    def grad_into(self, w, scale, out):
        if w.size < 65536 or not (w.flags.c_contiguous and out.flags.c_contiguous):
            out += 2 * scale * w
            return
        flat, sums = w.reshape(-1), out.reshape(-1)
        whole = len(flat) // 4096 * 4096
        sums[:whole] += 2 * scale * flat[:whole]


class SumsInMemoryOrder(Squares):
    """entries added in the order in which they lie in memory, which may be another for the sums"""

    caught_by = "grad-into"

    def grad_into(self, w, scale, out):
        if out.flags.c_contiguous:
            out.reshape(-1)[...] += 2 * scale * np.ravel(w, order="K")
        else:
            out += 2 * scale * w
