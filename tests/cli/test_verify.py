"""`regkit verify`: what is compared, and what is said of it.

Covers: regkit/runs/verify.py
"""

from __future__ import annotations

import json

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
