"""Processes on this machine."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor

import pytest
from studies.killing_tasks import Blocked, jobs

from regkit.errors import InputError
from regkit.studies.execution import KILLED, run_tasks
from regkit.studies.processes import ONE_THREAD, Processes, engine_for, usable_cpus


def rows_of(numbers, workers):
    found = {}
    with Processes(workers) as engine:
        run_tasks(jobs(*numbers), engine, lambda one: found.update({one.key: one.rows}))
    return found


def expected(numbers):
    return {
        str(number): [{"failed": KILLED}] if number < 0 else [{"square": number**2, "threads": "1"}]
        for number in numbers
    }


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_ends_its_worker_becomes_a_row_and_the_others_go_on(workers):
    numbers = [1, 2, -1, 3, 4, -2, 5, 6]
    assert rows_of(numbers, workers) == expected(numbers)


@pytest.mark.slow
def test_workers_have_one_blas_thread():
    assert rows_of([1, 2, 3], 2) == expected([1, 2, 3])
    assert set(ONE_THREAD.values()) == {"1"}


@pytest.mark.slow
def test_workers_are_deaf_to_ctrl_c_from_their_start_and_the_caller_is_not():
    rows = []
    with Processes(1) as engine:
        run_tasks([Blocked("0", 0)], engine, lambda one: rows.extend(one.rows))
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert rows == [{"blocked": True, "ignored": True}]


def test_what_is_no_executor_is_refused():
    with pytest.raises(InputError, match=r"must be a concurrent\.futures\.Executor, .*got object"):
        engine_for(object(), None)


def test_the_number_of_workers_is_checked():
    assert 1 <= usable_cpus() <= (os.cpu_count() or 1)
    for wrong in (0, -1, 1.5, "many"):
        with pytest.raises(InputError, match="workers must be an integer at least 1"):
            Processes(wrong)
    with pytest.raises(InputError, match="leave workers out"):
        engine_for(Executor(), 2)


SCRIPT = """
import sys, time
sys.path.insert(0, {folder!r})
import regkit as rk
# No `if __name__ == "__main__"`: workers do not import this file again.
settings = dict(data="spiral", samples=20, epochs=20, hidden=[4])
print(rk.compare(settings, {{"none": [], "l2": ["l2=1e-3"]}}, 2, workers=2).metric, flush=True)
"""


@pytest.mark.slow
def test_a_script_needs_no_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(folder=str(tmp_path)))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "accuracy\n"


def children(pid):
    done = subprocess.run(
        ["ps", "-o", "pid=,ppid=", "-e"], capture_output=True, text=True, check=True
    )
    pairs = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    return [one for one, parent in pairs if parent == pid]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_no_worker_outlives_a_killed_study():
    command = [sys.executable, "-m", "regkit", "compare", "--epochs", "200000", "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(workers := children(process.pid)) < 3 and time.monotonic() < until:
        pass  # Two workers, and what tracks their resources.
    assert len(workers) >= 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    while any(map(alive, workers)) and time.monotonic() < until:
        pass
    assert not any(map(alive, workers))
