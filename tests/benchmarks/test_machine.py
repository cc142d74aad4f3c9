"""What else runs on the machine is told."""

import subprocess
import sys
import time

from benchmarks.machine import OtherProcesses, vector_bits


def test_what_this_process_and_its_children_do_is_not_others_work():
    others = OtherProcesses()
    subprocess.run([sys.executable, "-c", "sum(range(10**7))"], check=True)
    assert 0 <= others.share() <= 1


def test_another_process_is_seen():
    # A child counts as another process until it has ended.
    others = OtherProcesses()
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(1.5)
        assert others.share() > 0.1
    finally:
        child.kill()
        child.wait()


def test_the_width_of_vectors_is_one_there_is():
    assert vector_bits() in (128, 256, 512)


def test_a_system_that_does_not_tell_is_no_quiet_one(monkeypatch):
    others = OtherProcesses()
    monkeypatch.setattr("benchmarks.machine._busy", lambda: None)
    assert others.share() is None
