import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.studies.measures import checked_metric, higher_is_better, measures


@pytest.mark.parametrize(
    ("data", "names"),
    [("spiral", {"data_loss", "accuracy"}), ("sine", {"data_loss", "r2", "rmse"})],
)
def test_every_metric_of_an_evaluation(data, names):
    made = job(Config(data=data, samples=20))
    found = made.held_out()["validation"]
    by_name = measures(found)
    assert set(by_name) == names
    assert by_name["data_loss"] == found.data_loss
    assert by_name[found.score.name] == found.score.value
    for name in names:
        task = "regression" if data == "sine" else "classification"
        assert checked_metric(name, task) == name


def test_the_default_is_the_score():
    assert checked_metric(None, "classification") == "accuracy"
    assert checked_metric(None, "regression") == "r2"
    assert checked_metric(None, "regression", default="data_loss") == "data_loss"
    assert [higher_is_better(one) for one in ("accuracy", "r2", "data_loss", "rmse")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("metric", "task", "message"),
    [
        ("acc", "classification", "did you mean 'accuracy'"),
        ("rmse", "classification", "not apply to classification: accuracy and data_loss do"),
        ("accuracy", "regression", "not apply to regression: r2, rmse and data_loss do"),
    ],
)
def test_a_metric_that_does_not_apply_is_refused(metric, task, message):
    with pytest.raises(InputError, match=message):
        checked_metric(metric, task)
    assert rk.studies
