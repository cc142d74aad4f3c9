"""A path from its settings to its folder.

Covers: regkit/studies/paths/path_entries.py, regkit/studies/paths/path_modes.py
Covers: regkit/studies/paths/prepared_path.py
"""

import json
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError, RegkitWarning
from regkit.runs.load import load_run
from regkit.studies.paths.chain import Chain
from regkit.studies.paths.path import prepare_path

LINEAR = {"data": "sklearn:diabetes", "hidden": [], "epochs": 200}
NETWORK = {"data": "sklearn:breast_cancer", "hidden": [4], "epochs": 20}
L1 = "l1=1e-3..1@dense1.weights"


@pytest.fixture(scope="module")
def executor():
    with ThreadPoolExecutor(1) as one_thread:
        yield one_thread


@pytest.fixture
def small(executor):
    """A path of three strengths over two folds, in this process."""

    def follow(settings=LINEAR, reg=L1, **more):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RegkitWarning)
            options = {"folds": 2, "strengths": 3, "executor": executor}
            return rk.path(settings, reg, **options | more)

    return follow


def prepared(settings=LINEAR, reg=L1, **more):
    options = {
        "folds": 2,
        "seeds": 1,
        "direction": "dense",
        "refit": False,
        "strengths": 3,
        "metric": None,
        "choose": "1se",
        "tolerance": 1e-10,
    }
    reg = [reg] if isinstance(reg, str) else reg
    return prepare_path(settings, reg, **options | more)


def quietly(settings=LINEAR, reg=L1, **more):
    """It, and what was noted or warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RegkitWarning)
        found = prepared(settings, reg, **more)
    return found, [*found.notes, *(str(one.message) for one in caught)]


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"folds": 1}, "folds must be an integer at least 2"),
        ({"settings": LINEAR | {"arms": {"a": []}}}, "a path has no arms"),
        ({"folds": 1000}, "1000 folds need at least 1000 rows"),
        ({"seeds": 0}, "seeds must be an integer at least 1"),
        ({"seeds": []}, "needs at least 1 seeds"),
        ({"seeds": [1, 1]}, "seed 1 is given twice"),
        ({"strengths": 1}, "strengths must be an integer at least 2"),
        ({"direction": "up"}, "direction must be 'dense' or 'sparse', got 'up'"),
        ({"refit": 1}, "refit"),
        ({"choose": "best"}, "choose must be '1se' or 'min'"),
        ({"tolerance": 0}, "tolerance must be finite and above 0, got 0"),
        ({"metric": "accuracy"}, "the metric accuracy does not apply to regression"),
        ({"metric": "r2", "folds": 200}, "R² needs at least two rows to be measured on, and fold"),
        ({"reg": L1.replace("1@", "1,schedule=ramp:0:9@")}, "leave out the schedule"),
        ({"reg": "l1=1..1.0000000000000002"}, "there are no 3 strengths between 1.0 and"),
        ({"reg": []}, "none has: give one such as 'l1=auto@dense1.weights'"),
        ({"reg": "l1=0.1@dense1"}, "needs one regularizer with the strength auto or LOW..HIGH"),
        ({"reg": "none"}, "none has"),
        ({"reg": ["l1=auto@dense1.weights", "l2=1e-5..1@dense1.weights"]}, "2 have"),
        ({"reg": ["none", L1]}, "means no regularizer: give it alone"),
        ({"reg": "elastic_net=1e-3,l1_ratio=0.1..0.9"}, "a path goes along the strength alone"),
        ({"reg": "l1=auto@dense7"}, "matches no parameter"),
        ({"reg": "l2=auto,mode=loss@dense1.weights", "refit": True}, "no exact zeros"),
        ({"settings": {**LINEAR, "zero_small": True}}, "leave out --zero-small"),
        ({"settings": {**LINEAR, "val": 0, "patience": 5}}, "--patience needs validation data"),
        ({"settings": {**LINEAR, "split_seed": 1}}, "leave out the setting split-seed"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(more, match):
    with pytest.raises(InputError, match=match) as caught:
        quietly(**more)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_linear_path_goes_from_all_to_nothing(small):
    found = small({**LINEAR, "epochs": 1000}, "l1=auto@dense1.weights")
    assert found.nonzeros[0] > found.nonzeros[1] > found.nonzeros[2] == 0
    assert all(found.converged)
    assert found.strengths[0] == pytest.approx(found.strengths[-1] / 1000)
    assert found.lambda_1se >= found.lambda_min
    assert found.run is None
    assert all(leaves is not None for leaves in found.inputs.values())


@pytest.mark.parametrize("direction", ["dense", "sparse"])
def test_a_networks_path_goes_in_both_directions(direction, small):
    settings = {**NETWORK, "epochs": 100}
    found = small(settings, "l1=1e-3..10@dense1.weights", direction=direction, seeds=2)
    assert found.nonzeros[0] > found.nonzeros[-1] == 0
    assert np.all(np.isfinite(found.means))
    assert len(found.rows) == 3 * (1 + 2 * 2)
    assert {len(leave) for leave in found.neurons.values()} == {4}


def test_the_strengths_of_a_range_are_logarithmic_and_end_at_its_ends(small):
    assert small().strengths == pytest.approx([1e-3, 10**-1.5, 1.0], rel=1e-12)


def test_other_regularizers_stay_as_they_are():
    chain = quietly(reg=["l2=0.5@dense1.biases", L1])[0].chains((0.1, 1.0))[0]
    reg = chain.settings_at(0.25).reg
    assert reg == ("l2=0.5@dense1.biases", "l1=0.25,mode=prox@dense1.weights")


def test_mode_prox_is_taken_and_told():
    _, told = quietly(NETWORK)
    assert f"{L1} is taken in mode prox, which gives exact zeros" in told
    spec = "l2=1e-3..1@dense1.weights"
    _, told = quietly(NETWORK, spec)
    assert f"{spec} is taken in mode prox" in told


def test_other_regularizers_that_give_zeros_act_by_their_prox_too():
    found, said = quietly(NETWORK, [L1, "l1=0.1@dense2.weights", "l2=0.1@dense2.biases"])
    assert found.config.reg == (
        "l1=1e-3..1,mode=prox@dense1.weights",
        "l1=0.1,mode=prox@dense2.weights",
        "l2=0.1@dense2.biases",
    )
    assert "l1=0.1@dense2.weights is taken in mode prox, which gives exact zeros" in said
    found, said = quietly(NETWORK, [L1, "l1=0.1@*.weights"])
    assert found.config.reg[1] == "l1=0.1@*.weights"
    assert any(one.startswith("l1=0.1@*.weights stays in mode loss") for one in said)


def test_what_is_no_regularizer_is_refused():
    with pytest.raises(InputError, match="reg must be a spec such as"):
        rk.path(LINEAR, None)


@pytest.mark.parametrize("mode", ["loss", "prox", "decoupled"])
def test_a_given_mode_stays(mode):
    path, told = quietly(NETWORK, f"l1=1e-3..1,mode={mode}@dense1.weights")
    assert f"mode={mode}" in path.config.reg[0]
    assert not any("mode" in one for one in told)


def test_where_the_optimizer_cannot_take_the_prox_the_mode_stays_loss():
    spec = "nuclear_norm=1e-3..1@dense1.weights"
    path, told = quietly(NETWORK, spec)
    assert path.config.reg == (spec,)
    assert any("stays in mode loss, without exact zeros: nuclear_norm" in one for one in told)
    # A linear model has SGD, which can.
    path, told = quietly(LINEAR, spec)
    assert "mode=prox" in path.config.reg[0]
    assert f"{spec} is taken in mode prox" in told


def test_a_linear_model_gets_the_optimizer_that_its_curvature_allows():
    path, told = quietly()
    assert path.config.optimizer == "sgd"
    assert path.config.momentum > 0
    # The plan holds them: the last bits, which depend on BLAS, must not.
    assert path.config.lr == float(f"{path.config.lr:.6g}")
    assert any("trained by SGD with lr" in one for one in told)


@pytest.mark.parametrize("chosen", [{"lr": 0.01}, {"optimizer": "rmsprop"}, {"decay": 0.0}])
def test_a_chosen_optimizer_stays(chosen):
    config = quietly({**LINEAR, **chosen})[0].config
    assert {name: getattr(config, name) for name in chosen} == chosen
    assert config.momentum == 0


def test_patience_of_tables_does_not_apply():
    assert quietly()[0].config.patience == 0


def test_patience_may_come_with_a_least_improvement(small):
    found = small({**NETWORK, "epochs": 200, "patience": 1, "min_delta": 0.5})
    assert not found.failures
    assert all(row["epochs"] < 200 for row in found.rows)


def test_a_strength_that_cannot_be_used_is_a_failed_point(small):
    found = small(reg="mcp=1e-3..100,gamma=1@dense1.weights")
    assert found.nonzeros[-1] is None
    assert np.isnan(found.means[-1])
    assert np.all(np.isfinite(found.means[:-1]))
    assert next(iter(found.failures)).startswith("FieldError: MCP")


PLUGIN = """
import numpy as np
from regkit import Regularizer

class Mine(Regularizer):
    sparsifying = True

    def value(self, w):
        return float(np.abs(w).sum())

    def grad(self, w):
        return np.sign(w)

    def prox(self, w, step):
        return np.sign(w) * np.maximum(np.abs(w) - step, 0)
"""


@pytest.mark.parametrize("strength", ["auto", "1e-3..1"])
def test_regularizers_come_from_plugin_files(strength, small, tmp_path):
    path = tmp_path / "plugin.py"
    path.write_text(PLUGIN)
    found = small(
        reg=f"mine={strength}@dense1.weights",
        refit=True,
        plugin_files=[path],
        out=tmp_path / "study",
    )
    assert not found.failures
    assert load_run(found.run).config.reg[0].startswith("mine=")


def test_penalties_of_outputs_have_paths_too(small):
    found = small(NETWORK, "activity_l1=1e-3..1@relu1")
    assert found.selected == 0
    assert np.all(np.isfinite(found.means))


def test_penalties_over_layers_have_paths_too(small):
    settings = {**NETWORK, "optimizer": "sgd", "lr": 0.1, "epochs": 200}
    found = small(settings, "neuron_groups=auto")
    assert found.nonzeros[-1] == 0


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize("choose", ["1se", "min"])
def test_the_chosen_model_is_saved_as_a_run(choose, refit, small, tmp_path):
    study = tmp_path / "study"
    found = small(choose=choose, refit=refit, out=study)
    assert found.run == study / "run"
    run = load_run(found.run)
    assert run.weights_title == "the weights as they were given"
    assert run.config.reg == (f"l1={found.chosen},mode=prox@dense1.weights",)
    weights = run.model.layers[0].params["weights"]
    assert np.count_nonzero(weights) == found.nonzeros[found.strengths.index(found.chosen)]
    result = json.loads((study / "result.json").read_text())
    assert result["chosen"] == found.chosen
    train = next(
        row["train"]
        for row in found.rows
        if row["fold"] is None and row["strength"] == found.chosen
    )
    data = run.data()
    loss = run.evaluate_prepared(*data.training).data_loss
    if refit:
        assert loss < train["data_loss"]
    else:
        assert loss == pytest.approx(train["data_loss"], rel=1e-6)


def test_no_run_is_saved_where_the_training_failed(small, tmp_path, monkeypatch):
    whole = Chain.perform

    def failing(self):
        return self.failed("it burst") if self.fold is None else whole(self)

    monkeypatch.setattr(Chain, "perform", failing)
    found = small(out=tmp_path / "study")
    assert found.run is None
    assert found.choice is not None
    assert not (tmp_path / "study" / "run").exists()


def test_a_study_goes_on_with_the_same_bytes(small, tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for folder in (whole, cut):
        small(reg="l1=auto@dense1.weights", out=folder)
    rows = (cut / "rows.jsonl").read_bytes()
    (cut / "rows.jsonl").write_bytes(rows[: len(rows) // 2])
    (cut / "result.json").unlink()
    small(reg="l1=auto@dense1.weights", out=cut)
    for name in ("plan.toml", "rows.jsonl", "result.json", "run/last.safetensors"):
        assert (whole / name).read_bytes() == (cut / name).read_bytes(), name


def test_another_path_in_the_folder_is_refused(small, tmp_path):
    small(out=tmp_path / "study")
    with pytest.raises(InputError, match=r"holds a study with another plan: study\.direction"):
        small(out=tmp_path / "study", direction="sparse")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ('"strength": 1.0', '"strength": 1.5'),
        ('"fold": 1', '"fold": 7'),
        ('"test": {', '"tset": {'),
        ('"distance": ', '"distance": "far", "was": '),
        ('"inputs": ', '"outputs": '),
        ('"start": ', '"begin": '),
    ],
)
def test_damaged_rows_are_refused(ours, theirs, small, tmp_path):
    small(reg="l1=auto@dense1.weights" if "start" in ours else L1, out=tmp_path / "study")
    rows = tmp_path / "study" / "rows.jsonl"
    whole = rows.read_text()
    assert ours in whole
    rows.write_text(whole.replace(ours, theirs))
    with pytest.raises(InputError, match="damaged: take their lines out of rows"):
        small(reg="l1=auto@dense1.weights" if "start" in ours else L1, out=tmp_path / "study")


@pytest.mark.slow
def test_processes_give_the_same_rows(small):
    alone = small(NETWORK)
    for workers in (1, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RegkitWarning)
            found = rk.path(NETWORK, L1, folds=2, strengths=3, workers=workers)
        assert found.rows == alone.rows
