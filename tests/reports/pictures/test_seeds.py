"""Which runs differ in their seed alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from regkit.reports.pictures.curves import Curves, Measured
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.seeds import common_epochs, groups_by_seed
from regkit.runs.config import Config

EPOCHS = (0, 10, 20)


def run(name="run", *, recorded=EPOCHS, penalties=("l2",), history=False, **settings):
    zeros = np.zeros(len(recorded))
    curves = Curves(
        "accuracy",
        np.array(recorded),
        Measured(zeros, zeros),
        None,
        zeros,
        dict.fromkeys(penalties, zeros),
        {},
        {"dense1": zeros},
    )
    return DrawnRun(name, Path(name), curves, None, None if history else Config(**settings))


@pytest.mark.parametrize("seed", ["seed", "data_seed", "split_seed"])
def test_runs_with_other_seeds_are_one_group_in_their_order(seed):
    runs = [run(**{seed: number}) for number in range(3)]
    assert groups_by_seed([runs[0], run(lr=0.1), *runs[1:]]) == [[0, 2, 3], [1]]


@pytest.mark.parametrize(
    "setting", [{"reg": ("l2=1e-3@dense1",)}, {"epochs": 5}, {"data": "vertical"}, {"threads": 1}]
)
def test_another_setting_makes_another_group(setting):
    assert groups_by_seed([run(seed=0), run(seed=1, **setting)]) == [[0], [1]]


@pytest.mark.parametrize("setting", [{"out": "there"}, {"quiet": True}, {"log_every": 7}])
def test_settings_of_the_output_do_not_count(setting):
    assert groups_by_seed([run(seed=0), run(seed=1, **setting)]) == [[0, 1]]


def test_a_repeated_seed_is_no_further_seed():
    runs = [run(seed=0), run(seed=1), run(seed=0), run(seed=1)]
    assert groups_by_seed(runs) == [[0, 1], [2, 3]]


def test_histories_count_by_their_names():
    runs = [run("a", history=True), run("b", history=True), run("a", history=True), run("a")]
    assert groups_by_seed(runs) == [[0, 2], [1], [3]]


def test_so_do_runs_on_arrays_whose_settings_do_not_tell_everything():
    arrays = [run("a", data="arrays", seed=0), run("b", data="arrays", seed=1)]
    assert groups_by_seed(arrays) == [[0], [1]]
    assert groups_by_seed([replace(one, name="same") for one in arrays]) == [[0, 1]]


def test_what_cannot_be_averaged_stays_apart():
    other = run("a", history=True, penalties=("l1",))
    never = run("a", history=True, recorded=(5, 15))
    assert groups_by_seed([run("a", history=True), other, never]) == [[0], [1], [2]]


def test_common_epochs_are_those_of_all():
    found = common_epochs([np.array([0, 10, 20, 30]), np.array([0, 15, 30, 20]), np.arange(26)])
    assert found.tolist() == [0, 20]
