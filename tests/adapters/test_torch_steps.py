"""What PyTorch's training scripts do around a step, and what the penalties make of it.

Covers: regkit/torch/handle.py, regkit/torch/copies.py, regkit/torch/metrics.py
"""

import copy
import pickle

import pytest
import torch
from adapters.torch_twins import data, train_theirs
from torch import nn

import regkit as rk
from regkit.errors import RegkitWarning
from regkit.torch import regularize

L1 = 0.01


def network(dtype=torch.float64):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3)).to(dtype)


def batch(dtype=torch.float64):
    X, y = (torch.tensor(one) for one in data())
    return X.to(dtype), y


def loss_of(model):
    X, y = batch(next(model.parameters()).dtype)
    return nn.functional.cross_entropy(model(X), y)


def penalty_by_hand(model):
    """L1 and L2 on all weights, as autograd sees them."""
    weights = [one for name, one in model.named_parameters() if name.endswith("weight")]
    return sum(L1 * w.abs().sum() + 2 * L1 * w.square().sum() for w in weights)


SPECS = [f"l1={L1}", f"l2={2 * L1}"]


def assert_equal(model, other, **tolerance):
    for mine, theirs in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, **tolerance)


def by_hand(make_optimizer, steps=5, **settings):
    """A model trained with the penalties in its loss."""
    model = network(**settings)
    optimizer = make_optimizer(model.parameters())
    for _ in range(steps):
        optimizer.zero_grad()
        (loss_of(model) + penalty_by_hand(model)).backward()
        optimizer.step()
    return model


def regularized(make_optimizer, steps=5, **settings):
    model = network(**settings)
    optimizer = make_optimizer(model.parameters())
    regularize(model, optimizer, SPECS)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()
    return model


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "fused sgd": lambda p: torch.optim.SGD(p, lr=0.1, fused=True),
    "foreach": lambda p: torch.optim.Adam(p, lr=0.01, foreach=True),
    "fused adam": lambda p: torch.optim.Adam(p, lr=0.01, fused=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
    "tensor": lambda p: torch.optim.Adam(p, lr=torch.tensor(0.01)),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.01),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=1.0),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_are_those_of_a_penalty_in_the_loss(name):
    assert_equal(regularized(OPTIMIZERS[name]), by_hand(OPTIMIZERS[name]))


def test_micro_batches_get_the_gradients_once():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, SPECS)
    for _ in range(5):
        optimizer.zero_grad()
        for _ in range(4):
            (loss_of(model) / 4).backward()
        optimizer.step()
    assert_equal(model, by_hand(OPTIMIZERS["sgd"]))


def test_a_closure_is_evaluated_with_the_penalties():
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    regularize(model, optimizer, SPECS)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        return loss

    for step in range(5):
        found = optimizer.step(closure) if step % 2 else optimizer.step(closure=closure)
        assert float(found.detach()) > 0
    assert_equal(model, by_hand(lambda p: torch.optim.Adam(p, lr=0.01)))


def test_where_gradients_are_ascended_the_penalty_is_still_descended():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, maximize=True)
    regularize(model, optimizer, SPECS)
    for _ in range(5):
        optimizer.zero_grad()
        (-loss_of(model)).backward()
        optimizer.step()
    assert_equal(model, by_hand(OPTIMIZERS["sgd"]))


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("spec", [f"l1={L1}", f"l1={L1},mode=prox", f"l1={L1},mode=decoupled"])
def test_a_grad_scaler_is_undone_and_its_skipped_steps_skip_the_penalty(fused, spec):
    """Against the same steps without a scaler, with those left out that it skips."""
    X, y = batch(torch.float32)

    def trained(scaler, poisoned):
        model = network(torch.float32)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=fused)
        regularize(model, optimizer, [spec])
        for step in range(6):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), y)
            if scaler is None:
                if step not in poisoned:
                    loss.backward()
                    optimizer.step()
                continue
            scaler.scale(loss).backward()
            if step in poisoned:
                model[0].weight.grad[0, 0] = torch.inf
            scaler.step(optimizer)
            scaler.update()
        return model

    scaled = trained(torch.amp.GradScaler("cpu", init_scale=2.0**10), {2, 4})
    assert_equal(scaled, trained(None, {2, 4}), rtol=1e-5, atol=1e-6)
    assert all(one.isfinite().all() for one in scaled.parameters())


def test_what_has_no_gradient_gets_one_from_a_penalty_alone():
    model = nn.ModuleDict({"used": nn.Linear(4, 3), "unused": nn.Linear(4, 3)}).double()
    start = model["unused"].weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, [rk.L2(1.0, on="unused.weight")])
    model["used"](batch()[0]).sum().backward()
    optimizer.step()
    torch.testing.assert_close(model["unused"].weight.detach(), 0.8 * start)
    assert model["unused"].bias.grad is None


def test_what_the_optimizer_does_not_move_takes_no_proximal_point():
    model = nn.ModuleDict({"used": nn.Linear(4, 3), "unused": nn.Linear(4, 3)}).double()
    start = model["unused"].weight.detach().clone()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["l1=1e4,mode=prox"])
    model["used"](batch()[0]).sum().backward()
    optimizer.step()
    assert torch.equal(model["unused"].weight.detach(), start)
    assert not model["used"].weight.any()


def test_frozen_parameters_are_left_alone_and_unfrozen_ones_are_found():
    model = network()
    model[0].requires_grad_(False)
    start = model[0].weight.clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["l2=0.1"])
    assert list(handle.penalties()["l2"]) == ["2"]
    train_theirs(model, optimizer, 2)
    assert torch.equal(model[0].weight, start)
    model[0].requires_grad_(True)
    assert list(handle.penalties()["l2"]) == ["0", "2"]
    model[2].requires_grad_(False)
    train_theirs(model, optimizer, 2)
    assert list(handle.penalties()["l2"]) == ["0"]


def test_parameters_added_later_are_penalized():
    model = network()
    optimizer = torch.optim.SGD(model[:2].parameters(), lr=0.1)
    handle = regularize(model, optimizer, SPECS)
    assert list(handle.penalties()["l1"]) == ["0"]
    optimizer.add_param_group({"params": list(model[2].parameters())})
    for _ in range(5):
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()
    assert list(handle.penalties()["l1"]) == ["0", "2"]
    assert_equal(model, by_hand(OPTIMIZERS["sgd"]))


def test_parameters_that_move_to_another_dtype_are_still_found():
    model = network(torch.float32)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, SPECS)
    model.double()
    other = network(torch.float32).double()
    theirs = torch.optim.SGD(other.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad(), theirs.zero_grad()
        loss_of(model).backward()
        (loss_of(other) + penalty_by_hand(other)).backward()
        optimizer.step(), theirs.step()
    assert_equal(model, other)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_of_the_optimizer_says_that_it_has_no_penalties(copied):
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    handle = regularize(model, optimizer, SPECS)
    with pytest.warns(RegkitWarning, match="this Adam has penalties that a copy of it will not"):
        other = copied(optimizer)
    copied(other)  # A copy of the copy has nothing to tell.
    second = regularize(model, optimizer, ["l2=1"])
    handle.remove()
    handle.remove()
    with pytest.warns(RegkitWarning, match="this Adam has penalties"):
        copied(optimizer)
    second.remove()
    copied(optimizer)


def test_the_state_of_an_optimizer_is_saved_in_silence():
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    regularize(model, optimizer, SPECS)
    train_theirs(model, optimizer, 1)
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))


def test_removed_penalties_are_gone():
    model, other = network(), network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    handle = regularize(model, optimizer, [*SPECS, "activity_l2=0.1@1"])
    handle.remove()
    train_theirs(model, optimizer, 3)
    train_theirs(other, torch.optim.Adam(other.parameters(), lr=0.01), 3)
    assert_equal(model, other, rtol=0, atol=0)


def test_a_learning_rate_schedule_of_pytorch_moves_decoupled_parts_and_points():
    """Decoupled L2 is AdamW's weight decay at every learning rate."""
    model, other = network(), network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    theirs = torch.optim.AdamW(other.parameters(), lr=0.02, weight_decay=0.2)
    regularize(model, optimizer, [rk.L2(0.1, on="*", mode="decoupled")])
    schedules = [torch.optim.lr_scheduler.ExponentialLR(one, 0.8) for one in (optimizer, theirs)]
    train_theirs(model, optimizer, 20, lambda step: schedules[0].step() if step else None)
    train_theirs(other, theirs, 20, lambda step: schedules[1].step() if step else None)
    assert_equal(model, other, rtol=0, atol=1e-12)


def test_groups_of_parameters_take_their_own_learning_rates():
    model = network()
    start = [one.detach().clone() for one in (model[0].weight, model[2].weight)]
    groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters()}]
    optimizer = torch.optim.SGD(groups, lr=0.01)
    regularize(model, optimizer, ["l1=1,mode=prox"])
    for one in model.parameters():
        one.grad = torch.zeros_like(one)
    optimizer.step()
    for linear, before, lr in zip((model[0], model[2]), start, (0.1, 0.01), strict=True):
        shrunk = before.sign() * (before.abs() - lr).clamp(min=0)
        torch.testing.assert_close(linear.weight.detach(), shrunk)


def test_a_constraint_holds_before_the_first_step_and_after_each():
    model = network()
    optimizer = torch.optim.NAdam(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["max_norm,radius=0.3"])
    for _ in range(3):
        norms = [float(model[n].weight.detach().norm(dim=1).max()) for n in (0, 2)]
        assert max(norms) <= 0.3 * (1 + 1e-9)
        assert handle.penalties() == {"max_norm": {"0": 0.0, "2": 0.0}}
        train_theirs(model, optimizer, 1)


def test_the_whole_is_told_by_label_and_module():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, [rk.L1(2.0, on="0"), rk.L2(1.0, on="*.weight")])
    with torch.no_grad():
        l1 = 2 * float(model[0].weight.abs().sum() + model[0].bias.abs().sum())
        l2 = {path: float(model[int(path)].weight.square().sum()) for path in ("0", "2")}
    assert handle.penalties() == {
        "l1@0": {"0": pytest.approx(l1)},
        "l2@*.weight": pytest.approx(l2),
    }
    total = handle.penalty()
    assert float(total) == pytest.approx(l1 + sum(l2.values()))
    assert total.shape == ()
    assert not total.requires_grad
    with torch.no_grad():
        model[0].weight[:3] = 0
    assert handle.zeros() == {"0": 0.5, "2": 0.0}


def test_a_penalty_that_others_add_to_their_loss_is_differentiable():
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    handle = regularize(model, optimizer, SPECS, gradients=False)
    for _ in range(5):
        optimizer.zero_grad()
        (loss_of(model) + handle.penalty()).backward()
        optimizer.step()
    assert_equal(model, by_hand(lambda p: torch.optim.Adam(p, lr=0.01)))


def test_without_gradients_the_other_modes_still_act():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["l1=5,mode=prox"], gradients=False)
    train_theirs(model, optimizer, 5)
    assert not model[0].weight.any()


def test_schedules_go_by_advance_and_warn_without_it():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["l2=1,schedule=ramp:0:4"])
    with pytest.warns(RegkitWarning, match=r"handle\.advance\(epoch\) was never called"):
        train_theirs(model, optimizer, 1)
    train_theirs(model, optimizer, 1)
    assert float(handle.penalty()) == 0
    handle.advance(2)
    whole = sum(float(one.weight.detach().square().sum()) for one in (model[0], model[2]))
    assert float(handle.penalty()) == pytest.approx(whole / 2)


def test_the_state_continues_a_schedule():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["l2=1,schedule=ramp:0:4"])
    handle.advance(3)
    state = pickle.loads(pickle.dumps(handle.state_dict()))
    handle.remove()
    other = regularize(model, optimizer, ["l2=1,schedule=ramp:0:4"])
    other.load_state_dict(state)
    assert other.penalties() == handle.penalties()
    train_theirs(model, optimizer, 1)  # It needs no advance, and does not warn.


def test_two_optimizers_of_one_model_keep_to_their_own_parameters():
    model = network()
    optimizers = [torch.optim.SGD(model[n].parameters(), lr=0.1) for n in (0, 2)]
    for one in optimizers:
        regularize(model, one, SPECS)
    for _ in range(5):
        model.zero_grad()
        loss_of(model).backward()
        for one in optimizers:
            one.step()
    assert_equal(model, by_hand(OPTIMIZERS["sgd"]))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize(
    "spec", ["l1=0.1", "l1=0.1,mode=prox", "group_lasso=0.1,mode=prox", "max_norm,radius=0.5"]
)
def test_half_precision_stays_half(dtype, spec):
    model = network(torch.float32).to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, [spec])
    loss_of(model).backward()
    optimizer.step()
    assert model[0].weight.dtype is dtype
    assert all(one.isfinite().all() for one in model.parameters())
    assert handle.penalties()
