"""`torch.compile`, of the model and of the step.

Covers: regkit/torch/kernels.py
"""

import pytest
import torch
from adapters.test_torch_steps import (
    L1,
    SPECS,
    assert_equal,
    batch,
    by_hand,
    network,
    penalty_by_hand,
)
from torch import nn

from regkit.errors import RegkitWarning
from regkit.kernels.linear_gradient import LinearGradient, add_linear_gradient
from regkit.torch import regularize
from regkit.torch.kernels import CHUNK, TensorKernels

# What PyTorch's compiler itself warns of is no business of these tests.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings(r"ignore:The \.grad attribute of a Tensor:UserWarning"),
]


@pytest.fixture(autouse=True)
def fresh_compiler():
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


def test_a_compiled_model_trains_as_the_plain_one():
    model = network()
    compiled = torch.compile(model, backend="aot_eager")
    optimizer = adam(compiled.parameters())
    handle = regularize(compiled, optimizer, [f"l1={L1}", f"l2={2 * L1}"])
    X, y = batch()
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(compiled(X), y).backward()
        optimizer.step()
    assert_equal(model, by_hand(adam))
    assert list(handle.penalties()["l1"]) == ["0", "2"]


def test_a_compiled_step_keeps_the_penalties():
    """Compiled, Adam counts its steps in float32, so that both are."""
    model, other = network(), network()
    X, y = batch()
    for one in (model, other):
        optimizer = adam(one.parameters())
        if one is model:
            regularize(model, optimizer, SPECS)
        step = torch.compile(optimizer.step, backend="aot_eager")
        for _ in range(5):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(one(X), y)
            (loss if one is model else loss + penalty_by_hand(other)).backward()
            step()
    assert_equal(model, other)


def test_outputs_of_a_compiled_model_are_seen():
    model, other = network(), network()
    compiled = torch.compile(model, backend="aot_eager")
    X, y = batch()
    for one, forward in ((model, compiled), (other, other)):
        optimizer = adam(one.parameters())
        handle = regularize(forward, optimizer, ["activity_l2=0.1@1"])
        for _ in range(5):
            optimizer.zero_grad()
            nn.functional.cross_entropy(forward(X), y).backward()
            optimizer.step()
        assert handle.penalties()["activity_l2@1"]["1"] > 0
    assert_equal(model, other)


def test_outputs_of_a_model_that_was_compiled_and_run_before_are_told():
    """torch.compile keeps to the hooks that there were; after a reset it sees the new ones."""
    model = network()
    compiled = torch.compile(model, backend="aot_eager")
    X, y = batch()
    compiled(X)
    optimizer = adam(model.parameters())
    handle = regularize(compiled, optimizer, ["activity_l2=0.1@1"])
    nn.functional.cross_entropy(compiled(X), y).backward()
    with pytest.warns(RegkitWarning, match=r"call torch\.compiler\.reset\(\) after regularize"):
        optimizer.step()
    torch.compiler.reset()
    nn.functional.cross_entropy(compiled(X), y).backward()
    assert handle.penalties()["activity_l2@1"]["1"] > 0


@pytest.mark.parametrize("order", ["rows", "columns", "strided"])
@pytest.mark.parametrize(
    "gradient",
    [
        LinearGradient(sign=0.3, at_zero=0.3),
        LinearGradient(sign=0.3, at_zero=-0.1),
        LinearGradient(sign=0.3),
        LinearGradient(at_zero=0.2),
        LinearGradient(multiple=-0.7),
        LinearGradient(sign=0.3, at_zero=0.1, multiple=2.0),
    ],
    ids=str,
)
def test_the_kernel_adds_what_numpys_adds(gradient, order):
    torch.manual_seed(0)
    rows = 2 * CHUNK // 256 + 1
    w, out = torch.randn(rows, 256), torch.randn(rows, 256)
    w[::7] = 0
    w[1::7] *= -0.0
    if order == "columns":
        w, out = (one.t().contiguous().t() for one in (w, out))
    if order == "strided":
        w, out = w[:, ::2], out[:, ::2]
    wanted = out.clone().numpy()
    add_linear_gradient(w.numpy(), wanted, gradient)
    kernels = TensorKernels()
    kernels.add_linear_gradient(w, out, 0.25 * gradient)
    kernels.add_linear_gradient(w, out, 0.75 * gradient)
    kernels.settle()
    torch.testing.assert_close(out, torch.tensor(wanted))
