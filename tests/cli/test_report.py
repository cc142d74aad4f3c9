"""`regkit report`."""

import pytest
from made_runs import made_run


@pytest.fixture
def run(workplace):
    made_run(workplace / "run")
    return "run"


def test_it_prints_the_name_of_the_page(regkit, run, workplace):
    done = regkit("report", run, "--out", "page.html")
    assert (done.code, done.out) == (0, "page.html\n")
    assert (workplace / "page.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run"], "Missing option '--out'"),
        (
            ["empty", "--out", "page.html"],
            "neither a run nor a study: it has no config",
        ),
        (["run", "--out", "page.png"], "page.png must end in .html"),
        (
            ["nothing", "--out", "page.html"],
            "neither a run nor a study: it does not exist",
        ),
        (["run", "--out", "old.html"], "old.html exists: choose another name"),
        (["run", "run", "--out", "page.html"], "run is given twice"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(arguments, told, regkit, run, workplace):
    (workplace / "old.html").write_text("mine")
    (workplace / "empty").mkdir()
    done = regkit("report", *arguments)
    assert done.code == 2
    assert told in done.error
    assert not (workplace / "page.html").exists()
    assert (workplace / "old.html").read_text() == "mine"
