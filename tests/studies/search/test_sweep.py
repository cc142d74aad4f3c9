"""Sweeps: the same trials whoever does the work, and however often it is interrupted.

Covers: regkit/studies/search/prepared_sweep.py, regkit/studies/search/sweep_settings.py
Covers: regkit/studies/search/sweep_data.py
Covers: regkit/studies/winners_run.py, regkit/studies/trained_row.py
"""

import json
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import optuna
import pytest

import regkit as rk
from regkit.errors import ConfigError, InputError, RegkitWarning
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.unseen import Fold, Share
from regkit.studies.events import Finished, TrialEnded
from regkit.studies.search import prepared_sweep
from regkit.studies.search.sweep_data import share_of_choosing_rows
from regkit.studies.search.trial_storage import TrialStorage

SPIRAL = {"data": "spiral", "samples": 20, "epochs": 8, "hidden": [4], "val_samples": 20}
SGD = {**SPIRAL, "optimizer": "sgd"}
SEARCH = {**SPIRAL, "reg": ["l2=1e-5..1e-1@dense1"], "lr": "1e-3..1e-1"}


@pytest.fixture
def threads():
    with ThreadPoolExecutor(1) as executor:
        yield executor


def plain(found):
    return json.loads(json.dumps(found.as_dict()))


class Stop(Exception):
    """Ends a sweep from within."""


def contents(folder):
    """What must be the same in a study's folder: timings and Optuna's journal hold times."""
    apart = ("timings.jsonl", ".lock", "journal.log")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in apart
    }


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["tpe", "qmc", "random"])
def test_a_sweep_that_is_interrupted_anywhere_ends_with_the_same_trials(
    sampler, threads, tmp_path, monkeypatch
):
    given = {"trials": 5, "batch": 2, "seeds": 2, "sampler": sampler, "executor": threads}
    for name in ("whole", "interrupted"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "whole")
    whole = rk.sweep(SEARCH, **given, out="study")
    monkeypatch.chdir(tmp_path / "interrupted")
    trained = []

    def stop_after(events):
        left = iter(range(events))

        def watch(event):
            if isinstance(event, Finished):
                trained.append(event.outcome.key)
            if isinstance(event, Finished | TrialEnded) and next(left, None) is None:
                raise Stop

        return watch

    found = None
    for events in range(1, 40):  # One more each time, or trials that have ended are told for ever.
        try:
            watch = stop_after(events)
            found = rk.sweep(SEARCH, **given, out="study", watch=watch)
        except Stop:
            continue
        break
    assert found is not None
    assert events > 4
    assert plain(found) == plain(whole)
    assert len(trained) == len(set(trained)) == 10
    assert contents(tmp_path / "interrupted") == contents(tmp_path / "whole")


@pytest.mark.parametrize("after", [True, False])
def test_trials_that_were_asked_for_are_taken_up(after, threads, tmp_path, monkeypatch):
    given = {"trials": 14, "batch": 7, "seeds": 1, "executor": threads}
    whole = rk.sweep(SEARCH, **given)
    add = TrialStorage.add

    def interrupted(storage, trial):
        if after:
            add(storage, trial)
        if trial.number not in stopped:
            stopped.append(trial.number)
            raise Stop
        if not after:
            add(storage, trial)

    stopped = []
    monkeypatch.setattr(TrialStorage, "add", interrupted)
    for _ in range(14):
        with pytest.raises(Stop):
            rk.sweep(SEARCH, **given, out=tmp_path / "s")
    assert stopped == list(range(14))
    assert plain(rk.sweep(SEARCH, **given, out=tmp_path / "s")) == plain(whole)


def test_a_database_holds_the_same_trials_as_the_journal(threads, tmp_path):
    given = {"trials": 4, "batch": 2, "seeds": 1, "executor": threads}
    url = f"sqlite:///{tmp_path}/trials.db"
    journal = rk.sweep(SEARCH, **given, out=tmp_path / "a")
    database = rk.sweep(SEARCH, **given, out=tmp_path / "b", storage=url)
    assert plain(journal) == plain(database)
    assert not (tmp_path / "b" / "journal.log").exists()
    (name,) = optuna.get_all_study_names(url)
    assert name.startswith("b-")
    kept = optuna.load_study(study_name=name, storage=url)
    assert [trial.params for trial in kept.trials] == [dict(one.values) for one in journal.trials]
    assert kept.best_trial.number == journal.best.number
    assert kept.best_value == journal.best.mean


def test_a_folder_goes_on_without_the_journal_and_trains_nothing_twice(threads, tmp_path):
    given = {"trials": 3, "batch": 2, "seeds": 1, "executor": threads, "out": tmp_path / "s"}
    whole = rk.sweep(SEARCH, **given)
    (tmp_path / "s" / "journal.log").unlink()
    seen = []
    assert plain(rk.sweep(SEARCH, **given, watch=seen.append)) == plain(whole)
    assert not any(isinstance(event, Finished) for event in seen)


@pytest.mark.slow
def test_what_is_pruned_is_worse_on_the_same_seeds_and_saves_trainings(threads):
    # With a small learning rate nothing is learned, whatever the seed.
    search = {**SPIRAL, "data": "vertical", "epochs": 30, "lr": "1e-5..1e-1"}
    given = {"trials": 8, "batch": 4, "seeds": 8, "sampler": "qmc", "executor": threads}
    raced, whole = (rk.sweep(search, **given, prune=prune) for prune in (True, False))
    assert raced.counts["pruned"] >= 1
    assert whole.counts == {"finished": 8, "pruned": 0, "failed": 0}
    assert [one.values for one in raced.trials] == [one.values for one in whole.trials]
    assert raced.best.number == whole.best.number
    for one, other in zip(raced.trials, whole.trials, strict=True):
        had = list(one.scores)
        assert [one.scores[repeat] for repeat in had] == [other.scores[repeat] for repeat in had]
        if one.state == "pruned":
            assert len(had) in (2, 4)
            assert other.mean > whole.best.mean
    assert len(raced.rows) == sum(len(one.scores) for one in raced.trials) < len(whole.rows)


def test_a_trial_that_diverges_fails_and_the_sweep_goes_on(threads, tmp_path):
    search = {**SPIRAL, "optimizer": "sgd", "reg": [], "lr": "1e-3..1e30"}
    given = {"trials": 8, "batch": 4, "seeds": 1, "sampler": "qmc", "executor": threads}
    found = rk.sweep(search, **given, out=tmp_path / "s")
    failed = [one for one in found.trials if one.state == "failed"]
    assert failed
    assert all(one.reason.startswith("DivergenceError") for one in failed)
    assert found.best.state == "finished"
    assert f"{len(failed)} failed" in str(found)
    assert (tmp_path / "s" / "run" / "config.toml").exists()


@pytest.mark.slow
def test_the_best_strength_of_ridge_regression_is_found_where_a_fine_grid_has_it(tmp_path, threads):
    """A linear model with L2 has one optimum, which linear algebra gives for each strength."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 12))
    y = X @ rng.normal(size=12) * 0.3 + rng.normal(size=60)
    np.savez(tmp_path / "t.npz", X=X, y=y)
    settings = {
        "data": str(tmp_path / "t.npz"),
        "hidden": [],
        "dtype": "float64",
        "optimizer": "sgd",
        "momentum": 0.9,
        "lr": 0.05,
        "decay": 0.0,
        "epochs": 400,
        "patience": 0,
    }
    found = rk.sweep(
        {**settings, "reg": ["l2=1e-4..1e2@dense1.weights"]},
        trials=30,
        batch=5,
        folds=5,
        prune=False,
        executor=threads,
    )

    config = Config(**{**settings, "hidden": (), "reg": ("none",)})
    folds = [run_data(config, Share(0.2, Fold(fold, 5, 0))) for fold in range(5)]

    def loss(strength):
        """The mean over the folds at the minimum of |Xw + b − y|²/n + λ|w|²."""
        errors = []
        for data in folds:
            (A, b), (A_left, b_left) = data.training, data.validation
            centred, middle = A - A.mean(0), b.mean()
            weights = np.linalg.solve(
                centred.T @ centred / len(A) + strength * np.eye(12),
                centred.T @ (b.reshape(-1) - middle) / len(A),
            )
            predicted = (A_left - A.mean(0)) @ weights + middle
            errors.append(np.mean((predicted - b_left.reshape(-1)) ** 2))
        return float(np.mean(errors))

    grid = np.geomspace(1e-4, 1e2, 241)
    losses = [loss(strength) for strength in grid]
    best = grid[int(np.argmin(losses))]
    assert 1e-3 < best < 10
    strength = found.best.values["l2@dense1.weights"]
    assert abs(np.log10(strength / best)) < 0.35
    assert found.best.mean == pytest.approx(loss(strength), rel=1e-3)
    assert found.best.mean <= min(losses) * 1.01


def test_the_same_folds_and_test_rows_for_every_trial(threads):
    search = {"data": "sine", "samples": 30, "epochs": 3, "hidden": [4], "lr": "1e-3..1e-1"}
    found = rk.sweep(search, trials=2, folds=3, executor=threads)
    assert [(one.seed, one.fold) for one in found.repeats] == [(0, 0), (0, 1), (0, 2)]
    assert all(list(one.scores) == list(found.repeats) for one in found.trials)
    assert len(found.rows) == 6


def test_repeats_of_one_table_are_known_to_depend_on_each_other(tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "t.npz", X=rng.normal(size=(100, 2)), y=rng.normal(size=100))
    config = Config(data=str(tmp_path / "t.npz"))
    splits = run_data(config, Share(0.2))
    assert share_of_choosing_rows(config, splits, None) == 16 / 64
    assert share_of_choosing_rows(replace(config, val_last=True), splits, None) is None
    folds = run_data(config, Share(0.2, Fold(0, 4, 0)))
    assert share_of_choosing_rows(config, folds, 4) == 20 / 60
    synthetic = Config(samples=20)
    assert share_of_choosing_rows(synthetic, run_data(synthetic, Share(0.2)), None) is None


def test_a_file_and_a_mapping_mean_the_same(threads, tmp_path):
    path = tmp_path / "search.toml"
    path.write_text(
        'samples = 20\nepochs = 3\nval-samples = 20\nhidden = "4..16"\n'
        'lr = "1e-3..1e-1"\nreg = ["l2=1e-5..1e-1"]\n'
    )
    mapping = {"samples": 20, "epochs": 3, "val_samples": 20, "hidden": "4..16"}
    mapping |= {"lr": "1e-3..1e-1", "reg": ["l2=1e-5..1e-1"]}
    given = {"trials": 2, "seeds": 1, "executor": threads}
    assert plain(rk.sweep(path, **given)) == plain(rk.sweep(mapping, **given))


def test_the_run_is_that_of_the_best_trial(threads, tmp_path):
    found = rk.sweep(SEARCH, trials=3, seeds=2, executor=threads, out=tmp_path / "s")
    run = rk.load(found.run)
    config = run.config
    assert config.lr == found.best.values["lr"]
    assert config.reg == (f"l2={found.best.values['l2@dense1']!r}@dense1",)
    assert config.seed == 0


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        (SPIRAL, {}, "a sweep needs a range"),
        ({**SEARCH, "optimizer": "sgd..adam"}, {}, "optimizer: a range LOW..HIGH is for numbers"),
        ({**SEARCH, "samples": "10..20"}, {}, "samples: it must be the same in every trial"),
        ({**SEARCH, "dropout": "0.1..2"}, {}, "dropout must be finite and at least 0 and below 1"),
        ({**SEARCH, "dropout": "-0.1..0"}, {}, "dropout must be finite and at least 0 and below 1"),
        ({**SGD, "momentum": "0..1"}, {}, "momentum must be finite and at least 0 and below 1"),
        ({**SGD, "momentum": "-1..0.5"}, {}, "momentum must be finite and at least 0 and below 1"),
        ({**SEARCH, "momentum": "0..0.5"}, {}, "--momentum applies to --optimizer sgd"),
        ({**SEARCH, "epochs": "0..20"}, {}, "epochs: a trial must train: let 0..20 begin at 1"),
        ({**SEARCH, "epochs": "-3..20"}, {}, "epochs: a trial must train"),
        ({**SEARCH, "patience": "-1..3"}, {}, "patience must be an integer at least 0, got -1"),
        ({**SEARCH, "patience": 3, "min_delta": "-1..1"}, {}, "min_delta must be finite and at"),
        ({**SEARCH, "min_delta": "0..1"}, {}, "--min-delta applies only with --patience"),
        ({**SEARCH, "batch_size": "0..8"}, {}, "a range of batch sizes is logarithmic, so 0 must"),
        ({**SEARCH, "batch_size": "8..61"}, {}, "batch_size must be an integer from 1 to 60"),
        ({**SEARCH, "lr": "0..1"}, {}, "a range of learning rates is logarithmic, so 0 must be"),
        ({**SEARCH, "decay": "-1..1"}, {}, "a range of decays is logarithmic, so -1 must be"),
        ({**SEARCH, "hidden": "0..8"}, {}, "a range of layer sizes is logarithmic, so 0 must be"),
        ({**SEARCH, "seed": 3}, {}, "leave out the setting seed"),
        ({**SPIRAL, "lr": "1..2", "arms": {"a": []}}, {}, "a sweep has no arms"),
        ({**SEARCH, "val_samples": 0}, {}, "there are none: leave out --val 0 or"),
        (SEARCH, {"folds": 3}, "folds take the place of validation rows: leave out --val-samples"),
        (SEARCH, {"folds": 1}, "folds"),
        (SEARCH, {"trials": 0}, "trials must be an integer at least 1"),
        (SEARCH, {"batch": 0}, "batch must be an integer at least 1"),
        (SEARCH, {"sampler": "best"}, "unknown sampler 'best'"),
        (SEARCH, {"sampler_seed": -1}, "sampler_seed"),
        (SEARCH, {"seeds": 0}, "seeds must be an integer at least 1"),
        (SEARCH, {"metric": "acc"}, "unknown metric 'acc'"),
        (SEARCH, {"prune": "no"}, "prune must be True or False"),
        (SEARCH, {"storage": "sqlite:///t.db"}, "give --out as well"),
        (SEARCH, {"storage": 5}, "storage must be a URL such as sqlite:///trials.db, got 5"),
        (SEARCH, {"storage": ""}, "storage must be a URL such as sqlite:///trials.db, got ''"),
        (
            {**SEARCH, "patience": "0..3", "min_delta": "0..0.1"},
            {},
            "min-delta applies only with patience, which may be 0",
        ),
        (3, {}, "settings must be a mapping"),
    ],
)
def test_what_cannot_be_used_is_refused_before_any_training(settings, options, message):
    with pytest.raises((ConfigError, InputError)) as caught:
        rk.sweep(settings, **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("sampler", "first"), [("tpe", 12), ("qmc", 12), ("random", 1)])
def test_a_sweep_that_grows_ends_as_if_it_had_been_that_large_from_the_start(
    sampler, first, threads, tmp_path, monkeypatch
):
    # A batch that the small sweep began is filled, and raced again, by the large one.
    search = {**SPIRAL, "data": "vertical", "epochs": 30, "reg": [], "lr": "1e-5..1e-1"}
    given = {"batch": 5, "seeds": 5, "sampler": sampler, "executor": threads, "out": "study"}
    for name in ("whole", "grown"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "whole")
    whole = rk.sweep(search, trials=17, **given)
    assert whole.counts["pruned"]
    monkeypatch.chdir(tmp_path / "grown")
    small = rk.sweep(search, trials=first, **given)
    told = []
    found = rk.sweep(search, trials=17, **given, watch=told.append)
    trained = [event.outcome.key for event in told if isinstance(event, Finished)]
    known = {(row["trial"], row["seed"]) for row in small.rows}
    assert len(trained) == sum((row["trial"], row["seed"]) not in known for row in whole.rows)
    if first == 1:  # Alone it was the best one.
        assert (small.trials[0].state, whole.trials[0].state) == ("finished", "pruned")
    assert plain(found) == plain(whole)
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")
    (name,) = optuna.get_all_study_names(journal_in(tmp_path / "grown/study"))
    assert name.startswith("sweep-")


def journal_in(folder):
    backend = optuna.storages.journal.JournalFileBackend(str(folder / "journal.log"))
    return optuna.storages.JournalStorage(backend)


def test_a_sweep_that_grows_and_is_stopped_is_not_finished(threads, tmp_path):
    given = {"seeds": 1, "batch": 2, "executor": threads, "out": tmp_path / "s"}
    rk.sweep(SEARCH, trials=2, **given)

    def stop(event):
        if isinstance(event, Finished):
            raise Stop

    with pytest.raises(Stop):
        rk.sweep(SEARCH, trials=4, **given, watch=stop)
    assert not (tmp_path / "s" / "result.json").exists()
    with pytest.raises(InputError, match=r"another plan: study\.trials was 4, now it is 2"):
        rk.sweep(SEARCH, trials=2, **given)
    assert len(rk.sweep(SEARCH, trials=4, **given).trials) == 4


def every_byte(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("moved", ["copied", "renamed"])
def test_a_folder_that_is_copied_or_renamed_goes_on(moved, threads, tmp_path, monkeypatch):
    given = {"batch": 2, "seeds": 1, "executor": threads}
    rk.sweep(SEARCH, trials=3, **given, out=tmp_path / "s")
    whole = rk.sweep(SEARCH, trials=5, **given)
    if moved == "copied":
        shutil.copytree(tmp_path / "s", tmp_path / "t")
    else:
        (tmp_path / "s").rename(tmp_path / "t")
    asked = []
    next_values = prepared_sweep.next_values

    def counted(sampler, axes, history, **options):
        asked.append(len(history))
        return next_values(sampler, axes, history, **options)

    monkeypatch.setattr(prepared_sweep, "next_values", counted)
    found = rk.sweep(SEARCH, trials=5, **given, out=tmp_path / "t")
    assert asked == [3, 4]
    assert plain(found) == plain(whole)
    (name,) = optuna.get_all_study_names(journal_in(tmp_path / "t"))
    assert name.startswith("sweep-")


def spoilt_journal(folder):
    journal = folder / "journal.log"
    journal.write_bytes(b"no line of a journal\n" + journal.read_bytes())


def torn_row(folder):
    rows = folder / "rows.jsonl"
    rows.write_text(rows.read_text().replace('"trial": 1', '"trial": 7'))


def no_row(folder):
    (folder / "rows.jsonl").write_text("no row\n")


def other_numbers(folder):
    rows = folder / "rows.jsonl"
    lines = [json.loads(line) for line in rows.read_text().splitlines()]
    lines[1]["values"]["lr"] = 0.0625
    rows.write_text("".join(f"{json.dumps(one)}\n" for one in lines))


def other_numbers_without_a_journal(folder):
    other_numbers(folder)
    (folder / "journal.log").unlink()


DIFFER = r"rows\.jsonl has trial 1, seed 0 with lr = 0\.0625, and the sweep asks for it with lr = 0"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoilt_journal, r"journal\.log is damaged"),
        (torn_row, r"rows of trial 1, seed 0 are damaged: take their lines out"),
        (no_row, "line 1 is not JSON"),
        (other_numbers, DIFFER),
        (other_numbers_without_a_journal, DIFFER),
    ],
)
def test_a_sweep_that_cannot_go_on_stays_as_it_was(spoil, message, threads, tmp_path):
    given = {"batch": 2, "seeds": 1, "executor": threads, "out": tmp_path / "s"}
    rk.sweep(SEARCH, trials=3, **given)
    spoil(tmp_path / "s")
    before = every_byte(tmp_path / "s")
    for trials in (3, 5):
        with pytest.raises(InputError, match=message) as caught:
            rk.sweep(SEARCH, trials=trials, **given)
        assert "\n" not in str(caught.value)
        assert every_byte(tmp_path / "s") == before
    assert (tmp_path / "s" / "result.json").exists()


def test_a_database_of_another_search_changes_nothing_either(threads, tmp_path):
    url = f"sqlite:///{tmp_path}/trials.db"
    given = {"batch": 2, "seeds": 1, "executor": threads, "out": tmp_path / "s", "storage": url}
    rk.sweep(SEARCH, trials=2, **given)
    (name,) = optuna.get_all_study_names(url)
    optuna.delete_study(study_name=name, storage=url)
    other = optuna.create_study(study_name=name, storage=url)
    other.add_trial(optuna.create_trial(state=optuna.trial.TrialState.RUNNING))
    before = every_byte(tmp_path)
    with pytest.raises(InputError, match=r"trial 0 in the storage .* is of another search"):
        rk.sweep(SEARCH, trials=4, **given)
    assert every_byte(tmp_path) == before


def test_a_finished_sweep_leaves_a_new_storage_alone_and_says_so(threads, tmp_path):
    given = {"trials": 2, "seeds": 1, "executor": threads, "out": tmp_path / "s"}
    whole = rk.sweep(SEARCH, **given)
    before = every_byte(tmp_path)
    url = f"sqlite:///{tmp_path}/trials.db"
    with pytest.warns(RegkitWarning, match=r"the study is finished: the storage sqlite:.*trials"):
        again = rk.sweep(SEARCH, **given, storage=url)
    assert plain(again) == plain(whole)
    assert every_byte(tmp_path) == before
    rk.sweep(SEARCH, **{**given, "trials": 3}, storage=url)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rk.sweep(SEARCH, **{**given, "trials": 3}, storage=url)


def test_another_plan_is_refused(threads, tmp_path):
    given = {"seeds": 1, "executor": threads, "out": tmp_path / "s"}
    rk.sweep(SEARCH, trials=2, **given)
    with pytest.raises(InputError, match=r"another plan: study\.trials was 2, now it is 1"):
        rk.sweep(SEARCH, trials=1, **given)
    with pytest.raises(InputError, match=r"another plan: study\.sampler was 'tpe', now it is"):
        rk.sweep(SEARCH, trials=3, sampler="qmc", **given)
    with pytest.raises(InputError, match=r"another plan: settings\.lr was '0\.001\.\.0\.1'"):
        rk.sweep({**SEARCH, "lr": "1e-3..1"}, trials=2, **given)


def test_a_storage_that_is_refused_leaves_no_study_behind(tmp_path):
    for url in ("sqlite:////no/such/folder/t.db", "nothing://host/db", "foo"):
        with pytest.raises(InputError, match="the storage"):
            rk.sweep(SEARCH, trials=2, seeds=1, workers=1, out=tmp_path / "s", storage=url)
    assert not (tmp_path / "s").exists()
