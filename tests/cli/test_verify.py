"""`regkit verify`: what is compared, and what is said of it.

Covers: regkit/runs/verify.py
"""

from __future__ import annotations

import json
import shutil

import pytest
from plugin_sources import HUBER

SHORT = ["--samples", "20", "--epochs", "6", "--log-every", "2", "--out", "run"]


def test_verify_finds_nothing_in_an_honest_run(regkit):
    assert regkit("train", *SHORT).code == 0
    outcome = regkit("verify", "run")
    assert outcome.code == 0
    assert outcome.out == "run: nothing differs in 4 records and the parameters\n"


def test_verify_names_the_first_epoch_that_differs(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    path = workplace / "run" / "metrics.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[2]["data_loss"] += 1e-15
    lines[3]["data_loss"] += 1
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    outcome = regkit("verify", "run")
    assert outcome.code == 2
    assert "the first difference is at epoch 4" in outcome.out
    assert "nothing in the manifest has changed" in outcome.out


def test_verify_tells_what_has_changed(regkit, workplace, site):
    site.install("regkit-huber", {"huber": "regkit_huber:Huber"}, regkit_huber=HUBER)
    assert regkit("train", *SHORT, "--reg", "huber=1e-3").code == 0
    (site.folder / "regkit_huber-1.0.dist-info").rename(site.folder / "regkit_huber-2.0.dist-info")
    metadata = site.folder / "regkit_huber-2.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 2.0"))
    outcome = regkit("verify", "run")
    assert outcome.code == 0
    change = "plugin huber: regkit-huber 1.0 then, regkit-huber 2.0 now"
    assert f"changed: {change}" in outcome.out
    resumed = regkit("resume", "run", "--epochs", 8)
    assert resumed.code == 0
    assert f"Note: {change}; the run may not resume bit for bit" in resumed.err


def test_verify_and_resume_see_edited_settings(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    path = workplace / "run" / "config.toml"
    path.write_text(path.read_text().replace("lr = 0.05", "lr = 0.5"))
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    outcome = regkit("verify", "run")
    assert outcome.code == 2
    assert outcome.out.splitlines()[0] == "changed: run/config.toml is not what the run wrote"
    assert "run: the first difference is at epoch 0" in outcome.out
    for more in ([], ["--epochs", 9]):
        refused = regkit("resume", "run", *more)
        assert refused.code == 2
        assert refused.error == (
            "run/config.toml is not what the run wrote: put it back, or start a new run with "
            "`regkit train run/config.toml --out DIR`"
        )
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_an_edit_that_changes_no_result_is_seen_too(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    path = workplace / "run" / "config.toml"
    path.write_text(path.read_text() + "# a remark\n")
    outcome = regkit("verify", "run")
    assert outcome.code == 2
    assert outcome.out.splitlines() == [
        "changed: run/config.toml is not what the run wrote",
        "run: 4 records and the parameters are the same",
    ]


def test_more_epochs_are_no_edit(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    for epochs in (8, 8, 10):
        assert regkit("resume", "run", "--epochs", epochs).code == 0
    assert "epochs = 10\n" in (workplace / "run" / "config.toml").read_text()
    outcome = regkit("verify", "run")
    assert (outcome.code, outcome.out) == (
        0,
        "run: nothing differs in 6 records and the parameters\n",
    )


@pytest.mark.parametrize("name", ["best", "zeroed", "last"])
@pytest.mark.parametrize(
    "command", [["verify"], ["evaluate", "--weights"], ["predict", "--weights"], ["resume"]]
)
def test_weights_of_another_run_are_refused(runs, workplace, regkit, name, command):
    """They fit the network, and their own checksum is right."""
    file = f"{name}.safetensors"
    shutil.copy(workplace / "other" / file, workplace / "run" / file)
    first, *more = command
    data = ["data.csv"] if first == "predict" else []
    outcome = regkit(first, "run", *data, *more, *([name] if more else []))
    assert outcome.code == 2
    assert outcome.error == f"run/{file} belongs to another run than run: " + (
        "put back the file of this run"
    )


@pytest.mark.parametrize("name", ["config.toml", "preparation.json"])
@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_what_predictions_depend_on_is_sealed(runs, workplace, regkit, name, command):
    path = workplace / "run" / name
    path.write_bytes((workplace / "other" / name).read_bytes() + b"\n")
    outcome = regkit(command, "run", *(["data.csv"] if command == "predict" else []))
    assert outcome.code == 2
    assert outcome.error.startswith(f"run/{name} is not what the run wrote: put it back")


@pytest.fixture
def runs(regkit, workplace):
    """Two runs that differ in the seed alone, and rows to predict."""
    for name, seed in (("run", 0), ("other", 1)):
        small = ["--samples", 20, "--epochs", 6, "--reg", "l1=1e-3@dense1", "--zero-small"]
        outcome = regkit("train", *small, "--seed", seed, "--out", name, "-q")
        assert outcome.code == 0, outcome.err
    (workplace / "data.csv").write_text("x1,x2\n0,0\n1,1\n")
