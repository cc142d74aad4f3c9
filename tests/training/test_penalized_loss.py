"""A loss with its penalties: sums are made of the parts, by regularizer and by layer."""

import pytest

from regkit.nn.score import Score
from regkit.training import PenalizedLoss


def loss(layers, *, data_loss=0.5, score=("accuracy", 0.75)):
    return PenalizedLoss(data_loss=data_loss, score=Score(*score), layers=layers)


def test_a_regularizers_penalty_is_the_sum_over_its_layers():
    found = loss({"l1": {"dense1": 0.25, "dense2": 0.5}, "l2@dense2": {"dense2": 1.0}})
    assert found.penalties == {"l1": 0.75, "l2@dense2": 1.0}
    assert list(found.penalties) == ["l1", "l2@dense2"]
    assert found.penalty == 1.75
    assert found.loss == 2.25


def test_without_regularizers_the_loss_is_the_data_loss():
    found = loss({})
    assert (found.penalties, found.penalty, found.loss) == ({}, 0.0, 0.5)


def test_a_regularizer_that_answers_for_no_layer_costs_nothing():
    assert loss({"l1": {}}).penalties == {"l1": 0.0}


def test_what_the_parts_lose_in_an_ordinary_sum_is_kept():
    tenths = {f"dense{n}": 0.1 for n in range(10)}
    assert sum(tenths.values()) != 1.0
    assert loss({"l1": tenths}).penalties == {"l1": 1.0}
    assert loss({name: {name: 0.1} for name in tenths}).penalty == 1.0
    assert loss({"l1": {"dense1": 1e100, "dense2": 1.0, "dense3": -1e100}}).penalty == 1.0


@pytest.mark.parametrize(
    ("score", "accuracy", "r2"), [(("accuracy", 0.0), 0.0, None), (("r2", 0.0), None, 0.0)]
)
def test_the_score_is_given_under_its_own_name(score, accuracy, r2):
    found = loss({}, score=score)
    assert (found.accuracy, found.r2) == (accuracy, r2)
