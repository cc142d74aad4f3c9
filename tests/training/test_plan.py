"""A plan checks itself, and stays as it is."""

from dataclasses import FrozenInstanceError

import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.training import Plan


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        (
            {"optimizer": "adam"},
            r"optimizer must be an optimizer such as Adam\(0\.05\), got 'adam'",
        ),
        ({"regularizers": "l2=1"}, r"regularizers must be a list, such as \['l2=1'\]"),
        ({"epochs": -1}, "epochs must be an integer at least 0, got -1"),
        ({"epochs": 2.5}, "epochs must be an integer at least 0"),
        ({"batch_size": 0}, "batch_size must be an integer at least 1, got 0"),
        ({"log_every": 0}, "log_every must be an integer at least 1, got 0"),
        ({"seed": -1}, "seed must be an integer from 0"),
        ({"threads": "all"}, "threads must be a positive integer or 'auto', got 'all'"),
        ({"kernels": "cuda"}, "kernels must be 'auto', 'numpy' or 'compiled', got 'cuda'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(setting, complaint):
    with pytest.raises(InputError, match=complaint):
        Plan(**{"optimizer": rk.SGD(), "epochs": 1} | setting)


def test_it_is_frozen_and_keeps_a_list_of_its_own():
    given = ["l1=1"]
    plan = Plan(optimizer=rk.SGD(), epochs=1, regularizers=(one for one in given))
    assert plan.regularizers == ("l1=1",)
    with pytest.raises(FrozenInstanceError):
        plan.epochs = 2


@pytest.mark.parametrize(
    ("epochs", "log_every", "due"), [(7, 3, [0, 3, 6]), (8, 3, [0, 3, 6, 7]), (1, 5, [0])]
)
def test_epochs_are_due_from_0_on_and_the_last(epochs, log_every, due):
    plan = Plan(optimizer=rk.SGD(), epochs=epochs, log_every=log_every)
    assert [epoch for epoch in range(epochs) if plan.is_due(epoch)] == due


@pytest.mark.parametrize(
    ("batch_size", "entries"),
    [
        (None, 10 * (100 * (16 + 3) + 99)),
        (40, 10 * (100 * (16 + 3) + 3 * 99)),
        (100, 10 * (100 * (16 + 3) + 99)),
    ],
)
def test_the_entries_that_a_job_sweeps_over_are_activations_and_parameters(batch_size, entries):
    model = rk.Model([rk.Dense(2, 16), rk.ReLU(), rk.Dense(16, 3)], rk.SoftmaxCrossEntropy())
    assert model.parameters.size == 99
    plan = Plan(optimizer=rk.SGD(), epochs=10, batch_size=batch_size)
    assert plan.entries(model, 100) == entries


def test_a_run_leaves_nothing_on_its_optimizer_but_moments_and_count():
    optimizer = rk.Adam(0.05)
    names = set(vars(optimizer))
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 2)], rk.SoftmaxCrossEntropy())
    X, y = rk.datasets.spiral(samples=5, classes=2)
    rk.train(model, X, y, optimizer=optimizer, epochs=3, kernels="compiled")
    assert set(vars(optimizer)) == names
    assert optimizer.iterations == 3
    rk.train(model, X, y, optimizer=optimizer, epochs=3, kernels="numpy")
    assert optimizer.iterations == 6


def test_train_takes_what_steps_takes():
    import inspect

    steps, train = map(inspect.signature, (rk.training.steps, rk.train))
    further = set(train.parameters) - set(steps.parameters)
    assert further == {"progress", "out"}
    taken = [one for name, one in train.parameters.items() if name not in further]
    assert taken == list(steps.parameters.values())
