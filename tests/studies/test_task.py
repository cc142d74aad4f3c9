"""What a worker does with a task."""

import pickle
import threading
from dataclasses import dataclass

import pytest
from threadpoolctl import threadpool_info

from regkit.errors import InputError, PluginError
from regkit.studies.comparisons.cell import Candidate, Cell
from regkit.studies.task import Task, perform, require_own
from regkit.warn import warn


@dataclass(frozen=True)
class Doing(Task):
    what: str

    def perform(self):
        if self.what == "diverge":
            raise PluginError("the loss\nis gone")
        if self.what == "fail":
            raise ZeroDivisionError("no fault of the user's")
        if self.what == "warn":
            for text in ("first", "second", "first"):
                warn(text)
        return [{"threads": blas_threads()}]

    def failed(self, reason):
        return [{"failed": reason}]

    def owns(self, rows):
        return True


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_an_error_of_the_run_becomes_rows():
    outcome = perform(Doing("k", "diverge"))
    assert (outcome.key, outcome.rows) == ("k", [{"failed": "PluginError: the loss is gone"}])
    assert outcome.seconds >= 0
    assert outcome.host


def test_rows_that_are_there_must_be_the_tasks():
    class Strict(Doing):
        def owns(self, rows):
            return rows == self.failed("why")

    require_own(
        [Strict("a", ""), Doing("b", ""), Strict("c", "")], {"b": [], "c": [{"failed": "why"}]}
    )
    with pytest.raises(InputError, match=r"rows of a are damaged: take their lines out of rows"):
        require_own([Strict("a", "")], {"a": [{}]})


def test_other_errors_are_nobodys_rows():
    with pytest.raises(ZeroDivisionError):
        perform(Doing("k", "fail"))


def test_warnings_travel_once_each_in_order():
    assert perform(Doing("k", "warn")).warnings == ("first", "second")


def test_blas_has_one_thread_meanwhile():
    before = blas_threads()
    assert set(perform(Doing("k", "")).rows[0]["threads"]) == {1}
    assert blas_threads() == before
    found = []
    workers = [
        threading.Thread(target=lambda: found.append(perform(Doing("k", "")))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {number for one in found for number in one.rows[0]["threads"]} == {1}
    assert blas_threads() == before


def test_tasks_travel_as_plain_values():
    cell = Cell("k", "a", 0, (Candidate("epochs = 1"),), ("/x.py",), 0.2, "accuracy")
    assert pickle.loads(pickle.dumps(cell)) == cell
