"""Faults of penalties of a whole model, and of outputs."""

import numpy as np

from regkit import ActivityRegularizer, ModelRegularizer


class AllSquares(ModelRegularizer):
    def value(self, params):
        return float(sum(np.sum(w.astype(float) ** 2) for w in _arrays(params)))

    def grad(self, params):
        return _each(params, lambda w: 2 * w)


def _arrays(params):
    return [w for arrays in params.values() for w in arrays.values()]


def _each(params, function):
    return {
        layer: {name: function(w) for name, w in arrays.items()} for layer, arrays in params.items()
    }


class PathsTheWrongWay(ModelRegularizer):
    """a path norm whose gradient forgets the layers above"""

    caught_by = "gradient"

    def value(self, params):
        flow = None
        for layer in params.values():
            squares = layer["weights"].astype(float) ** 2
            flow = np.sum(squares, axis=0) if flow is None else flow @ squares
        return float(np.sum(flow))

    def grad(self, params):
        return _each(params, lambda w: 2 * w)


class LastLayerForgotten(AllSquares):
    """no gradient for the last layer"""

    caught_by = "gradient"

    def grad(self, params):
        return dict(list(super().grad(params).items())[:-1])


class LayersByPosition(AllSquares):
    """gradients under numbers instead of the layers' names"""

    caught_by = "result-form"

    def grad(self, params):
        return dict(enumerate(super().grad(params).values()))


class AnotherLayersShape(AllSquares):
    """gradients in the transposed order of the layers"""

    caught_by = "result-form"

    def grad(self, params):
        found = super().grad(params)
        return dict(zip(found, reversed(list(found.values())), strict=True))


class ShrinksEachLayerAlone(ModelRegularizer):
    """the norm of all weights, with a prox that shrinks each layer by its own norm"""

    caught_by = "prox-minimizes"

    def value(self, params):
        return float(np.sqrt(sum(np.sum(w.astype(float) ** 2) for w in _arrays(params))))

    def grad(self, params):
        norm = self.value(params) or 1.0
        return _each(params, lambda w: (w / norm).astype(w.dtype))

    def prox(self, params, steps):
        def shrunk(w):
            norm = np.linalg.norm(w) or 1.0
            return (w * max(1 - steps / norm, 0)).astype(w.dtype)

        return _each(params, shrunk)


class OneStepForAllLayers(AllSquares):
    """the largest of all steps, where each entry has its own"""

    caught_by = "prox-array-step"
    array_step = True

    def prox(self, params, steps):
        if isinstance(steps, dict):
            steps = max(np.max(s) for s in _arrays(steps))
        return _each(params, lambda w: (w / (1 + 2 * steps)).astype(w.dtype))


class ModelIgnoresItsSelection(AllSquares):
    """all layers penalized, whatever is selected"""

    caught_by = "selection"

    def penalty_model(self, layers):
        return self.strength_for(layers) * self.value({one.name: one.params for one in layers})


class ModelStrengthWithoutFactors(AllSquares):
    """the hook of the whole model overridden, with `self.strength`"""

    caught_by = "schedule-and-scale"

    def penalty_model(self, layers):
        chosen = self.selected_of(layers)
        return self.strength * self.value(chosen) if chosen else None


class PositiveAndEqual(ModelRegularizer):
    """entries no less than 0, all set to their mean for it"""

    constraint = True
    caught_by = "projection-nearest"

    def prox(self, params, steps):
        def flattened(w):
            clipped = np.maximum(w, 0)
            return np.full_like(w, np.mean(clipped)) if np.any(w < 0) else clipped

        return _each(params, flattened)


class FailsOnTwoLayers(AllSquares):
    """a penalty that knows a third layer"""

    caught_by = "training"

    def value(self, params):
        return super().value(params) + 0 * float(params["dense3"]["weights"][0, 0])


class OutputSquares(ActivityRegularizer):
    def value(self, outputs):
        return float(np.sum(outputs.astype(float) ** 2))

    def grad(self, outputs):
        return 2 * outputs

    @classmethod
    def planted(cls):
        return cls(on="relu1")


class OutputGradientHalved(OutputSquares):
    """half the gradient by the outputs"""

    caught_by = "gradient"

    def grad(self, outputs):
        return 1 * outputs


class DividedByTheHookToo(OutputSquares):
    """a value that is a mean over samples already, a gradient that is not"""

    caught_by = "gradient"

    def value(self, outputs):
        return super().value(outputs) / max(len(outputs), 1)


class CorrelationForgotten(ActivityRegularizer):
    """decorrelation's gradient without the mean that is subtracted"""

    caught_by = "gradient"

    @classmethod
    def planted(cls):
        return cls(on="*")

    def value(self, outputs):
        covariance = self._covariance(outputs.astype(float))
        return len(outputs) * float(np.sum(covariance**2) - np.sum(np.diag(covariance) ** 2)) / 2

    def grad(self, outputs):
        covariance = self._covariance(outputs)
        off = covariance - np.diag(np.diag(covariance))
        return 2 * (outputs @ off).astype(outputs.dtype)

    def _covariance(self, outputs):
        centred = outputs - np.mean(outputs, axis=0)
        return centred.T @ centred / max(len(outputs), 1)


class AnswersForEveryLayer(OutputSquares):
    """the outputs of every layer penalized"""

    caught_by = "selection"

    def penalty_outputs(self, layer, outputs):
        return self.strength_for(layer) * self.value(outputs) / max(len(outputs), 1)


class OutputsUnderAName(OutputSquares):
    """a mapping for the gradient by the outputs"""

    caught_by = "result-form"

    def grad(self, outputs):
        return {"outputs": 2 * outputs}


class OutputScheduleForgotten(OutputSquares):
    """the hook on outputs overridden, with `self.strength`"""

    caught_by = "schedule-and-scale"

    def penalty_outputs_grad(self, layer, outputs):
        if not self.selects(layer):
            return None
        return (self.strength / max(len(outputs), 1)) * self.grad(outputs)


class LayersByTheAlphabet(ModelRegularizer):
    """layers weighed by their place, for the gradient in the order of their names"""

    caught_by = "layers"

    def value(self, params):
        sums = [sum(np.sum(np.square(w, dtype=float)) for w in a.values()) for a in params.values()]
        return float(sum(place * one for place, one in enumerate(sums, 1)))

    def grad(self, params):
        places = {name: place for place, name in enumerate(sorted(params), 1)}
        return {
            layer: {name: 2 * places[layer] * w for name, w in arrays.items()}
            for layer, arrays in params.items()
        }
