"""Decoupled L2 is PyTorch's AdamW."""

import numpy as np
import torch
from numpy.testing import assert_allclose

import regkit as rk

STEPS, LR, STRENGTH, EPSILON = 100, 0.01, 0.05, 1e-8


def test_decoupled_l2_equals_adamw_with_twice_the_weight_decay():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 4)), np.arange(60) % 3
    layers = [rk.Dense(4, 8, init="he"), rk.ReLU(), rk.Dense(8, 3, init="he")]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    hidden, last = torch.nn.Linear(4, 8).double(), torch.nn.Linear(8, 3).double()
    theirs = torch.nn.Sequential(hidden, torch.nn.ReLU(), last)
    pairs = list(zip(model.parameter_layers, (hidden, last), strict=True))
    with torch.no_grad():
        for ours, linear in pairs:
            linear.weight[...] = torch.from_numpy(ours.weights.T.copy())
            linear.bias[...] = torch.from_numpy(ours.biases[0].copy())

    rk.train(
        model,
        X,
        y,
        optimizer=rk.Adam(LR, epsilon=EPSILON),
        regularizers=[rk.L2(STRENGTH, on="*", mode="decoupled")],
        epochs=STEPS,
    )
    optimizer = torch.optim.AdamW(
        theirs.parameters(), lr=LR, eps=EPSILON, weight_decay=2 * STRENGTH
    )
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(theirs(torch.from_numpy(X)), torch.from_numpy(y))
        loss.backward()
        optimizer.step()

    for ours, linear in pairs:
        assert_allclose(ours.weights, linear.weight.detach().numpy().T, rtol=0, atol=1e-6)
        assert_allclose(ours.biases[0], linear.bias.detach().numpy(), rtol=0, atol=1e-6)
