"""Faults of penalties that claim to run on arrays of any library."""

import numpy as np

from regkit import Regularizer, array_namespace, float64_sum


class Portable(Regularizer):
    array_api = True

    def value(self, w):
        return float64_sum(w * w)

    def grad(self, w):
        return 2 * w


class NumPyInside(Portable):
    """NumPy's functions behind `array_api = True`"""

    caught_by = "array-api"

    def grad(self, w):
        return np.multiply(2, w, dtype=np.asarray(w).dtype)


class PythonNumber(Portable):
    """a Python number for the value, which no tracing can give"""

    caught_by = "array-api"

    def value(self, w):
        return float(float64_sum(w * w))


class BranchOnAnEntry(Portable):
    """a branch on the entries, which are not known under tracing"""

    caught_by = "array-api"

    def grad(self, w):
        xp = array_namespace(w)
        return 2 * w if xp.any(w) else xp.zeros_like(w)


class NotInTheStandard(Portable):
    """a method that arrays of the standard lack"""

    caught_by = "array-api"

    def value(self, w):
        return (w * w).sum()


class OnlyNumPyIsRight(Portable):
    """another formula for other libraries"""

    caught_by = "array-api"

    def grad(self, w):
        return 2 * w if isinstance(w, np.ndarray) else w


class ProxOfNumPy(Portable):
    """NumPy's functions in a prox that is claimed to be portable"""

    caught_by = "array-api-prox"
    array_api_prox = True

    def prox(self, w, step):
        return np.divide(w, 1 + 2 * step).astype(w.dtype)


class ProxWithABranch(Portable):
    """a prox that looks at its entries first"""

    caught_by = "array-api-prox"
    array_api_prox = True

    def prox(self, w, step):
        xp = array_namespace(w)
        return w / (1 + 2 * step) if bool(xp.any(w != 0)) else w


class NumPyForMany(Portable):
    """NumPy's functions where an array has many rows"""

    caught_by = "array-api"

    def grad(self, w):
        return np.multiply(w, 2, dtype=w.dtype) if w.shape[0] > 30 else 2 * w
