"""Comparisons: paired by seed, kept in a folder, the same whoever does the work.

Covers: regkit/studies/comparisons/cell.py, regkit/studies/comparisons/comparison.py
Covers: regkit/studies/comparisons/comparison_text.py, regkit/studies/columns.py
Covers: regkit/studies/comparisons/arm_scores.py
Covers: regkit/studies/comparisons/prepared_comparison.py
"""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.studies.comparisons.cell import Cell
from regkit.studies.comparisons.comparison import comparison_of

SPIRAL = {"data": "spiral", "samples": 30, "epochs": 40, "hidden": [8], "val_samples": 30}
ARMS = {"none": [], "l2": ["l2=1e-3@dense1"], "l1": [rk.L1(1e-3, on="dense1.weights")]}


class OfMyOwn(rk.Regularizer):
    """A class that no worker can find."""

    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        return 2 * w


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


def contents(folder):
    """Everything in a study's folder but the timings and the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("timings.jsonl", ".lock")
    }


def test_the_scores_are_those_of_single_trainings(threads):
    found = rk.compare(SPIRAL, ARMS, range(3), executor=threads)
    assert (found.metric, found.baseline, list(found.seeds)) == ("accuracy", "none", [0, 1, 2])
    for seed in range(3):
        X, y = rk.datasets.spiral(30, 3, seed)
        layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
        model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=seed)
        rk.train(
            model,
            X,
            y,
            optimizer=rk.Adam(0.05, decay=5e-7),
            regularizers=["l2=1e-3@dense1"],
            epochs=40,
            seed=seed,
            threads=1,
        )
        fresh = rk.datasets.spiral(1000, 3, (seed, 2))
        assert found.arms["l2"].scores[seed] == model.score(*fresh)
    scores = [list(found.arms[name].scores.values()) for name in ("l2", "none")]
    differences = np.subtract(*scores)
    assert found.differences["l2"].mean == pytest.approx(differences.mean(), abs=1e-15)
    assert found.arms["l2"].mean == pytest.approx(np.mean(scores[0]))
    assert found.arms["l2"].sd == pytest.approx(np.std(scores[0], ddof=1))
    assert "l2: " in str(found)
    assert found.verdicts["l2"].startswith(("not told", "better", "worse"))
    assert len(found.to_frame()) == 9


def test_the_order_of_seeds_and_arms_changes_nothing_but_the_order(threads):
    first = rk.compare(SPIRAL, ARMS, [0, 1, 2, 3], executor=threads)
    shuffled = {name: ARMS[name] for name in ("l1", "none", "l2")}
    second = rk.compare(SPIRAL, shuffled, [2, 0, 3, 1], executor=threads)
    assert second.differences == first.differences
    assert second.adjusted == first.adjusted
    assert second.verdicts == first.verdicts
    assert list(second.arms) == ["l1", "none", "l2"]
    assert second.arms["l2"].scores == first.arms["l2"].scores
    assert second.arms["l2"].mean == first.arms["l2"].mean


@pytest.mark.slow
def test_the_bytes_are_the_same_for_any_number_of_workers(tmp_path, monkeypatch):
    for workers in (1, 2, 4):
        (tmp_path / str(workers)).mkdir()
        monkeypatch.chdir(tmp_path / str(workers))
        rk.compare(SPIRAL, ARMS, 4, workers=workers, out="study")
    one, two, four = (contents(tmp_path / name) for name in "124")
    assert one == two == four
    rows = [json.loads(line) for line in one["study/rows.jsonl"].splitlines()]
    assert [(row["seed"], row["arm"]) for row in rows[:4]] == [
        (0, "none"),
        (0, "l2"),
        (0, "l1"),
        (1, "none"),
    ]
    # The winner is a run like any other.
    assert rk.load(tmp_path / "1" / "study" / "run").predict(np.zeros((1, 2))).shape == (1,)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_study_that_was_killed_goes_on_and_ends_with_the_same_bytes(number, tmp_path):
    arguments = ["compare", "--samples", "30", "--epochs", "2000", "--hidden", "8", "--seeds", "6"]
    arguments += ["--arm", "none", "--arm", "l2=1e-3@dense1", "--workers", "2"]
    command = [sys.executable, "-m", "regkit", *arguments]
    command += ["--out", "study", "--json"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in (whole, killed):
        folder.mkdir()
    subprocess.run(command, cwd=whole, check=True, capture_output=True)
    process = subprocess.Popen(command, cwd=killed, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(3):
        assert b'"cell"' in process.stdout.readline()
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    if number != signal.SIGKILL:
        assert process.returncode == 128 + number
        assert b" of 12 tasks are kept in" in said
        assert b"Traceback" not in said
    before = len((killed / "study/rows.jsonl").read_text().splitlines())
    assert 3 <= before < 12
    again = subprocess.run(command, cwd=killed, check=True, capture_output=True, text=True)
    assert again.stdout.count('"event": "cell"') == 12 - before
    assert contents(killed) == contents(whole)


PLUGIN = """
import numpy as np
from regkit import Regularizer

class Moody(Regularizer):
    def value(self, w):
        if abs(float(w.flat[0])) > {limit}:
            raise ValueError("too large for me")
        return float(np.sum(w**2))

    def grad(self, w):
        return 2 * w
"""


def test_cells_that_diverge_or_whose_plugin_fails_are_rows_with_their_reason(threads, tmp_path):
    (tmp_path / "moody.py").write_text(PLUGIN.format(limit=0.02))
    arms = {
        "none": [],
        "moody": ["moody=1e-3@dense1.weights"],
        "wild": {"reg": [], "optimizer": "sgd", "lr": 1e12},
    }
    found = rk.compare(
        SPIRAL,
        arms,
        4,
        executor=threads,
        plugin_files=[tmp_path / "moody.py"],
        out=tmp_path / "study",
    )
    assert len(found.arms["wild"].failed) == 4
    assert all(
        reason.startswith("DivergenceError") for reason in found.arms["wild"].failed.values()
    )
    assert found.differences["wild"] is None
    assert "fewer than 2 seeds" in found.verdicts["wild"]
    failed = found.arms["moody"].failed
    assert failed
    assert "too large for me" in next(iter(failed.values()))
    assert "failed: " in str(found)
    rows = [json.loads(line) for line in (tmp_path / "study/rows.jsonl").read_text().splitlines()]
    assert len(rows) == 12


def test_tuning_tries_as_many_strengths_for_every_arm_and_measures_the_best(threads):
    arms = {"none": [], "l2": ["l2=1e-5..1e-1@dense1"], "l1": ["l1=1e-3@dense1.weights"]}
    found = rk.compare(SPIRAL, arms, 3, tune=3, executor=threads)
    chosen = found.arms["l2"].strengths
    assert {round(one["l2@dense1"], 9) for one in chosen.values()} <= {1e-5, 1e-3, 1e-1}
    assert {round(one["l1@dense1.weights"], 9) for one in found.arms["l1"].strengths.values()} <= {
        1e-5,
        1e-3,
        1e-1,
    }
    assert not found.arms["none"].strengths
    # The chosen one is the best of its seed on the validation rows.
    single = {
        strength: rk.compare(
            SPIRAL, {"none": [], "l2": [f"l2={strength}@dense1"]}, 3, executor=threads
        )
        for strength in (1e-5, 1e-3, 1e-1)
    }
    for seed in range(3):
        rows = {
            strength: row
            for strength, one in single.items()
            for row in one.rows
            if (row["arm"], row["seed"]) == ("l2", seed)
        }
        best = max(
            rows,
            key=lambda one: (
                rows[one]["validation"]["accuracy"],
                -rows[one]["validation"]["data_loss"],
            ),
        )
        assert round(chosen[seed]["l2@dense1"], 9) == best
        assert found.arms["l2"].scores[seed] == rows[best]["test"]["accuracy"]


def test_splits_of_one_table_are_judged_by_the_corrected_interval(threads):
    settings = {"data": "sklearn:wine", "epochs": 30, "hidden": [4]}
    found = rk.compare(settings, {"none": [], "l2": ["l2=1e-2"]}, 4, executor=threads)
    assert found.test_to_train == pytest.approx(36 / 142)
    assert found.differences["l2"].corrected
    assert "over splits of this table" in found.verdicts["l2"] or "equal in" in found.verdicts["l2"]
    settings = {"data": "sklearn:diabetes", "epochs": 10, "hidden": [4], "val_last": True}
    fixed = rk.compare(settings, {"none": [], "l2": ["l2=1"]}, 2, executor=threads)
    assert fixed.test_to_train is None


def test_pairs_are_formed_by_seed_and_a_failed_seed_leaves_its_pair_alone():
    def row(arm, seed, score):
        return {"arm": arm, "seed": seed, "test": {"accuracy": score}, "zeros": 0, "weights": 1}

    rows = [row("a", 0, 0.5), row("a", 1, 0.6), row("a", 2, 0.7)]
    rows += [row("b", 2, 0.72), {"arm": "b", "seed": 1, "failed": "why"}, row("b", 0, 0.51)]
    found = comparison_of(
        rows,
        names=["a", "b"],
        baseline="a",
        seeds=[0, 1, 2],
        metric="accuracy",
        test_to_train=None,
    )
    assert found.differences["b"].mean == pytest.approx(0.015)
    assert found.differences["b"].pairs == 2
    assert "1 seed left out" in found.verdicts["b"]


def test_a_reason_is_told_once_with_the_seeds_that_failed_for_it():
    reasons = {0: "it burst", 1: "it burst", 2: "a", 3: "b", 4: "it burst", 5: "c", 6: "d"}
    rows = [
        {"arm": arm, "seed": seed, "test": {"accuracy": 0.5}, "zeros": 0, "weights": 9}
        if arm == "none" or seed not in reasons
        else {"arm": arm, "seed": seed, "failed": reasons[seed]}
        for arm in ("none", "l2")
        for seed in range(9)
    ]
    found = comparison_of(
        rows,
        names=["none", "l2"],
        baseline="none",
        seeds=range(9),
        metric="accuracy",
        test_to_train=None,
    )
    assert [line for line in str(found).splitlines() if " failed" in line][:4] == [
        "l2, seeds 0, 1, 4 failed: it burst",
        "l2, seed 2 failed: a",
        "l2, seed 3 failed: b",
        "l2, 2 further seeds failed for other reasons",
    ]


def test_the_winner_is_the_baseline_unless_an_arm_is_told_better():
    def rows(arm, scores):
        return [
            {"arm": arm, "seed": seed, "test": {"data_loss": one}, "zeros": 0, "weights": 1}
            for seed, one in enumerate(scores)
        ]

    noise = np.random.default_rng(0).normal(0, 0.01, (3, 8))
    found = comparison_of(
        [*rows("a", 1 + noise[0]), *rows("b", 0.5 + noise[1]), *rows("c", 1 + noise[2])],
        names=["a", "b", "c"],
        baseline="a",
        seeds=range(8),
        metric="data_loss",
        test_to_train=None,
    )
    assert found.verdicts["b"].better
    assert found.winner == "b"
    assert found.verdicts["c"].better is None
    assert found.differences["b"].better == 1.0


def test_without_arms_the_settings_regularizers_are_compared_with_none(threads):
    found = rk.compare(SPIRAL | {"reg": ["l2=1e-3"]}, seeds=2, executor=threads)
    assert list(found.arms) == ["none", "l2=1e-3"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": [1]}, "at least 2 seeds"),
        ({"seeds": [1, 1]}, "seed 1 is given twice"),
        ({"baseline": "l3"}, "the baseline 'l3' is no arm: there are 'none', 'l2'"),
        ({"arms": {"none": []}}, "at least two arms"),
        ({"arms": {"none": [], "other": []}}, "are the same"),
        ({"arms": {"none": [], "l2": ["l2=a..b"]}}, "no range of numbers"),
        ({"arms": {"none": [], "l2": [object()]}}, "objects do not"),
        ({"arms": ["none", "l2=1"]}, "arms must be lists of regularizers by name"),
        ({"settings": {"data": "spiral", "split_seed": 3}}, "leave out the setting split-seed"),
        ({"settings": {"data": "spiral", "epoch": 3}}, "unknown key 'epoch': did you mean"),
        ({"settings": 3}, "settings must be a mapping"),
        ({"settings": {"data": "spiral", "seed": 3}}, "leave out the setting seed"),
        ({"settings": SPIRAL | {"reg": ["l1=1"], "arms": {"none": []}}}, "exclude each other"),
        ({"arms": {"none": [], "own": [OfMyOwn(1e-3)]}}, "give the file as plugin_files"),
        ({"arms": {"a": ["l1=1", "l2=1"], "b": ["l2=1", "l1=1"]}}, "are the same"),
        ({"metric": "r2"}, "does not apply to classification"),
        ({"tune": 3, "settings": SPIRAL | {"val_samples": 0}}, "validation rows"),
        ({"executor": ThreadPoolExecutor(1), "workers": 2}, "leave workers out"),
    ],
)
def test_bad_arguments_are_one_line(changes, message):
    given = {"settings": SPIRAL, "arms": ARMS, "seeds": 2} | changes
    with pytest.raises(InputError, match=message) as caught:
        rk.compare(given.pop("settings"), **given)
    assert "\n" not in str(caught.value)


def test_a_cell_is_plain_settings():
    cell = Cell("k", "a", 0, (), (), 0.2, "accuracy")
    assert cell.failed("why") == [{"arm": "a", "seed": 0, "failed": "why"}]


def test_a_changed_file_of_a_regularizer_is_another_plan(threads, tmp_path):
    np.save(tmp_path / "mask.npy", np.ones((2, 8)))
    arms = {"none": [], "kept": [f"support,of={tmp_path / 'mask.npy'}@dense1.weights"]}
    given = {"seeds": 2, "executor": threads, "out": tmp_path / "study"}
    rk.compare(SPIRAL, arms, **given)
    rk.compare(SPIRAL, arms, **given)
    np.save(tmp_path / "mask.npy", np.zeros((2, 8)))
    with pytest.raises(InputError, match=r"another plan: made-with.mask.npy was"):
        rk.compare(SPIRAL, arms, **given)


FAILS_ONCE = """
import numpy as np
from regkit import Regularizer


class FailsOnce(Regularizer):
    def value(self, w):
        return 100 * float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        if w.shape == (2, 8) and abs(float(w[0, 0]) - FIRST) < 1e-6:
            raise RuntimeError("boom")
        return 200 * w
"""


def test_a_winner_that_failed_in_the_first_seed_costs_neither_result_nor_run(threads, tmp_path):
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
    first = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=0)["dense1"].weights[0, 0]
    plugin = tmp_path / "fails.py"
    plugin.write_text(FAILS_ONCE.replace("FIRST", repr(float(first))), encoding="utf-8")
    found = rk.compare(
        SPIRAL,
        {"none": ["fails_once=1@dense1.weights"], "l2": ["l2=1e-3"]},
        3,
        executor=threads,
        plugin_files=[plugin],
        out=tmp_path / "study",
        metric="data_loss",
        baseline="none",
    )
    assert list(found.arms["none"].failed) == [0]
    seed = 1 if found.winner == "none" else 0
    assert found.run_seed == seed
    assert f"seed = {seed}" in (found.run / "config.toml").read_text()
    assert (tmp_path / "study" / "result.json").exists()


def test_a_winner_that_fails_on_all_rows_leaves_the_result(threads, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise rk.errors.PluginError("penalty_grad raised")

    monkeypatch.setattr("regkit.studies.winners_run.execute", fails)
    with pytest.warns(
        rk.errors.RegkitWarning, match="there is no run of none with seed 0: penalty"
    ):
        found = rk.compare(
            SPIRAL, {"none": [], "l2": ["l2=1"]}, 2, executor=threads, out=tmp_path / "study"
        )
    assert found.run is None
    assert (tmp_path / "study" / "result.json").exists()


def test_where_nothing_finished_there_is_a_result_and_no_run(threads, tmp_path):
    settings = {**SPIRAL, "optimizer": "sgd", "lr": 1e30}
    found = rk.compare(
        settings, {"none": [], "l2": ["l2=1"]}, 2, executor=threads, out=tmp_path / "study"
    )
    assert (found.run, found.run_seed) == (None, None)
    assert (tmp_path / "study" / "result.json").exists()


@pytest.mark.parametrize(
    ("settings", "about"),
    [({"val_last": True}, ", on these test rows alone"), ({}, ", over splits of this table")],
)
def test_the_verdict_says_what_it_holds_of(threads, settings, about):
    base = {"data": "sklearn:breast_cancer", "hidden": [], "epochs": 5, "patience": 0}
    found = rk.compare(base | settings, {"none": [], "l2": ["l2=1"]}, 3, executor=threads)
    assert about in found.verdicts["l2"]
    assert found.same_test_rows == bool(settings)


def test_r2_of_one_row_is_refused(threads, tmp_path):
    np.savez(tmp_path / "few.npz", X=np.arange(12.0).reshape(6, 2), y=np.arange(6.0))
    settings = {"data": str(tmp_path / "few.npz"), "task": "regression", "hidden": [], "epochs": 2}
    with pytest.raises(InputError, match="R² needs at least two rows"):
        rk.compare(settings, {"none": [], "l2": ["l2=1"]}, 2, executor=threads)


@pytest.mark.parametrize("damage", ['"test"', '"arm": "l2"', '"seed": 1'])
def test_damaged_rows_are_refused(threads, tmp_path, damage):
    given = {"seeds": 2, "executor": threads, "out": tmp_path / "study"}
    rk.compare(SPIRAL, {"none": [], "l2": ["l2=1e-3"]}, **given)
    rows = tmp_path / "study" / "rows.jsonl"
    rows.write_text(
        rows.read_text().replace(
            damage, damage.replace('2"', '3"').replace("1", "99").replace("test", "tset")
        )
    )
    with pytest.raises(InputError, match="damaged: take their lines out of rows"):
        rk.compare(SPIRAL, {"none": [], "l2": ["l2=1e-3"]}, **given)
