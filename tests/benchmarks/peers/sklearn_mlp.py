"""scikit-learn's MLPClassifier, which penalizes all weights by α / (2 · batch size) Σw²."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from ..contender import Contender


def alpha(l2, rows):
    """scikit-learn's α of a strength λ, with so many rows in a batch."""
    return 2 * rows * l2


class SklearnMLP(Contender):
    def __init__(self, problem, threads=None):
        super().__init__(problem)
        self.threads = threads
        assert not problem.l1
        assert not problem.decay
        assert all(flags == (True, False) for flags in problem.penalized)

    def restart(self):
        problem = self.problem
        rows = problem.batch_size or len(problem.X)
        self.classifier = MLPClassifier(
            problem.sizes[1:-1],
            alpha=alpha(problem.l2, rows),
            batch_size=rows,
            learning_rate_init=problem.lr,
            epsilon=problem.epsilon,
            shuffle=problem.batch_size is not None,
            tol=0.0,
            warm_start=True,
        )
        self.train(self.steps_an_epoch)  # makes the arrays to put the start into
        for (weights, biases), to_weights, to_biases in zip(
            problem.start(), self.classifier.coefs_, self.classifier.intercepts_, strict=True
        ):
            to_weights[...] = weights
            to_biases[...] = biases[0]

    def train(self, steps):
        """A warm start keeps the parameters, and begins with an optimizer without a past."""
        epochs = steps // self.steps_an_epoch
        self.classifier.set_params(max_iter=epochs, n_iter_no_change=epochs + 1)
        with warnings.catch_warnings(), threadpool_limits(self.threads, user_api="blas"):
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.classifier.fit(self.problem.X, self.problem.y)

    def parameters(self):
        return [
            (weights, np.reshape(biases, (1, -1)))
            for weights, biases in zip(
                self.classifier.coefs_, self.classifier.intercepts_, strict=True
            )
        ]
