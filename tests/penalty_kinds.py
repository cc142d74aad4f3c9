"""A small penalty of each kind, whose formulas a test can repeat."""

import numpy as np

import regkit as rk


def entries(params):
    """All entries of {layer: {parameter: array}}, in order."""
    return [array.ravel() for arrays in params.values() for array in arrays.values()]


def changed(params, change):
    """{layer: {parameter: change(array, layer, parameter)}}, in the parameters' dtype."""
    return {
        layer: {name: change(array, layer, name).astype(array.dtype) for name, array in own.items()}
        for layer, own in params.items()
    }


class Together(rk.ModelRegularizer):
    """(Σw)² over all selected entries: a penalty that couples the whole network."""

    array_step = True

    def value(self, params):
        return float(np.sum(np.concatenate(entries(params)), dtype=np.float64) ** 2)

    def grad(self, params):
        total = np.sum(np.concatenate(entries(params)), dtype=np.float64)
        return changed(params, lambda w, *_: np.full(w.shape, 2 * total))

    def prox(self, params, steps):
        """x = w − 2 step · T, where T is x's own sum, Σw / (1 + 2 Σstep)."""
        given = isinstance(steps, dict)
        all_steps = np.concatenate(entries(steps)) if given else steps
        total = np.concatenate(entries(params)).sum()
        size = sum(one.size for one in entries(params))
        total /= 1 + 2 * np.sum(np.broadcast_to(all_steps, size))
        return changed(
            params, lambda w, layer, name: w - 2 * (steps[layer][name] if given else steps) * total
        )


class Ball(rk.ModelRegularizer):
    """‖w‖ ≤ radius over all selected entries."""

    constraint = True
    radius: float = 1.0

    def prox(self, params, steps):
        norm = np.sqrt(sum(np.sum(np.square(one)) for one in entries(params)))
        return changed(params, lambda w, *_: w * min(1.0, self.radius / norm) if norm else w)


class Floor(rk.Regularizer):
    """w ≥ least."""

    constraint = True
    least: float = 0.0

    def prox(self, w, step):
        return np.maximum(w, self.least).astype(w.dtype)


class Squares(rk.ActivityRegularizer):
    """Σa² over a layer's outputs."""

    def value(self, outputs):
        return float(np.sum(np.square(outputs, dtype=np.float64)))

    def grad(self, outputs):
        return 2 * outputs
