"""What the ledger of a run says, against what it must be.

Covers: regkit/runs/ledger_of_job.py
"""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from penalty_kinds import Together
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso
from table_jobs import set_weights, table_job

import regkit as rk
from regkit.errors import InputError, RegkitWarning
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.runs.job import job
from regkit.runs.ledger import Ledger, read_ledger
from regkit.runs.ledger_of_job import ledger_of
from regkit.runs.start import reopened, started
from regkit.runs.stationarity import Stationarity

SMALL = {"samples": 20, "hidden": (8,), "epochs": 12}


class ActivitySquares(rk.ActivityRegularizer):
    """λ Σ a² over the outputs."""

    def value(self, outputs):
        return float(np.square(outputs, dtype=np.float64).sum())

    def grad(self, outputs):
        return 2 * outputs


def trained(tmp_path, *reg, **settings):
    """A run's ledger, and its model's job."""
    out = execute(Config(**SMALL | settings | {"reg": reg, "out": str(tmp_path / "run")}))
    return rk.load(tmp_path / "run", weights="last").ledger, out.job


def again(run, epochs=None):
    return reopened(run, plugin_files=(), classes=(), epochs=epochs)


def test_its_values_are_those_of_the_last_objective(tmp_path):
    found, made = trained(tmp_path, "l2=1e-3", "elastic_net=1e-4,l1_ratio=0.0@dense1.biases")
    objective = made.objective(11)
    assert {(one.label, one.scope): one.value for one in found.entries} == {
        (label, layer): value
        for label, by_layer in objective.layers.items()
        for layer, value in by_layer.items()
    }
    assert found.loss == pytest.approx(objective.loss, rel=1e-15)
    assert sum(map(found.loss_share, found.entries)) == pytest.approx(
        objective.penalty / objective.loss, rel=1e-12
    )
    assert (found.epochs, found.optimizer) == (12, "Adam")


def test_where_a_lasso_is_solved_its_gradient_balances_that_of_the_data(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    X, y = (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()
    penalty = rk.L1(0.2, on="dense1.weights", mode="prox")
    made = table_job(tmp_path, X, y, regularizers=[penalty])
    solution = Lasso(alpha=0.1, tol=1e-14, max_iter=100_000).fit(X, y)
    set_weights(made, solution.coef_, solution.intercept_)
    (entry,) = ledger_of(made, 0).entries
    kept = np.count_nonzero(solution.coef_)
    assert 0 < kept < 10  # So that zeros are there, whose subgradients do not count.
    assert entry.gradient == pytest.approx(0.2 * math.sqrt(kept), rel=1e-6)
    assert entry.gradient_share == pytest.approx(0.5, rel=1e-6)


def test_adam_cancels_an_l1_of_what_the_data_do_not_move(tmp_path):
    """The first trap of the chapter's subgradient: each bias moves by the full learning rate."""
    for strength in ("1e-3", "1e3"):
        made = job(Config(**SMALL | {"reg": (f"l1={strength}@dense1.biases",)}))
        made.model["dense2"].params["weights"][...] = 0  # No gradient from the data.
        made.model["dense2"].trainable = False
        with pytest.warns(RegkitWarning, match="by the full learning rate at any strength"):
            for _ in made.set_up().records():
                pass
        (entry,) = ledger_of(made, 12).entries
        assert entry.data_gradient == 0
        assert entry.cancelled == 1
    moved_by_data, _ = trained(tmp_path, "l1=1e-7,at_zero=0.0")
    assert [one.cancelled for one in moved_by_data.entries] == [0, 0]


@pytest.mark.parametrize(
    ("reg", "optimizer"), [("l2=1e-3", "sgd"), ("l2=1e-3,mode=decoupled", "adam")]
)
def test_nothing_is_cancelled_where_the_penalty_is_not_divided(reg, optimizer, tmp_path):
    found, _ = trained(tmp_path, reg, optimizer=optimizer)
    assert [one.cancelled for one in found.entries] == [None, None]
    assert all(one.gradient > 0 for one in found.entries)


def test_a_penalty_of_the_whole_model_has_one_entry(tmp_path):
    made = replace(job(Config(**SMALL)), regularizers=[Together(1e-3, on="*.weights")])
    (entry,) = ledger_of(made, 0).entries
    by_hand = [layer.params["weights"] for layer in made.model.parameter_layers]
    gradients = Together(1e-3).grad({str(at): {"weights": one} for at, one in enumerate(by_hand)})
    norm = math.sqrt(
        sum(float(np.square(1e-3 * one["weights"]).sum()) for one in gradients.values())
    )
    assert entry.scope == "model"
    assert entry.gradient == pytest.approx(norm, rel=1e-5)


def test_the_gradient_of_a_penalty_of_outputs_is_that_of_finite_differences(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    X, y = X[:30, :3] * 20, y[:30] / 100
    penalty = ActivitySquares(1e-2, on="dense1")
    made = table_job(tmp_path, X, y, hidden=(4,), regularizers=[penalty])
    (entry,) = ledger_of(made, 0).entries
    parameters, h = made.model.parameters, 1e-6
    slopes = []
    for at in range(parameters.size):
        before = parameters[at]
        values = []
        for moved in (before + h, before - h):
            parameters[at] = moved
            values.append(made.objective(0).penalty)
        parameters[at] = before
        slopes.append((values[0] - values[1]) / (2 * h))
    assert entry.scope == "dense1"
    assert entry.gradient == pytest.approx(math.hypot(*slopes), rel=1e-6)


def test_its_distances_are_those_from_stationarity(tmp_path):
    found, made = trained(tmp_path, "l2=1e-3")
    assert list(found.distances) == [
        f"{layer}.{name}" for layer in ("dense1", "dense2") for name in ("weights", "biases")
    ]
    assert max(found.distances.values()) == Stationarity(made).distance(11)


def test_measuring_changes_neither_parameters_nor_moments(tmp_path):
    made = job(Config(**SMALL | {"reg": ("l2=1e-3",)}))
    for _ in made.set_up().records():
        pass
    before = made.model.parameters.copy(), {k: v.copy() for k, v in made.optimizer.moments.items()}
    ledger_of(made, 12)
    assert np.array_equal(made.model.parameters, before[0])
    for name, moment in made.optimizer.moments.items():
        assert np.array_equal(moment, before[1][name])


def without_value(ledger):
    first, *rest = ledger["entries"]
    return {**ledger, "entries": [{k: v for k, v in first.items() if k != "value"}, *rest]}


def test_its_file_gives_it_back_and_a_damaged_one_is_refused(tmp_path):
    found, _ = trained(tmp_path, "l2=1e-3")
    file = tmp_path / "run" / "ledger.json"
    assert isinstance(found, Ledger)
    written = json.loads(file.read_text())
    assert found.to_json(run=written["run"]) == file.read_bytes()
    assert read_ledger(file, run=written["run"]) == found

    def refused(told, run=written["run"], **changed):
        file.write_text(json.dumps({**written, **changed}))
        with pytest.raises(
            InputError, match=rf"ledger\.json {told}.*regkit resume writes it again"
        ):
            read_ledger(file, run=run)

    refused("is not the ledger of a run: .*`value`", ledger=without_value(written["ledger"]))
    refused("was changed", ledger={**written["ledger"], "data_loss": 0.5})
    refused("is the ledger of another run", run="0" * 64)


def test_a_training_that_has_not_ended_has_none(tmp_path):
    with started(tmp_path / "run", job(Config(**SMALL)), plugin_files=(), force=False) as session:
        for _ in session.records():
            session.stop()
    assert rk.load(tmp_path / "run", weights="last").epoch == 1
    assert rk.load(tmp_path / "run").ledger is None
    with again(tmp_path / "run") as (session, _):
        assert not session.finished
        list(session.records())
    assert rk.load(tmp_path / "run").ledger.epochs == 12


def test_a_training_that_goes_further_drops_it_and_a_finished_one_that_lost_it_gets_it_again(
    tmp_path,
):
    trained(tmp_path, "l2=1e-3")
    file = tmp_path / "run" / "ledger.json"
    before = file.read_bytes()
    file.unlink()  # As a kill at the very end leaves it.
    with again(tmp_path / "run") as (session, _):
        assert not session.finished
        list(session.records())
    assert file.read_bytes() == before
    with again(tmp_path / "run", epochs=20) as (session, _):
        assert not file.exists()
        list(session.records())
    assert rk.load(tmp_path / "run").ledger.epochs == 20


def test_it_is_of_the_last_weights_where_the_best_ones_are_restored(tmp_path):
    X, y = rk.datasets.spiral(samples=20, classes=3)
    model = rk.Model([rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)], rk.SoftmaxCrossEntropy())
    rk.train(
        model,
        X,
        y,
        optimizer=rk.Adam(0.05),
        regularizers=["l2=1e-3"],
        epochs=30,
        validation=(X[::2], y[::2][::-1]),  # Wrong answers, so that the best weights are early.
        restore_best=True,
        out=tmp_path / "run",
    )
    last, best = (rk.load(tmp_path / "run", weights=one) for one in ("last", "best"))
    assert best.epoch < last.epoch == last.ledger.epochs == 30
    value = 1e-3 * np.square(last.model["dense1"].params["weights"], dtype=np.float64).sum()
    assert last.ledger.entries[0].value == pytest.approx(value, rel=1e-6)
