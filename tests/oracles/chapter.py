"""The chapter's program, plainly: the reference that the library is held against.

Everything here is float64 and written as *Neural Networks from Scratch* writes it (chapters 4 to 6,
9, 10 and 14), one formula a line, nothing reused and nothing clever. It shares no code with regkit.
Only the book's clipping of confidences at 1e-7 is left out, which hides the size of large losses.
"""

import numpy as np


class Dense:
    def __init__(self, weights, biases, weight_l1=0.0, weight_l2=0.0, bias_l1=0.0, bias_l2=0.0):
        self.weights = np.array(weights, dtype=np.float64)
        self.biases = np.array(biases, dtype=np.float64)
        self.weight_l1 = weight_l1
        self.weight_l2 = weight_l2
        self.bias_l1 = bias_l1
        self.bias_l2 = bias_l2

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        if self.weight_l1 > 0:
            dl1 = np.ones_like(self.weights)
            dl1[self.weights < 0] = -1
            self.dweights += self.weight_l1 * dl1
        if self.bias_l1 > 0:
            dl1 = np.ones_like(self.biases)
            dl1[self.biases < 0] = -1
            self.dbiases += self.bias_l1 * dl1
        if self.weight_l2 > 0:
            self.dweights += 2 * self.weight_l2 * self.weights
        if self.bias_l2 > 0:
            self.dbiases += 2 * self.bias_l2 * self.biases
        self.dinputs = np.dot(dvalues, self.weights.T)


class ReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class SoftmaxCrossEntropy:
    def forward(self, inputs, y):
        exponentials = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        confidences = self.output[range(len(inputs)), y]
        return np.mean(-np.log(confidences))

    def backward(self, y):
        samples = len(self.output)
        self.dinputs = self.output.copy()
        self.dinputs[range(samples), y] -= 1
        self.dinputs = self.dinputs / samples


def regularization_loss(layer):
    loss = 0.0
    if layer.weight_l1 > 0:
        loss += layer.weight_l1 * np.sum(np.abs(layer.weights))
    if layer.bias_l1 > 0:
        loss += layer.bias_l1 * np.sum(np.abs(layer.biases))
    if layer.weight_l2 > 0:
        loss += layer.weight_l2 * np.sum(layer.weights * layer.weights)
    if layer.bias_l2 > 0:
        loss += layer.bias_l2 * np.sum(layer.biases * layer.biases)
    return loss


class Optimizer:
    """What the chapter's four optimizers share: the decaying rate, and a memory for each array."""

    def __init__(self, lr, decay=0.0):
        self.lr = self.current_lr = lr
        self.decay = decay
        self.iterations = 0
        self.memory = {}

    def pre_update(self):
        self.current_lr = self.lr * (1.0 / (1.0 + self.decay * self.iterations))

    def update(self, layer):
        self.update_array(layer.weights, layer.dweights)
        self.update_array(layer.biases, layer.dbiases)

    def post_update(self):
        self.iterations += 1

    def remembered(self, what, array):
        """Zeros of the array's shape at first, then whatever was put there."""
        return self.memory.setdefault((what, id(array)), np.zeros_like(array))


class SGD(Optimizer):
    def __init__(self, lr=1.0, decay=0.0, momentum=0.0):
        super().__init__(lr, decay)
        self.momentum = momentum

    def update_array(self, array, gradient):
        momentums = self.remembered("momentums", array)
        updates = self.momentum * momentums - self.current_lr * gradient
        momentums[...] = updates
        array += updates


class AdaGrad(Optimizer):
    def __init__(self, lr=1.0, decay=0.0, epsilon=1e-7):
        super().__init__(lr, decay)
        self.epsilon = epsilon

    def update_array(self, array, gradient):
        cache = self.remembered("cache", array)
        cache += gradient**2
        array += -self.current_lr * gradient / (np.sqrt(cache) + self.epsilon)


class RMSProp(Optimizer):
    def __init__(self, lr=0.001, decay=0.0, epsilon=1e-7, rho=0.9):
        super().__init__(lr, decay)
        self.epsilon = epsilon
        self.rho = rho

    def update_array(self, array, gradient):
        cache = self.remembered("cache", array)
        cache[...] = self.rho * cache + (1 - self.rho) * gradient**2
        array += -self.current_lr * gradient / (np.sqrt(cache) + self.epsilon)


class Adam(Optimizer):
    def __init__(self, lr=0.001, decay=0.0, epsilon=1e-7, beta_1=0.9, beta_2=0.999):
        super().__init__(lr, decay)
        self.epsilon = epsilon
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def update_array(self, array, gradient):
        momentums = self.remembered("momentums", array)
        cache = self.remembered("cache", array)
        momentums[...] = self.beta_1 * momentums + (1 - self.beta_1) * gradient
        corrected_momentums = momentums / (1 - self.beta_1 ** (self.iterations + 1))
        cache[...] = self.beta_2 * cache + (1 - self.beta_2) * gradient**2
        corrected_cache = cache / (1 - self.beta_2 ** (self.iterations + 1))
        step = corrected_momentums / (np.sqrt(corrected_cache) + self.epsilon)
        array += -self.current_lr * step


def train(dense1, dense2, X, y, optimizer, epochs):
    """Train in place; return what the chapter prints before each update, one tuple an epoch."""
    activation1 = ReLU()
    activation_loss = SoftmaxCrossEntropy()
    printed = []
    for _ in range(epochs):
        dense1.forward(X)
        activation1.forward(dense1.output)
        dense2.forward(activation1.output)
        data_loss = activation_loss.forward(dense2.output, y)
        penalty = regularization_loss(dense1) + regularization_loss(dense2)
        accuracy = np.mean(np.argmax(activation_loss.output, axis=1) == y)

        activation_loss.backward(y)
        dense2.backward(activation_loss.dinputs)
        activation1.backward(dense2.dinputs)
        dense1.backward(activation1.dinputs)

        optimizer.pre_update()
        printed.append((accuracy, data_loss, penalty, optimizer.current_lr))
        optimizer.update(dense1)
        optimizer.update(dense2)
        optimizer.post_update()
    return printed
