"""Tasks on executors of any kind."""

import gc
import threading
import weakref
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from regkit.errors import InputError
from regkit.studies.execution import KILLED, Engine, Given, run_tasks
from regkit.studies.processes import engine_for
from regkit.studies.task import Task, perform


class Square(Task):
    def __init__(self, key):
        object.__setattr__(self, "key", key)

    def perform(self):
        return [{"square": int(self.key) ** 2}]

    def failed(self, reason):
        return [{"failed": reason}]

    def owns(self, rows):
        return True


class Fails(Square):
    def perform(self):
        raise ZeroDivisionError("no fault of the user's")


def squares(count):
    return [Square(str(number)) for number in range(count)]


def outcomes(tasks, engine):
    found = {}

    def done(outcome):
        assert outcome.key not in found
        found[outcome.key] = outcome.rows

    run_tasks(tasks, engine, done)
    return found


def test_each_outcome_is_handed_over_once_in_the_callers_thread():
    me = threading.get_ident()
    seen = []
    with ThreadPoolExecutor(4) as executor:
        run_tasks(squares(50), Given(executor), lambda one: seen.append(threading.get_ident()))
        assert executor.submit(int).result() == 0  # It is left running.
    assert seen == [me] * 50


def test_rows_are_those_of_the_tasks():
    with ThreadPoolExecutor(3) as executor:
        found = outcomes(squares(20), engine_for(executor, None))
    assert found == {str(number): [{"square": number**2}] for number in range(20)}


def test_outcomes_are_not_kept():
    kept = []
    with ThreadPoolExecutor(2) as executor:

        def done(outcome):
            kept.append(weakref.ref(outcome))

        run_tasks(squares(100), Given(executor), done)
    gc.collect()
    assert not any(one() for one in kept)


def test_what_is_nobodys_fault_ends_the_study_and_pending_tasks_are_cancelled():
    with ThreadPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError):
        run_tasks([Fails("0"), *squares(20)], Given(executor), lambda outcome: None)


class Breaking:
    """An executor whose pool is broken from the third task on."""

    def __init__(self):
        self.submitted = 0

    def submit(self, call, task):
        self.submitted += 1
        future = Future()
        if self.submitted < 3:
            future.set_result(call(task))
        else:
            future.set_exception(BrokenProcessPool("a process ended"))
        return future


def test_a_broken_executor_of_the_users_own_is_one_line():
    found = []
    with pytest.raises(InputError, match="a worker of the given executor ended") as caught:
        run_tasks(squares(5), Given(Breaking()), found.append)
    assert len(found) == 2
    assert "\n" not in str(caught.value)


class Scripted(Engine):
    """An engine whose submissions end as listed: refused, broken or done; all others are done."""

    def __init__(self, *ends):
        self.ends = list(ends)

    def submit(self, task):
        end = self.ends.pop(0) if self.ends else "done"
        if end == "refused":
            raise BrokenExecutor
        future = Future()
        if end == "broken":
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(perform(task))
        return future

    def restart(self):
        return True


@pytest.mark.parametrize(
    "ends",
    [
        ["refused"],
        ["refused", "refused", "done", "refused"],
        ["broken", "refused"],
        ["broken", "broken", "refused"],
        ["broken", "done", "refused", "broken", "refused"],
        ["broken", "refused", "done", "broken"],
    ],
)
def test_an_executor_that_broke_while_it_was_idle_costs_no_task(ends):
    assert outcomes(squares(3), Scripted(*ends)) == outcomes(squares(3), Scripted())


def test_a_task_that_breaks_the_executor_each_time_is_given_up():
    # Beside others once, and alone twice; what an idle executor refuses does not count.
    found = outcomes(squares(1), Scripted("broken", "refused", "broken", "refused", "broken"))
    assert found == {"0": [{"failed": KILLED}]}
