"""Correct penalties of many kinds: the kit must refuse none of them."""

from types import ModuleType

import numpy as np

import regkit
from regkit import L1, L2, ActivityRegularizer, ElasticNet, ModelRegularizer, Regularizer


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


class Differences(Regularizer):
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
        if not self.selected(layer):
            return None
        return self.strength_for(layer) * float(np.sum(self._norms(layer)))

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        if not chosen:
            return None
        norms = self._norms(layer)
        safe = np.where(norms == 0, 1, norms)
        strength = self.strength_for(layer)
        return {
            name: (strength * array / safe).astype(array.dtype) for name, array in chosen.items()
        }

    def _norms(self, layer):
        squares = [
            np.sum(array.astype(float) ** 2, axis=0) for array in self.selected(layer).values()
        ]
        return np.sqrt(sum(squares))


class ColumnNorms(Regularizer):
    """Σⱼ‖wⱼ‖, with all that a penalty can offer besides."""

    convex, even, minimum, homogeneous = True, True, 0.0, 1

    def value(self, w):
        return float(np.sum(np.linalg.norm(w.astype(float), axis=0)))

    def grad(self, w):
        norms = np.linalg.norm(w, axis=0)
        return w / np.where(norms == 0, 1, norms)

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        return (w * np.maximum(1 - step / np.where(norms == 0, 1, norms), 0)).astype(w.dtype)

    def dual_norm(self, g):
        return float(np.max(np.linalg.norm(g, axis=0)))

    def subgradient_distance(self, w, g):
        norms = np.linalg.norm(w, axis=0)
        at_zero = np.maximum(np.linalg.norm(g, axis=0) - 1, 0)
        elsewhere = np.linalg.norm(g + w / np.where(norms == 0, 1, norms), axis=0)
        return float(np.max(np.where(norms == 0, at_zero, elsewhere)))


class Entropy(Regularizer):
    """Σ w log w on w ≥ 0, infinite elsewhere."""

    convex, minimum, elementwise = True, -np.inf, True

    def value(self, w):
        w = w.astype(float)
        if np.any(w < 0):
            return float("inf")
        return float(np.sum(w * np.log(np.where(w == 0, 1, w))))

    def grad(self, w):
        return (np.log(np.maximum(w, np.finfo(w.dtype).tiny)) + 1).astype(w.dtype)

    def domain(self, w):
        return bool(np.all(w >= 0))


class LogBarrier(Regularizer):
    """−Σ log(1 − w²): finite inside the unit box only."""

    convex, even, minimum, elementwise = True, True, 0.0, True

    def value(self, w):
        return -float(np.sum(np.log1p(-(w.astype(float) ** 2))))

    def grad(self, w):
        return 2 * w / ((1 - w) * (1 + w))

    def domain(self, w):
        return bool(np.all(np.abs(w) < 1))


class Asymmetry(Regularizer):
    """‖W − Wᵀ‖², of square matrices."""

    convex, even, minimum, homogeneous, shapes = True, True, 0.0, 2, "square"

    def value(self, w):
        w = w.astype(float)
        return float(np.sum((w - w.T) ** 2))

    def grad(self, w):
        return 4 * (w - w.T)


class NearReference(Regularizer):
    """Σ (w − w₀)², with a reference of one shape."""

    convex, minimum, only_shape = True, 0.0, (3, 4)

    def value(self, w):
        return float(np.sum((w.astype(float) - self._reference()) ** 2))

    def grad(self, w):
        return (2 * (w - self._reference())).astype(w.dtype)

    def prox(self, w, step):
        return ((w + 2 * step * self._reference()) / (1 + 2 * step)).astype(w.dtype)

    def _reference(self):
        return np.linspace(-1, 1, 12).reshape(self.only_shape)


class MaxNorm(Regularizer):
    """‖wⱼ‖ ≤ radius, a constraint on each column."""

    radius: float = 1.0
    constraint, convex = True, True

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        outside = norms > self.radius * (1 + 8 * np.finfo(w.dtype).eps)
        return np.where(outside, w * (self.radius / np.where(outside, norms, 1)), w).astype(w.dtype)


class UnitSphere(Regularizer):
    """‖wⱼ‖ = 1, a constraint that is not convex."""

    constraint = True

    def prox(self, w, step):
        norms = np.linalg.norm(w, axis=0)
        first = (np.arange(len(w)) == 0).astype(w.dtype)[:, None]
        return np.where(norms == 0, first, w / np.where(norms == 0, 1, norms)).astype(w.dtype)


class AtMostTwo(ModelRegularizer):
    """|w| ≤ 2 in a whole network, a constraint."""

    constraint, convex = True, True

    def prox(self, params, steps):
        return {
            layer: {name: np.clip(w, -2, 2) for name, w in arrays.items()}
            for layer, arrays in params.items()
        }


class NetworkNorm(ModelRegularizer):
    """The norm of all parameters together."""

    convex, even, minimum, homogeneous = True, True, 0.0, 1

    def value(self, params):
        squares = [np.sum(w.astype(float) ** 2) for a in params.values() for w in a.values()]
        return float(np.sqrt(np.sum(squares)))

    def grad(self, params):
        norm = self.value(params) or 1.0
        return self._each(params, lambda w: w / norm)

    def prox(self, params, steps):
        norm = self.value(params)
        return self._each(params, lambda w: w * max(1 - steps / norm, 0) if norm else w)

    def dual_norm(self, g):
        return self.value(g)

    def _each(self, params, function):
        return {
            layer: {name: function(w).astype(w.dtype) for name, w in arrays.items()}
            for layer, arrays in params.items()
        }


class SquaredPaths(ModelRegularizer):
    """Σ over paths of Π w²."""

    even, minimum = True, 0.0

    def value(self, params):
        squares = self._squares(params)
        flow = np.ones((1, len(squares[0])))
        for one in squares:
            flow = flow @ one
        return float(np.sum(flow))

    def grad(self, params):
        squares = self._squares(params)
        before = [np.ones((1, len(squares[0])))]
        for one in squares[:-1]:
            before.append(before[-1] @ one)
        after = [np.ones((squares[-1].shape[1], 1))]
        for one in reversed(squares[1:]):
            after.append(one @ after[-1])
        return {
            layer: {"weights": (2 * w["weights"] * (b.T @ a.T)).astype(w["weights"].dtype)}
            for (layer, w), b, a in zip(params.items(), before, reversed(after), strict=True)
        }

    def _squares(self, params):
        return [layer["weights"].astype(float) ** 2 for layer in params.values()]


class OutputSizes(ActivityRegularizer):
    """Σ|outputs|."""

    convex, even, minimum, homogeneous, elementwise = True, True, 0.0, 1, True

    def value(self, outputs):
        return float(np.sum(np.abs(outputs.astype(float))))

    def grad(self, outputs):
        return np.sign(outputs)


class Decorrelation(ActivityRegularizer):
    """n × half the squares of the covariance's off-diagonal entries: a statistic of the batch."""

    even, minimum, homogeneous = True, 0.0, 4

    def value(self, outputs):
        return len(outputs) * float(np.sum(self._off(outputs.astype(float)) ** 2)) / 2

    def grad(self, outputs):
        centred = outputs - np.mean(outputs, axis=0)
        return 2 * centred @ self._off(outputs)

    def _off(self, outputs):
        centred = outputs - np.mean(outputs, axis=0)
        covariance = centred.T @ centred / len(outputs)
        return covariance - np.diag(np.diag(covariance))


class RawOutputs:
    """A raw plugin of outputs."""

    @regkit.hookimpl
    def penalty_outputs(self, layer, outputs):
        return 0.01 * float(np.sum(outputs.astype(float) ** 2)) if layer.name == "relu1" else None

    @regkit.hookimpl
    def penalty_outputs_grad(self, layer, outputs):
        return 0.02 * outputs if layer.name == "relu1" else None


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
    "sorted_l1",
    "spectral_norm",
    "total_variation",
    "total_variation,along=neurons",
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
        *(NonNegative(), NearCentre(), DoubleWell(), Largest(), Differences(), DotSquares()),
        *(HoyerUndefinedAtZero(), NeuronNorm(on=("weights", "biases")), ColumnNorms()),
        *(Entropy(), LogBarrier(), Asymmetry(), NearReference(), MaxNorm(), MaxNorm(radius=0.3)),
        *(UnitSphere(), AtMostTwo(on=("weights", "biases")), NetworkNorm(on="*"), SquaredPaths()),
        *(OutputSizes(on="relu*"), Decorrelation(on="relu1")),
    )
    return {
        **{str(one): one for one in own},
        "raw squares": RawSquares(),
        "raw absolute values": raw_absolute(),
        "raw squares of outputs": RawOutputs(),
        **{spec: regkit.regularizer(spec) for spec in OUTSIDERS},
    }
