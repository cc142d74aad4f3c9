"""Schedules: their forms against the formulas, and what is refused."""

import math

import pytest

from regkit.errors import InputError
from regkit.regularizers.schedule import Schedule

FACTORS = {
    "from:3": [0, 0, 0, 1, 1, 1, 1, 1],
    "until:3": [1, 1, 1, 0, 0, 0, 0, 0],
    "ramp:2:6": [0, 0, 0, 0.25, 0.5, 0.75, 1, 1],
    "warmup:4": [0, 0.25, 0.5, 0.75, 1, 1, 1, 1],
    "cosine:2:6": [1, 1, 1, 0.8535533905932737, 0.5, 0.14644660940672627, 0, 0],
    "step:3:0.1": [1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1],
    "step:2:0.5~step:4:0.5": [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25],
    "warmup:2~until:5": [0, 0.5, 1, 1, 1, 0, 0, 0],
}


@pytest.mark.parametrize("text", FACTORS)
def test_factors_by_epoch(text):
    schedule = Schedule(text)
    assert [schedule(epoch) for epoch in range(8)] == pytest.approx(FACTORS[text], abs=1e-15)
    assert str(schedule) == text


def test_the_cosine_is_the_formula():
    schedule = Schedule("cosine:10:1000")
    for epoch in (10, 11, 500, 999, 1000):
        wanted = 0.5 * (1 + math.cos(math.pi * (epoch - 10) / 990))
        assert schedule(epoch) == pytest.approx(wanted, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("warmpu:5", "'warmpu' is not known: did you mean 'warmup'?"),
        ("linear:5", "there are from:E, until:E, ramp:A:B, warmup:E, cosine:A:B, step:E:F"),
        ("warmup", "write warmup:E, not 'warmup'"),
        ("cosine:5", "write cosine:A:B, not 'cosine:5'"),
        ("step:5:x", "'x' must be a factor"),
        ("step:5:nan", "'nan' must be a factor"),
        ("from:-1", "'-1' must be an epoch"),
        ("from:1.5", "'1.5' must be an epoch"),
        ("ramp:5:5", "'ramp:5:5' must end after it begins"),
        ("warmup:0", "'warmup:0' must end after it begins"),
        ("", "a schedule must be text"),
        (3, "a schedule must be text"),
    ],
)
def test_what_is_no_schedule_is_refused(text, said):
    with pytest.raises(InputError) as refused:
        Schedule(text)
    assert said in str(refused.value)
