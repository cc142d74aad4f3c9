"""The drawings of runs, read from what matplotlib was given.

Covers: regkit/reports/drawings/curves_over_epochs.py, regkit/reports/drawings/loss_and_penalty.py
Covers: regkit/reports/drawings/sparsity.py, regkit/reports/pictures/plain_ticks.py
"""

import itertools
import re
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest

import regkit as rk
from regkit.reports.drawings import curves_over_epochs, loss_and_penalty
from regkit.reports.drawings.sparsity import MOST_CELLS, silent_neurons, sparsity
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.style import matplotlib_settings
from regkit.runs.config import Config
from regkit.runs.execute import execute


@pytest.fixture
def saved(finished_run):
    return rk.load(finished_run, weights="last")


@pytest.fixture
def history(saved):
    return Curves.of(saved.records, saved.path)


def X_of(saved):
    return saved.data().training[0]


def lines_of(drawn):
    (legend,) = drawn.figure.legends
    names = [text.get_text() for text in legend.texts]
    lines = drawn.figure.axes[0].lines
    return {name: line.get_ydata() for name, line in zip(names, lines, strict=True)}


def test_losses_and_scores_are_the_records(saved, history):
    lines = lines_of(curves_over_epochs.losses(history))
    records = saved.records
    np.testing.assert_array_equal(lines["data loss"], [one.data_loss for one in records])
    np.testing.assert_array_equal(lines["data loss plus penalty"], [one.loss for one in records])
    scores = lines_of(curves_over_epochs.scores(history))
    validation = [one.validation.score.value for one in records]
    np.testing.assert_array_equal(scores["validation"], validation)


def test_zeros_are_drawn_where_there_are_any(saved, history):
    lines = lines_of(curves_over_epochs.zeros(history))
    assert lines["dense2"][-1] == 100 * saved.records[-1].zeros["dense2"] > 0
    dense = Curves.of([one for one in saved.records if not any(one.zeros.values())], saved.path)
    assert curves_over_epochs.zeros(dense) is None


def test_the_way_of_a_training_is_penalty_against_data_loss(saved, history):
    curve = loss_and_penalty.over_epochs(history).figure.axes[0].lines[0]
    np.testing.assert_allclose(curve.get_xdata(), [one.penalty for one in saved.records])
    np.testing.assert_array_equal(curve.get_ydata(), [one.data_loss for one in saved.records])


def test_the_pattern_is_that_of_the_weights(saved):
    drawn = {one.title: one for one in sparsity(saved, X_of(saved))}
    w = saved.model["dense2"].params["weights"]
    assert 0 < np.count_nonzero(w) < w.size
    image = drawn["Zeros of dense2.weights"].figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(image, w != 0)
    told = dict(drawn["Zeros of dense2.weights"].numbers.rows)
    zeros = int((w == 0).sum())
    assert told["exactly 0"] == f"{zeros} ({zeros / w.size:.1%})"
    assert told["inputs without a weight"] == f"{int((w == 0).all(axis=1).sum())} of 8"


def test_a_neuron_that_never_fires_on_the_training_rows_is_dead(saved):
    layer = saved.model["dense1"]
    layer.params["biases"][0, 3] = -1e6
    assert 3 in silent_neurons(saved.model, X_of(saved))["dense1"]
    layer.params["biases"][0, 3] = 10.0  # A neuron that always fires is not.
    assert 3 not in silent_neurons(saved.model, X_of(saved))["dense1"]
    # Written out by the chapter's formula, for all of them.
    X = X_of(saved)
    layer.params["biases"][0, 5] = -1e6
    outputs = np.maximum(X @ layer.params["weights"] + layer.params["biases"], 0)
    dead = [at for at in range(8) if np.ptp(outputs[:, at]) == 0]
    assert 5 in dead
    assert silent_neurons(saved.model, X_of(saved))["dense1"] == dead
    assert list(silent_neurons(saved.model, X_of(saved))) == ["dense1"]


@pytest.fixture(scope="module")
def table_run(tmp_path_factory):
    """A run on a table whose names are long or alike, one of them of text."""
    folder = tmp_path_factory.mktemp("table")
    chance = np.random.default_rng(0)
    long = [f"the measurement number {number} of this day" for number in range(60)]
    rows = [",".join(["age", "city", *long, "answer"])]
    for X in chance.normal(size=(40, 61)):
        city = ("Rome", "Paris")[int(X[1] > 0)]
        rows.append(
            ",".join([f"{X[0]:.3f}", city, *(f"{one:.3f}" for one in X[1:]), f"{X[0]:.2f}"])
        )
    (folder / "table.csv").write_text("\n".join(rows))
    execute(
        Config(
            data=str(folder / "table.csv"),
            target="answer",
            task="regression",
            hidden=(4,),
            epochs=30,
            reg=("l1=0.05,mode=prox@dense1.weights",),
            out=str(folder / "run"),
        )
    )
    return rk.load(folder / "run", weights="last")


def test_inputs_are_named_as_the_columns_are_without_overlapping(table_run):
    drawn = {one.title: one for one in sparsity(table_run, None)}
    first = drawn["Zeros of dense1.weights"]
    (panel,) = first.figure.axes
    first.figure.savefig(BytesIO(), format="svg")
    names = {
        round(at): label
        for at, label in zip(panel.get_yticks(), panel.get_yticklabels(), strict=True)
    }
    w = table_run.model["dense1"].params["weights"]
    assert set(names) == set(range(0, len(w), 2))  # Of 63 each second one.
    for at, label in names.items():
        assert label.get_text().startswith(str(at))  # They would look alike without.
    boxes = sorted(
        (label.get_window_extent().y0, label.get_window_extent().y1) for label in names.values()
    )
    assert all(below[1] <= above[0] for below, above in itertools.pairwise(boxes))
    told = dict(first.numbers.rows)["inputs without a weight"]
    gone = [
        name for name, row in zip(table_run.preparation.features, w, strict=True) if not row.any()
    ]
    assert 0 < len(gone) < len(w)
    assert told == f"{len(gone)} of {len(w)}: {', '.join(gone)}"


def test_categories_have_their_names_and_deeper_layers_numbers(table_run):
    few = table_run.preparation.columns[:2]
    assert table_run.preparation.features[:3] == ["age", "city=Paris", "city=Rome"]
    names = replace(table_run.preparation, columns=few)
    layers = [rk.Dense(3, 3), rk.ReLU(), rk.Dense(3, 1)]
    model = rk.Model(layers, rk.MeanSquaredError())
    for layer in model.parameter_layers:
        layer.params["weights"][0] = 0
    saved = SimpleNamespace(
        model=model, preparation=names, names=["age", "city"], weights_title="the weights"
    )
    first, second = (one.figure.axes[0] for one in sparsity(saved, None))
    assert [one.get_text() for one in first.get_yticklabels()] == names.features
    assert not {"age", "city=Paris"} & {one.get_text() for one in second.get_yticklabels()}
    saved.names = ["column_1", "column_2"]
    first, _ = (one.figure.axes[0] for one in sparsity(saved, None))
    assert "age" not in [one.get_text() for one in first.get_yticklabels()]


def test_the_words_for_one_are_those_for_one(saved):
    layer = rk.Dense(1, 2)
    model = rk.Model([layer], rk.MeanSquaredError())
    layer.params["weights"][0] = (0, 1)
    one = SimpleNamespace(
        model=model, preparation=saved.preparation, names=["x"], weights_title="the weights"
    )
    (drawn,) = sparsity(one, None)
    assert drawn.description == (
        "The weights: 1 of 2 is exactly 0 (50.0%), all but invisible here. Without any weight "
        "left: 0 of 1 input and 1 of 2 neurons."
    )


@pytest.mark.parametrize("span", [0, 1e-13, 1e-9, 1e-5, 2e-4])
@pytest.mark.parametrize("base", [1e-7, 0.999, 0.69314718, 12345678.0])
def test_the_axes_of_a_nearly_constant_training_can_be_read(history, base, span):
    values = base * (1 + np.linspace(0, span, len(history.epochs)))
    flat = replace(
        history,
        training=replace(history.training, data_loss=values, score=values),
        validation=None,
        loss=values * 1.37,
    )
    with matplotlib_settings():
        drawn = [
            curves_over_epochs.losses(replace(flat, penalties={})),
            loss_and_penalty.over_epochs(flat),
            loss_and_penalty.over_epochs(replace(flat, loss=values + base * np.pi)),
        ]
        for one in drawn:
            one.figure.savefig(BytesIO(), format="svg")
    for one in drawn:
        (panel,) = one.figure.axes
        for axis, side in ((panel.xaxis, 0), (panel.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            labels = [
                label
                for at, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
                if low <= at <= high
            ]
            texts = [label.get_text() for label in labels]
            assert len(set(texts)) == len(texts) >= 2
            assert max(map(len, texts)) <= 8
            assert not re.search(r"[+]|−.*e", axis.get_offset_text().get_text())
            boxes = sorted(label.get_window_extent().extents[side::2].tolist() for label in labels)
            assert all(before[1] < after[0] for before, after in itertools.pairwise(boxes))
        names = [text.get_window_extent() for text in panel.texts]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(names, 2))


def test_a_large_matrix_is_drawn_in_blocks_by_their_shares(tmp_path):
    hidden = 3 * MOST_CELLS + 10
    config = Config(samples=5, hidden=(hidden,), epochs=1, out=str(tmp_path / "run"))
    execute(config)
    saved = rk.load(tmp_path / "run", weights="last")
    w = saved.model["dense1"].params["weights"]
    w[0, : hidden // 2] = 0
    drawn = {one.title: one for one in sparsity(saved, X_of(saved))}
    image = drawn["Zeros of dense1.weights"].figure.axes[0].images[0].get_array()
    assert image.shape == (2, MOST_CELLS)
    assert image[0, 0] == 0 < image[0, -1] <= 1
    assert image[0].mean() == pytest.approx(np.count_nonzero(w[0]) / hidden, abs=0.01)
