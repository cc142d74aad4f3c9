"""Faults in values and gradients, and in what is declared of them."""

import numpy as np

from regkit import Regularizer


class Squares(Regularizer):
    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        return 2 * w


class Absolutes(Regularizer):
    convex, even, minimum, homogeneous, elementwise = True, True, 0.0, 1, True

    def value(self, w):
        return float(np.sum(np.abs(w.astype(float))))

    def grad(self, w):
        return np.sign(w)


class WrongFactor(Squares):
    """the gradient of ½Σw² for Σw²"""

    caught_by = "gradient"

    def grad(self, w):
        return w


class SlightlyWrongFactor(Squares):
    """a gradient too large by one part in a hundred thousand"""

    caught_by = "gradient"

    def grad(self, w):
        return 2.00002 * w


class WrongSign(Squares):
    """the gradient's sign turned round"""

    caught_by = "gradient"

    def grad(self, w):
        return -2 * w


class MeanForSum(Squares):
    """the gradient of the mean for a sum"""

    caught_by = "gradient"

    def grad(self, w):
        return 2 * w / w.size


class OnlyTheFirstRow(Squares):
    """only the first row penalized in the gradient"""

    caught_by = "gradient"

    def grad(self, w):
        slope = 2 * w
        slope[1:] = 0
        return slope


class LastEntryForgotten(Squares):
    """a loop that stops one entry early"""

    caught_by = "gradient"

    def grad(self, w):
        slope = 2 * w
        slope[-1:, -1:] = 0
        return slope


class GroupScalingForgotten(Regularizer):
    """a group norm's √n left out of the gradient"""

    caught_by = "gradient"

    def value(self, w):
        return float(np.sqrt(len(w)) * np.sum(np.linalg.norm(w.astype(float), axis=0)))

    def grad(self, w):
        norms = np.linalg.norm(w, axis=0)
        return w / np.where(norms == 0, 1, norms)


class WrongAxis(Regularizer):
    """norms of columns in the value, of rows in the gradient"""

    caught_by = "gradient"

    def value(self, w):
        return float(np.sum(np.linalg.norm(w.astype(float), axis=0)))

    def grad(self, w):
        norms = np.linalg.norm(w, axis=1, keepdims=True)
        return w / np.where(norms == 0, 1, norms)


class KinkAtTheWrongPlace(Regularizer):
    """Huber's gradient saturated at 2δ, its value at δ"""

    delta: float = 0.1
    caught_by = "gradient"

    def value(self, w):
        size = np.abs(w.astype(float))
        below = np.minimum(size, self.delta)
        return float(np.sum(below**2 / (2 * self.delta) + size - below))

    def grad(self, w):
        return np.clip(w / self.delta, -2, 2)


class WrongForTiny(Absolutes):
    """a gradient of 0 below 1e-6, where the value still has a slope"""

    caught_by = "gradient"

    def grad(self, w):
        return np.sign(w) * (np.abs(w) > 1e-6)


class WrongForLarge(Squares):
    """a gradient clipped at 1e6"""

    caught_by = "gradient"

    def grad(self, w):
        return np.clip(2 * w, -1e6, 1e6)


class WrongAtTies(Regularizer):
    """max|w| with a gradient that counts every tied entry in full"""

    caught_by = "subgradient"
    convex = True

    def value(self, w):
        return float(np.max(np.abs(w)))

    def grad(self, w):
        return np.sign(w) * (np.abs(w) == np.max(np.abs(w)))


class WrongAtZero(Absolutes):
    """a slope of 2 at 0, where −1 to 1 is right"""

    caught_by = "subgradient"

    def grad(self, w):
        return np.where(w == 0, 2, np.sign(w)).astype(w.dtype)


class WrongAtNegativeZero(Absolutes):
    """a slope of −2 at −0.0 alone"""

    caught_by = "gradient"

    def grad(self, w):
        return np.where((w == 0) & np.signbit(w), -2, np.sign(w)).astype(w.dtype)


class StrengthForgotten(Squares):
    """hooks overridden, the strength left out of the gradient"""

    caught_by = "linear-in-strength"

    def penalty_grad(self, layer):
        return {name: self.grad(array) for name, array in self.selected(layer).items()}


class StrengthTwice(Squares):
    """hooks overridden, the strength in both the value and the hook"""

    caught_by = "linear-in-strength"

    def value(self, w):
        return self.strength * float(np.sum(w.astype(float) ** 2))


class StrengthAsBreakpoint(Regularizer):
    """the strength used as Huber's δ as well"""

    caught_by = "linear-in-strength"

    def value(self, w):
        size = np.abs(w.astype(float))
        below = np.minimum(size, self.strength)
        return float(np.sum(below**2 / 2 + self.strength * (size - below)))

    def grad(self, w):
        return np.clip(w, -self.strength, self.strength)


class OffsetLeftIn(Squares):
    """a constant outside the strength"""

    caught_by = "linear-in-strength"

    def penalty(self, layer):
        return super().penalty(layer) + 1.0


class NotConvex(Regularizer):
    """log(1 + w²), declared convex"""

    caught_by = "convex"
    convex = True

    def value(self, w):
        return float(np.sum(np.log1p(w.astype(float) ** 2)))

    def grad(self, w):
        return 2 * w / (1 + w**2)


class NotEven(Regularizer):
    """Σ max(w, 0), declared even"""

    caught_by = "even"
    even = True

    def value(self, w):
        return float(np.sum(np.maximum(w.astype(float), 0)))

    def grad(self, w):
        return np.where(w > 0, 1, 0).astype(w.dtype)


class WrongDegree(Squares):
    """Σw², declared homogeneous of degree 1"""

    caught_by = "homogeneous"
    homogeneous = 1


class BelowItsMinimum(Regularizer):
    """Σw² − Σ|w|, declared never negative"""

    caught_by = "minimum"
    minimum = 0.0

    def value(self, w):
        w = w.astype(float)
        return float(np.sum(w**2 - np.abs(w)))

    def grad(self, w):
        return 2 * w - np.sign(w)


class MeanDeclaredASum(Regularizer):
    """a mean over entries, declared a sum over entries"""

    caught_by = "elementwise"
    elementwise = True

    def value(self, w):
        return float(np.mean(w.astype(float) ** 2)) if w.size else 0.0

    def grad(self, w):
        return 2 * w / max(w.size, 1)


class Overflows(Regularizer):
    """Σ(cosh w − 1), infinite from 711 on"""

    caught_by = "finite"

    def value(self, w):
        return float(np.sum(np.cosh(w.astype(float)) - 1))

    def grad(self, w):
        return np.sinh(w)


class InnerRowTurnedRound(Squares):
    """one row's inner entries of the wrong sign, in arrays of more than a hundred entries"""

    caught_by = "directional-derivative"

    def grad(self, w):
        slopes = 2 * w
        if w.size > 100:
            slopes[len(w) // 2, 1:-1] *= -1
        return slopes


class NormsOfTheOtherAxis(Regularizer):
    """norms of columns, divided by those of rows where both are as many"""

    caught_by = "directional-derivative"

    def value(self, w):
        return float(np.sum(np.sqrt(np.sum(w.astype(float) ** 2, axis=0))))

    def grad(self, w):
        axis = 1 if w.shape[0] == w.shape[1] > 1 else 0
        norms = np.sqrt(np.sum(w * w, axis=axis, keepdims=True))
        return w / np.where(norms == 0, 1, norms)


class CutOff(Regularizer):
    """a spectral norm squared, summed over the first 32 singular values alone"""

    caught_by = "directional-derivative"

    def value(self, w):
        return float(np.sum(np.linalg.svd(w.astype(float), compute_uv=False)[:32] ** 2))

    def grad(self, w):
        return 2 * w


class JumpsAtItsOwnNumber(Regularizer):
    """a square up to `knee`, and beyond it a line that does not begin where the square ends"""

    knee: float = 0.4
    caught_by = "continuous"

    def value(self, w):
        size = np.abs(w.astype(float))
        return float(np.sum(np.where(size <= self.knee, size**2, 2 * self.knee * size)))

    def grad(self, w):
        return (2 * np.clip(w, -self.knee, self.knee)).astype(w.dtype)


class JumpsAtANorm(Regularizer):
    """a whole column's square, counted from a norm of `free` on"""

    free: float = 1.5
    caught_by = "continuous"

    def _counted(self, w):
        return np.sqrt(np.sum(w * w, axis=0)) > self.free

    def value(self, w):
        return float(np.sum(w.astype(float)[:, self._counted(w)] ** 2))

    def grad(self, w):
        return 2 * w * self._counted(w)
