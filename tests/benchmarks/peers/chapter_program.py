"""The plain program after the chapter, float64, which works out loss and accuracy in every step."""

import numpy as np
from oracles import chapter
from threadpoolctl import threadpool_limits

from ..contender import Contender


class ChapterProgram(Contender):
    def __init__(self, problem, threads=None):
        super().__init__(problem)
        self.threads = threads

    def restart(self):
        problem = self.problem
        self.layers = [
            chapter.Dense(
                weights,
                biases,
                weight_l1=problem.l1 * on_weights,
                weight_l2=problem.l2 * on_weights,
                bias_l1=problem.l1 * on_biases,
                bias_l2=problem.l2 * on_biases,
            )
            for (weights, biases), (on_weights, on_biases) in zip(
                problem.start(), problem.penalized, strict=True
            )
        ]
        self.activations = [chapter.ReLU() for _ in self.layers[1:]]
        self.loss = chapter.SoftmaxCrossEntropy()
        self.optimizer = chapter.Adam(lr=problem.lr, decay=problem.decay, epsilon=problem.epsilon)

    def train(self, steps):
        X, y = self.problem.X.astype(np.float64), self.problem.y
        with threadpool_limits(self.threads, user_api="blas"):
            if self.problem.batch_size is None:
                for _ in range(steps):
                    self._step(X, y)
            else:
                for rows in self.batches(steps):
                    self._step(X[rows], y[rows])

    def parameters(self):
        return [(layer.weights, layer.biases) for layer in self.layers]

    def _step(self, X, y):
        values = X
        for layer, activation in zip(self.layers, [*self.activations, None], strict=True):
            layer.forward(values)
            values = layer.output
            if activation:
                activation.forward(values)
                values = activation.output
        self.data_loss = self.loss.forward(values, y)
        self.penalty = sum(chapter.regularization_loss(layer) for layer in self.layers)
        self.accuracy = np.mean(np.argmax(self.loss.output, axis=1) == y)

        self.loss.backward(y)
        dvalues = self.loss.dinputs
        for layer, activation in zip(
            reversed(self.layers), [*reversed(self.activations), None], strict=True
        ):
            layer.backward(dvalues)
            dvalues = layer.dinputs
            if activation:
                activation.backward(dvalues)
                dvalues = activation.dinputs

        self.optimizer.pre_update()
        for layer in self.layers:
            self.optimizer.update(layer)
        self.optimizer.post_update()
