"""regkit, through its public `train`, with a record every 100 epochs."""

import regkit as rk

from ..contender import Contender

ACTIVATIONS = {"relu": rk.ReLU, "tanh": rk.Tanh, "sigmoid": rk.Sigmoid}


class RegkitTrain(Contender):
    def __init__(self, problem, kernels="numpy", dtype="float32", threads="auto"):
        super().__init__(problem)
        self.threads = threads
        self.kernels = kernels
        self.dtype = dtype

    def restart(self):
        layers = []
        for n_inputs, n_neurons in zip(self.problem.sizes, self.problem.sizes[1:], strict=False):
            layers += [rk.Dense(n_inputs, n_neurons), ACTIVATIONS[self.problem.activation]()]
        loss = rk.MeanSquaredError() if self.problem.squared_error else rk.SoftmaxCrossEntropy()
        self.model = rk.Model(layers[:-1], loss=loss, dtype=self.dtype)
        for layer, (weights, biases) in zip(
            self.model.parameter_layers, self.problem.start(), strict=True
        ):
            layer.params["weights"][...] = weights
            layer.params["biases"][...] = biases
        self.optimizer = rk.Adam(
            self.problem.lr, decay=self.problem.decay, epsilon=self.problem.epsilon
        )

    def train(self, steps):
        rk.train(
            self.model,
            self.problem.X,
            self.problem.y,
            optimizer=self.optimizer,
            regularizers=self._regularizers(),
            epochs=steps // self.steps_an_epoch,
            batch_size=self.problem.batch_size,
            log_every=100,
            kernels=self.kernels,
            threads=self.threads,
        )

    def parameters(self):
        return [(layer.weights, layer.biases) for layer in self.model.parameter_layers]

    def _regularizers(self):
        l1, l2 = self.problem.l1, self.problem.l2
        on = tuple(
            f"{layer.name}.{parameter}"
            for layer, flags in zip(
                self.model.parameter_layers, self.problem.penalized, strict=True
            )
            for parameter, counts in zip(("weights", "biases"), flags, strict=True)
            if counts
        )
        if l1 and l2:
            return [rk.ElasticNet.from_strengths(l1=l1, l2=l2, on=on)]
        return [cls(strength, on=on) for cls, strength in ((rk.L1, l1), (rk.L2, l2)) if strength]
