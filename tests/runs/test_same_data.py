"""Whether a run's data are those of its start, and in which words they are not."""

from dataclasses import replace

import numpy as np
import pytest

from regkit.data import Preparation
from regkit.data.input_column import InputColumn
from regkit.errors import InputError
from regkit.runs.same_data import what_differs

AGE = InputColumn("age", fill=3.0, mean=40.0, scale=10.0)
COLOUR = InputColumn("colour", ("blue", "red"), "red")
LABELS = Preparation("classification", "species", ("cat", "dog"), (AGE, COLOUR))
NUMBERS = Preparation("regression", "price", (), (AGE,), 250_000.0, 1000.0)


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (
            LABELS,
            replace(LABELS, classes=("dog", "zcat")),
            "the labels were 'cat', 'dog', now they are 'dog', 'zcat'",
        ),
        (
            LABELS,
            replace(LABELS, classes=("dog", "cat")),
            "the labels were 'cat', 'dog', now they are 'dog', 'cat'",
        ),
        (
            LABELS,
            replace(LABELS, target="kind"),
            "the task was classification of 'species', now it is classification of 'kind'",
        ),
        (
            LABELS,
            replace(LABELS, columns=(AGE,)),
            "the columns were 'age', 'colour', now they are 'age'",
        ),
        (
            LABELS,
            replace(LABELS, columns=(COLOUR, AGE)),
            "the columns were 'age', 'colour', now they are 'colour', 'age'",
        ),
        (
            LABELS,
            replace(LABELS, columns=(AGE, InputColumn("colour"))),
            "column 'colour' held the categories 'blue', 'red', and now it holds numbers",
        ),
        (
            LABELS,
            replace(LABELS, columns=(AGE, replace(COLOUR, categories=("red", "blue")))),
            "column 'colour' held the categories 'blue', 'red', and now it holds the categories "
            "'red', 'blue'",
        ),
        (
            LABELS,
            replace(LABELS, columns=(AGE, replace(COLOUR, fill="blue"))),
            "missing values of 'colour' were 'red', now they are 'blue'",
        ),
        (
            NUMBERS,
            replace(NUMBERS, columns=(replace(AGE, mean=40.1),)),
            "the mean of 'age' was 40.0, now it is 40.1",
        ),
        (
            NUMBERS,
            replace(NUMBERS, columns=(replace(AGE, scale=9.0),)),
            "the scale of 'age' was 10.0, now it is 9.0",
        ),
        (
            NUMBERS,
            replace(NUMBERS, columns=(replace(AGE, fill=4.0),)),
            "the value filled in of 'age' was 3.0, now it is 4.0",
        ),
        (
            NUMBERS,
            replace(NUMBERS, target_mean=250_001.0),
            "the mean of 'price' was 250000.0, now it is 250001.0",
        ),
        (
            NUMBERS,
            replace(NUMBERS, target_scale=1.0),
            "the scale of 'price' was 1000.0, now it is 1.0",
        ),
    ],
)
def test_the_first_difference_is_told(then, now, words):
    assert what_differs(then, now) == words


@pytest.mark.parametrize("same", [LABELS, NUMBERS])
def test_a_preparation_does_not_differ_from_itself_in_a_file(same):
    assert what_differs(Preparation.from_json(same.to_json()), same) is None


def test_the_last_bits_of_means_and_scales_may_differ():
    close = replace(AGE, mean=np.nextafter(40.0, 41), scale=np.nextafter(10.0, 11))
    now = replace(NUMBERS, columns=(close,), target_mean=np.nextafter(250_000.0, 0))
    assert what_differs(NUMBERS, now) is None
    assert what_differs(replace(NUMBERS, target_mean=0.0), replace(NUMBERS, target_mean=1e-13)) is (
        None
    )


def table(path, *, labels="ab", rows=20, offset=0.0, extra=""):
    lines = [f"{row + offset:.1f},{labels[row % 2]}{extra}" for row in range(rows)]
    path.write_text("\n".join(["x,y" + (",z" if extra else ""), *lines]) + "\n")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def run(regkit, workplace):
    """The folder of a run that a table was trained into, with two other tables."""
    for name in ("data.csv", "test.csv"):
        table(workplace / name)
    table(workplace / "val.csv", rows=9)
    arguments = ["--epochs", 4, "--hidden", 3, "--val-file", "val.csv", "--test", "test.csv"]
    outcome = regkit("train", "data.csv", "--target", "y", "--out", "run", "-q", *arguments)
    assert outcome.code == 0, outcome.err
    return workplace / "run"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("*.csv", {"labels": "bc"}, "the labels were 'a', 'b', now they are 'b', 'c'"),
        ("*.csv", {"extra": ",1"}, "the columns were 'x', now they are 'x', 'z'"),
        ("data.csv", {"labels": "ba"}, "the training rows are others, since "),
        ("data.csv", {"rows": 21}, "the mean of 'x' was 9.5, now it is 10.0"),
        ("data.csv", {"offset": 0.5}, "the mean of 'x' was 9.5, now it is 10.0"),
        ("val.csv", {"rows": 8}, "the validation rows are others, since "),
        ("test.csv", {"labels": "ba"}, "the test rows are others, since "),
    ],
)
def test_a_run_is_not_resumed_on_other_data(regkit, workplace, run, name, change, words):
    before = contents(run)
    for path in workplace.glob(name):
        table(path, **change)
    for more in ([], ["--epochs", 9]):
        outcome = regkit("resume", "run", *more)
        assert outcome.code == 2
        assert outcome.error.startswith(f"run was trained on other data: {words}")
        assert contents(run) == before


def test_a_file_that_holds_the_same_rows_is_reported_only(regkit, workplace, run):
    path = workplace / "data.csv"
    path.write_text(path.read_text().replace("\n", "\r\n"))
    outcome = regkit("resume", "run", "--epochs", 9)
    assert outcome.code == 0, outcome.err
    assert "Note: data file: " in outcome.err


def test_a_run_whose_data_are_gone_says_which(regkit, workplace, run):
    (workplace / "test.csv").unlink()
    outcome = regkit("resume", "run", "--epochs", 9)
    assert outcome.code == 2
    assert "test.csv cannot be read: No such file" in outcome.error
    assert run.is_dir()


def test_rows_of_no_file_may_differ_by_rounding(tmp_path, monkeypatch):
    """The sine of another processor is no other data set."""
    from made_runs import made_run

    from regkit.runs import synthetic_data
    from regkit.runs.start import reopened

    made_run(tmp_path / "run", data="spiral", patience=None)
    draw = synthetic_data.datasets.spiral

    def drawn(*arguments, **options):
        X, y = draw(*arguments, **options)
        return np.nextafter(X, 9), y

    monkeypatch.setattr(synthetic_data.datasets, "spiral", drawn)
    with reopened(tmp_path / "run", plugin_files=(), classes=(), epochs=40) as (_, changes):
        assert [line.partition(":")[0] for line in changes] == ["training rows", "validation rows"]


def test_a_damaged_preparation_is_refused_by_name(tmp_path):
    from made_runs import made_run

    from regkit.runs.start import reopened

    made_run(tmp_path / "run")
    (tmp_path / "run" / "preparation.json").write_bytes(b"\xff")
    with (
        pytest.raises(InputError, match=r"preparation\.json is not what the run wrote"),
        reopened(tmp_path / "run", plugin_files=(), classes=(), epochs=None),
    ):
        pytest.fail("it was opened")
