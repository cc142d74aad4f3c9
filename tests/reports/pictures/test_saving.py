"""The files: which, of what, and always the same.

Covers: regkit/reports/pictures/style.py
"""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from made_runs import edit_settings, made_run
from matplotlib.image import imread
from reports.pictures.drawing import LABELS, NAMES, by_look, copied, draw, legend

from regkit.errors import StorageError
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
    losses,
    save_pictures,
    scores,
    weights,
)
from regkit.reports.pictures.style import matplotlib_settings


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


def test_a_run_without_a_picture_does_not_take_the_others_theirs(
    tmp_path: Path, spiral: Path, sine: Path
) -> None:
    saved = save_pictures(drawn_runs([spiral, sine], weights=None), tmp_path, file_format="svg")
    assert {file.stem for file in saved.files} == NAMES | {"fit"}
    shown = texts(tmp_path / "boundary.svg")
    assert "run" in shown
    assert "sine" not in shown


def test_no_plugin_is_needed(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    edit_settings(run, "l2=1e-3@dense1", "gone_for_good=1e-3")
    saved = save_pictures(drawn_runs([run], weights=None), tmp_path / "out")
    assert {file.stem for file in saved.files} == NAMES


def test_pngs_can_be_opened(tmp_path: Path, spiral: Path) -> None:
    saved = save_pictures(drawn_runs([spiral], weights=None), tmp_path / "new" / "folder")
    assert {file.name for file in saved.files} == {f"{name}.png" for name in NAMES}
    assert len(saved.notes) == 1  # Which weights they are; of no other picture.
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


def test_more_runs_than_fit_are_overlaid_or_the_first_ones_shown(
    tmp_path: Path, spiral: Path
) -> None:
    (run,) = drawn_runs([spiral], weights=None)
    runs = [replace(run, name=f"run {i}", path=Path(f"r{i}")) for i in range(13)]
    saved = save_pictures(runs, tmp_path, file_format="svg")
    assert {file.stem for file in saved.files} == NAMES
    weights_of = "is drawn with the best weights (lowest validation loss), after"
    assert [note[: note.index(" after") + 6] for note in saved.notes[:12]] == [
        f"r{i} {weights_of}" for i in range(12)
    ]
    assert saved.notes[12:] == [
        "13 runs do not fit side by side: overlaid in losses, scores, zeros, gradient-norms",
        "boundary shows the first 12 of 13 runs",
        "weights shows the first 12 of 13 runs",
    ]
    overlaid, beside = (texts(tmp_path / f"{name}.svg") for name in ("losses", "boundary"))
    assert "run 12" in overlaid
    assert "run 11" in beside
    assert "run 12" not in beside


def test_fewer_are_overlaid_on_request(
    tmp_path: Path, spiral: Path, plain: Path, sine: Path
) -> None:
    runs = drawn_runs([spiral, plain, sine], weights=None)
    saved = save_pictures(runs, tmp_path / "a", file_format="svg", overlay=True)
    assert {file.stem for file in saved.files} == NAMES | {"fit"}
    again = save_pictures(runs, tmp_path / "b", file_format="svg", overlay=True)
    for one, other in zip(saved.files, again.files, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert {"run", "other", "sine", *LABELS} <= texts(tmp_path / "a" / "losses.svg")


def test_runs_that_lack_a_picture_for_one_reason_are_counted(tmp_path: Path, spiral: Path) -> None:
    (run,) = drawn_runs([spiral], weights=None)
    run = replace(run, history=replace(run.history, gradient_norms={}))
    notes = {
        count: save_pictures(
            [replace(run, path=Path(f"r{i}")) for i in range(count)], tmp_path
        ).notes[-1]
        for count in (3, 4)
    }
    why = "its records hold no gradient norms: train with --gradient-norms"
    assert notes == {
        3: f"gradient-norms is left out for r0, r1, r2: {why}",
        4: f"gradient-norms is left out for r0 and 3 more: {why}",
    }


def test_pictures_of_another_kind_of_model_are_not_missed(
    tmp_path: Path, sine: Path, table_run: Path
) -> None:
    (run,) = drawn_runs([table_run], weights=None)
    assert run.saved is not None
    columns = (*run.saved.preparation.columns, run.saved.preparation.columns[0])
    run.saved.preparation = replace(run.saved.preparation, columns=columns)
    for one in (run, *drawn_runs([sine], weights=None)):
        notes = save_pictures([one], tmp_path / one.name).notes
        assert not [note for note in notes if note.startswith(("boundary", "fit"))]


def texts(svg: Path) -> set[str]:
    return {text.strip() for text in ElementTree.parse(svg).getroot().itertext()}


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, spiral: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot create the folder"):
        save_pictures(drawn_runs([spiral], weights=None), tmp_path / "file" / "plots")


def test_zeros_are_drawn_for_all_runs_where_one_of_them_has_any(
    tmp_path: Path, spiral: Path
) -> None:
    made_run(tmp_path / "sparse", reg=("l1=3e-3,mode=prox@dense2.weights",))
    saved = save_pictures(drawn_runs([spiral, tmp_path / "sparse"], weights=None), tmp_path / "out")
    assert {file.stem for file in saved.files} == NAMES | {"zeros"}
    assert not any(note.startswith("zeros") for note in saved.notes)
