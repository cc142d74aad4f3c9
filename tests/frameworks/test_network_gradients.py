"""What training adds up, penalties of outputs and of the whole network included, is the derivative.

The other side is the whole loss written out in PyTorch, from the formulas of the literature.
"""

import numpy as np
import pytest
import torch

import regkit as rk

SIZES = (4, 6, 5, 3)
ROWS = 12


def activity_l1(outputs):
    return outputs.abs().sum() / len(outputs)


def activity_l2(outputs):
    return (outputs**2).sum() / len(outputs)


def decorrelation(outputs):
    """DeCov: half the squares of the covariances of different outputs."""
    return torch.cov(outputs.T, correction=0).triu(diagonal=1).square().sum()


def path_norm(weights, p):
    """The sum over all paths of the product of |weight|^p."""
    return torch.einsum("ij,jk,kl->", *(one.abs() ** p for one in weights))


def neuron_groups(weights, biases):
    """√size · norm of what enters a hidden neuron, its bias, and what leaves it."""
    groups = [
        torch.cat([weights[n][:, neuron], biases[n][:, neuron], weights[n + 1][neuron]])
        for n in (0, 1)
        for neuron in range(SIZES[n + 1])
    ]
    return sum(len(group) ** 0.5 * group.norm() for group in groups)


# Specs, beside the same in PyTorch: of the weights, the biases, and the outputs by layer.
PENALTIES = {
    "activity_l1": (
        ["activity_l1=0.3@relu1+dense3"],
        lambda w, b, a: 0.3 * (activity_l1(a["relu1"]) + activity_l1(a["dense3"])),
    ),
    "activity_l2": (
        ["activity_l2=0.2@relu2", "activity_l2=0.5@dense3"],
        lambda w, b, a: 0.2 * activity_l2(a["relu2"]) + 0.5 * activity_l2(a["dense3"]),
    ),
    "decorrelation": (
        ["decorrelation=0.7@relu*+dense3"],
        lambda w, b, a: 0.7 * sum(decorrelation(a[name]) for name in ("relu1", "relu2", "dense3")),
    ),
    "path_norm of order 1": (
        ["path_norm=0.01,p=1@weights"],
        lambda w, b, a: 0.01 * path_norm(w, 1),
    ),
    "path_norm of order 2": (
        ["path_norm=0.01,p=2@weights"],
        lambda w, b, a: 0.01 * path_norm(w, 2),
    ),
    "neuron_groups": (
        ["neuron_groups=0.1@*"],
        lambda w, b, a: 0.1 * neuron_groups(w, b),
    ),
    "all together": (
        [
            "activity_l1=0.3@relu1",
            "decorrelation=0.7@relu1",
            "path_norm=0.02,p=2@weights",
            "activity_l2=0.5@dense3",
            "neuron_groups=0.1@*",
            "l2=0.2@dense2.weights",
        ],
        lambda w, b, a: (
            0.3 * activity_l1(a["relu1"])
            + 0.7 * decorrelation(a["relu1"])
            + 0.02 * path_norm(w, 2)
            + 0.5 * activity_l2(a["dense3"])
            + 0.1 * neuron_groups(w, b)
            + 0.2 * (w[1] ** 2).sum()
        ),
    ),
}


class Watcher:
    """Keeps the last outputs that the penalties saw, and penalizes nothing."""

    @rk.hookimpl
    def penalty_outputs(self, layer, outputs):
        return None

    @rk.hookimpl
    def penalty_outputs_grad(self, layer, outputs):
        if layer.name == "dense3":
            self.outputs = np.array(outputs)


def network():
    layers = [
        rk.Dense(4, 6),
        rk.ReLU(),
        rk.Dense(6, 5),
        rk.ReLU(),
        rk.Dense(5, 3),
    ]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
    model.parameters[...] = 0.7 * np.random.default_rng(2).standard_normal(model.parameters.size)
    return model


def forward(weights, biases, X):
    """The outputs of each layer, by name."""
    outputs, values = {}, X
    for n, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
        outputs[f"dense{n}"] = values = values @ w + b
        if n < len(weights):
            outputs[f"relu{n}"] = values = torch.relu(values)
    return outputs


# The watcher is a plugin that only looks.
@pytest.mark.filterwarnings("ignore:watcher answers for no layer")
@pytest.mark.parametrize("batch_size", [None, 6, 5])
@pytest.mark.parametrize(("specs", "penalty"), PENALTIES.values(), ids=PENALTIES)
def test_gradients_are_pytorchs(specs, penalty, batch_size):
    rng = np.random.default_rng(5)
    X, y = rng.standard_normal((ROWS, 4)), np.arange(ROWS) % 3
    model, watcher = network(), Watcher()
    weights, biases = (
        [torch.tensor(getattr(one, kind)).requires_grad_() for one in model.parameter_layers]
        for kind in ("weights", "biases")
    )

    # At this rate no step changes anything: the gradients left are the last batch's, at the start.
    rk.train(
        model,
        X,
        y,
        optimizer=rk.SGD(1e-300),
        regularizers=[*specs, watcher],
        epochs=1,
        batch_size=batch_size,
    )

    # Which rows these were, the outputs say.
    everywhere = forward(weights, biases, torch.tensor(X))["dense3"].detach().numpy()
    distances = np.abs(watcher.outputs[:, None] - everywhere).max(axis=2)
    rows = np.argmin(distances, axis=1)
    assert distances[np.arange(len(rows)), rows].max() < 1e-12
    assert len(set(rows)) == len(rows) == (ROWS % (batch_size or ROWS) or batch_size or ROWS)

    outputs = forward(weights, biases, torch.tensor(X[rows]))
    loss = torch.nn.functional.cross_entropy(outputs["dense3"], torch.tensor(y[rows]))
    (loss + penalty(weights, biases, outputs)).backward()
    for ours, w, b in zip(model.parameter_layers, weights, biases, strict=True):
        np.testing.assert_allclose(ours.dweights, w.grad.numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(ours.dbiases, b.grad.numpy(), rtol=1e-9, atol=1e-12)
