"""The sampler of a sweep that needs PyTorch."""

from dataclasses import replace

import pytest

import regkit as rk
from regkit.studies.ranges import Range
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.samplers import next_values
from regkit.studies.search.trial import SweepTrial

AXES = {"a": Range(1e-4, 1, logarithmic=True), "b": Range(0, 10, integer=True)}


def history(count, state):
    """Trials whose score is best at a = 0.01, b = 7; every fourth one has another state."""
    found = []
    for number in range(count):
        values = next_values("gp", AXES, found, seed=0, higher_is_better=False)
        score = (AXES["a"].position(values["a"]) - 0.5) ** 2 + (values["b"] - 7) ** 2 / 100
        ended = state if number % 4 == 3 else "finished"
        scores = {} if ended == "failed" else {Repeat(0, 0): score}
        found.append(SweepTrial(number, values, scores, {}, ended))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("state", ["finished", "pruned", "failed"])
def test_it_is_a_function_of_the_history_and_comes_near_the_best(state):
    found = history(22, state)
    assert found == history(22, state)
    late = found[-4:]
    assert min(abs(AXES["a"].position(one.values["a"]) - 0.5) for one in late) < 0.1
    assert 7 in {one.values["b"] for one in found}


@pytest.mark.slow
def test_a_pruned_trial_is_known_to_it_by_its_mean_so_far():
    finished = history(12, "finished")
    pruned = [replace(one, state="pruned") if one.number > 9 else one for one in finished]
    without = [replace(one, state="failed") if one.number > 9 else one for one in finished]
    asked = [
        next_values("gp", AXES, given, seed=0, higher_is_better=False)
        for given in (finished, pruned, without)
    ]
    assert asked[0] == asked[1] != asked[2]


@pytest.mark.slow
def test_a_sweep_takes_it_by_name(tmp_path):
    settings = {"samples": 20, "epochs": 5, "hidden": [4], "val_samples": 20, "lr": "1e-4..1e-1"}
    given = {"trials": 13, "batch": 4, "seeds": 1, "sampler": "gp", "workers": 1}
    found = rk.sweep(settings, **given, out=tmp_path / "s")
    assert found.counts["finished"] == 13
    assert [one.values for one in rk.sweep(settings, **given).trials] == [
        one.values for one in found.trials
    ]
    assert "torch = " in (tmp_path / "s" / "plan.toml").read_text()
