"""Histograms of the weights before and after."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_runs import made_run
from matplotlib.axes import Axes
from reports.pictures.drawing import copied, draw, legend

from regkit.nn.architecture import Architecture
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
    weights,
)
from regkit.reports.pictures.style import matplotlib_settings
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.runs.folder import RunFolder
from regkit.runs.load import load_run


def test_weights_before_are_those_the_run_started_from(tmp_path: Path) -> None:
    run = tmp_path / "run"
    before = made_run(run, init="he", hidden=(9, 7), dtype="float64")
    after = load_run(run, weights="last").model.parameter_layers
    figure = draw(weights, run, chosen="last")
    assert legend(figure) == ["before training", "after"]
    assert [panel.get_ylabel() for panel in figure.axes] == [
        f"weights of {layer.name} (count)" for layer in after
    ]
    assert figure.axes[0].get_title() == "run (last, epoch 31)"
    for panel, layer in zip(figure.axes, after, strict=True):
        histograms = [patch.get_data() for patch in panel.patches]
        for histogram, expected in zip(
            histograms, (before[layer.name], layer.weights), strict=True
        ):
            np.testing.assert_array_equal(
                histogram.values, np.histogram(expected, histogram.edges)[0]
            )
            assert histogram.values.sum() == expected.size


def test_one_array_has_the_same_bins_and_axes_in_all_runs(tmp_path: Path, spiral: Path) -> None:
    made_run(tmp_path / "large", init="he", lr=0.5, reg=("none",))
    made_run(tmp_path / "deep", hidden=(8, 5), epochs=1)
    figure = draw(weights, spiral, tmp_path / "large", tmp_path / "deep")
    figure.draw_without_rendering()
    grid = np.array(figure.axes).reshape(3, 3)
    assert [panel.axison for panel in grid[2]] == [False, False, True]
    assert {panel.get_ylabel() for panel in grid[1]} == {"weights of dense2 (count)"}
    for row in grid[:2]:
        first, *others = row
        reach = first.patches[0].get_data().edges[-1]
        arrays = [
            state.weights
            for path in (spiral, tmp_path / "large", tmp_path / "deep")
            for state in states(path, int(first.get_ylabel()[16]) - 1)
        ]
        assert reach == max(np.abs(array).max() for array in arrays)
        for panel in others:
            assert panel.get_shared_x_axes().joined(panel, first)
            for patch in panel.patches:
                np.testing.assert_array_equal(
                    patch.get_data().edges, first.patches[0].get_data().edges
                )
            # Where a bin stands in the panel, and how high a count reaches.
            for point in [(0.0, 1.0), (reach, 100.0)]:
                np.testing.assert_allclose(*(place(one, point) for one in (first, panel)))


def states(path: Path, layer: int) -> list[Any]:
    """The layer before training and after."""
    saved = load_run(path)
    return [model.parameter_layers[layer] for model in (saved.untrained, saved.model)]


def place(panel: Axes, point: tuple[float, float]) -> np.ndarray:
    """Where a point lies in its panel, as fractions of width and height."""
    return panel.transAxes.inverted().transform(panel.transData.transform(point))


def test_many_runs_are_wrapped_over_several_rows(spiral: Path) -> None:
    (run,) = drawn_runs([spiral], weights=None)
    with matplotlib_settings():
        figure = weights.draw([run] * 6)
    places = [panel.get_subplotspec() for panel in figure.axes]
    assert [(one.rowspan.start, one.colspan.start) for one in places] == [
        (row, column) for row in range(4) for column in range(4 if row < 2 else 2)
    ]
    titled = [panel.get_subplotspec().rowspan.start for panel in figure.axes if panel.get_title()]
    assert titled == [0, 0, 0, 0, 2, 2]


def test_weights_that_are_exactly_zero_are_counted(tmp_path: Path) -> None:
    run = tmp_path / "run"
    made_run(run, optimizer="sgd", lr=0.5, init="he", reg=("l1=0.02,mode=prox@dense1",), val=0.2)
    saved = load_run(run, weights="last").model.parameter_layers
    shares = [np.mean(layer.weights == 0) for layer in saved]
    assert 0 < shares[0] < 1
    shown = [panel.texts[0].get_text() for panel in draw(weights, run, chosen="last").axes]
    assert shown == [f"after: {share:.1%} exactly 0" for share in shares]


@pytest.fixture
def zeroed(tmp_path: Path) -> Path:
    """A run whose last weights are small, and 0 after training."""
    path = tmp_path / "zeroed"
    settings = {"samples": 20, "hidden": (8,), "epochs": 200, "seed": 3, "log_every": 50}
    execute(Config(**settings, reg=("l1=2e-2@*.weights",), zero_small=True, out=str(path)))
    return path


def test_zeroed_weights_are_shown_beside_what_they_were(zeroed: Path) -> None:
    figure = draw(weights, zeroed)
    assert legend(figure) == ["before training", "after", "before zeroing"]
    saved = load_run(zeroed)
    assert saved.weights.name == "zeroed.safetensors"
    last = load_run(zeroed, weights="last").model.parameter_layers
    for panel, now, then in zip(figure.axes, saved.model.parameter_layers, last, strict=True):
        _, after, before = [patch.get_data() for patch in panel.patches]
        for shown, array in [(after, now.weights), (before, then.weights)]:
            np.testing.assert_array_equal(shown.values, np.histogram(array, shown.edges)[0])
        shares = [np.mean(array == 0) for array in (now.weights, then.weights)]
        assert shares[0] > shares[1]
        text = "after: {:.1%} exactly 0 (before zeroing: {:.1%})".format(*shares)
        assert panel.texts[0].get_text() == text


def test_other_weights_of_that_run_have_no_state_before_zeroing(
    tmp_path: Path, zeroed: Path
) -> None:
    alone = ["before training", "after"]
    assert legend(draw(weights, zeroed, chosen="last")) == alone
    lost = copied(zeroed, tmp_path / "lost")
    (lost / "last.safetensors").unlink()
    assert legend(draw(weights, lost)) == alone


def test_one_run_with_zeroed_weights_stands_beside_another(zeroed: Path, spiral: Path) -> None:
    figure = draw(weights, spiral, zeroed)
    assert legend(figure) == ["before training", "after", "before zeroing"]
    assert [len(panel.patches) for panel in figure.axes] == [2, 3, 2, 3]


def test_weights_of_a_training_that_diverged_are_not_drawn(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    model = load_run(run).model
    model.parameters[0] = np.inf
    identity = RunFolder.existing(run).identity
    diverged = Checkpoint.of_model(Architecture.of(model), model, 3, run=identity)
    diverged.save(run / "best.safetensors")
    (found,) = drawn_runs([run], weights=None)
    for picture in (weights, boundary):
        assert picture.why_not(found) == "its weights are not finite: the training diverged"
