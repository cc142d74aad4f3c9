"""Correct penalties of many kinds: the kit must refuse none of them."""

from types import ModuleType

import numpy as np

import regkit
from regkit import L1, L2, ElasticNet, Regularizer


class Huber(Regularizer):
    """w²/2δ up to δ, |w| − δ/2 beyond."""

    delta: float = 0.1
    convex, even, minimum, elementwise, array_step = True, True, 0.0, True, True

    def value(self, w):
        size = np.abs(w).astype(float)
        below = np.minimum(size, self.delta)
        return float(np.sum(below**2 / (2 * self.delta) + size - below))

    def grad(self, w):
        return np.clip(w / self.delta, -1, 1)

    def prox(self, w, step):
        return (w - step * np.clip(w / (self.delta + step), -1, 1)).astype(w.dtype)


class LogCosh(Regularizer):
    """log cosh w, finite where cosh is not."""

    convex, even, minimum, elementwise = True, True, 0.0, True

    def value(self, w):
        size = np.abs(w).astype(float)
        return float(np.sum(size + np.log1p(np.exp(-2 * size)) - np.log(2)))

    def grad(self, w):
        return np.tanh(w)


class PseudoHuber(Regularizer):
    """δ²(√(1 + (w/δ)²) − 1), written without cancellation."""

    delta: float = 2.0
    convex, even, minimum, elementwise = True, True, 0.0, True

    def value(self, w):
        w = w.astype(float)
        return float(np.sum(w**2 / (1 + np.hypot(1, w / self.delta))))

    def grad(self, w):
        return w / np.hypot(1, w / self.delta).astype(w.dtype)


class Cauchy(Regularizer):
    """log(1 + w²): smooth and not convex."""

    even, minimum, elementwise = True, 0.0, True

    def value(self, w):
        return float(np.sum(np.log1p(w.astype(float) ** 2)))

    def grad(self, w):
        return 2 * w / (1 + w**2)


class CountNonZero(Regularizer):
    """ℓ0, whose gradient is 0 wherever there is one, and whose minimizers tie."""

    even, minimum, elementwise, sparsifying = True, 0.0, True, True

    def value(self, w):
        return float(np.sum(np.where(np.isnan(w), np.nan, w != 0)))

    def grad(self, w):
        return np.zeros_like(w)

    def prox(self, w, step):
        return np.where(np.abs(w) <= np.sqrt(2 * step), w * 0, w)


class NonNegative(Regularizer):
    """Σ max(−w, 0): one-sided, with a zero slope on one side of its kink."""

    convex, minimum, homogeneous, elementwise = True, 0.0, 1, True

    def value(self, w):
        return float(np.sum(np.maximum(-w.astype(float), 0)))

    def grad(self, w):
        return np.where(w < 0, -1, 0).astype(w.dtype)

    def prox(self, w, step):
        return (w + np.clip(-w, 0, step)).astype(w.dtype)


class NearCentre(Regularizer):
    """Σ|w − c|: its kink is not at 0."""

    centre: float = 0.3
    convex, minimum, elementwise = True, 0.0, True

    def value(self, w):
        return float(np.sum(np.abs(w.astype(float) - self.centre)))

    def grad(self, w):
        return np.sign(w - self.centre)

    def prox(self, w, step):
        return (w - np.clip(w - self.centre, -step, step)).astype(w.dtype)


class DoubleWell(Regularizer):
    """(w² − 1)²: least at ±1, with a hill at 0."""

    even, minimum, elementwise = True, 0.0, True

    def value(self, w):
        return float(np.sum((w.astype(float) ** 2 - 1) ** 2))

    def grad(self, w):
        return 4 * w * (w**2 - 1)


class Largest(Regularizer):
    """max|w|, undefined for an empty array."""

    convex, even, minimum, homogeneous = True, True, 0.0, 1

    def value(self, w):
        return float(np.max(np.abs(w)))

    def grad(self, w):
        place = np.unravel_index(np.argmax(np.abs(w)), w.shape)
        slope = np.zeros_like(w)
        slope[place] = np.sign(w[place])
        return slope


class TotalVariation(Regularizer):
    """Σ|w[i + 1] − w[i]| down each column: not a sum over entries, with kinks at ties."""

    convex, even, minimum, homogeneous = True, True, 0.0, 1

    def value(self, w):
        return float(np.sum(np.abs(np.diff(w.astype(float), axis=0))))

    def grad(self, w):
        rises = np.sign(np.diff(w, axis=0))
        slope = np.zeros_like(w)
        slope[1:] += rises
        slope[:-1] -= rises
        return slope


class DotSquares(Regularizer):
    """Σw² by `np.dot`: right, though it changes after `nnfs.init()`."""

    convex, even, minimum, homogeneous = True, True, 0.0, 2

    def value(self, w):
        flat = w.astype(float).ravel()
        return float(np.dot(flat, flat))

    def grad(self, w):
        return 2 * w


class HoyerUndefinedAtZero(Regularizer):
    """(Σ|w|)²/Σw², which is 0/0 where everything is 0."""

    even, homogeneous = True, 0

    def value(self, w):
        w = w.astype(float)
        return float(np.sum(np.abs(w)) ** 2 / np.sum(w**2))

    def grad(self, w):
        total, squares = np.sum(np.abs(w)), np.sum(w**2)
        return 2 * total / squares * np.sign(w) - 2 * total**2 / squares**2 * w


class NeuronNorm(Regularizer):
    """Σⱼ √(‖wⱼ‖² + bⱼ²): couples weights and biases, so it overrides the hooks."""

    convex, even, minimum, homogeneous = True, True, 0.0, 1

    def penalty(self, layer):
        return self.strength * float(np.sum(self._norms(layer)))

    def penalty_grad(self, layer):
        norms = self._norms(layer)
        safe = np.where(norms == 0, 1, norms)
        return {
            name: (self.strength * array / safe).astype(array.dtype)
            for name, array in self.selected(layer).items()
        }

    def _norms(self, layer):
        squares = [
            np.sum(array.astype(float) ** 2, axis=0) for array in self.selected(layer).values()
        ]
        return np.sqrt(sum(squares))


class RawSquares:
    """A raw plugin: both hooks, and no base class."""

    @regkit.hookimpl
    def penalty(self, layer):
        return 0.01 * float(np.sum(layer.params["weights"].astype(float) ** 2))

    @regkit.hookimpl
    def penalty_grad(self, layer):
        return {"weights": 0.02 * layer.params["weights"]}


def raw_absolute():
    """A raw plugin that is a module, on biases alone."""

    @regkit.hookimpl
    def penalty(layer):
        return 0.1 * float(np.sum(np.abs(layer.params["biases"].astype(float))))

    @regkit.hookimpl
    def penalty_grad(layer):
        return {"biases": np.sign(layer.params["biases"]) * np.float32(0.1)}

    module = ModuleType("raw_absolute")
    module.penalty, module.penalty_grad = penalty, penalty_grad
    return module


OUTSIDERS = (
    "group_lasso",
    "group_lasso=0.3,groups=outgoing",
    "sparse_group_lasso",
    "nuclear_norm",
    "orthogonal",
    "hoyer_square",
    "mcp",
    "scad",
    "log_sum",
    "capped_l1",
    "l_half",
)


def correct_penalties():
    """Every correct penalty by a name for the table."""
    own = (
        *(L1(0.1), L1(at_zero=0.0), L2(1e-4), L2(on="dense7.biases"), L1(on="*")),
        *(ElasticNet(0.2, l1_ratio=0.3), ElasticNet.from_strengths(l1=0.0, l2=1.0)),
        *(Huber(), Huber(0.3, delta=2.0), LogCosh(), PseudoHuber(), Cauchy(), CountNonZero()),
        *(NonNegative(), NearCentre(), DoubleWell(), Largest(), TotalVariation(), DotSquares()),
        *(HoyerUndefinedAtZero(), NeuronNorm(on=("weights", "biases"))),
    )
    return {
        **{str(one): one for one in own},
        "raw squares": RawSquares(),
        "raw absolute values": raw_absolute(),
        **{spec: regkit.regularizer(spec) for spec in OUTSIDERS},
    }
