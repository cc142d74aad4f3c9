"""`regkit predict`."""

import json
from pathlib import Path

import pytest
from conftest import Regkit, Site
from made_runs import made_run
from plugin_sources import HUBER

WEIGHTS = "Note: predicted with the best weights (lowest validation loss), after 6 epochs\n"


@pytest.fixture
def run(workplace: Path) -> Path:
    (workplace / "new.csv").write_text("x2,x1\n0.1,0.9\n-0.5,-0.5\n")
    made_run(workplace / "run", epochs=6)
    return workplace / "run"


def test_json_lines_go_to_stdout(regkit: Regkit, run: Path) -> None:
    done = regkit("predict", "run", "new.csv", "--proba")
    assert (done.code, done.err) == (0, WEIGHTS)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert len(rows) == 2
    for row in rows:
        assert list(row) == ["prediction", "probability_0", "probability_1", "probability_2"]
        assert row["prediction"] in (0, 1, 2)


def test_a_file_holds_the_same_and_is_not_overwritten(
    regkit: Regkit, run: Path, workplace: Path
) -> None:
    shown = regkit("predict", "run", "new.csv").out
    done = regkit("predict", "run", "new.csv", "--out", "out.jsonl")
    assert (done.code, done.out, done.err) == (0, "", WEIGHTS + "wrote out.jsonl\n")
    assert (workplace / "out.jsonl").read_text() == shown
    refused = regkit("predict", "run", "new.csv", "--out", "out.jsonl")
    assert refused.code == 2
    assert refused.error == ("out.jsonl exists: choose another file, or overwrite it with --force")
    assert regkit("predict", "run", "new.csv", "--out", "out.jsonl", "--force").code == 0


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_read(regkit: Regkit) -> None:
    done = regkit("predict", "no_run", "no_data.csv", "--out", "out.xlsx")
    assert done.code == 2
    assert done.error == "out.xlsx must end in one of .csv, .parquet, .jsonl"


def test_data_without_a_column_are_refused_by_name(
    regkit: Regkit, run: Path, workplace: Path
) -> None:
    (workplace / "new.csv").write_text("x1,y\n1,2\n")
    done = regkit("predict", "run", "new.csv", "--out", "out.csv")
    assert done.code == 2
    assert "new.csv has no column 'x2'" in done.error
    assert not (workplace / "out.csv").exists()


def test_no_plugin_is_imported(regkit: Regkit, workplace: Path, site: Site) -> None:
    site.install("regkit-huber", {"huber": "regkit_huber:Huber"}, regkit_huber=HUBER)
    flags = ["--samples", 20, "--epochs", 6, "--hidden", 4, "--out", "run"]
    assert regkit("train", *flags, "--reg", "huber=1e-3").code == 0
    loud = "open('imported', 'w').close()\nraise ImportError"
    (site.folder / "regkit_huber.py").write_text(loud)
    (workplace / "new.csv").write_text("x2,x1\n0.1,0.9\n-0.5,-0.5\n")
    assert regkit("predict", "run", "new.csv").code == 0
    assert not (workplace / "imported").exists()
