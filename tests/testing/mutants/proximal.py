"""Faults in proximal operators."""

import numpy as np
from testing.mutants.gradients import Absolutes, Squares

from regkit import Regularizer


def soft(w, threshold):
    return (w - np.clip(w, -threshold, threshold)).astype(w.dtype)


class ThresholdDoubled(Absolutes):
    """a soft threshold at twice the step"""

    caught_by = "prox-minimizes"

    def prox(self, w, step):
        return soft(w, 2 * step)


class StepForgotten(Absolutes):
    """a prox without its step"""

    caught_by = "prox-minimizes"

    def prox(self, w, step):
        return soft(w, 1.0)


class StrengthInTheProx(Absolutes):
    """the strength, which the step has already, once more"""

    caught_by = "prox-minimizes"

    def prox(self, w, step):
        return soft(w, step * self.strength)


class SignLost(Absolutes):
    """a soft threshold that makes everything positive"""

    caught_by = "prox-minimizes"

    def prox(self, w, step):
        return np.maximum(np.abs(w) - step, 0).astype(w.dtype)


class InfiniteForZero(Absolutes):
    """a soft threshold that divides by the size of a weight, which may be 0"""

    caught_by = "prox-minimizes"

    def prox(self, w, step):
        with np.errstate(all="ignore"):
            return (w / np.abs(w) * np.maximum(np.abs(w) - step, 0)).astype(w.dtype)


class HalfShrinkage(Squares):
    """w/(1 + step) for Σw², where w/(1 + 2 step) is right"""

    caught_by = "prox-optimality"

    def prox(self, w, step):
        return (w / (1 + step)).astype(w.dtype)


class Float32Inside(Squares):
    """a prox in float32, handed out as float64"""

    caught_by = "prox-optimality"
    elementwise = True

    def prox(self, w, step):
        return (w.astype(np.float32) / np.float32(1 + 2 * step)).astype(w.dtype)


class OneGradientStep(Squares):
    """w − step × gradient at w, for the proximal point"""

    caught_by = "prox-optimality"

    def prox(self, w, step):
        return (w - step * 2 * w).astype(w.dtype)


class EntriesForGroups(Regularizer):
    """an entry's threshold for the norm of a column"""

    caught_by = "prox-minimizes"

    def value(self, w):
        return float(np.sum(np.linalg.norm(w.astype(float), axis=0)))

    def grad(self, w):
        norms = np.linalg.norm(w, axis=0)
        return w / np.where(norms == 0, 1, norms)

    def prox(self, w, step):
        return soft(w, step)


class NoLargestStep(Regularizer):
    """MCP's closed form without a largest step"""

    gamma: float = 1.5
    caught_by = "prox-minimizes"

    def value(self, w):
        size = np.minimum(np.abs(w.astype(float)), self.gamma)
        return float(np.sum(size - size**2 / (2 * self.gamma)))

    def grad(self, w):
        return np.sign(w) * np.maximum(1 - np.abs(w) / self.gamma, 0)

    def prox(self, w, step):
        return np.where(np.abs(w) > self.gamma, w, soft(w, step) / (1 - step / self.gamma)).astype(
            w.dtype
        )


class LargestStepTooLarge(NoLargestStep):
    """MCP's closed form with a largest step of 2γ"""

    caught_by = "prox-minimizes"

    @property
    def max_step(self):
        return 2 * self.gamma


class NotRefused(NoLargestStep):
    """the hook overridden, so that steps beyond the largest pass"""

    caught_by = "prox-largest-step"

    @property
    def max_step(self):
        return self.gamma

    def penalty_prox(self, layer, step):
        product = min(step * self.strength, 0.999 * self.gamma)
        return {name: self.prox(array, product) for name, array in self.selected(layer).items()}


class LocalMinimum(Regularizer):
    """capped L1 that never compares its two minima"""

    cap: float = 1.0
    caught_by = "prox-minimizes"

    def value(self, w):
        return float(np.sum(np.minimum(np.abs(w.astype(float)), self.cap)))

    def grad(self, w):
        return np.sign(w) * (np.abs(w) < self.cap)

    def prox(self, w, step):
        return np.where(np.abs(w) > self.cap, w, soft(w, step))


class Expands(Absolutes):
    """a convex penalty's prox that jumps"""

    caught_by = "prox-nonexpansive"

    def prox(self, w, step):
        return np.where(np.abs(w) > step, w, 0 * w)


class LargestOfTheSteps(Absolutes):
    """one step for all entries where each has its own"""

    caught_by = "prox-array-step"
    array_step = True

    def prox(self, w, step):
        return soft(w, np.max(step))


class LegalStepsOnly(Regularizer):
    """MCP's closed form at steps beyond the largest, where it is no minimizer"""

    gamma: float = 1.5
    caught_by = "prox-array-step"
    array_step = True
    value, grad = NoLargestStep.value, NoLargestStep.grad

    @property
    def max_step(self):
        return self.gamma / 2

    def prox(self, w, step):
        inside = soft(w, step) / np.maximum(1 - step / self.gamma, 1e-3)
        return np.where(np.abs(w) > self.gamma, w, inside).astype(w.dtype)


class MeanStepOfAGroup(EntriesForGroups):
    """one group threshold at the mean of the group's steps"""

    caught_by = "prox-array-step"
    array_step = True

    def prox(self, w, step):
        mean = np.mean(step * np.ones_like(w), axis=0)
        norms = np.linalg.norm(w, axis=0)
        shrunk = w * np.maximum(1 - mean / np.where(norms == 0, 1, norms), 0)
        return shrunk.astype(w.dtype)


class FirstColumnsOnly(Absolutes):
    """a soft threshold of the first 32 columns"""

    caught_by = "prox-whole-arrays"

    def prox(self, w, step):
        moved = w.copy()
        moved[:, :32] = soft(w[:, :32], step)
        return moved


class Float16Threshold(Absolutes):
    """a threshold in float16 for float32 arrays"""

    caught_by = "float32"

    def prox(self, w, step):
        return soft(w, float(np.float16(step * 1.01)) if w.dtype == np.float32 else step)


class LaterColumnsThresholdedMore(Absolutes):
    """a threshold a thousandth too high in the columns after the hundredth"""

    caught_by = "prox-whole-arrays"

    def prox(self, w, step):
        moved = soft(w, step)
        if w.ndim == 2 and w.shape[1] > 100:
            moved[:, 100:] = soft(w[:, 100:], 1.001 * step)
        return moved
