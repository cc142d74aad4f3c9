"""A page about runs and studies: what it says, and what it refuses.

Covers: regkit/reports/page/html.py, regkit/reports/page/section.py
Covers: regkit/reports/page/of_run.py, regkit/reports/page/of_study.py
Covers: regkit/reports/page/ledger_listing.py, regkit/reports/page/measured_run.py
"""

import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
from made_runs import made_run
from reports.page_reader import PageReader

import regkit as rk
from regkit.errors import InputError, StorageError
from regkit.reports.drawings.curves_over_epochs import scores
from regkit.reports.drawings.loss_and_penalty import over_strengths
from regkit.reports.drawings.overlaid_curves import overlaid_curves
from regkit.reports.page.of_study import study_section
from regkit.reports.pictures.drawn_run import drawn_run, drawn_runs
from regkit.runs.saved import SavedRun
from regkit.studies.saved_study import saved_study


def page_of(tmp_path, *sources):
    return rk.report(*sources, out=tmp_path / "page.html", force=True).read_text()


def test_every_figure_of_a_comparison_is_the_studys(comparison, tmp_path):
    read = PageReader(page_of(tmp_path, comparison))
    told = json.loads((comparison / "result.json").read_text())
    head, *arms = read.tables["Arms"]
    assert [one[0] for one in arms] == list(told["arms"]) == ["none", "l2", "strong <b>"]
    for name, mean, sd, zeros, seeds, _ in arms:
        one = told["arms"][name]
        assert [mean, sd, zeros, seeds] == [
            f"{one['mean']:.4g}",
            f"{one['sd']:.4g}",
            f"{one['zeros']:.1%}",
            "4",
        ]
    assert head[1] == "mean accuracy"
    _, *differences = read.tables["Paired differences"]
    drawn = read.tables["Differences from none"][1:]
    for (name, mean, interval, p, *_), (arm, at, low, high, *seeds) in zip(
        differences, drawn, strict=True
    ):
        one = told["differences"][name]
        assert arm == name
        assert mean == at == f"{one['mean']:+.4g}"
        assert interval == f"{one['low']:+.4g} to {one['high']:+.4g}"
        assert [low, high] == [f"{one['low']:+.4g}", f"{one['high']:+.4g}"]
        assert p == f"{one['p_holm']:.3g}"
        assert math.fsum(map(float, seeds)) / 4 == pytest.approx(one["mean"], rel=1e-2)
        assert f"{name}: {one['verdict']}." in read.verdicts


def test_every_figure_of_a_path_is_the_studys(path_study, tmp_path):
    read = PageReader(page_of(tmp_path, path_study))
    told = json.loads((path_study / "result.json").read_text())
    _, *curve = read.tables["Validation curve"]
    assert [row[:4] for row in curve] == [
        [f"{strength:.4g}", f"{mean:.4g}", f"{error:.4g}", str(count)]
        for strength, mean, error, count in zip(
            told["strengths"], told["means"], told["errors"], told["nonzeros"], strict=True
        )
    ]
    chosen = {name: row[0] for row in curve for name in row[4].split(", ")}
    assert chosen["min"] == f"{told['lambda_min']:.4g}"
    assert chosen["1se"] == f"{told['lambda_1se']:.4g}"
    (_, *inputs), *weights = read.tables["Weights of the inputs"]
    for name, column in zip(inputs, list(zip(*weights, strict=True))[1:], strict=True):
        assert list(column) == [f"{one:.4g}" for one in told["input_weights"][name]]
    out = dict(read.tables["When the inputs leave"][1:])
    assert out == {
        name: "never" if at is None else f"{at:.4g}" for name, at in told["inputs"].items()
    }
    assert f"Strength {told['lambda_1se']:.4g} keeps" in read.verdicts[0]


def test_every_figure_of_a_sweep_is_the_studys(sweep_study, tmp_path):
    read = PageReader(page_of(tmp_path, sweep_study))
    told = json.loads((sweep_study / "result.json").read_text())
    head, *trials = read.tables["Trials"]
    assert head[1:3] == list(told["ranges"]) == ["l2", "lr"]
    assert [row[:5] for row in trials] == [
        [
            str(one["trial"]),
            *(f"{value:.4g}" for value in one["values"].values()),
            one["state"],
            str(one["repeats"]),
        ]
        for one in told["trials"]
    ]
    assert [row[5] for row in trials] == [f"{one['mean']:.4g}" for one in told["trials"]]
    best = told["best"]
    assert read.verdicts[0].startswith(f"Best: trial {best['trial']}, l2 ")
    assert f"is {best['mean']:.4g} ± " in read.verdicts[1]
    assert f"{best['test_mean']:.4g} ± " in read.verdicts[1]
    along = [float(row[0]) for row in read.tables["Along lr"][1:]]
    finished = [one for one in told["trials"] if one["state"] == "finished"]
    assert along == sorted(float(f"{one['values']['lr']:.4g}") for one in finished)


def test_the_ledger_and_the_curves_of_a_run_are_its_files(finished_run, tmp_path):
    read = PageReader(page_of(tmp_path, finished_run))
    ledger = rk.load(finished_run, weights="last").ledger
    _, *rows = read.tables["Ledger"]
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        (one.label, one.scope, one.mode, f"{one.value:.4g}") for one in ledger.entries
    ]
    assert [row[7] for row in rows] == [f"{one.gradient_share:.1%}" for one in ledger.entries]
    records = rk.load(finished_run).records
    _, *losses = read.tables["Losses"]
    assert losses == [
        [
            str(record.epoch),
            f"{record.data_loss:.4g}",
            f"{record.validation.data_loss:.4g}",
            f"{record.loss:.4g}",
        ]
        for record in records
    ]
    distances = read.tables["Distance from stationary"][1:]
    assert distances == [[name, f"{one:.2g}"] for name, one in ledger.distances.items()]


def test_the_verdict_comes_first_and_one_run_says_what_it_cannot(finished_run, tmp_path):
    page = page_of(tmp_path, finished_run)
    verdicts = PageReader(page).verdicts
    objective, ledger = rk.load(finished_run, weights="last"), rk.load(finished_run).ledger
    # After the last update, not the record before it.
    score = objective.evaluate_prepared(*objective.data().training).score.value
    assert verdicts[0] == (
        f"With the last weights, after 40 epochs: accuracy {score:.3f} on the training rows, "
        f"loss {ledger.loss:.3f} = data loss {ledger.data_loss:.3f} + penalty {ledger.penalty:.3g}."
    )
    saved = rk.load(finished_run)
    validation = saved.evaluate_prepared(*saved.data().held_out["validation"])
    zeros = sum(int((one == 0).sum()) for one in weights_of(saved))
    size = sum(one.size for one in weights_of(saved))
    title = saved.weights_title
    assert verdicts[1] == (
        f"{title[0].upper()}{title[1:]}: validation {validation}; {zeros} of {size} weights "
        f"exactly 0 ({zeros / size:.1%})."
    )
    assert any("cannot say whether a penalty helps" in one for one in verdicts)
    assert page.index('class="verdict"') < page.index("<svg")


def test_the_same_bytes_when_made_again_small_and_asking_nobody(
    finished_run, comparison, path_study, tmp_path
):
    sources = (finished_run, comparison, path_study)
    first = page_of(tmp_path, *sources)
    assert page_of(tmp_path, *sources) == first
    assert len(first.encode()) < 2_000_000
    assert "http" not in first.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    read = PageReader(first)
    assert [one for one in read.headings if one.split()[0] in ("Run", "Comparison", "Path")] == [
        "Run run",
        "Comparison comparison",
        "Run comparison/run",
        "Path path",
    ]
    # A name with markup is text.
    assert "strong &lt;b&gt;" in first
    assert "strong <b>" not in first


def test_a_page_that_exists_is_replaced_with_force_alone(finished_run, tmp_path):
    file = tmp_path / "page.html"
    file.write_text("mine")
    with pytest.raises(InputError, match=r"page\.html exists: .*--force"):
        rk.report(finished_run, out=file)
    assert file.read_text() == "mine"
    rk.report(finished_run, out=file, force=True)
    assert file.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("page.pdf", InputError, r"page\.pdf must end in \.html"),
        ("no/page.html", StorageError, "no is not a folder"),
        ("folder.html", InputError, "is a folder: name a file"),
    ],
)
def test_a_place_that_cannot_hold_the_page_is_refused(name, error, told, finished_run, tmp_path):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(error, match=told):
        rk.report(finished_run, out=tmp_path / name)


def test_what_has_nothing_to_show_is_refused(comparison, tmp_path):
    out = tmp_path / "page.html"
    with pytest.raises(InputError, match="give the folder of a run or study"):
        rk.report(out=out)
    with pytest.raises(InputError, match="is the folder of neither a run nor a study"):
        rk.report(tmp_path / "nothing", out=out)
    made_run(tmp_path / "young")
    (tmp_path / "young" / "metrics.jsonl").write_text("")
    with pytest.raises(InputError, match=r"the records of .*young are missing"):
        rk.report(tmp_path / "young", out=out)
    unfinished = tmp_path / "unfinished"
    shutil.copytree(comparison, unfinished)
    (unfinished / "result.json").unlink()
    with pytest.raises(InputError, match=r"not finished \(12 rows so far\)"):
        rk.report(unfinished, out=out)
    assert not out.exists()


def test_data_are_read_and_held_out_rows_measured_once_for_each_run(
    finished_run, path_study, tmp_path, monkeypatch
):
    asked = []

    def counted(name):
        own = getattr(SavedRun, name)

        def asking(saved, *given):
            asked.append((saved.path.name, name))
            return own(saved, *given)

        monkeypatch.setattr(SavedRun, name, asking)

    counted("data")
    counted("evaluate_prepared")
    shutil.copytree(finished_run, tmp_path / "again")
    page_of(tmp_path, tmp_path / "again")
    assert asked == [("again", "data"), ("again", "evaluate_prepared")]
    asked.clear()
    page_of(tmp_path, path_study)
    assert asked == [("run", "data"), ("run", "evaluate_prepared")]


def test_a_run_that_is_still_training_says_so(tmp_path):
    made_run(tmp_path / "run")
    (tmp_path / "run" / "ledger.json").unlink()
    verdicts = PageReader(page_of(tmp_path, tmp_path / "run")).verdicts
    assert verdicts[0].startswith("At the last record, of epoch 30: accuracy ")
    assert any("There is no ledger yet: regkit resume" in one for one in verdicts)


def test_what_cannot_be_made_again_alone_says_so(path_study, tmp_path):
    page = page_of(tmp_path, path_study)
    # The model comes from the study, whose command stands twice.
    assert page.count("regkit path study.toml") == 2
    assert "regkit train config.toml" not in page
    assert "It comes from a study" in page_of(tmp_path, path_study / "run")
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    X, y = rk.datasets.spiral(samples=10, classes=3)
    rk.train(model, X, y, optimizer=rk.Adam(0.05), epochs=3, out=tmp_path / "arrays")
    page = page_of(tmp_path, tmp_path / "arrays")
    assert "It was trained on arrays from Python, which are not saved" in page
    assert "regkit verify" not in page


def test_missing_records_are_told(finished_run, tmp_path):
    shutil.copytree(finished_run, tmp_path / "run")
    records = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "run" / "metrics.jsonl").write_text("".join(records[:3]))
    verdicts = PageReader(page_of(tmp_path, tmp_path / "run")).verdicts
    assert "The records end at epoch 10: later ones are missing." in verdicts


def test_a_path_with_strengths_that_failed_has_points_for_the_others(path_study):
    found = saved_study(path_study).result
    (first, *losses), (_, *means) = found.train_losses, found.means
    failed = replace(found, train_losses=[(math.nan, math.nan), *losses], means=[math.nan, *means])
    drawn = over_strengths(failed)
    assert len(drawn.marks) == len(losses)
    assert all(math.isfinite(mark.x + mark.y) for mark in drawn.marks)
    assert drawn.numbers.rows[0][1:] == ["failed", "failed"]
    assert [text.get_text() for text in drawn.figure.axes[0].texts] == ["weakest", "strongest"]
    assert first != losses[0]


def weights_of(saved):
    return [w for layer in saved.model.parameter_layers for w in layer.weight_arrays().values()]


def test_long_trainings_stay_small_on_the_page(two_runs, tmp_path):
    for path in two_runs:
        shutil.copytree(path, tmp_path / path.name)
        file = tmp_path / path.name / "metrics.jsonl"
        known = [json.loads(line) for line in file.read_text().splitlines()]
        lines = [
            {**known[at % len(known)], "epoch": at, "loss": known[0]["loss"]} for at in range(3000)
        ]
        lines[1234]["accuracy"] = 0.123456
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    page = page_of(tmp_path, *(tmp_path / path.name for path in two_runs))
    assert len(page.encode()) < 1_200_000
    read = PageReader(page)
    assert ["1234", "0.1235"] in [row[:2] for row in read.tables["Accuracy"]]
    assert len(read.tables["Data loss against penalty"]) <= 201
    assert "epoch 1234, training: 0.1235" in read.labels


def test_training_and_validation_of_runs_have_the_same_axes(two_runs):
    drawn = {
        one.title.split()[0]: one.figure.axes[0]
        for one in overlaid_curves(drawn_runs(two_runs, weights=None))
        if "loss" in one.title
    }
    assert list(drawn) == ["Data", "Validation"]
    data, validation = drawn.values()
    assert data.get_ylim() == validation.get_ylim()
    assert data.get_yscale() == validation.get_yscale()


def test_a_cut_axis_of_r2_says_so(tmp_path):
    made_run(tmp_path / "sine", data="sine", reg=("none",), epochs=3)
    file = tmp_path / "sine" / "metrics.jsonl"
    first, *rest = [json.loads(line) for line in file.read_text().splitlines()]
    first["r2"], first["validation"]["r2"] = -900.0, -0.5
    file.write_text("".join(json.dumps(line) + "\n" for line in (first, *rest)))
    page = page_of(tmp_path, tmp_path / "sine")
    assert "R² (cut at −1)" in page


def test_few_records_are_dots(tmp_path):
    for name, every in (("few", 5), ("many", 1)):
        made_run(tmp_path / name, epochs=30, log_every=every)
        run = drawn_run(tmp_path / name, name, None)
        (line, *_) = scores(run.history).figure.axes[0].get_lines()
        assert (line.get_marker() == "o") == (name == "few")


def test_a_loaded_run_is_shown_with_the_weights_that_it_has(finished_run, tmp_path):
    loaded = rk.load(finished_run, weights="last")
    assert page_of(tmp_path, rk.load(finished_run)) == page_of(tmp_path, finished_run)
    verdicts = PageReader(page_of(tmp_path, loaded)).verdicts
    assert verdicts[1].startswith("The last weights, after 40 epochs: validation accuracy")


def test_names_at_the_start_of_a_sentence_keep_their_spelling(sweep_study, tmp_path):
    found = saved_study(sweep_study)
    best = max(found.result.trials, key=lambda one: one.mean)
    at_end = replace(best, values={"l2": 1e-4, "lr": 0.1})
    study = replace(found, result=replace(found.result, trials=[at_end]))
    verdict = study_section(study, "s").verdict
    assert any(line.startswith("l2 = ") for line in verdict)
    assert not any(line.startswith("L2") for line in verdict)


def test_a_layer_without_a_zero_has_a_row_instead_of_a_picture(finished_run, tmp_path):
    read = PageReader(page_of(tmp_path, finished_run))
    layers = rk.load(finished_run).model.parameter_layers
    full = [one for one in layers if one.weights.all()]
    assert full
    rows = read.tables["Layers without a zero"][1:]
    assert [row[:2] for row in rows] == [
        [f"{one.name}.weights", str(one.weights.size)] for one in full
    ]
    assert not {f"Zeros of {row[0]}" for row in rows} & set(read.headings)


def test_places_on_the_machine_are_not_shown(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        chance = np.random.default_rng(0)
        lines = [f"{a},{a + b}" for a, b in chance.normal(size=(40, 2)).round(3).tolist()]
        (folder / f"{name}.csv").write_text("\n".join(["a,b", *lines]))
        made_run(folder / "run", data=str(folder / f"{name}.csv"), target="b", samples=1000)
    read = PageReader(page_of(tmp_path, tmp_path / "one" / "run", tmp_path / "two" / "run"))
    head, *rows = read.tables["The runs"]
    assert [row[head.index("data")] for row in rows] == ["one.csv", "two.csv"]
