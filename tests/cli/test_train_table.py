"""Training on a table, through the command."""

import json

import pytest

TABLE = "size,colour,kind\n" + "".join(
    f"{i % 7}.5,{'red' if i % 3 else 'blue'},{'a' if i % 7 < 4 else 'b'}\n" for i in range(40)
)


@pytest.fixture
def table(workplace):
    (workplace / "t.csv").write_text(TABLE)
    return ["t.csv", "--target", "kind", "--epochs", "200", "--log-every", "100"]


def test_a_line_says_what_was_made_of_the_table(regkit, table):
    done = regkit("train", *table)
    assert done.code == 0
    assert done.err.splitlines() == [
        "t.csv: 40 rows, 2 columns; 'kind' holds 2 classes ('a', 'b'); "
        "32 rows to train on, 8 to validate on"
    ]
    assert done.out.splitlines()[-1].startswith("validation: accuracy ")


def test_a_second_table_is_measured_on_at_the_end(regkit, table):
    same = [*table, "--val", "0", "--test", "t.csv"]
    assert regkit("train", *same).out.splitlines()[-1].startswith("test:       accuracy ")
    end = json.loads(regkit("train", *same, "--json").out.splitlines()[-1])
    assert end["test"] == {
        "accuracy": end["train"]["accuracy"],
        "loss": pytest.approx(end["train"]["data_loss"], rel=1e-6),
    }


def test_all_rows_are_trained_on_when_none_are_to_be_kept_back(regkit, table):
    done = regkit("train", *table, "--val", "0", "--json")
    assert "validation" not in json.loads(done.out.splitlines()[-1])


def test_quiet_is_quiet_and_json_is_nothing_else(regkit, table):
    quiet = regkit("train", *table, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    done = regkit("train", *table, "--json")
    assert done.err == ""
    assert [json.loads(line)["event"] for line in done.out.splitlines()] == ["epoch"] * 3 + ["end"]


def test_the_seed_decides_all(regkit, table):
    runs = [regkit("train", *table, "--seed", seed, "--json").out for seed in (1, 1, 2)]
    once, again, other = (run.splitlines()[:-1] for run in runs)
    assert once == again != other
