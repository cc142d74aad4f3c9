"""What a target asks for."""

import numpy as np
import pytest

from regkit.data import read_table, resolve_task


def table_of(y):
    return read_table(np.zeros((len(y), 1)), y)


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (["a", "b"] * 5, "classification"),
        ([True, False] * 5, "classification"),
        ([1, 2] * 5, "classification"),
        ([1.0, 2.0] * 5, "classification"),
        (list(range(20)) * 2, "classification"),
        (list(range(21)) * 2, "regression"),
        (list(range(10)), "regression"),
        ([0.5, 1.5] * 5, "regression"),
        (np.linspace(0, 1, 10), "regression"),
    ],
)
def test_auto_goes_by_the_values(target, task):
    assert resolve_task(table_of(target)) == task


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_was_said_counts(task):
    assert resolve_task(table_of([1, 2] * 5), task) == task
    assert resolve_task(table_of([0.5, 1.5] * 5), task) == task
