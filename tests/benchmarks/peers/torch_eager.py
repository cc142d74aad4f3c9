"""PyTorch, eager, with its fused Adam; L2 as weight decay, which costs it least, L1 in the loss."""

import torch
from torch.nn import functional

from ..contender import Contender


class TorchEager(Contender):
    def __init__(self, problem, threads):
        super().__init__(problem)
        self.threads = threads
        self.X = torch.from_numpy(problem.X)
        self.y = torch.from_numpy(problem.y)

    def restart(self):
        self.layers = [
            [torch.tensor(array, dtype=torch.float32, requires_grad=True) for array in layer]
            for layer in self.problem.start()
        ]
        flagged = [
            (array, counts)
            for layer, flags in zip(self.layers, self.problem.penalized, strict=True)
            for array, counts in zip(layer, flags, strict=True)
        ]
        penalized = [array for array, counts in flagged if counts]
        self.in_loss = penalized if self.problem.l1 else []
        groups = [
            {"params": penalized, "weight_decay": 2 * self.problem.l2},
            {"params": [array for array, counts in flagged if not counts]},
        ]
        self.optimizer = torch.optim.Adam(
            groups, lr=self.problem.lr, eps=self.problem.epsilon, fused=True
        )
        self.iteration = 0

    def train(self, steps):
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        if self.problem.batch_size is None:
            for _ in range(steps):
                self._step(self.X, self.y)
        else:
            for rows in map(torch.from_numpy, self.batches(steps)):
                self._step(self.X[rows], self.y[rows])
        torch.set_num_threads(before)

    def parameters(self):
        return [tuple(array.detach().numpy() for array in layer) for layer in self.layers]

    def _step(self, X, y):
        values = X
        for weights, biases in self.layers[:-1]:
            values = torch.relu(torch.addmm(biases, values, weights))
        weights, biases = self.layers[-1]
        loss = functional.cross_entropy(torch.addmm(biases, values, weights), y)
        for array in self.in_loss:
            loss = loss + self.problem.l1 * array.abs().sum()
        self.optimizer.zero_grad()
        loss.backward()
        for group in self.optimizer.param_groups:
            group["lr"] = self.problem.lr / (1 + self.problem.decay * self.iteration)
        self.optimizer.step()
        self.iteration += 1
