"""Faults of projections."""

import numpy as np

from regkit import Regularizer


class Ball(Regularizer):
    """‖wⱼ‖ ≤ radius for each column."""

    radius: float = 1.0
    constraint = True
    convex = True

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        return (w * np.minimum(1, self.radius / np.where(norms == 0, 1, norms))).astype(w.dtype)


class ShrinksAtEachStep(Ball):
    """radius/(ε + norm), which moves a feasible column a little each time"""

    caught_by = "projection-idempotent"

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        desired = np.clip(norms, 0, self.radius)
        return (w * (desired / (1e-7 + norms))).astype(w.dtype)


class ClipsHalfway(Ball):
    """a point halfway to the set, for the nearest point of it"""

    caught_by = "projection-idempotent"

    def prox(self, w, step):
        return ((w + super().prox(w, step)) / 2).astype(w.dtype)


class ClipsForNorms(Ball):
    """the columns' direction changed: entries clipped, then the norm"""

    caught_by = "projection-nearest"

    def prox(self, w, step):
        return super().prox(np.clip(w, -self.radius, self.radius), step)


class SimplexByDivision(Regularizer):
    """division by the sum, for the projection on a simplex"""

    constraint = True
    caught_by = "projection-nearest"

    def prox(self, w, step):
        positive = np.maximum(w, 0) + np.finfo(w.dtype).tiny
        return (positive / np.sum(positive)).astype(w.dtype)


class NotConvexDeclaredSo(Regularizer):
    """columns of norm 1, declared a convex set"""

    constraint = True
    convex = True
    caught_by = "projection-nearest"

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        first = np.where(np.arange(len(w)) == 0, 1, 0).astype(w.dtype)[:, None]
        return np.where(norms == 0, first, w / np.where(norms == 0, 1, norms)).astype(w.dtype)


class StepInTheProjection(Ball):
    """a radius that depends on the step"""

    caught_by = "constraint-hooks"

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        safe = np.where(norms == 0, 1, norms)
        return (w * np.minimum(1, self.radius * np.sqrt(step) / safe)).astype(w.dtype)


class GradientOfAConstraint(Ball):
    """a gradient towards the set, beside the projection"""

    caught_by = "constraint-hooks"

    def penalty_grad(self, layer):
        return {name: w - self.prox(w, 1.0) for name, w in self.selected(layer).items()} or None


class DistanceForAPenalty(Ball):
    """the distance to the set as its penalty"""

    caught_by = "constraint-hooks"

    def penalty(self, layer):
        chosen = self.selected(layer).values()
        distances = [float(np.sum((w - self.prox(w, 1.0)) ** 2)) for w in chosen]
        return sum(distances) if distances else None
