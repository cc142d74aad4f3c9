"""What the pictures of runs show.

Covers: regkit/reports/pictures/boundary.py, regkit/reports/pictures/drawn_run.py
Covers: regkit/reports/pictures/gradient_norms.py, regkit/reports/pictures/history.py
Covers: regkit/reports/pictures/losses.py, regkit/reports/pictures/names.py
Covers: regkit/reports/pictures/over_epochs.py, regkit/reports/pictures/saving.py
Covers: regkit/reports/pictures/scores.py, regkit/reports/pictures/style.py
Covers: regkit/reports/pictures/weights.py, regkit/reports/pictures/zeros.py
"""

import json
import math
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import polars
import pytest
from made_runs import made_run
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread

from regkit import datasets
from regkit.errors import InputError, StorageError
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
    gradient_norms,
    losses,
    save_pictures,
    scores,
    weights,
    zeros,
)
from regkit.reports.pictures.names import LONGEST, run_names, shortened
from regkit.reports.pictures.style import matplotlib_settings
from regkit.runs.architecture import Architecture
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.saved import load
from regkit.training import Record

NAMES = {"boundary", "gradient-norms", "losses", "scores", "weights", "zeros"}
TWO_PENALTIES = ("l2=1e-3@dense1", "l1=1e-4@dense2.weights")
LABELS = ("l2@dense1", "l1@dense2.weights")


@pytest.fixture(scope="module")
def spiral(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spiral") / "run"
    made_run(path, reg=TWO_PENALTIES)
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run without regularizers, of another depth."""
    path = tmp_path_factory.mktemp("plain") / "other"
    made_run(path, reg=("none",), hidden=(6, 5), epochs=20)
    return path


@pytest.fixture(scope="module")
def sine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sine") / "sine"
    made_run(path, data="sine", reg=("l2=1e-4",))
    return path


def draw(picture: Any, *paths: Path, chosen: str | None = None) -> Figure:
    with matplotlib_settings():
        return picture.draw(drawn_runs(paths, weights=chosen))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in (path / "metrics.jsonl").read_text().splitlines()]


def changed(line: dict[str, Any], **change: Any) -> dict[str, Any]:
    """A line with other parts, and sums that fit them."""
    return replace(Record.from_dict(line), **change).as_dict()


def rewrite(path: Path, records: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(record) + "\n" for record in records)
    (path / "metrics.jsonl").write_text(text)


def copied(path: Path, to: Path, *names: str) -> Path:
    to.mkdir()
    for name in names or [file.name for file in path.iterdir() if file.is_file()]:
        (to / name).write_bytes((path / name).read_bytes())
    return to


def legend(figure: Figure) -> list[str]:
    (found,) = figure.legends
    return [text.get_text() for text in found.get_texts()]


def by_look(figure: Figure, panel: Axes) -> dict[str, np.ndarray]:
    """The heights of a panel's lines, by the name that the shared legend gives to their look."""
    (found,) = figure.legends
    names = {
        (key.get_color(), key.get_linestyle()): text.get_text()
        for key, text in zip(found.get_lines(), found.get_texts(), strict=True)
    }
    return {
        names[line.get_color(), line.get_linestyle()]: np.asarray(line.get_ydata())
        for line in panel.get_lines()
    }


def assert_lines(figure: Figure, panel: Axes, expected: dict[str, list[float]]) -> None:
    found = by_look(figure, panel)
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


def test_losses_are_those_of_the_metrics_with_penalties_apart(spiral: Path) -> None:
    figure = draw(losses, spiral)
    above, below = figure.axes
    records = lines(spiral)
    assert above.get_ylabel() == "loss (cross-entropy, nats)"
    assert below.get_ylabel() == "penalty (part of the loss)"
    assert below.get_xlabel() == "epoch"
    assert_lines(
        figure,
        above,
        {
            "data loss": [record["data_loss"] for record in records],
            "validation data loss": [record["validation"]["data_loss"] for record in records],
            "data loss + penalties": [record["loss"] for record in records],
        },
    )
    assert_lines(
        figure,
        below,
        {label: [record["penalties"][label] for record in records] for label in LABELS},
    )
    for line in (*above.get_lines(), *below.get_lines()):
        assert list(line.get_xdata()) == [0, 5, 10, 15, 20, 25, 30]


def test_scores_are_those_of_the_metrics(spiral: Path) -> None:
    figure = draw(scores, spiral)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "accuracy (share of right answers)"
    assert_lines(
        figure,
        panel,
        {
            "training": [record["accuracy"] for record in lines(spiral)],
            "validation": [record["validation"]["accuracy"] for record in lines(spiral)],
        },
    )


def test_a_regression_shows_mean_squared_error_and_r2(sine: Path) -> None:
    figure = draw(scores, sine)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "R²"
    assert_lines(
        figure,
        panel,
        {
            "training": [record["r2"] for record in lines(sine)],
            "validation": [record["validation"]["r2"] for record in lines(sine)],
        },
    )
    assert draw(losses, sine).axes[0].get_ylabel() == "loss (mean squared error)"


def test_an_r2_far_below_zero_does_not_hide_the_others(tmp_path: Path, sine: Path) -> None:
    run = copied(sine, tmp_path / "run")
    first, *others = lines(run)
    rewrite(run, [first | {"r2": -1000.0}, *others])
    (panel,) = draw(scores, run).axes
    assert panel.get_ylim()[0] == -1
    assert panel.get_lines()[0].get_ydata()[0] == -1000


def test_zeros_are_in_percent_of_each_layer(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    shares = [{"dense1": 0.125 * i, "dense2": 1 / (i + 1)} for i in range(len(lines(run)))]
    rewrite(run, [line | {"zeros": share} for line, share in zip(lines(run), shares, strict=True)])
    figure = draw(zeros, run)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "weights exactly 0 (% of the layer)"
    assert panel.get_ylim() == (-2, 102)
    assert_lines(
        figure,
        panel,
        {name: [100 * share[name] for share in shares] for name in ("dense1", "dense2")},
    )


def test_gradient_norms_are_those_of_data_and_each_penalty(spiral: Path) -> None:
    figure = draw(gradient_norms, spiral)
    (panel,) = figure.axes
    records = lines(spiral)
    assert panel.get_ylabel() == "gradient (Euclidean norm)"
    assert_lines(
        figure,
        panel,
        {
            "data loss" if name == "data" else name: [r["gradient_norms"][name] for r in records]
            for name in ("data", *LABELS)
        },
    )


def test_records_without_gradient_norms_have_no_such_picture(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(run, [line | {"gradient_norms": None} for line in lines(run)])
    (found,) = drawn_runs([run], weights=None)
    assert gradient_norms.why_not(found) == (
        "its records hold no gradient norms: train with --gradient-norms"
    )


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1e-6, 1.0], "log"),
        ([0.0, 1e-6, 1.0], "log"),
        ([math.nan, 1e-9, 1.0], "log"),
        ([0.5, 1.0], "linear"),
        ([-1e-6, 1.0], "linear"),
        ([0.0, 0.0], "linear"),
    ],
)
def test_an_axis_is_logarithmic_where_values_are_positive_and_far_apart(
    tmp_path: Path, spiral: Path, values: list[float], scale: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(
        run,
        [
            changed(line, layers={"l2@dense1": {"dense1": value}}, gradient_norms=None)
            for line, value in zip(lines(run), values, strict=False)
        ],
    )
    figure = draw(losses, run)
    assert figure.axes[1].get_yscale() == scale


def test_a_penalty_that_a_logarithm_cannot_show_is_named(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(
        run,
        [
            changed(
                line,
                layers={
                    "tiny": {"dense1": 1e-9},
                    "large": {"dense1": 1.0},
                    "none_of_it": {"dense1": 0.0},
                },
            )
            for line in lines(run)
        ],
    )
    assert draw(losses, run).axes[1].get_xlabel() == "epoch\n0 throughout:\nnone_of_it"


def test_weights_before_are_those_the_run_started_from(tmp_path: Path) -> None:
    run = tmp_path / "run"
    before = made_run(run, init="he", hidden=(9, 7), dtype="float64")
    after = load(run, weights="last").model.parameter_layers
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
    made_run(run, optimizer="sgd", lr=0.5, reg=("l1=0.05,mode=prox@dense1",), val=0.2)
    saved = load(run, weights="last").model.parameter_layers
    shares = [np.mean(layer.weights == 0) for layer in saved]
    assert shares[0] > 0
    shown = [panel.texts[0].get_text() for panel in draw(weights, run, chosen="last").axes]
    assert shown == [f"after: {share:.1%} exactly 0" for share in shares]


def test_on_the_boundary_two_classes_are_equally_likely(spiral: Path) -> None:
    (panel,) = draw(boundary, spiral).axes
    model = load(spiral).model
    points = np.concatenate(
        [
            path.vertices
            for contour in panel.collections
            if hasattr(contour, "levels")
            for path in contour.get_paths()
        ]
    )
    assert len(points) > 50
    best = np.sort(model.predict_proba(points), axis=1)
    np.testing.assert_allclose(best[:, -1], best[:, -2], atol=0.02)


def test_boundary_shows_the_training_points_by_class(spiral: Path) -> None:
    figure = draw(boundary, spiral)
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("x1", "x2")
    assert legend(figure) == ["0", "1", "2"]
    X, y = datasets.spiral(20, 3, seed=3)
    clouds = [one for one in panel.collections if not hasattr(one, "levels")]
    for number, cloud in enumerate(clouds):
        np.testing.assert_allclose(cloud.get_offsets(), X[y == number], atol=1e-12)


def table_of_two(path: Path) -> None:
    chance = np.random.default_rng(0)
    ages, pays = chance.uniform(20, 60, 80), chance.uniform(1000, 9000, 80)
    rows = [
        f"{age!r};{pay!r};{'$yes$' if pay > 200 * age - 3000 else '_no'}"
        for age, pay in zip(ages.tolist(), pays.tolist(), strict=True)
    ]
    path.write_text("\n".join(["age;pay;answer", *rows]))


@pytest.fixture
def table_run(tmp_path: Path) -> Path:
    table_of_two(tmp_path / "table.csv")
    made_run(
        tmp_path / "run",
        data=str(tmp_path / "table.csv"),
        target="answer",
        standardize=True,
        samples=1000,
        epochs=60,
    )
    return tmp_path / "run"


def test_boundary_of_a_table_is_in_the_units_of_its_columns(table_run: Path) -> None:
    figure = draw(boundary, table_run)
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("age", "pay")
    assert legend(figure) == ["$yes$", "_no"]
    clouds = [one for one in panel.collections if not hasattr(one, "levels")]
    assert sum(len(one.get_offsets()) for one in clouds) == 64
    full = {
        label: one.get_facecolor()[0, :3] for label, one in zip(legend(figure), clouds, strict=True)
    }
    saved = load(table_run)
    (image,) = panel.images
    pale = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    found = set()
    for row, column in [(5, 5), (5, 295), (295, 5), (295, 295), (150, 40)]:
        age = left + (right - left) * column / 300
        pay = bottom + (top - bottom) * row / 300
        label = saved.predict(polars.DataFrame({"age": [age], "pay": [pay]}))[0]
        np.testing.assert_allclose(1 - 4 * (1 - pale[row, column]), full[label], atol=1e-9)
        found.add(label)
    assert len(found) == 2


def test_boundary_is_left_out_when_the_table_is_gone(tmp_path: Path, table_run: Path) -> None:
    table = tmp_path / "table.csv"
    table.unlink()
    (run,) = drawn_runs([table_run], weights=None)
    assert boundary.why_not(run) == f"{table} cannot be read: No such file or directory"


def test_boundary_is_left_out_when_the_table_has_changed(tmp_path: Path, table_run: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(table.read_text().replace("age", "years"))
    (run,) = drawn_runs([table_run], weights=None)
    assert boundary.why_not(run) == f"{table} has changed since the run was trained"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"data": "sine"}, "its model is a regression model"),
        (
            {"data": "sklearn:iris", "samples": 1000},
            "its model's inputs are not two columns of numbers",
        ),
        (
            {"data": "vertical", "classes": 22, "samples": 5},
            "its 22 classes are too many to distinguish",
        ),
    ],
)
def test_boundary_is_left_out_where_there_is_none(
    tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    made_run(tmp_path / "run", **settings, epochs=1)
    (run,) = drawn_runs([tmp_path / "run"], weights=None)
    assert boundary.why_not(run) == reason


def test_runs_stand_side_by_side_under_one_legend(spiral: Path, plain: Path) -> None:
    figure = draw(losses, spiral, plain)
    assert [panel.get_title() for panel in figure.axes[:2]] == ["run", "other"]
    assert len(figure.axes) == 4
    assert legend(figure) == [
        "data loss",
        "validation data loss",
        "data loss + penalties",
        *LABELS,
    ]
    left, right = figure.axes[:2]
    assert left.get_ylim() == right.get_ylim()
    assert set(by_look(figure, right)) == {"data loss", "validation data loss"}
    assert [text.get_text() for text in figure.axes[3].texts] == ["no regularizer"]
    assert len(draw(weights, spiral, plain).axes) == 6
    assert len(draw(boundary, spiral, plain).axes) == 2


def test_runs_of_different_tasks_have_scales_of_their_own(spiral: Path, sine: Path) -> None:
    panels = draw(scores, spiral, sine).axes
    assert [panel.get_ylabel() for panel in panels] == ["accuracy (share of right answers)", "R²"]
    assert not panels[0].get_shared_y_axes().joined(*panels)


def test_a_run_without_a_picture_does_not_take_the_others_theirs(
    tmp_path: Path, spiral: Path, sine: Path
) -> None:
    saved = save_pictures(drawn_runs([spiral, sine], weights=None), tmp_path, file_format="svg")
    assert {file.stem for file in saved.files} == NAMES
    texts = ElementTree.parse(tmp_path / "boundary.svg").getroot().itertext()
    shown = {text.strip() for text in texts}
    assert "run" in shown
    assert "sine" not in shown


def test_without_validation_or_regularizers_their_lines_are_absent(tmp_path: Path) -> None:
    run = tmp_path / "run"
    made_run(run, data="sklearn:iris", samples=1000, reg=("none",), val=0.0)
    figure = draw(losses, run)
    (panel,) = figure.axes
    assert legend(figure) == ["data loss"]
    assert legend(draw(scores, run)) == ["training"]
    assert len(panel.get_lines()) == 1


def test_a_single_record_is_a_dot(tmp_path: Path) -> None:
    made_run(tmp_path / "run", epochs=1)
    (panel,) = draw(scores, tmp_path / "run").axes
    assert [line.get_marker() for line in panel.get_lines()] == ["o", "o"]
    left, right = panel.get_xlim()
    assert [tick for tick in panel.get_xticks() if left <= tick <= right] == [0]


def test_a_run_that_has_saved_no_weights_shows_what_it_recorded(
    tmp_path: Path, spiral: Path
) -> None:
    run = copied(
        spiral,
        tmp_path / "run",
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "preparation.json",
    )
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 35, "accur')
    saved = save_pictures(drawn_runs([run], weights=None), run / "plots")
    assert {file.stem for file in saved.files} == NAMES - {"boundary", "weights"}
    assert saved.left_out == [
        f"{name} is left out for {run}: it has saved no weights yet"
        for name in ("boundary", "weights")
    ]
    with pytest.raises(InputError, match="holds no best weights yet"):
        drawn_runs([run], weights="best")


def test_weights_of_a_training_that_diverged_are_not_drawn(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    model = load(run).model
    model.parameters[0] = np.inf
    Checkpoint.of_model(Architecture.of(model), model, 3).save(run / "best.safetensors")
    (found,) = drawn_runs([run], weights=None)
    for picture in (weights, boundary):
        assert picture.why_not(found) == "its weights are not finite: the training diverged"


def test_no_plugin_is_needed(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    config = run / "config.toml"
    config.write_text(config.read_text().replace("l2=1e-3@dense1", "gone_for_good=1e-3"))
    saved = save_pictures(drawn_runs([run], weights=None), tmp_path / "out")
    assert {file.stem for file in saved.files} == NAMES


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda path: path.unlink(), "holds no records yet: go on with `regkit resume"),
        (lambda path: path.write_text(""), "holds no records yet: go on with `regkit resume"),
        (lambda path: path.write_text("what?\n"), "line 1 is not a record of a run"),
        (
            lambda path: path.write_text('{"epoch": 0}\n'),
            "line 1 is not a record of a run: .*data_loss",
        ),
    ],
)
def test_damaged_metrics_are_refused(
    tmp_path: Path, spiral: Path, damage: Any, complaint: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    damage(run / "metrics.jsonl")
    with pytest.raises(InputError, match=complaint):
        drawn_runs([run], weights=None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"loss": "much"}, "line 2 is not a record of a run: Expected `float`, got `str`"),
        ({"accuracy": None}, "line 2 is not a record of a run: .*either an accuracy or an R²"),
        ({"r2": 0.5}, "line 2 is not a record of a run: .*either an accuracy or an R²"),
        ({"validation": {}}, "line 2 is not a record of a run: .*data_loss"),
        ({"lr": "much"}, "line 2 is not a record of a run: Expected `float`, got `str`"),
        ({"penalties": {"l2": 0.1}}, "line 2 is not a record of a run: its penalties and"),
        ({"validation": None}, "line 2 has other entries than line 1"),
        ({"gradient_norms": None}, "line 2 has other entries than line 1"),
    ],
)
def test_a_strange_record_is_refused(
    tmp_path: Path, spiral: Path, change: dict[str, Any], complaint: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    first, second, *others = lines(run)
    rewrite(run, [first, second | change, *others])
    with pytest.raises(InputError, match=complaint):
        drawn_runs([run], weights=None)


def test_a_damaged_checkpoint_is_refused(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    (run / "best.safetensors").write_bytes(b"\x00" * 40)
    with pytest.raises(InputError, match="not a complete safetensors file"):
        drawn_runs([run], weights=None)


def test_pngs_can_be_opened(tmp_path: Path, spiral: Path) -> None:
    saved = save_pictures(drawn_runs([spiral], weights=None), tmp_path / "new" / "folder")
    assert {file.name for file in saved.files} == {f"{name}.png" for name in NAMES}
    assert saved.left_out == []
    for file in saved.files:
        assert np.ptp(imread(file)) > 0.5


def test_svgs_can_be_opened_and_are_the_same_each_time(tmp_path: Path, spiral: Path) -> None:
    runs = drawn_runs([spiral], weights=None)
    first = save_pictures(runs, tmp_path / "a", file_format="svg").files
    assert {file.name for file in first} == {f"{name}.svg" for name in NAMES}
    second = save_pictures(runs, tmp_path / "b", file_format="svg").files
    for one, other in zip(first, second, strict=True):
        assert ElementTree.parse(one).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert b"<dc:date>" not in one.read_bytes()
        assert one.read_bytes() == other.read_bytes()


def test_the_users_own_settings_of_matplotlib_count_for_nothing(spiral: Path) -> None:
    def content() -> bytes:
        buffer = BytesIO()
        with matplotlib_settings():
            scores.draw(drawn_runs([spiral], weights=None)).savefig(buffer, format="png")
        return buffer.getvalue()

    expected = content()
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "savefig.dpi": 30}):
        assert content() == expected
        assert matplotlib.rcParams["font.size"] == 20


def test_names_with_dollars_underscores_and_line_breaks_are_text(table_run: Path) -> None:
    with matplotlib_settings():
        figure = boundary.draw(drawn_runs([table_run], weights=None))
        figure.canvas.draw()
    assert legend(figure) == ["$yes$", "_no"]
    assert shortened("one\ntwo") == "one two"
    long = shortened("first" + 50 * "x" + "last")
    assert len(long) <= LONGEST
    assert long.startswith("first")
    assert long.endswith("last")


def test_runs_are_named_by_the_least_that_tells_them_apart() -> None:
    assert run_names([Path("runs/a"), Path("runs/b")]) == ["a", "b"]
    assert run_names([Path("x/runs/a"), Path("y/runs/a")]) == ["x/runs/a", "y/runs/a"]
    with pytest.raises(InputError, match=r"runs/\.\./runs/a is given twice"):
        run_names([Path("runs/../runs/a"), Path("runs/a")])


def test_more_runs_than_fit_are_refused(tmp_path: Path, spiral: Path) -> None:
    runs = drawn_runs([spiral], weights=None) * 13
    with pytest.raises(InputError, match="13 runs do not fit side by side: plot up to 12"):
        save_pictures(runs, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, spiral: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot create the folder"):
        save_pictures(drawn_runs([spiral], weights=None), tmp_path / "file" / "plots")
