"""How near Adam comes to scikit-learn's Lasso: `python -m tests.benchmarks.torch_lasso`.

Three rules in PyTorch: L1 in the loss, regkit's proximal points in Adam's metric, and the soft
threshold of torchao's `PruneOptimizer`, where torchao is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso
from torch import nn

from regkit.torch import regularize

ALPHA, STEPS, LR, DECAY = 0.1, 4000, 0.02, 1e-3


def main() -> None:
    """Print the largest difference of a coefficient, and the zeros found of those there are."""
    exponents = np.random.default_rng(0).uniform(-0.7, 0.7, 10)
    for name, scales in (("standardized", np.ones(10)), ("mixed scales", 10**exponents)):
        X, y = _diabetes(scales)
        wanted = Lasso(alpha=ALPHA, tol=1e-14, max_iter=10**6).fit(X, y).coef_
        for rule, make in _rules().items():
            found = _coefficients(X, y, make)
            zeros = np.sum((found == 0) & (wanted == 0))
            print(
                f"{name:13} {rule:36} {np.max(np.abs(found - wanted)):8.1e} "
                f"{zeros} of {np.sum(wanted == 0)}"
            )


def _diabetes(scales: Any) -> tuple[Any, Any]:
    X, y = load_diabetes(return_X_y=True)
    return (X - X.mean(0)) / X.std(0) * scales, (y - y.mean()) / y.std()


def _rules() -> dict[str, Callable[[nn.Linear], Any]]:
    def of_regkit(spec: str) -> Callable[[nn.Linear], Any]:
        def make(model: nn.Linear) -> Any:
            optimizer = torch.optim.Adam(model.parameters(), lr=LR)
            regularize(model, optimizer, [spec])
            return optimizer

        return make

    def of_torchao(model: nn.Linear) -> Any:
        from torchao.prototype.pat.optim import PruneOptimizer

        pruned = {"params": [model.weight], "prox_type": "ProxLasso", "group_type": "ElemGrouper"}
        groups = [pruned | {"reg_lambda": 2 * ALPHA}, {"params": [model.bias]}]
        return PruneOptimizer(torch.optim.Adam(groups, lr=LR))

    rules = {
        "regkit, l1": of_regkit(f"l1={2 * ALPHA}"),
        "regkit, l1,mode=prox": of_regkit(f"l1={2 * ALPHA},mode=prox"),
    }
    return rules | ({"torchao, PruneOptimizer": of_torchao} if find_spec("torchao") else {})


def _coefficients(X: Any, y: Any, make: Callable[[nn.Linear], Any]) -> Any:
    model = nn.Linear(X.shape[1], 1).double()
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = make(model)
    inputs, targets = torch.tensor(X), torch.tensor(y[:, None])
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = LR / (1 + DECAY * step)
        optimizer.zero_grad()
        nn.functional.mse_loss(model(inputs), targets).backward()
        optimizer.step()
    return model.weight.detach().numpy()[0]


if __name__ == "__main__":
    main()
