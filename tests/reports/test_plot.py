"""`rk.plot`: pictures of histories, runs and folders, for a notebook or a file.

Covers: regkit/reports/pictures/content.py, regkit/reports/pictures/kinds.py
"""

import importlib.util

import numpy as np
import pytest
from made_runs import made_run
from matplotlib.figure import Figure

import regkit as rk
from regkit.errors import InputError

PNG = b"\x89PNG\r\n\x1a\n"


def history(**more):
    X, y = rk.datasets.spiral(10, 3)
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    arguments = {"epochs": 20, "regularizers": ["l2=1e-3"], "validation": (X, y)}
    return rk.train(model, X, y, optimizer=rk.Adam(0.05), **arguments | more)


@pytest.fixture
def run(tmp_path):
    made_run(tmp_path / "run")
    return tmp_path / "run"


def lines(figure):
    """The data of each panel's lines."""
    return [[line.get_ydata().tolist() for line in panel.lines] for panel in figure.axes]


def test_a_history_is_drawn_as_it_is():
    made = history()
    figure = rk.plot(made)
    assert isinstance(figure, Figure)
    drawn = [line for panel in lines(figure) for line in panel]
    for wanted in (
        [record.data_loss for record in made],
        [record.loss for record in made],
        [record.validation.data_loss for record in made],
        [record.penalties["l2"] for record in made],
    ):
        assert wanted in drawn
    # What a notebook asks an object for.
    assert figure._repr_png_().startswith(PNG)


def test_several_stand_side_by_side_under_their_names(run, tmp_path):
    figure = rk.plot(history(), history(regularizers=[]), rk.load(run), run, names=list("abcd"))
    assert [panel.get_title() for panel in figure.axes[:4]] == list("abcd")
    assert lines(rk.plot(run)) == lines(rk.plot(rk.load(run))) == lines(rk.plot(str(run)))
    titles = [panel.get_title() for panel in rk.plot(history(), run).axes[:2]]
    assert titles == ["training 1", "run"]


@pytest.mark.parametrize("picture", ["losses", "scores", "zeros"])
def test_a_history_has_these_pictures(picture):
    assert rk.plot(history(), picture=picture).axes


@pytest.mark.parametrize("picture", ["boundary", "weights", "gradient-norms"])
def test_a_run_has_these_besides(run, picture):
    assert rk.plot(run, picture=picture).axes


def test_a_regression_has_its_fit(tmp_path):
    made_run(tmp_path / "sine", data="sine", epochs=1)
    assert rk.plot(tmp_path / "sine", picture="fit").axes


@pytest.mark.parametrize(("name", "begins"), [("a.png", PNG), ("b.SVG", b"<?xml")])
def test_a_file_is_written_too(tmp_path, name, begins):
    rk.plot(history(), out=tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("runs", "more", "said"),
    [
        ((), {}, "give what is to be drawn"),
        ((3,), {}, "a history, a run or its folder can be drawn, got int"),
        (([1, 2],), {}, "a history, a run or its folder can be drawn, got list"),
        (([],), {}, "training 1 has no records to draw"),
        (("nowhere",), {}, "nowhere is not the folder of a run"),
        ("history", {"picture": "loses"}, "picture 'loses' is not known: did you mean 'losses'?"),
        ("history", {"picture": "tea"}, "there are losses, scores, boundary"),
        ("history", {"picture": "weights"}, "training 1 has no picture 'weights'"),
        ("history", {"out": "a.pdf"}, "a.pdf must end in .png or .svg"),
        ("history", {"names": ["a", "b"]}, "names must be a list of 1"),
        ("history", {"names": "a"}, "names must be a list of 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(runs, more, said):
    given = (history(),) if runs == "history" else runs
    with pytest.raises(InputError) as refused:
        rk.plot(*given, **more)
    assert said in str(refused.value)


def test_histories_of_one_name_are_overlaid_as_one_line_with_a_band():
    two = [history(seed=0), history(seed=1)]
    other = history(regularizers=[])
    figure = rk.plot(*two, other, names=["l2", "l2", "none"], overlay=True)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["l2 (2 seeds)", "none"]
    mean = np.mean([[record.data_loss for record in one] for one in two], axis=0)
    panel = figure.axes[0]
    assert panel.get_title() == "data loss"
    np.testing.assert_allclose(panel.get_lines()[0].get_ydata(), mean)
    assert len(panel.collections) == 1


def test_saved_runs_are_told_apart_by_their_settings(tmp_path):
    for seed in range(3):
        made_run(tmp_path / f"run{seed}", seed=seed)
    loaded = [rk.load(tmp_path / f"run{seed}") for seed in (0, 1)]
    figure = rk.plot(*loaded, tmp_path / "run2", overlay=True, picture="scores")
    shown = [text.get_text() for text in figure.legends[0].get_texts()]
    assert shown == ["run0 … run2 (3 seeds)"]


def test_more_than_fit_side_by_side_are_overlaid():
    figure = rk.plot(*[history(epochs=1)] * 13, picture="scores")
    assert [panel.get_title() for panel in figure.axes] == ["training", "validation"]
    assert [len(panel.get_lines()) for panel in figure.axes] == [13, 13]


def test_what_can_only_stand_side_by_side_is_not_overlaid(run):
    with pytest.raises(InputError, match="'weights' cannot be overlaid: leave out overlay=True"):
        rk.plot(run, run, names=["a", "b"], picture="weights", overlay=True)
    names = [str(i) for i in range(13)]
    with pytest.raises(InputError, match="13 runs do not fit side by side in picture 'boundary'"):
        rk.plot(*[run] * 13, names=names, picture="boundary")
    with pytest.raises(InputError, match="overlay must be True or False, got 'no'"):
        rk.plot(run, overlay="no")


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "regkit.reports.pictures.kinds.find_spec",
        lambda name: None if name == "matplotlib" else found(name),
    )
    with pytest.raises(InputError, match=r"pip install 'regkit-nn\[plot\]'"):
        rk.plot(history())
