import numpy as np
import pytest

from regkit.errors import DivergenceError
from regkit.nn.layers import Dense
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.studies.paths import chain as module
from regkit.studies.paths.chain import Chain
from regkit.studies.paths.point import Trained
from regkit.studies.task import perform

STRENGTHS = (0.001, 0.03, 0.3)
LINEAR = {
    "data": "sklearn:diabetes",
    "hidden": (),
    "dtype": "float64",
    "optimizer": "sgd",
    "lr": 0.1,
    "momentum": 0.9,
    "epochs": 2000,
    "reg": ("l1=auto,mode=prox@dense1.weights",),
}
NETWORK = {
    "data": "spiral",
    "samples": 30,
    "hidden": (8,),
    "epochs": 40,
    "reg": ("l1=auto,mode=prox@dense1.weights",),
}


def chain(settings=LINEAR, **more):
    options = {
        "key": "one",
        "settings": toml_of(Config(**settings)),
        "place": 0,
        "strengths": STRENGTHS,
        "direction": "dense",
        "seed": 0,
        "split_seed": 0,
        "fold": None,
        "folds": 3,
        "refit": False,
        "tolerance": 1e-10 if settings.get("dtype") == "float64" else 1e-5,
        "by_curvature": False,
        "plugin_files": (),
    }
    return Chain(**options | more)


def test_a_larger_tolerance_ends_trainings_earlier():
    found = {one: chain(tolerance=one).perform() for one in (1e-10, 1e-3)}
    for strict, loose in zip(*found.values(), strict=True):
        assert loose["epochs"] < strict["epochs"]
        assert loose["tolerance"] == pytest.approx(1e7 * strict["tolerance"])
        assert strict["distance"] <= strict["tolerance"] < loose["distance"] <= loose["tolerance"]
        assert strict["converged"]
        assert loose["converged"]


@pytest.mark.parametrize(
    ("settings", "direction", "freely"),
    [(NETWORK, "dense", 1), (NETWORK, "sparse", 0), (LINEAR, "dense", 0)],
)
def test_a_networks_way_up_begins_with_a_training_without_the_penalty(
    settings, direction, freely, monkeypatch
):
    acting = []

    def noting(made, **options):
        acting.append(len(made.regularizers))
        return Trained(0, 0.0, converged=True)

    monkeypatch.setattr(module, "train_point", noting)
    chain(settings, direction=direction).perform()
    assert acting == [0] * freely + [1] * len(STRENGTHS)


def first_weights(model):
    return next(layer for layer in model.layers if isinstance(layer, Dense)).params["weights"]


def test_rows_are_ascending_in_both_directions():
    dense, sparse = (chain(direction=one).perform() for one in ("dense", "sparse"))
    for rows in (dense, sparse):
        assert tuple(row["strength"] for row in rows) == STRENGTHS
        assert all(row["converged"] for row in rows)
    # A convex objective has one minimum.
    assert [row["nonzeros"] for row in dense] == [row["nonzeros"] for row in sparse]
    for one, other in zip(dense, sparse, strict=True):
        assert one["train"]["loss"] == pytest.approx(other["train"]["loss"], rel=1e-9)


def test_the_directions_go_opposite_ways():
    for direction, order in (("dense", STRENGTHS), ("sparse", STRENGTHS[::-1])):
        followed = [strength for strength, _, _ in chain(direction=direction).follow()]
        assert tuple(followed) == order


def test_each_point_starts_from_the_last_ones_weights():
    cold = [chain(strengths=(one, 10.0)).perform()[0]["epochs"] for one in STRENGTHS]
    warm = [row["epochs"] for row in chain(strengths=(*STRENGTHS, 10.0)).perform()]
    assert warm[0] == cold[0]
    assert sum(warm[:-1]) < sum(cold)
    again = chain(strengths=(0.03, 0.0300001)).perform()
    assert again[1]["epochs"] < again[0]["epochs"]


@pytest.mark.parametrize("fold", [0, 2])
def test_a_fold_is_measured_on_what_it_leaves_out(fold):
    one = chain(fold=fold)
    rows = one.perform()
    everything = chain().perform()
    for row, other in zip(rows, everything, strict=True):
        assert {"data_loss", "r2", "rmse"} <= row["test"].keys()
        assert "test" not in other
        assert "inputs" in other
        assert "inputs" not in row
        assert row["train"] != other["train"]


def test_folds_and_data_are_those_of_the_split_seed_and_weights_of_the_seed():
    settings = {**NETWORK, "epochs": 5}
    one, other, elsewhere = (
        next(chain(settings, seed=seed, split_seed=split, fold=0).follow())
        for seed, split in ((0, 0), (1, 0), (0, 1))
    )
    assert one[1]["test"] != other[1]["test"]
    assert one[1]["test"] != elsewhere[1]["test"]


def test_a_network_that_was_emptied_starts_anew_on_the_way_from_sparse():
    strengths = (0.0001, 100.0)
    sparse = {
        at: first_weights(model).any()
        for at, _, model in chain(NETWORK, strengths=strengths, direction="sparse").follow()
    }
    assert sparse == {100.0: False, 0.0001: True}


@pytest.mark.parametrize(("weights", "anew"), [(1.0, False), (0.0, True)])
def test_a_layer_whose_biases_alone_are_zero_is_not_empty(weights, anew, monkeypatch):
    begun = []

    def train_point(made, **options):
        begun.append(made.model.parameters.copy())
        params = made.model.parameter_layers[1].params
        params["weights"][...] = weights
        params["biases"][...] = 0
        return Trained(epochs=1, distance=0.0, converged=True)

    monkeypatch.setattr(module, "train_point", train_point)
    settings = {**NETWORK, "reg": ("l1=auto,mode=prox@dense2",)}
    chain(settings, direction="sparse").perform()
    assert np.array_equal(begun[1], begun[0]) == anew


def test_a_point_that_diverges_is_a_row_and_the_chain_goes_on(monkeypatch):
    whole = module.train_point
    count = 0

    def diverging(made, **options):
        nonlocal count
        count += 1
        if count == 2:
            made.model.parameters[...] = np.inf
            raise DivergenceError("it burst", epoch=1, term="data loss")
        return whole(made, **options)

    monkeypatch.setattr(module, "train_point", diverging)
    first, second, third = chain().perform()
    assert second == {
        "seed": 0,
        "fold": None,
        "strength": 0.03,
        "failed": "DivergenceError: it burst",
    }
    assert first["converged"]
    assert third["converged"]


def test_a_task_that_cannot_be_performed_has_a_row_for_each_strength():
    rows = perform(chain({**LINEAR, "data": "nowhere.csv"})).rows
    assert [row["strength"] for row in rows] == list(STRENGTHS)
    assert all(row["failed"].startswith("DataError") for row in rows)


def test_a_refit_fits_better_with_the_same_zeros():
    plain = {at: first_weights(model).copy() for at, _, model in chain().follow()}
    refitted = {at: first_weights(model).copy() for at, _, model in chain(refit=True).follow()}
    one = chain()
    X, y = one._data().training
    for at in STRENGTHS:
        np.testing.assert_array_equal(refitted[at] == 0, plain[at] == 0)
        support = np.flatnonzero(plain[at])
        design = np.column_stack([X[:, support], np.ones(len(X))])
        expected = np.linalg.lstsq(design, np.ravel(y), rcond=None)[0]
        np.testing.assert_allclose(refitted[at][support, 0], expected[:-1], atol=1e-7)


def test_a_refit_does_not_change_the_points_after_it():
    plain, refitted = chain().perform(), chain(refit=True).perform()
    assert [row["train"] for row in plain] == [row["train"] for row in refitted]
    fold = chain(refit=True, fold=0).perform()
    assert [row["test"] for row in fold] != [row["test"] for row in chain(fold=0).perform()]
    assert [row["nonzeros"] for row in fold] == [row["nonzeros"] for row in chain(fold=0).perform()]


def test_emptied_layers_are_what_a_path_is_about(recwarn):
    assert (
        chain(
            {**NETWORK, "reg": ("l1=auto,mode=prox@dense1.weights",)}, strengths=(1.0, 100.0)
        ).perform()[-1]["nonzeros"]
        == 0
    )
    assert not [one for one in recwarn if "exactly 0" in str(one.message)]
