"""Schedules that do nothing within a training, or not what they were given for, are told."""

import warnings

import pytest

import regkit as rk


@pytest.fixture(scope="module")
def data():
    return rk.datasets.spiral(samples=20, classes=3)


def warned(data, *regularizers, epochs=20, **settings):
    layers = [rk.Dense(2, 8, init="he"), rk.ReLU(), rk.Dense(8, 3, init="he")]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rk.train(
            model, *data, optimizer=rk.Adam(), regularizers=regularizers, epochs=epochs, **settings
        )
    return [str(one.message) for one in caught]


@pytest.mark.parametrize("schedule", ["from:100", "until:0", "ramp:0:10~from:5~until:3"])
def test_a_strength_that_is_0_throughout_is_told(data, schedule):
    [message] = warned(data, f"l1=1e-3,schedule={schedule}")
    assert message == (
        "the schedule of l1 is 0 in every one of the 20 epochs, so that it does nothing: let it "
        "begin earlier"
    )


def test_a_ramp_that_the_training_cuts_short_is_told_with_its_share(data):
    [message] = warned(data, "l2=1e-3,label=decay,schedule=warmup:95")
    assert message == (
        "the schedule of decay reaches 20% of its final factor by the last epoch, 19: let it grow "
        "faster, or train for more epochs"
    )


@pytest.mark.parametrize(
    "schedule", ["ramp:0:20", "until:5", "cosine:0:40", "ramp:0:100~until:10", "step:5:0.1"]
)
def test_a_schedule_that_does_its_work_is_not_told(data, schedule):
    assert warned(data, f"l1=1e-3,schedule={schedule}") == []


def test_a_learning_rate_that_is_0_throughout_is_told(data):
    [message] = warned(data, lr_schedule="from:100")
    assert message.startswith("lr_schedule 'from:100' is 0 in every one of the 20 epochs")


def test_patience_that_runs_out_in_a_ramp_is_told(data):
    X, y = data
    [message] = warned(
        data,
        "l1=1e-3,schedule=ramp:0:20",
        lr_schedule="until:1",
        validation=(X, y),
        patience=5,
    )
    assert "training stopped at epoch 6, where the schedule of l1 had reached 32%" in message
