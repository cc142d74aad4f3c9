"""The number by which predictions are judged: one value under one of two names."""

import pytest

from regkit.nn.score import Evaluation, Score


@pytest.mark.parametrize(("name", "shown"), [("accuracy", "accuracy 0.667"), ("r2", "R² 0.667")])
def test_a_score_is_shown_by_its_title_and_kept_by_its_name(name, shown):
    score = Score(name, 2 / 3)
    assert str(score) == shown
    assert score.title == shown.rpartition(" ")[0]
    assert score.as_dict() == {name: 2 / 3}


def test_a_value_is_given_only_under_its_own_name():
    assert Score("r2", -0.5).value_of("r2") == -0.5
    assert Score("r2", -0.5).value_of("accuracy") is None


def test_an_evaluation_has_an_accuracy_or_an_r2_even_where_it_is_0():
    classified = Evaluation(0.7, Score("accuracy", 0.0))
    assert (classified.accuracy, classified.r2) == (0.0, None)
    fitted = Evaluation(0.7, Score("r2", 0.0))
    assert (fitted.accuracy, fitted.r2) == (None, 0.0)
    assert classified != fitted
