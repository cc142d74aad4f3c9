"""What L1 and L2 cost a step of JAX: `python -m tests.benchmarks.jax_cost`.

On 10 million parameters under `jit`: by gradients written by hand, by `regkit.jax.penalty` in the
loss, and by `regkit.jax.regularize`, interleaved, for two data losses. One is a network's on 64
rows; the other is next to nothing, so that the penalties and SGD's step are all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import jax
import jax.numpy as jnp
import optax

from regkit.jax import penalty, regularize

ROUNDS, SIDE, LAYERS, ROWS, L1, L2, LR = 60, 1582, 4, 64, 1e-5, 1e-4, 1e-4
SPECS = [f"l1={L1}@*", f"l2={L2}@*"]

Loss = Callable[[Any], jax.Array]


def main() -> None:
    """Print milliseconds and ratios, with quartiles over the rounds."""
    params = _params()
    count = sum(one.size for one in jax.tree.leaves(params))
    print(f"{count:,} parameters")
    for name, loss in (("a network", _network), ("nothing", _next_to_nothing)):
        print(f"beside {name}:")
        _measure(params, loss)


def _measure(params: Any, loss: Loss) -> None:
    steps = {
        "by hand": _by_hand(loss),
        "penalty": _in_loss(loss),
        "regularize": _in_optimizer(loss, params),
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        jax.block_until_ready(step(params))
    for _ in range(ROUNDS):
        for name, step in steps.items():
            start = perf_counter()
            jax.block_until_ready(step(params))
            times[name].append(1000 * (perf_counter() - start))
    for name, found in times.items():
        ratios = sorted(a / b for a, b in zip(found, times["by hand"], strict=True))
        low, high = ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]
        print(
            f"  {name:10} {median(found):6.2f} ms a step, ÷ by hand {median(ratios):.3f} "
            f"({low:.3f} to {high:.3f})"
        )


def _params() -> Any:
    keys = jax.random.split(jax.random.key(0), LAYERS)
    return {
        f"dense{number}": {
            "kernel": jax.random.normal(key, (SIDE, SIDE)) / SIDE**0.5,
            "bias": jnp.zeros(SIDE),
        }
        for number, key in enumerate(keys, start=1)
    }


def _network(params: Any) -> jax.Array:
    hidden = jnp.ones((ROWS, SIDE))
    for layer in params.values():
        hidden = jax.nn.relu(hidden @ layer["kernel"] + layer["bias"])
    return jnp.mean(hidden**2)


def _next_to_nothing(params: Any) -> jax.Array:
    return sum((layer["kernel"][0, 0] for layer in params.values()), start=jnp.zeros(()))


def _moved(params: Any, gradients: Any) -> Any:
    return jax.tree.map(lambda w, g: w - LR * g, params, gradients)


def _by_hand(loss: Loss) -> Callable[[Any], Any]:
    @jax.jit
    def step(params: Any) -> Any:
        gradients = jax.tree.map(
            lambda w, g: g + L1 * jnp.where(w == 0, 1, jnp.sign(w)) + 2 * L2 * w,
            params,
            jax.grad(loss)(params),
        )
        return _moved(params, gradients)

    return step


def _in_loss(loss: Loss) -> Callable[[Any], Any]:
    return jax.jit(
        lambda params: _moved(params, jax.grad(lambda p: loss(p) + penalty(p, SPECS))(params))
    )


def _in_optimizer(loss: Loss, params: Any) -> Callable[[Any], Any]:
    optimizer = regularize(optax.sgd(LR), SPECS, learning_rate=LR)
    state = optimizer.init(params)

    @jax.jit
    def step(params: Any) -> Any:
        moves, _ = optimizer.update(jax.grad(loss)(params), state, params)
        return optax.apply_updates(params, moves)

    return step


if __name__ == "__main__":
    main()
