"""Keras on JAX, one `train_on_batch` at a time."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

from ..contender import Contender


class KerasOnJax(Contender):
    def __init__(self, problem):
        super().__init__(problem)
        last = len(problem.sizes) - 2
        layers = [keras.Input((problem.sizes[0],))]
        for index, (n_neurons, flags) in enumerate(
            zip(problem.sizes[1:], problem.penalized, strict=True)
        ):
            on_weights, on_biases = (
                keras.regularizers.L1L2(problem.l1, problem.l2)
                if counts and (problem.l1 or problem.l2)
                else None
                for counts in flags
            )
            layers.append(
                keras.layers.Dense(
                    n_neurons,
                    activation=None if index == last else "relu",
                    kernel_regularizer=on_weights,
                    bias_regularizer=on_biases,
                )
            )
        self.model = keras.Sequential(layers)
        rate = keras.optimizers.schedules.InverseTimeDecay(problem.lr, 1, problem.decay)
        self.model.compile(
            optimizer=keras.optimizers.Adam(rate, epsilon=problem.epsilon),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        self.model.optimizer.build(self.model.trainable_variables)

    def restart(self):
        arrays = []
        for weights, biases in self.problem.start():
            arrays += [weights, biases[0]]
        self.model.set_weights(arrays)
        for variable in self.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def train(self, steps):
        X, y = self.problem.X, self.problem.y
        if self.problem.batch_size is None:
            for _ in range(steps):
                self.model.train_on_batch(X, y)
        else:
            for rows in self.batches(steps):
                self.model.train_on_batch(X[rows], y[rows])

    def parameters(self):
        arrays = self.model.get_weights()
        return list(zip(arrays[::2], arrays[1::2], strict=True))
