"""Faults in what a penalty offers besides value, gradient and prox."""

import math

import numpy as np
from testing.mutants.gradients import Absolutes, Squares
from testing.mutants.proximal import soft

from regkit import Regularizer


class DualNormOfEveryEntry(Absolutes):
    """the sum of |g| for L1's dual norm, where the largest is right"""

    caught_by = "dual-norm"

    def dual_norm(self, g):
        return float(np.sum(np.abs(g)))


class DualNormTooSmall(Absolutes):
    """the mean of |g| for L1's dual norm"""

    caught_by = "dual-norm"

    def dual_norm(self, g):
        return float(np.mean(np.abs(g)))


class DualNormFinite(Squares):
    """a finite dual norm for Σw², under which 0 is never stationary"""

    caught_by = "dual-norm"

    def dual_norm(self, g):
        return float(np.max(np.abs(g))) / 2


class DistanceToTheGradient(Absolutes):
    """the distance to the gradient at 0, which is one subgradient of many"""

    caught_by = "subgradient-distance"

    def prox(self, w, step):
        return soft(w, step)

    def subgradient_distance(self, w, g):
        return float(np.max(np.abs(g + np.sign(w))))


class DistanceWithTheWrongSign(Absolutes):
    """the distance of g instead of −g"""

    caught_by = "subgradient-distance"

    def subgradient_distance(self, w, g):
        beyond = np.maximum(np.abs(g) - 1, 0)
        return float(np.max(np.where(w == 0, beyond, np.abs(g - np.sign(w)))))


class DistanceAlwaysZero(Absolutes):
    """a distance that is 0 everywhere"""

    caught_by = "subgradient-distance"

    def subgradient_distance(self, w, g):
        return 0.0


class DomainTooLarge(Regularizer):
    """−Σ log w, whose domain leaves out the zeros but not the negative numbers"""

    caught_by = "domain"

    def value(self, w):
        return -float(np.sum(np.log(w.astype(float))))

    def grad(self, w):
        return -1 / w

    def domain(self, w):
        return bool(np.all(w != 0))


class DomainTooSmall(Squares):
    """Σw², declared infinite where an entry exceeds 10"""

    caught_by = "domain"

    def domain(self, w):
        return bool(np.all(np.abs(w) <= 10))


class WrongInItsDomain(Regularizer):
    """Σ w log w − w on positive entries, with the gradient of Σ w log w"""

    caught_by = "gradient"

    def value(self, w):
        w = w.astype(float)
        return float(np.sum(w * np.log(w) - w))

    def grad(self, w):
        return np.log(w) + 1

    def domain(self, w):
        return bool(np.all(w > 0))


class WrongSquareGradient(Regularizer):
    """‖W − Wᵀ‖² with half its gradient, on square matrices only"""

    caught_by = "gradient"
    shapes = "square"

    def value(self, w):
        w = w.astype(float)
        return float(np.sum((w - w.T) ** 2))

    def grad(self, w):
        return 2 * (w - w.T)


class IgnoresTheSelection(Squares):
    """hooks overridden for every layer, selected or not"""

    caught_by = "selection"

    def penalty(self, layer):
        return self.strength_for(layer) * self.value(layer.params["weights"])

    def penalty_grad(self, layer):
        return {"weights": self.strength_for(layer) * self.grad(layer.params["weights"])}


class EmptyForNothing(Squares):
    """0.0 where nothing is selected, which is a penalty and no None"""

    caught_by = "selection"

    def penalty(self, layer):
        values = map(self.value, self.selected(layer).values())
        return self.strength_for(layer) * math.fsum(values)


class StrengthWithoutFactors(Squares):
    """hooks overridden, with `self.strength` for `self.strength_for(layer)`"""

    caught_by = "schedule-and-scale"

    def penalty(self, layer):
        values = [self.value(array) for array in self.selected(layer).values()]
        return self.strength * math.fsum(values) if values else None

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        return {name: self.strength * self.grad(w) for name, w in chosen.items()} or None


class ScheduleInTheGradientAlone(Squares):
    """a schedule that the value does not follow"""

    caught_by = "schedule-and-scale"

    def penalty(self, layer):
        values = [self.value(array) for array in self.selected(layer).values()]
        return self.strength * math.fsum(values) if values else None


class WithGradInto(Squares):
    def grad_into(self, w, scale, out):
        out += 2 * scale * w


class InheritedGradInto(WithGradInto):
    """a parent's `grad_into`, inherited beside a value and a gradient of its own"""

    caught_by = "hooks"

    def value(self, w):
        return 2 * super().value(w)

    def grad(self, w):
        return 4 * w


class OtherParameters(Squares):
    """`grad_into` with a parameter that no run passes"""

    caught_by = "hooks"

    def grad_into(self, w, scale, out, scratch):
        out += 2 * scale * w


class UnknownShapes(Squares):
    """`shapes` that no run knows"""

    caught_by = "declarations"
    shapes = "round"


class DistanceWithoutTheSign(Absolutes):
    """| |g| − 1 | for the distance of L1, as if −g and g were the same"""

    caught_by = "subgradient-distance"

    def subgradient_distance(self, w, g):
        at_zero = np.maximum(np.abs(g) - 1, 0)
        return float(np.max(np.where(w == 0, at_zero, np.abs(np.abs(g) - 1)), initial=0))


class DistanceThatRoundsToZero(Absolutes):
    """small weights taken for zeros, where everything within [−1, 1] is a subgradient"""

    caught_by = "subgradient-distance"

    def subgradient_distance(self, w, g):
        at_zero = np.maximum(np.abs(g) - 1, 0)
        return float(np.max(np.where(np.abs(w) < 1e-4, at_zero, np.abs(g + np.sign(w))), initial=0))


class DomainTooNarrow(Regularizer):
    """−Σ log(1 − w²), whose domain ends at 0.995 instead of 1"""

    caught_by = "domain"

    def value(self, w):
        wide = np.asarray(w, np.float64)
        with np.errstate(all="ignore"):
            return float(-np.sum(np.log1p(-wide * wide))) if np.all(wide**2 < 1) else np.inf

    def grad(self, w):
        return 2 * w / ((1 - w) * (1 + w))

    def domain(self, w):
        return bool(np.all(np.abs(w) < 0.995))
