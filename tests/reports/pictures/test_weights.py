"""Histograms of the weights before and after."""

from pathlib import Path

import numpy as np
from made_runs import made_run
from reports.pictures.drawing import copied, draw, legend

from regkit.nn.architecture import Architecture
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
    weights,
)
from regkit.runs.checkpoint import Checkpoint
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


def test_weights_that_are_exactly_zero_are_counted(tmp_path: Path) -> None:
    run = tmp_path / "run"
    made_run(run, optimizer="sgd", lr=0.5, init="he", reg=("l1=0.02,mode=prox@dense1",), val=0.2)
    saved = load_run(run, weights="last").model.parameter_layers
    shares = [np.mean(layer.weights == 0) for layer in saved]
    assert 0 < shares[0] < 1
    shown = [panel.texts[0].get_text() for panel in draw(weights, run, chosen="last").axes]
    assert shown == [f"after: {share:.1%} exactly 0" for share in shares]


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
