"""A job that cannot fit the memory is refused before anything is allocated."""

import pytest

from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.runs.job_memory import MOST_LAYERS, require_memory_for

SHAPE = {"n_inputs": 2, "n_outputs": 3, "rows": 1000}


@pytest.mark.parametrize(
    ("settings", "numbers"),
    [
        # P = 2·64 + 64 + 64·3 + 3, N = 64 + 3, and Adam's two moments.
        ({}, 4 * 387 + 2 * 1000 * 67),
        ({"dtype": "float64"}, 2 * (4 * 387 + 2 * 1000 * 67)),
        ({"batch_size": 10}, 4 * 387 + 2 * 10 * 67),
        ({"batch_size": 5000}, 4 * 387 + 2 * 1000 * 67),
        ({"optimizer": "sgd"}, 2 * 387 + 2 * 1000 * 67),
        ({"optimizer": "sgd", "momentum": 0.9}, 3 * 387 + 2 * 1000 * 67),
        ({"optimizer": "rmsprop"}, 3 * 387 + 2 * 1000 * 67),
        ({"hidden": ()}, 4 * 9 + 2 * 1000 * 3),
    ],
)
def test_the_estimate_is_that_of_the_formula(monkeypatch, settings, numbers):
    needed = numbers * 4
    monkeypatch.setattr("regkit.memory.physical_memory", lambda: needed)
    require_memory_for(Config(**settings), **SHAPE)
    monkeypatch.setattr("regkit.memory.physical_memory", lambda: needed - 1)
    with pytest.raises(InputError, match=r"a network of .* parameters, trained on .* rows"):
        require_memory_for(Config(**settings), **SHAPE)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hidden": (10**12,)}, "a network of 6000000000003 parameters, trained on 15 rows"),
        ({"hidden": (10**6, 10**6)}, "a network of 1000007000003 parameters"),
        ({"hidden": (10**400,)}, "more than 10^"),
        ({"hidden": (2,) * 10**6}, f"--hidden has 1000000 layers: give {MOST_LAYERS} at most"),
        ({"samples": 10**12}, "3 classes of 1000000000000 rows would need"),
        ({"val_samples": 10**12}, "3 classes of 1000000000000 rows would need"),
        ({"data": "sine", "samples": 10**13}, "10000000000000 rows would need"),
    ],
)
def test_no_settings_can_ask_for_more_than_there_is(settings, words):
    with pytest.raises(InputError) as caught:
        job(Config(**{"samples": 5} | settings))
    assert words in str(caught.value)
