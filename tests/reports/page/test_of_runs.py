"""What several runs of a page have in common, against the runs' own records and weights.

Covers: regkit/reports/page/ending.py, regkit/reports/page/seed_groups.py
"""

import json
import shutil

import numpy as np
import pytest
from made_runs import made_run
from reports.conftest import RUN
from reports.page_reader import PageReader

import regkit as rk
from regkit.errors import DivergenceError
from regkit.reports.drawings.overlaid_curves import overlaid_curves
from regkit.reports.pictures.drawn_run import drawn_runs
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.studies.statistics.verdict import verdict
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
        score = saved.evaluate_prepared(*saved.data().held_out["validation"])
        scores[path.name] = score
        assert own == {
            "run": path.name,
            "weights": f"{saved.weights.stem}, epoch {saved.epoch}",
            "validation accuracy": f"{score.accuracy:.4g}",
            "validation loss": f"{score.data_loss:.4g}",
            "zeros": zeros_of(saved),
            "data loss at the end": f"{saved.ledger.data_loss:.4g}",
            "penalty at the end": f"{saved.ledger.penalty:.4g}",
            "reg": {"none": "none", "l2": "l2=0.05@dense1"}[path.name],
        }
    told = ", ".join(
        f"{name} {scores[name].accuracy:.3f} (loss {scores[name].data_loss:.3f})"
        for name in sorted(scores, key=lambda n: -scores[n].accuracy)
    )
    assert found.verdicts[0] == f"Validation accuracy of the best weights: {told}."
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
        assert row["data loss at the end"] == f"{last.data_loss:.4g}"
        assert row["penalty at the end"] == f"{last.penalty:.4g}"
    assert rows["young"]["validation accuracy"] == rows["young"]["zeros"] == ""
    assert rows["young"]["weights"].startswith("none: did not end: it diverged")
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
    assert found.verdicts[0].startswith(f"Validation accuracy of the best weights{named}: r0 ")
    assert found.verdicts[0].count(",") == 5 + (number > 6)
    assert len(table(found)) == number


def test_groups_of_seeds_have_their_spread_and_are_paired_by_seed(tmp_path):
    scores = {}
    for arm in ("none", "l2=0.3"):
        for seed in range(3):
            run = tmp_path / f"{arm[:2]}{seed}"
            made_run(run, reg=(arm,), seed=seed)
            saved = rk.load(run)
            found = saved.evaluate_prepared(*saved.data().held_out["validation"])
            scores.setdefault(arm, []).append(found.accuracy)
    runs = [tmp_path / f"{arm}{seed}" for arm in ("no", "l2") for seed in range(3)]
    found = read(tmp_path, *runs)
    names = ["no0 … no2 (3 seeds)", "l20 … l22 (3 seeds)"]
    assert found.tables["Over the seeds"][1:] == [
        [name, "3", *(f"{one:.4g}" for one in (np.mean(own), min(own), max(own)))]
        for name, own in zip(names, scores.values(), strict=True)
    ]
    difference = rk.studies.paired_difference(scores["l2=0.3"], scores["none"])
    about = "by validation accuracy of the best weights"
    told = verdict(names[0], difference, difference.p_value, about=about)
    assert found.verdicts[0] == f"{names[1]}: {told}."
    assert not any("cannot say whether" in one for one in found.verdicts[:3])
    # Without a seed in common there are no pairs.
    other = read(tmp_path, runs[0], runs[1], runs[5])
    assert other.verdicts[0].startswith("Their scores are of different rows")


def test_tasks_that_cannot_be_compared_say_so_and_settings_that_do_not_apply_are_not_told(
    finished_run, tmp_path
):
    chance = np.random.default_rng(0)
    lines = [f"{a},{a + b}" for a, b in chance.normal(size=(60, 2)).round(3).tolist()]
    (tmp_path / "t.csv").write_text("\n".join(["a,b", *lines]))
    made_run(tmp_path / "table", data=str(tmp_path / "t.csv"), target="b", samples=1000)
    found = read(tmp_path, finished_run, tmp_path / "table")
    assert found.verdicts[0].startswith("Classification and regression cannot be compared")
    head = found.tables[TITLE][0]
    assert "data" in head
    assert not {"samples", "target"} & set(head)


def test_a_training_that_diverged_says_so_first(two_runs, tmp_path):
    out = tmp_path / "far"
    with collected_warnings(), pytest.raises(DivergenceError):
        execute(Config(**RUN, optimizer="sgd", lr=1e200, out=str(out)))
    found = read(tmp_path, two_runs[0], out)
    why = "did not end: it diverged after the record of epoch 0 of 40, or was stopped there"
    assert found.verdicts[0].startswith(f"far {why}")
    assert table(found)["far"]["weights"].startswith(f"none: {why}")
    alone = read(tmp_path, out)
    assert alone.verdicts[0].startswith(f"The training {why} before it saved weights.")
    file = out / "metrics.jsonl"
    first = json.loads(file.read_text().splitlines()[0])
    far = {**first, "epoch": 5, "data_loss": 5e6, "loss": 5e6 + first["penalty"]}
    file.write_text(f"{json.dumps(first)}\n{json.dumps(far)}\n")
    assert "diverged after the record of epoch 5 of 40" in read(tmp_path, out).verdicts[0]


def test_the_epoch_of_the_best_weights_is_marked(two_runs):
    runs = drawn_runs(two_runs, weights=None)
    drawn = next(iter(overlaid_curves(runs)))
    uprights = [
        line.get_xdata()[0]
        for line in drawn.figure.axes[0].get_lines()
        if list(line.get_ydata()) == [0, 1]
    ]
    assert uprights == [rk.load(path).epoch for path in two_runs]
    assert "where the best weights are" in drawn.description
    last = drawn_runs(two_runs, weights="last")
    assert "best weights" not in next(iter(overlaid_curves(last))).description
