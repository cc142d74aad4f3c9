"""A real scheduler on loopback, with a worker under a nanny and one without.

Covers: regkit/studies/cluster.py
"""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from small_tasks import EndsAWorkerOnce, EndsItsWorker, Faulty, Refused, Small, Stays, Threads

from regkit.errors import InputError
from regkit.studies.cluster import WAIT_S as WAIT_OF_THE_COMMAND
from regkit.studies.cluster import dask_cluster
from regkit.studies.execution import KILLED, run_tasks
from regkit.studies.processes import engine_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dask")]

TESTS = Path(__file__).parents[1]
WAIT_S = 60


class Cluster:
    """Processes of `dask scheduler` and `dask worker`."""

    def __init__(self, folder):
        self._stack = ExitStack()
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port))

    def worker(self, *options):
        return self._start("worker", self.address, "--nthreads", "1", *options)

    def _start(self, part, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", part, "--no-dashboard", *arguments],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(TESTS), "OPENBLAS_NUM_THREADS": "2"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()


@pytest.fixture
def started(tmp_path):
    with Cluster(tmp_path) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers for tests that leave them alive."""
    with Cluster(tmp_path_factory.mktemp("dask")) as cluster:
        cluster.worker()
        cluster.worker("--no-nanny")
        with client_of(cluster, workers=2):
            pass
        yield cluster


@contextmanager
def client_of(cluster, workers):
    import distributed

    with distributed.Client(cluster.address, timeout=WAIT_S, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=WAIT_S)
        yield client


def outcomes(engine, tasks, also=lambda outcome: None):
    """Rows by key, each task's once."""
    rows = {}

    def done(outcome):
        assert outcome.key not in rows
        rows[outcome.key] = outcome.rows
        also(outcome)

    run_tasks(tasks, engine, done)
    return dict(sorted(rows.items()))


def small(number):
    return [Small(f"{one:03d}") for one in range(number)]


def test_tasks_are_performed_and_refusals_are_rows(cluster):
    with dask_cluster(cluster.address, WAIT_S) as engine:
        found = outcomes(engine, [*small(50), Refused("refused")])
    assert found.pop("refused") == [{"key": "refused", "failed": "InputError: no such thing"}]
    assert found == {task.key: [{"key": task.key}] for task in small(50)}


def test_a_fault_of_a_task_is_raised(cluster):
    with dask_cluster(cluster.address, WAIT_S) as engine, pytest.raises(ZeroDivisionError):
        outcomes(engine, [Faulty("faulty")])


def test_blas_has_one_thread_with_and_without_a_nanny(cluster):
    with client_of(cluster, 2) as client:
        from regkit.studies.task import perform

        nannies = [one["nanny"] for one in client.scheduler_info()["workers"].values()]
        assert sorted(nanny is None for nanny in nannies) == [False, True]
        for worker in client.scheduler_info()["workers"]:
            (row,) = client.submit(perform, Threads("t"), workers=worker, pure=False).result().rows
            assert row["threads"]
            assert set(row["threads"]) == {1}


@pytest.mark.parametrize("given", [False, True], ids=["address", "executor"])
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(started, given):
    lost = started.worker("--no-nanny")
    started.worker()
    tasks = small(200)
    with client_of(started, 2) as client:
        executor = client.get_executor()
        with engine_for(executor, None) if given else dask_cluster(started.address) as engine:
            found = outcomes(engine, tasks, also=lambda _: lost.kill())
    assert lost.wait() < 0
    assert found == {task.key: [{"key": task.key}] for task in tasks}


@pytest.mark.parametrize("given", [False, True], ids=["address", "executor"])
def test_a_task_that_kills_its_worker_is_a_row_and_its_neighbours_are_performed(
    started, given, tmp_path
):
    started.worker()
    started.worker("--no-nanny")
    once = EndsAWorkerOnce("once", str(tmp_path / "marker"))
    tasks = [*small(5), EndsItsWorker("ends"), once, *small(10)[5:]]
    with client_of(started, 2) as client:
        executor = client.get_executor()
        with engine_for(executor, None) if given else dask_cluster(started.address) as engine:
            found = outcomes(engine, tasks)
    assert found.pop("ends") == [{"key": "ends", "failed": KILLED}]
    assert found == {key: [{"key": key}] for key in found}
    assert len(found) == len(tasks) - 1


def test_losing_all_workers_is_an_error(started):
    worker = started.worker("--no-nanny")
    with client_of(started, 1):
        pass
    with dask_cluster(started.address, WAIT_S) as engine:
        engine.patience = engine._wait_s = 1.0
        with pytest.raises(InputError, match="had no worker within 1 s"):
            outcomes(engine, [EndsItsWorker("ends")])
    assert worker.wait() < 0


def test_losing_the_scheduler_is_an_error(started, tmp_path, capfd):
    worker = started.worker("--no-nanny")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with client_of(started, 1):
        pass
    with dask_cluster(started.address, WAIT_S) as engine:
        killer = subprocess.Popen(
            ["sh", "-c", f"read pid <{fifo} && kill -9 {started.scheduler.pid}"]
        )
        with pytest.raises(
            InputError, match=r"the Dask scheduler at tcp://.* ended the connection"
        ):
            outcomes(engine, [Stays("stays", str(fifo))])
    assert killer.wait() == 0
    worker.kill()
    assert capfd.readouterr() == ("", "")


def test_a_worker_without_the_task_s_module_is_an_error(cluster, tmp_path, monkeypatch):
    (tmp_path / "absent_elsewhere.py").write_text(
        "import small_tasks\n\nclass Task(small_tasks.Small):\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import absent_elsewhere

    with (
        dask_cluster(cluster.address, WAIT_S) as engine,
        pytest.raises(InputError, match=r"a worker of .* has no module 'absent_elsewhere'"),
    ):
        outcomes(engine, [absent_elsewhere.Task("absent")])


def refusal(address, wait_s=0.5):
    with pytest.raises(InputError) as caught:
        dask_cluster(address, wait_s)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "address", ["", " ", "host", "tcp://", "tcp://host", "host:port", "://h:1", "strange://h:1"]
)
def test_what_is_no_address_is_refused(address):
    assert "is no address of a Dask scheduler" in refusal(address)


def test_an_address_where_nothing_listens_is_refused(capfd):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert f"no Dask scheduler answered at tcp://127.0.0.1:{port} within 0.5 s" in refusal(
        f"tcp://127.0.0.1:{port}"
    )
    assert capfd.readouterr() == ("", "")


def test_an_address_where_something_listens_and_says_nothing_is_refused(capfd):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        assert f"no Dask scheduler answered at {address} within 0.5 s" in refusal(address)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\1" + b"\0" * 7 + b"\xff" * 8]
)
def test_an_address_of_something_else_is_refused(answer, capfd):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert "no Dask scheduler answered" in refusal(f"127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert capfd.readouterr() == ("", "")


def test_the_address_of_a_worker_is_refused(cluster):
    with client_of(cluster, 2) as client:
        worker = next(iter(client.scheduler_info()["workers"]))
    assert "no Dask scheduler answered" in refusal(worker, 2.0)


def test_a_cluster_is_reached_from_a_running_event_loop(cluster):
    async def notebook():
        with dask_cluster(cluster.address, WAIT_S) as engine:
            return outcomes(engine, small(3))

    assert len(asyncio.run(notebook())) == 3


def test_a_scheduler_without_workers_is_refused(started):
    import distributed

    with distributed.Client(started.address, timeout=WAIT_S, set_as_default=False):
        assert "had no worker within 2 s" in refusal(started.address, 2.0)


def test_without_distributed_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'regkit-nn[cluster]'" in refusal("tcp://127.0.0.1:8786")


def test_the_command_gives_the_same_rows_on_the_cluster_as_on_processes(cluster, regkit, workplace):
    options = ["--samples", 20, "--epochs", 3, "--arm", "none", "--arm", "l2=1e-3", "--seeds", 3]
    for name, where in {"dask": ["--dask", cluster.address], "local": ["--workers", 2]}.items():
        ended = regkit("compare", *options, *where, "--out", name)
        assert ended.code == 0, ended.err
    for file in ("rows.jsonl", "result.json"):
        assert (workplace / "dask" / file).read_bytes() == (workplace / "local" / file).read_bytes()


def test_the_command_says_in_one_line_that_nothing_answers(regkit):
    assert WAIT_OF_THE_COMMAND == 30
    ended = regkit("compare", "--samples", 5, "--reg", "l2=1e-3", "--dask", "127.0.0.1:x")
    assert ended.code == 2
    assert "is no address of a Dask scheduler" in ended.error
