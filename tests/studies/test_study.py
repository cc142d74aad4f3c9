"""What is missing of a study is done, and only that.

Covers: regkit/studies/events.py
"""

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pytest

import regkit as rk
from regkit.studies.events import Begun, Finished, Planned, TrialEnded
from regkit.studies.execution import Given
from regkit.studies.plan import StudyPlan
from regkit.studies.study import carried_out
from regkit.studies.task import Task
from regkit.warn import warn

PLAN = StudyPlan("compare", {}, {})


@dataclass(frozen=True)
class Number(Task):
    number: int

    def perform(self):
        if self.number < 0:
            warn(f"{self.number} is negative")
        return [{"square": self.number**2}]

    def failed(self, reason):
        return [{"failed": reason}]

    def owns(self, rows):
        return True


def tasks(*numbers):
    return [Number(str(number), number) for number in numbers]


@pytest.fixture
def engine():
    with ThreadPoolExecutor(1) as executor:
        yield Given(executor)


@pytest.mark.parametrize("saved", [True, False])
def test_rows_come_in_the_order_of_the_tasks(saved, engine, tmp_path):
    told = []
    out = tmp_path / "study" if saved else None
    with carried_out(PLAN, out=out, engine=engine, watch=told.append) as study:
        assert study.rows(tasks(3, 1, 2)) == [{"square": 9}, {"square": 1}, {"square": 4}]
        study.complete({"found": 1})
    assert told[0] == Planned(3, 0)
    assert [type(event) for event in told[1:]] == [Finished] * 3


def test_what_is_finished_is_not_done_again(engine, tmp_path):
    with carried_out(PLAN, out=tmp_path / "s", engine=engine) as study:
        study.rows(tasks(3, 1))
    told = []
    with carried_out(PLAN, out=tmp_path / "s", engine=engine, watch=told.append) as study:
        rows = study.rows(tasks(1, 2, 3))
        study.complete({})
    assert rows == [{"square": 1}, {"square": 4}, {"square": 9}]
    assert told[0] == Planned(3, 2)
    assert [event.outcome.key for event in told[1:]] == ["2"]
    assert (tmp_path / "s/rows.jsonl").read_text().splitlines()[1] == '{"task": "2", "square": 4}'


TINY = {"data": "sine", "samples": 30, "epochs": 1, "hidden": []}


@pytest.mark.parametrize(
    ("study", "begun"),
    [
        (partial(rk.compare, TINY, {"a": [], "b": ["l2=1"]}, 3), Begun(6)),
        (partial(rk.path, TINY, "l1=1e-3..1", 2, 3, strengths=2), Begun(7)),
        (partial(rk.path, TINY, "l1=auto", 2, strengths=2), Begun(4)),
        (partial(rk.sweep, {**TINY, "lr": "0.1..1"}, trials=3, batch=2), Begun(3, "trial")),
    ],
)
def test_each_kind_of_study_says_first_how_much_it_has_in_all(study, begun):
    told = []
    with ThreadPoolExecutor(1) as executor:
        study(executor=executor, watch=told.append)
    assert told[0] == begun
    ended = Finished if begun.of == "task" else TrialEnded
    assert sum(isinstance(event, ended) for event in told) == begun.total


def test_warnings_of_cells_are_told_once_and_not_without_end(engine):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with carried_out(PLAN, out=None, engine=engine) as study:
            study.rows(tasks(-1))
            study.rows([Number("again", -1)])
        assert [str(one.message) for one in caught] == ["-1 is negative (in a cell of the study)"]
        caught.clear()
        with carried_out(PLAN, out=None, engine=engine) as study:
            study.rows(tasks(*range(-20, 0)))
        assert len(caught) == 6
        assert "further warnings" in str(caught[-1].message)
