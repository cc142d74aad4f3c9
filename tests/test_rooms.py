"""What a reader of one question must open: how many rooms a step and a spec go through."""

from entered import entered, rooms

import regkit as rk
from regkit.training import Plan, Training


def test_a_step_and_its_record_enter_five_rooms():
    model = rk.Model([rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)], rk.SoftmaxCrossEntropy())
    plan = Plan(
        optimizer=rk.Adam(), regularizers=["l1=1e-3", "elastic_net=1e-3@dense1.weights"], epochs=3
    )
    records = Training(model, *rk.datasets.spiral(20, 3), plan).records()
    next(records)
    with entered() as files:
        next(records)
    assert rooms(files) == {"training", "hooks", "nn", "regularizers", "kernels"}


def test_a_spec_becomes_an_object_in_two_rooms():
    with entered() as files:
        rk.regularizer("elastic_net=0.1,l1_ratio=0.3@dense1")
    assert rooms(files) == {"regularizers", "catalogue"}
