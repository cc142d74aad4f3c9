"""The curves and histograms that several runs have in common, read from what was drawn.

Covers: regkit/reports/drawings/overlaid_curves.py, regkit/reports/drawings/overlaid_weights.py
"""

from dataclasses import replace

import numpy as np
import pytest
from made_runs import made_run

from regkit.reports.drawings.overlaid_curves import MOST_MARKS, overlaid_curves
from regkit.reports.drawings.overlaid_weights import overlaid_weights
from regkit.reports.pictures import drawn_runs
from regkit.reports.pictures.style import matplotlib_settings


@pytest.fixture
def beside(two_runs):
    return drawn_runs(two_runs, weights=None)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    place = tmp_path_factory.mktemp("seeds")
    for seed in range(2):
        made_run(place / f"run{seed}", seed=seed)
    return drawn_runs([place / f"run{seed}" for seed in range(2)], weights=None)


def curves_of(runs):
    with matplotlib_settings():
        return {one.title: one for one in overlaid_curves(runs)}


def weights_of(runs):
    with matplotlib_settings():
        return {one.title: one for one in overlaid_weights(runs)}


def legend(drawn):
    (found,) = drawn.figure.legends
    return [text.get_text() for text in found.get_texts()]


def test_each_curve_is_that_of_the_records(beside):
    found = curves_of(beside)
    measures = {
        "Data loss (cross-entropy, nats)": lambda one: one.data_loss,
        "Validation data loss (cross-entropy, nats)": lambda one: one.validation.data_loss,
        "Training accuracy": lambda one: one.score.value,
        "Validation accuracy": lambda one: one.validation.score.value,
    }
    assert list(found) == list(measures)
    for title, measure in measures.items():
        drawn = found[title]
        (panel,) = drawn.figure.axes
        assert legend(drawn) == ["none", "l2"]
        curves = panel.lines[: len(beside)]  # Upright lines follow.
        for run, line in zip(beside, curves, strict=True):
            values = [measure(record) for record in run.saved.records]
            np.testing.assert_array_equal(line.get_ydata(), values)
            at = run.history.epochs[-1]
            assert f"{run.name} {values[-1]:.4g}" in drawn.description
            assert f"{run.name}, epoch {at}: {values[-1]:.4g}" in [one.text for one in drawn.marks]
        assert drawn.numbers.columns == ("epoch", "none", "l2")
        assert len(drawn.numbers.rows) == len(beside[0].history.epochs)
        assert len(drawn.marks) <= MOST_MARKS


def test_layers_with_zeros_have_a_picture_each(finished_run, two_runs):
    runs = drawn_runs([finished_run, *two_runs], weights=None)
    drawn = curves_of(runs)
    assert [one for one in drawn if "zeros" in one] == ["Exact zeros of dense2 (%)"]
    lines = drawn["Exact zeros of dense2 (%)"].figure.axes[0].lines
    assert lines[0].get_ydata()[-1] == 100 * runs[0].history.zeros["dense2"][-1] > 0


def test_epochs_that_a_run_has_not_recorded_are_blank(beside):
    first, second = beside
    kept = second.history.epochs % 10 == 0
    scores = replace(
        second.history.training,
        data_loss=second.history.training.data_loss[kept],
        score=second.history.training.score[kept],
    )
    fewer = replace(
        second.history,
        epochs=second.history.epochs[kept],
        training=scores,
        validation=None,
        zeros={},
    )
    rows = curves_of([first, replace(second, history=fewer)])["Training accuracy"].numbers.rows
    by_epoch = {row[0]: row[2] for row in rows}
    assert by_epoch["5"] == ""
    assert by_epoch["10"] == f"{second.history.training.score[2]:.4g}"


def test_histograms_have_the_same_bins_and_count_all_weights(beside):
    drawn = weights_of(beside)
    assert list(drawn) == ["Weights of dense1", "Weights of dense2"]
    one = drawn["Weights of dense1"]
    (panel,) = one.figure.axes
    outlines = [patch for patch in panel.patches if not patch.get_fill()]
    assert len(outlines) == 2
    edges = outlines[0].get_data().edges
    spans = []
    for at, (run, outline) in enumerate(zip(beside, outlines, strict=True)):
        w = run.saved.model["dense1"].params["weights"]
        np.testing.assert_array_equal(outline.get_data().edges, edges)
        assert (edges[0], edges[-1]) == pytest.approx((-edges[-1], edges[-1]))
        assert np.abs(w).max() <= edges[-1] * (1 + 1e-6)
        shares = 100 * np.histogram(w, edges)[0] / w.size
        np.testing.assert_allclose(outline.get_data().values, shares)
        assert shares.sum() == pytest.approx(100)
        assert [row[2 + at] for row in one.numbers.rows] == [f"{share:.4g}%" for share in shares]
        assert f"{run.name} {np.sqrt(np.mean(w.astype(float) ** 2)):.3g}" in one.description
        spans.append(np.count_nonzero(shares))
    # The penalized weights are seen to be closer together.
    assert spans[1] <= spans[0] / 2
    assert panel.get_ylim()[0] < 100 / beside[0].saved.model["dense1"].params["weights"].size


def test_seeds_become_one_line_with_a_band_and_one_histogram(seeds):
    loss = curves_of(seeds)["Data loss (cross-entropy, nats)"]
    (panel,) = loss.figure.axes
    mean = np.mean([run.history.training.data_loss for run in seeds], axis=0)
    (line,) = panel.lines
    np.testing.assert_allclose(line.get_ydata(), mean)
    assert len(panel.collections) == 1
    assert legend(loss) == ["run0 … run1 (2 seeds)"]
    assert loss.figure.legends[0].get_title().get_text().startswith("line: mean over seeds")
    both = np.concatenate([run.saved.model["dense1"].params["weights"].ravel() for run in seeds])
    (outline,) = [
        patch
        for patch in weights_of(seeds)["Weights of dense1"].figure.axes[0].patches
        if not patch.get_fill()
    ]
    shares, edges, _ = outline.get_data()
    np.testing.assert_allclose(shares, 100 * np.histogram(both, edges)[0] / both.size)


def test_a_run_without_a_usable_model_has_curves_alone(beside):
    first, second = beside
    runs = [first, replace(second, saved=None)]
    assert legend(curves_of(runs)["Training accuracy"]) == ["none", "l2"]
    assert legend(weights_of(runs)["Weights of dense1"]) == ["none"]
    assert weights_of([replace(one, saved=None) for one in runs]) == {}
