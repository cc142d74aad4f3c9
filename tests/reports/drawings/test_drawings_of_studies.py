"""The drawings of comparisons and paths, read from what matplotlib was given.

Covers: regkit/reports/drawings/differences.py, regkit/reports/drawings/validation_curve.py
Covers: regkit/reports/drawings/along_strengths.py, regkit/reports/drawings/weights_along_path.py
Covers: regkit/reports/drawings/trials.py
"""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from regkit.reports.drawings import loss_and_penalty
from regkit.reports.drawings.along_strengths import use_logarithms
from regkit.reports.drawings.differences import differences
from regkit.reports.drawings.drawing import new_figure
from regkit.reports.drawings.trials import along, history
from regkit.reports.drawings.validation_curve import validation_curve
from regkit.reports.drawings.weights_along_path import MOST_LABELS, input_weights, neuron_weights
from regkit.reports.pictures.style import matplotlib_settings
from regkit.studies.ranges import Range
from regkit.studies.saved_study import saved_study


@pytest.fixture
def compared(comparison):
    return saved_study(comparison).result


@pytest.fixture
def path(path_study):
    return saved_study(path_study).result


def test_an_interval_is_drawn_from_its_low_end_to_its_high_end(compared):
    drawn = differences(compared)
    (panel,) = drawn.figure.axes
    bars = [line.get_xdata() for line in panel.lines if line.get_linewidth() == 2]
    expected = [[one.low, one.high] for one in compared.differences.values()]
    np.testing.assert_array_equal(bars, expected)
    assert drawn.figure.get_supxlabel() == "accuracy minus that of none\n(higher is better)"


def test_each_seed_of_each_arm_has_a_mark_at_its_difference(compared):
    marks = {mark.text: mark.x for mark in differences(compared).marks}
    none, l2 = compared.arms["none"].scores, compared.arms["l2"].scores
    for seed in compared.seeds:
        at = l2[seed] - none[seed]
        assert marks[f"l2, seed {seed}: {at:+.4g}"] == at


def test_arms_that_share_no_two_seeds_with_the_baseline_are_not_drawn(compared):
    assert differences(replace(compared, differences={"l2": None})) is None


def test_the_curve_has_its_means_its_band_and_both_choices(path):
    drawn = validation_curve(path)
    panel = drawn.figure.axes[0]
    curve = next(line for line in panel.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(curve.get_xdata(), path.strengths)
    np.testing.assert_array_equal(curve.get_ydata(), path.means)
    (band,) = panel.collections
    edges = band.get_paths()[0].vertices
    for strength, mean, error in zip(path.strengths, path.means, path.errors, strict=True):
        at = sorted(set(edges[edges[:, 0] == strength, 1]))
        np.testing.assert_allclose([at[0], at[-1]], [mean - error, mean + error])
    upright = [line.get_xdata()[0] for line in panel.lines if line is not curve]
    assert upright == [path.lambda_min, path.lambda_1se]
    assert panel.get_xscale() == "log"


def test_the_numbers_on_top_are_the_non_zeros(path):
    (top,) = validation_curve(path).figure.axes[0].child_axes
    shown = {
        strength: label.get_text()
        for strength, label in zip(top.get_xticks(), top.get_xticklabels(), strict=True)
    }
    counts = dict(zip(path.strengths, map(str, path.nonzeros), strict=True))
    assert shown == counts
    assert "of 10" in top.get_xlabel()


def test_a_strength_that_failed_is_told_and_has_no_mark(path):
    first, *means = path.means
    failed = replace(path, means=[math.nan, *means], nonzeros=[None, *path.nonzeros[1:]])
    drawn = validation_curve(failed)
    assert drawn.numbers.rows[0][1:4] == ["failed", f"{path.errors[0]:.4g}", "failed"]
    assert len(drawn.marks) == len(means)
    assert not math.isnan(first)


def test_each_input_has_its_line_and_its_label(path):
    drawn = input_weights(path)
    (panel,) = drawn.figure.axes
    lines = [list(line.get_ydata()) for line in panel.lines if len(line.get_xdata()) > 2]
    assert sorted(lines) == sorted(map(list, path.input_weights.values()))
    labels = [one.get_text() for one in panel.texts]
    assert set(path.input_weights) <= set(labels)
    heights = sorted(one.xy[1] for one in panel.texts if one.get_text() in path.input_weights)
    # None stands on another: a label is about a twentieth of the panel high.
    low, high = panel.get_ylim()
    assert min(np.diff(heights)) > 0.03 * (high - low)


def test_of_many_lines_the_largest_are_named_and_the_rest_counted(path):
    grown = {f"x{number}": [float(number)] * len(path.strengths) for number in range(30)}
    drawn = input_weights(replace(path, input_weights=grown, norms=True))
    labels = {one.get_text() for one in drawn.figure.axes[0].texts} - {"min", "1se"}
    assert labels == {f"x{number}" for number in range(30 - MOST_LABELS, 30)}
    assert "18 smaller ones are grey" in drawn.description
    assert "norm of the input's weights" in drawn.description


def test_a_single_line_that_is_not_named_is_told_in_the_singular(path):
    grown = {f"x{number}": [float(number)] * len(path.strengths) for number in range(13)}
    assert "1 smaller one is grey." in input_weights(replace(path, input_weights=grown)).description


def test_neurons_have_lines_too(path):
    norms = [[3.0, 1.0], *([[0.0, 1.0]] * (len(path.strengths) - 1))]
    drawn = neuron_weights(replace(path, neuron_weights={"dense1": norms}), "dense1")
    assert drawn.title == "Neurons of dense1"
    assert drawn.numbers.columns == ("strength", "neuron 0", "neuron 1")
    assert [row[1] for row in drawn.numbers.rows] == ["3", *["0"] * (len(path.strengths) - 1)]


def test_the_losses_of_a_path_are_those_on_the_rows_trained_on(path):
    drawn = loss_and_penalty.over_strengths(path)
    curve = drawn.figure.axes[0].lines[0]
    losses = np.array(path.train_losses)
    np.testing.assert_allclose(curve.get_ydata(), losses[:, 0])
    np.testing.assert_allclose(curve.get_xdata(), losses[:, 1] - losses[:, 0])


def test_trials_are_drawn_by_number_and_the_best_so_far_never_gets_worse(sweep_study):
    found = saved_study(sweep_study).result
    worst = max(found.trials, key=lambda one: one.mean)
    trials = [replace(one, state="pruned") if one is worst else one for one in found.trials]
    found = replace(found, trials=trials)
    pruned, done, so_far = history(found).figure.axes[0].lines
    by_state = {
        state: [one for one in found.trials if one.state == state]
        for state in ("finished", "pruned")
    }
    assert list(done.get_xdata()) == [one.number for one in by_state["finished"]]
    assert list(done.get_ydata()) == [one.mean for one in by_state["finished"]]
    assert worst.number in list(pruned.get_xdata())
    assert list(pruned.get_xdata()) == [one.number for one in by_state["pruned"]]
    best = np.minimum.accumulate(done.get_ydata())
    np.testing.assert_array_equal(so_far.get_ydata(), [*best, best[-1]])
    assert so_far.get_xdata()[-1] == len(found.trials) - 1


def test_along_a_range_the_best_trial_is_marked(sweep_study):
    found = saved_study(sweep_study).result
    panel = along(found, "lr").figure.axes[0]
    points, best = panel.lines
    assert (best.get_xdata()[0], best.get_ydata()[0]) == (
        found.best.values["lr"],
        found.best.mean,
    )
    assert best.get_ydata()[0] == min(points.get_ydata())
    assert panel.get_xscale() == "log"


def test_labels_of_a_logarithmic_axis_are_plain_numbers_that_do_not_crowd():
    for ends, least in (
        ((1e-5, 1.0), 4),
        ((4.0, 16.0), 2),
        ((0.011, 0.012), 3),
        ((0.03, 0.1), 3),
        ((3.0, 80.0), 3),
    ):
        _, panel = new_figure()
        panel.plot(ends, (0, 1))
        use_logarithms(panel)
        low, high = panel.get_xlim()
        places = [one for one in panel.get_xticks() if low <= one <= high]
        assert least <= len(places) <= 8
        labels = [panel.xaxis.get_major_formatter()(one) for one in places]
        assert [float(one) for one in labels] == pytest.approx(places)
        assert panel.xaxis.get_minor_formatter()(5.0) == ""


def test_along_a_range_the_axis_is_all_that_was_searched_and_integers_have_integer_ticks(
    sweep_study,
):
    found = saved_study(sweep_study).result
    for title, searched in found.axes.items():
        low, high = along(found, title).figure.axes[0].get_xlim()
        assert low < searched.low < low * 3
        assert high / 3 < searched.high < high
    whole = replace(
        found,
        axes={**found.axes, "lr": Range(4, 9, integer=True)},
        trials=[replace(one, values={**one.values, "lr": 6}) for one in found.trials],
    )
    for drawn in (along(whole, "lr"), history(whole)):
        ticks = drawn.figure.axes[0].xaxis.get_majorticklocs()
        assert all(tick == int(tick) for tick in ticks)
    assert "the range that was searched, 4..9" in along(whole, "lr").description


@pytest.mark.parametrize("at_top", [False, True])
def test_long_names_are_short_beside_the_axis_and_stand_apart(path, at_top):
    names = [f"a_rather_long_name_of_a_column_{number}" for number in range(MOST_LABELS)]
    heights = [5 + (number * 1e-3 if at_top else number) for number in range(MOST_LABELS)]
    count = len(path.strengths)
    lines = {name: [at, *[0.0] * (count - 1)] for name, at in zip(names, heights, strict=True)}
    with matplotlib_settings():
        drawn = input_weights(replace(path, input_weights=lines))
        drawn.figure.draw_without_rendering()
    (panel,) = drawn.figure.axes
    texts = [one for one in panel.texts if one.get_text() not in ("min", "1se")]
    assert len({one.get_text() for one in texts}) == len(names)
    boxes = [one.get_window_extent() for one in texts]
    inside = panel.get_window_extent()
    assert all(box.x0 >= inside.x0 for box in boxes)
    assert all(box.y1 <= inside.y1 + box.height for box in boxes)
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
