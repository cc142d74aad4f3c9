"""The next trial, as a function of seed, number and history.

Covers: regkit/studies/search/optuna_trials.py
"""

import logging
import sys

import numpy as np
import optuna
import pytest
from scipy.stats.qmc import Sobol, discrepancy

from regkit.errors import InputError, MissingPackageError
from regkit.studies.ranges import Range
from regkit.studies.search.optuna_trials import quiet_optuna, require_optuna
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.samplers import checked_sampler, next_values
from regkit.studies.search.trial import SweepTrial

AXES = {
    "l2": Range(1e-5, 1e-1, logarithmic=True),
    "momentum": Range(0, 0.9),
    "hidden": Range(8, 64, logarithmic=True, integer=True),
}


def trials(sampler, count, seed=0, score=lambda values: values["momentum"]):
    """Trials one after another, of which some fail and some are pruned."""
    history = []
    for number in range(count):
        values = next_values(sampler, AXES, history, seed=seed, higher_is_better=False)
        state = ("finished", "finished", "pruned", "finished", "failed")[number % 5]
        scores = {} if state == "failed" else {Repeat(0, 0): score(values)}
        history.append(SweepTrial(number, values, scores, {}, state))
    return history


@pytest.mark.parametrize("sampler", ["tpe", "qmc", "random"])
def test_the_same_seed_and_history_give_the_same_trial(sampler):
    first, again, other = (trials(sampler, 14, seed) for seed in (0, 0, 1))
    assert first == again
    assert [one.values for one in first] != [one.values for one in other]
    assert len({one.values["l2"] for one in first}) == 14


@pytest.mark.parametrize("sampler", ["tpe", "qmc", "random"])
def test_numbers_lie_within_their_ranges_and_integers_are_integers(sampler):
    for one in trials(sampler, 20):
        assert list(one.values) == list(AXES)
        assert all(AXES[name].low <= value <= AXES[name].high for name, value in one.values.items())
        assert type(one.values["hidden"]) is int


def test_tpe_learns_from_earlier_trials_and_avoids_those_that_are_running():
    history = trials("tpe", 40)
    late = [one.values["momentum"] for one in history[20:]]
    early = [one.values["momentum"] for one in history[:10]]
    assert np.median(late) < np.median(early)
    asked = {"seed": 0, "higher_is_better": False}
    running = SweepTrial(40, next_values("tpe", AXES, history, **asked))
    ended = SweepTrial(40, running.values, {Repeat(0, 0): 0.0}, {}, "finished")
    assert next_values("tpe", AXES, [*history, running], **asked) != next_values(
        "tpe", AXES, [*history, ended], **asked
    )


def test_qmc_is_the_scrambled_sobol_sequence_which_fills_the_cube_evenly():
    found = trials("qmc", 32, seed=5)
    points = [
        [AXES[name].position(one.values[name]) for name in ("l2", "momentum")] for one in found
    ]
    expected = Sobol(3, scramble=True, seed=5).random(32)[:, :2]
    np.testing.assert_allclose(points, expected, atol=1e-12)
    independent = np.random.default_rng(0).random((32, 2))
    assert discrepancy(points) < discrepancy(independent) / 2


def test_an_unknown_sampler_is_refused_with_what_there_is():
    with pytest.raises(InputError, match=r"unknown sampler 'tep': did you mean 'tpe'\? .*random"):
        checked_sampler("tep")


@pytest.mark.parametrize(
    ("module", "call", "said"),
    [
        ("torch", lambda: checked_sampler("gp"), "the sampler gp needs torch, which"),
        ("optuna", require_optuna, "a sweep needs optuna, which"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(module, call, said, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    extra = {"torch": "torch", "optuna": "search"}[module]
    with pytest.raises(MissingPackageError) as caught:
        call()
    assert str(caught.value).startswith(said)
    assert str(caught.value).endswith(f"pip install 'regkit-nn[{extra}]'")
    assert caught.value.exit_code == 2


def test_nothing_is_logged_and_the_callers_level_of_logging_comes_back(capfd):
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(logging.INFO)
    try:
        with quiet_optuna():
            optuna.create_study()
        next_values("tpe", AXES, [], seed=0, higher_is_better=True)
        assert optuna.logging.get_verbosity() == logging.INFO
    finally:
        optuna.logging.set_verbosity(before)
    assert capfd.readouterr() == ("", "")
