"""What L1 and L2 cost a step of PyTorch: `python -m tests.benchmarks.torch_cost`.

On 10 million parameters, through `regularize` and by operations written by hand for the same,
interleaved. The optimizer's own step is SGD's without momentum, the cheapest there is; the
gradients stay as they are, so that nothing else is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
from torch import nn

from regkit.torch import regularize

ROUNDS, SIDE, LAYERS, L1, L2 = 60, 1582, 4, 1e-5, 1e-4


def main() -> None:
    """Print milliseconds and ratios, with quartiles over the rounds."""
    steps = {"alone": _alone(), "by hand": _by_hand(), "regkit": _through_regkit()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            start = perf_counter()
            step()
            times[name].append(1000 * (perf_counter() - start))
    print(f"{LAYERS * SIDE * (SIDE + 1):,} parameters, {torch.get_num_threads()} threads")
    for name, found in times.items():
        print(f"{name:8} {median(found):6.2f} ms a step")
    alone = median(times["alone"])
    rounds = list(zip(times["regkit"], times["by hand"], strict=True))
    _tell("step", sorted(ours / theirs for ours, theirs in rounds))
    _tell("penalties", sorted((ours - alone) / (theirs - alone) for ours, theirs in rounds))


def _tell(what: str, ratios: list[float]) -> None:
    low, high = ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]
    print(f"{what:10} regkit ÷ by hand {median(ratios):.3f} ({low:.3f} to {high:.3f})")


def _network() -> tuple[nn.Sequential, torch.optim.SGD]:
    torch.manual_seed(0)
    model = nn.Sequential(*(nn.Linear(SIDE, SIDE) for _ in range(LAYERS)))
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter)
    return model, torch.optim.SGD(model.parameters(), lr=1e-4)


def _alone() -> Callable[[], object]:
    _, optimizer = _network()
    return optimizer.step


def _by_hand() -> Callable[[], object]:
    model, optimizer = _network()
    weights = [module.weight for module in model]

    @torch.no_grad()
    def step() -> None:
        for w in weights:
            w.grad.add_(w.sign(), alpha=L1).add_(w, alpha=2 * L2)
        optimizer.step()

    return step


def _through_regkit() -> Callable[[], object]:
    model, optimizer = _network()
    regularize(model, optimizer, [f"l1={L1}", f"l2={L2}"])
    return optimizer.step


if __name__ == "__main__":
    main()
