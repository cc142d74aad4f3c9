"""JAX with optax: one jitted step at a time, or all steps in one `lax.scan`."""

import jax
import numpy as np
import optax
from jax import numpy as jnp

from ..contender import Contender


class JaxStep(Contender):
    """One jitted step at a time."""

    def __init__(self, problem):
        super().__init__(problem)
        self.X, self.y = jnp.asarray(problem.X), jnp.asarray(problem.y)
        self.optimizer = optax.adam(
            lambda step: problem.lr / (1 + problem.decay * step), eps=problem.epsilon
        )
        self.gradient = jax.grad(self._loss)
        self.jitted = jax.jit(self._step)

    def restart(self):
        self.layers = jax.tree.map(lambda array: jnp.asarray(array, jnp.float32), self._start())
        self.state = self.optimizer.init(self.layers)

    def train(self, steps):
        carry = self.layers, self.state
        if self.problem.batch_size is None:
            for _ in range(steps):
                carry = self.jitted(carry, None)
        else:
            for rows in self.batches(steps):
                carry = self.jitted(carry, rows)
        self.layers, self.state = jax.block_until_ready(carry)

    def parameters(self):
        return [tuple(np.asarray(array) for array in layer) for layer in self.layers]

    def _start(self):
        return [tuple(layer) for layer in self.problem.start()]

    def _loss(self, layers, X, y):
        values, activate = X, getattr(jax.nn, self.problem.activation)
        for weights, biases in layers[:-1]:
            values = activate(values @ weights + biases)
        weights, biases = layers[-1]
        values = values @ weights + biases
        if self.problem.squared_error:
            data_loss = jnp.square(values - y)
        else:
            data_loss = optax.softmax_cross_entropy_with_integer_labels(values, y)
        penalized = [
            array
            for layer, flags in zip(layers, self.problem.penalized, strict=True)
            for array, counts in zip(layer, flags, strict=True)
            if counts
        ]
        penalty = 0.0
        if self.problem.l1:
            penalty += self.problem.l1 * sum(jnp.sum(jnp.abs(array)) for array in penalized)
        if self.problem.l2:
            penalty += self.problem.l2 * sum(jnp.sum(jnp.square(array)) for array in penalized)
        return jnp.mean(data_loss) + penalty

    def _step(self, carry, rows):
        layers, state = carry
        X, y = (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])
        updates, state = self.optimizer.update(self.gradient(layers, X, y), state)
        return optax.apply_updates(layers, updates), state


class JaxScan(JaxStep):
    """All steps in one `lax.scan`."""

    def __init__(self, problem):
        super().__init__(problem)
        self.scanned = jax.jit(
            lambda carry, rows, length: jax.lax.scan(
                lambda carry, rows: (self._step(carry, rows), None), carry, rows, length=length
            )[0],
            static_argnames="length",
        )

    def train(self, steps):
        rows = None
        if self.problem.batch_size is not None:
            rows = np.stack(list(self.batches(steps)))
        carry = self.scanned((self.layers, self.state), rows, length=steps)
        self.layers, self.state = jax.block_until_ready(carry)
