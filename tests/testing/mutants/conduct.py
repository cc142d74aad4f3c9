"""Faults of conduct: memory, randomness, output, and runs."""

from collections import Counter

import numpy as np
from testing.mutants.gradients import Squares

import regkit


class CountsItsCalls(Squares):
    """a value that fades with every call"""

    calls = Counter()
    caught_by = "memoryless"

    def value(self, w):
        self.calls["value"] += 1
        return super().value(w) * (1 + 1e-9 * self.calls["value"])


class CachesByIdentity(Squares):
    """a cache by `id`, stale once the array is updated in place"""

    cache = {}
    caught_by = "memoryless"

    def value(self, w):
        base = w if w.base is None else w.base
        seen, found = self.cache.get("last", (None, None))
        if seen is not base:
            found = super().value(w)
            self.cache["last"] = base, found
        return found


class ReusesTheLastShape(Squares):
    """a buffer made for the first shape and never cleared"""

    buffers = {}
    caught_by = "memoryless"

    def grad(self, w):
        buffer = self.buffers.setdefault((w.shape, w.dtype), np.zeros_like(w))
        buffer *= 1e-3
        buffer += 2 * w
        return buffer.copy()


class DrawsGlobally(Squares):
    """a draw from NumPy's global generator"""

    caught_by = "random-state-untouched"

    def grad(self, w):
        return 2 * w + 0 * np.random.rand()


class Prints(Squares):
    """a forgotten print"""

    caught_by = "quiet"

    def value(self, w):
        print("value of", w.shape)
        return super().value(w)


class FailsOnTheSecondLayer(Squares):
    """a hook that knows one layer by name"""

    caught_by = "training"

    def penalty_grad(self, layer):
        by_layer = {"dense1": 2.0}
        factor = self.strength * by_layer[layer.name]
        return {name: factor * array for name, array in self.selected(layer).items()}


class FailsInFloat32Runs(Squares):
    """a raised error for one dtype, in the mode `loss` of a run only"""

    caught_by = "training"

    def penalty_grad(self, layer):
        if hasattr(layer, "weights") and layer.params["weights"].dtype == np.float32:
            raise TypeError("float64 only")
        return super().penalty_grad(layer)


class KnowsALayersName(Squares):
    """no penalty for a layer that is named like an output"""

    caught_by = "layers"

    def penalty(self, layer):
        return None if layer.name.startswith("out") else super().penalty(layer)


class WrongInTheSecondLayer:
    """a raw plugin whose gradient has the wrong sign in the second layer"""

    caught_by = "layers"

    @regkit.hookimpl
    def penalty(self, layer):
        return 0.5 * float(np.sum(layer.params["weights"].astype(float) ** 2))

    @regkit.hookimpl
    def penalty_grad(self, layer):
        sign = -1 if layer.name == "dense2" else 1
        return {"weights": sign * layer.params["weights"]}


class AboutTheThirdLayerAlone:
    """a raw plugin that answers for one layer only, with a wrong gradient"""

    caught_by = "directional-derivative"

    @regkit.hookimpl
    def penalty(self, layer):
        if layer.name != "dense3":
            return None
        return float(np.sum(layer.params["weights"].astype(float) ** 2))

    @regkit.hookimpl
    def penalty_grad(self, layer):
        return {"weights": layer.params["weights"]} if layer.name == "dense3" else None


class AnswersNowhere:
    """a raw plugin that answers for no layer of a usual name"""

    caught_by = "hooks"

    @regkit.hookimpl
    def penalty(self, layer):
        return 1.0 if layer.name == "embedding" else None

    @regkit.hookimpl
    def penalty_grad(self, layer):
        return None


class HalvedInARun(Squares):
    """half the gradient where the layer tells the epoch, as in a run"""

    caught_by = "training"

    def penalty_grad(self, layer):
        answer = {name: 2 * self.strength * w for name, w in self.selected(layer).items()}
        return answer if layer.epoch is None else {name: g / 2 for name, g in answer.items()}


class CachesByTheSum(Squares):
    """a cache by identity and sum, stale once entries change places"""

    cache = {}
    caught_by = "memoryless"

    def grad(self, w):
        weights = np.linspace(1, 2, w.size).reshape(w.shape)
        base = w if w.base is None else w.base
        key = (id(base), w.shape, round(float(np.sum(w)), 9))
        if self.cache.get("key") != key:
            self.cache.update(key=key, base=base, found=(weights * w).astype(w.dtype))
        return self.cache["found"].copy()


class AnswersWithOneBuffer(Squares):
    """the same array for all answers of a shape, which the next call overwrites"""

    buffers = {}
    caught_by = "memoryless"

    def penalty_grad(self, layer):
        answers = {}
        for name, w in self.selected(layer).items():
            buffer = self.buffers.setdefault((w.shape, w.dtype), np.empty(w.shape, w.dtype))
            np.multiply(w, w.dtype.type(2 * self.strength_for(layer, name)), out=buffer)
            answers[name] = buffer
        return answers or None


class SilencesNumPy(Squares):
    """`np.seterr`, which silences the whole program"""

    caught_by = "random-state-untouched"

    def value(self, w):
        np.seterr(all="ignore")
        return super().value(w)
