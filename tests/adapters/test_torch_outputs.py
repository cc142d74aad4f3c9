"""Penalties of outputs in PyTorch, against autograd of the same penalty in the loss.

Covers: regkit/torch/outputs.py, regkit/torch/objective.py
"""

import copy
import pickle

import pytest
import torch
from torch import nn

import regkit as rk
from regkit.errors import InputError, RegkitWarning
from regkit.torch import regularize

STRENGTH = 0.3


def network(dtype=torch.float64):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3)).to(dtype)


def inputs(rows=8, seed=1):
    return torch.randn(rows, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def loss_of(model, x):
    return model(x).square().mean()


def by_hand(model, x):
    """activity_l2 on the ReLU, Σ½ or not: as its value says, over the rows."""
    penalty = rk.regularizer(f"activity_l2={STRENGTH}@1")
    outputs = model[1](model[0](x))
    scale = penalty.value(torch.ones(1, 1, dtype=torch.float64))
    return loss_of(model, x) + STRENGTH * scale * outputs.square().sum() / len(x)


@pytest.mark.parametrize("gradients", [True, False])
def test_the_gradients_are_those_of_the_penalty_in_the_loss(gradients):
    model, other = network(), network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    theirs = torch.optim.SGD(other.parameters(), lr=0.1)
    handle = regularize(model, optimizer, [f"activity_l2={STRENGTH}@1"], gradients=gradients)
    for _ in range(5):
        optimizer.zero_grad(), theirs.zero_grad()
        loss = loss_of(model, inputs())
        (loss if gradients else loss + handle.penalty()).backward()
        by_hand(other, inputs()).backward()
        optimizer.step(), theirs.step()
    for mine, wanted in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted)


def test_the_value_is_that_of_the_last_batch_in_training():
    model = network()
    handle = regularize(
        model, torch.optim.SGD(model.parameters(), lr=0.1), [f"activity_l2={STRENGTH}@1"]
    )
    assert handle.penalties() == {"activity_l2@1": {}}
    loss_of(model, inputs())
    found = handle.penalties()["activity_l2@1"]["1"]
    wanted = by_hand(model, inputs()) - loss_of(model, inputs())
    assert found == pytest.approx(float(wanted.detach()))
    model.eval()(inputs(seed=2))
    with torch.no_grad():
        model.train()(inputs(seed=2))
    assert handle.penalties()["activity_l2@1"]["1"] == found


def test_schedules_go_by_the_epoch():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l2=1,schedule=ramp:0:4@1"])
    loss_of(model, inputs())
    handle.advance(4)
    whole = float(handle.penalty())
    handle.advance(1)
    assert float(handle.penalty()) == pytest.approx(whole / 4)


def test_outputs_of_more_dimensions_are_flattened_by_sample():
    model = nn.Sequential(nn.Conv1d(2, 3, 3), nn.Flatten(), nn.Linear(15, 2)).double()
    x = torch.randn(4, 2, 7, dtype=torch.float64)
    handle = regularize(model, torch.optim.SGD(model.parameters(), lr=0.1), ["activity_l1=1@0"])
    model(x)
    wanted = float(model[0](x).detach().abs().sum()) / 4
    assert handle.penalties()["activity_l1@0"]["0"] == pytest.approx(wanted)


def test_a_module_with_several_answers_is_seen_by_its_first():
    model = nn.ModuleDict({"lstm": nn.LSTM(4, 3)}).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l1=1@lstm"])
    outputs, _ = model["lstm"](inputs())
    wanted = float(outputs.detach().abs().sum()) / len(outputs)
    assert handle.penalties()["activity_l1@lstm"]["lstm"] == pytest.approx(wanted)


def test_a_pattern_selects_modules_that_hold_no_others():
    model = nn.Sequential(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), nn.Linear(3, 2)).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    by_pattern = regularize(model, optimizer, ["activity_l1=1@*"])
    by_name = regularize(model, optimizer, ["activity_l1=1@0"])
    model(inputs())
    assert list(by_pattern.penalties()["activity_l1@*"]) == ["0.0", "0.1", "1"]
    assert list(by_name.penalties()["activity_l1@0"]) == ["0"]


@pytest.mark.parametrize("gradients", [True, False])
def test_outputs_that_are_changed_in_place_are_seen_as_they_were(gradients):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 6), nn.ReLU(inplace=True)).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l2=1@0"], gradients=gradients)
    loss = loss_of(model, inputs())
    before = nn.functional.linear(inputs(), model[0].weight, model[0].bias)
    penalty = rk.regularizer("activity_l2=1@0").value(before) / 8
    assert handle.penalties()["activity_l2@0"]["0"] == pytest.approx(float(penalty.detach()))
    wanted = torch.autograd.grad(before.relu().square().mean() + penalty, model[0].weight)[0]
    (loss if gradients else loss + handle.penalty()).backward()
    torch.testing.assert_close(model[0].weight.grad, wanted)


def test_micro_batches_warn_that_outputs_count_twice():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["activity_l2=1@1"])
    loss_of(model, inputs()).backward()
    again = loss_of(model, inputs())
    with pytest.warns(RegkitWarning, match="gradients passed module 1 twice before a step"):
        again.backward()
    loss_of(model, inputs()).backward()
    optimizer.step()
    loss_of(model, inputs()).backward()


def test_half_precision_that_a_scaler_scales_is_refused():
    model = network(torch.float32)
    regularize(model, torch.optim.SGD(model.parameters(), lr=0.1), ["activity_l2=1@1"])
    with (
        torch.autocast("cpu", torch.float16),
        pytest.raises(InputError, match="module 1 returns float16"),
    ):
        model(inputs().float())


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_of_the_model_is_not_watched(copied):
    model = network()
    handle = regularize(model, torch.optim.SGD(model.parameters(), lr=0.1), ["activity_l2=1@1"])
    loss_of(model, inputs())
    before = handle.penalties()
    other = copied(model)
    other(2 * inputs())
    assert handle.penalties() == before


def test_an_answer_that_is_no_tensor_is_refused():
    class Pair(nn.Linear):
        def forward(self, x):
            return {"outputs": super().forward(x)}

    model = nn.ModuleDict({"pair": Pair(4, 3)}).double()
    regularize(model, torch.optim.SGD(model.parameters(), lr=0.1), ["activity_l2=1@pair"])
    with pytest.raises(InputError, match="module pair returns dict"):
        model["pair"](inputs())


@pytest.mark.parametrize("fused", [False, True])
def test_a_grad_scaler_is_refused_in_its_first_step(fused):
    """It divides the gradients of these penalties by a scale that they were not multiplied by."""
    model = network(torch.float32)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=fused)
    regularize(model, optimizer, ["activity_l2=1@1"])
    scaler = torch.amp.GradScaler("cpu", init_scale=512.0)
    scaler.scale(loss_of(model, inputs().float())).backward()
    with pytest.raises(InputError, match="divided by the scale of the GradScaler"):
        scaler.step(optimizer)


def test_a_grad_scaler_that_scales_nothing_is_none():
    model, other = network(torch.float32), network(torch.float32)
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    for one in (model, other):
        optimizer = torch.optim.SGD(one.parameters(), lr=0.1)
        regularize(one, optimizer, ["activity_l2=1@1"])
        scaler.scale(loss_of(one, inputs().float())).backward()
        scaler.step(optimizer) if one is model else optimizer.step()
    for mine, wanted in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine, wanted)


def test_under_a_grad_scaler_the_penalty_is_added_to_the_loss():
    model, other = network(torch.float32), network(torch.float32)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l2=0.3@1"], gradients=False)
    scaler = torch.amp.GradScaler("cpu", init_scale=512.0)
    loss = loss_of(model, inputs().float())
    scaler.scale(loss + handle.penalty()).backward()
    scaler.step(optimizer)
    by_hand(other, inputs().float()).backward()
    torch.optim.SGD(other.parameters(), lr=0.1).step()
    for mine, wanted in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted)


def test_a_module_that_runs_twice_before_the_penalty_is_told():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l2=1@1"], gradients=False)
    loss_of(model, inputs())
    handle.penalty()
    loss_of(model, inputs())
    with pytest.warns(RegkitWarning, match="which knows only the last outputs"):
        loss_of(model, inputs())


def test_a_second_derivative_is_refused():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["l2=1"], gradients=False)
    with pytest.raises(InputError, match="differentiated once"):
        (loss_of(model, inputs()) + handle.penalty()).backward(create_graph=True)


def test_a_step_before_which_no_output_was_seen_warns_once():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["activity_l2=1@1"])
    with pytest.warns(RegkitWarning, match="have seen no output in training before this step"):
        optimizer.step()
    optimizer.step()


def test_outputs_of_a_closure_are_seen():
    """The forward pass is part of the step, and nothing is said to be missed."""
    model, other = network(), network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["activity_l2=0.3@1"])

    def closure():
        optimizer.zero_grad()
        loss = loss_of(model, inputs())
        loss.backward()
        return loss

    theirs = torch.optim.SGD(other.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.step(closure)
        theirs.zero_grad()
        by_hand(other, inputs()).backward()
        theirs.step()
    for mine, wanted in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted)


def test_after_a_step_no_graph_is_kept():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["activity_l2=0.3@1"], gradients=False)
    (loss_of(model, inputs()) + handle.penalty()).backward()
    optimizer.step()
    assert not any(rows.requires_grad for rows in handle._outputs.last.values())
    assert handle.penalties()["activity_l2@1"]["1"] > 0
