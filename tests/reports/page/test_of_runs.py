"""What several runs of a page have in common, against the runs' own records and weights."""

import shutil

import numpy as np
import pytest
from made_runs import made_run
from reports.conftest import RUN
from reports.page_reader import PageReader

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.warn import collected_warnings

TITLE = "The runs"


def read(tmp_path, *sources):
    return PageReader(rk.report(*sources, out=tmp_path / "page.html", force=True).read_text())


def table(found):
    head, *rows = found.tables[TITLE]
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def zeros_of(saved):
    w = np.concatenate(
        [w.ravel() for one in saved.model.parameter_layers for w in one.weight_arrays().values()]
    )
    return f"{(w == 0).mean():.1%}"


def test_two_runs_begin_with_a_table_of_their_own_figures(two_runs, tmp_path):
    found = read(tmp_path, *two_runs)
    assert found.headings[:2] == ["2 runs side by side", TITLE]
    assert [one for one in found.headings if one.startswith("Run ")] == ["Run none", "Run l2"]
    rows = table(found)
    assert list(rows) == ["none", "l2"]
    scores = {}
    for path in two_runs:
        saved, own = rk.load(path), rows[path.name]
        score = saved.evaluate_prepared(*saved.data().held_out["validation"]).accuracy
        scores[path.name] = score
        assert own == {
            "run": path.name,
            "validation accuracy": f"{score:.4g}",
            "data loss": f"{saved.ledger.data_loss:.4g}",
            "penalty": f"{saved.ledger.penalty:.4g}",
            "zeros": zeros_of(saved),
            "weights": f"{saved.weights.stem}, epoch {saved.epoch}",
            "reg": {"none": "none", "l2": "l2=0.05@dense1"}[path.name],
        }
    told = ", ".join(
        f"{name} {scores[name]:.3f}" for name in sorted(scores, key=lambda n: -scores[n])
    )
    assert found.verdicts[0] == f"Validation accuracy: {told}."
    assert found.verdicts[1] == "Their settings differ in reg."
    assert "cannot say whether a penalty helps" in found.verdicts[2]


def test_one_run_or_a_study_has_no_common_section(finished_run, comparison, tmp_path):
    assert TITLE not in read(tmp_path, finished_run, comparison).headings


def test_runs_of_different_rows_are_not_ranked(tmp_path):
    for seed in range(2):
        made_run(tmp_path / f"seed{seed}", seed=seed)
    found = read(tmp_path, tmp_path / "seed0", tmp_path / "seed1")
    assert found.verdicts[0].startswith("Their scores are of different rows")
    assert found.verdicts[1] == "Their settings differ in seed."
    # One line stands for both.
    assert found.tables["Training accuracy"][0] == ["epoch", "seed0 … seed1 (2 seeds)"]


def test_equal_runs_say_so(two_runs, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(two_runs[0], tmp_path / name)
    found = read(tmp_path, tmp_path / "a", tmp_path / "b")
    assert found.verdicts[1] == "Their settings are the same."


def test_a_run_that_has_not_ended_or_has_no_weights_is_shown_as_far_as_it_is(two_runs, tmp_path):
    for name, gone in (("young", "*.safetensors"), ("going", "ledger.json")):
        shutil.copytree(two_runs[1], tmp_path / name)
        for file in (tmp_path / name).glob(gone):
            file.unlink()
    (tmp_path / "young" / "ledger.json").unlink()
    rows = table(read(tmp_path, tmp_path / "young", tmp_path / "going"))
    last = rk.load(two_runs[1]).records[-1]
    for row in rows.values():
        assert row["data loss"] == f"{last.data_loss:.4g}"
        assert row["penalty"] == f"{last.penalty:.4g}"
    assert rows["young"]["validation accuracy"] == rows["young"]["zeros"] == ""
    assert rows["young"]["weights"] == "it has saved no weights yet"
    assert rows["going"]["validation accuracy"] != ""


def test_regressions_and_classifiers_stand_in_one_table_and_in_pictures_of_their_own(
    finished_run, tmp_path
):
    with collected_warnings():
        execute(Config(**{**RUN, "data": "sine"}, out=str(tmp_path / "sine")))
    found = read(tmp_path, finished_run, tmp_path / "sine")
    rows = table(found)
    assert rows["run"]["validation R²"] == rows["sine"]["validation accuracy"] == ""
    score = rk.load(tmp_path / "sine")
    assert rows["sine"]["validation R²"] == (
        f"{score.evaluate_prepared(*score.data().held_out['validation']).r2:.4g}"
    )
    for heading, name in (
        ("Data loss (cross-entropy, nats)", "run"),
        ("Data loss (mean squared error)", "sine"),
        ("Training accuracy", "run"),
        ("Training R²", "sine"),
    ):
        assert found.tables[heading][0] == ["epoch", name]


@pytest.mark.parametrize(("number", "named"), [(6, ""), (7, ", the best of 7")])
def test_of_many_runs_the_best_are_told(two_runs, tmp_path, number, named):
    runs = [tmp_path / f"r{at}" for at in range(number)]
    for run in runs:
        shutil.copytree(two_runs[0], run)
    found = read(tmp_path, *runs)
    assert found.verdicts[0].startswith(f"Validation accuracy{named}: r0 ")
    assert found.verdicts[0].count(",") == 5 + (number > 6)
    assert len(table(found)) == number
