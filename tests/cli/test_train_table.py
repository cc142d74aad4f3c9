"""Training on a table, through the command.

Covers: regkit/runs/table_data.py
"""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report

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
        "32 rows to train on, 8 to validate on; columns of numbers standardized "
        "(--no-standardize to leave them)"
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


def regression(workplace, rows=60):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((rows, 2))
    price = 250_000 + 20_000 * X[:, 0] - 9_000 * X[:, 1] + 5_000 * rng.standard_normal(rows)
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "price": price})
    for name in ("p.csv", "p.parquet"):
        write = pl.from_pandas(frame)
        getattr(write, "write_" + name[2:])(workplace / name)
    np.savez(workplace / "p.npz", X=X, price=price)
    return frame


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npz"])
def test_a_target_of_any_size_is_learned_and_measured_in_its_units(regkit, workplace, suffix):
    frame = regression(workplace, rows=300)
    flags = [f"p.{suffix}", "--target", "price", "--epochs", 1000, "--out", "run"]
    done = regkit("train", *flags)
    assert done.err.strip().endswith(
        "columns of numbers and the target standardized (--no-standardize to leave them)"
    )
    found = json.loads(regkit("evaluate", "run", f"p.{suffix}", "--json").out)
    assert found["r2"] > 0.9
    lines = regkit("predict", "run", f"p.{suffix}").out.splitlines()
    predicted = np.array([json.loads(line)["prediction"] for line in lines])
    errors = frame["price"].to_numpy() - predicted
    assert found["rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-5)
    assert found["loss"] < 0.2
    raw = regkit("train", *flags, "--no-standardize", "--force", "--json")
    assert "standardized" not in raw.err
    assert json.loads(raw.out.splitlines()[-1])["validation"]["r2"] < 0.5


def test_synthetic_sets_stay_as_they_are(regkit):
    flags = ["--epochs", 2, "--samples", 10, "--hidden", 3, "--json"]
    with_default, without = regkit("train", *flags), regkit("train", *flags, "--no-standardize")
    assert (without.code, without.err) == (0, "")
    first = [json.loads(one.out.splitlines()[0]) for one in (with_default, without)]
    assert first[0] == first[1]


def ordered(workplace):
    rows = "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(70))
    (workplace / "o.csv").write_text("n,g,kind\n" + rows)
    return ["o.csv", "--target", "kind", "--epochs", 2]


def test_rows_to_validate_on_are_chosen_by_group_in_order_or_by_file(regkit, workplace):
    table = ordered(workplace)
    by_group = regkit("train", *table, "--group", "g", "--val", 0.3)
    assert "50 rows to train on, 20 to validate on" in by_group.err
    assert "70 rows, 1 column;" in by_group.err
    assert "56 rows to train on, 14 to validate on" in regkit("train", *table, "--val-last").err
    named = regkit("train", *table, "--val-file", "o.csv", "--out", "run")
    assert "70 rows to train on, 70 to validate on" in named.err
    assert regkit("resume", "run", "--epochs", 3).code == 0


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--val-last", "--group", "g"], "--group and --val-last exclude each other: give one"),
        (["--val-file", "o.csv", "--val", 0.1], "--val-file holds all rows to validate on"),
        (["--val-last", "--val", 0], "--val-last says which rows to validate on, and --val 0"),
        (["--val-last", "--split-seed", 3], "--split-seed applies to random splits"),
        (["--group", "h"], "o.csv has no column 'h'"),
        (["--group", "kind"], "--group names the target 'kind'"),
        (["--class-weight", "balanced", "--target", "n"], "applies to classification"),
    ],
)
def test_contradictions_are_refused(regkit, workplace, flags, said):
    done = regkit("train", *ordered(workplace), *flags)
    assert done.code == 2
    assert said in done.error


def test_balanced_classes_weigh_the_same(regkit, workplace):
    rng = np.random.default_rng(1)
    y = (rng.random(400) < 0.1).astype(int)
    X = rng.standard_normal((400, 2)) + 1.2 * y[:, np.newaxis]
    np.savez(workplace / "rare.npz", X=X, y=y)
    flags = ["rare.npz", "--hidden", "none", "--epochs", 2000, "--lr", 0.02, "--reg", "none"]
    more = ["--val", 0, "--dtype", "float64", "--no-standardize", "--out", "run", "-q"]
    assert regkit("train", *flags, *more, "--class-weight", "balanced").code == 0
    found = json.loads(regkit("evaluate", "run", "rare.npz", "--json").out)
    peer = LogisticRegression(C=1e9, class_weight="balanced", max_iter=10_000).fit(X, y)
    report = classification_report(y, peer.predict(X), output_dict=True)
    for one in found["per_class"]:
        assert one["recall"] == pytest.approx(report[str(one["label"])]["recall"], abs=0.01)
    assert found["per_class"][1]["recall"] > 0.7
    assert regkit("train", *flags, *more, "--force").code == 0
    plain = json.loads(regkit("evaluate", "run", "rare.npz", "--json").out)
    assert plain["per_class"][1]["recall"] < 0.5
    assert regkit("verify", "run").code == 0


def test_categories_that_training_never_saw_become_zeros_on_request(regkit, workplace):
    rows = "".join(f"{i % 5},{'uv'[i % 2]},{'ab'[i % 2]}\n" for i in range(40))
    (workplace / "c.csv").write_text("n,c,kind\n" + rows)
    (workplace / "new.csv").write_text("n,c\n1,u\n2,w\n")
    flags = ["c.csv", "--target", "kind", "--epochs", 50, "--out", "run", "-q"]
    assert regkit("train", *flags).code == 0
    refused = regkit("predict", "run", "new.csv")
    assert (refused.code, refused.out) == (2, "")
    assert "'c' holds 'w', unknown from training" in refused.error
    assert "--unknown ignore" in refused.error
    assert regkit("train", *flags, "--unknown", "ignore", "--force").code == 0
    assert len(regkit("predict", "run", "new.csv").out.splitlines()) == 2


def test_doubts_about_columns_are_told_once_in_training_and_never_after(regkit, workplace):
    rows = "".join(f"{i},name {i},{i % 5}.5,{'ab'[i % 2]}\n" for i in range(1, 41))
    (workplace / "d.csv").write_text("n,name,size,kind\n" + rows)
    done = regkit("train", "d.csv", "--target", "kind", "--epochs", 2, "--out", "run", "-q")
    assert done.code == 0
    warnings = [line for line in done.err.splitlines() if line.startswith("Warning: ")]
    assert len(warnings) == 3
    assert any("categories that only validation rows have" in one for one in warnings)
    assert any("consecutive integers may be row numbers" in one for one in warnings)
    assert any("text that differs in most rows" in one for one in warnings)
    for command in ("predict", "evaluate"):
        assert "Warning" not in regkit(command, "run", "d.csv").err


def test_flags_of_text_tables_are_refused_elsewhere(regkit, workplace):
    done = regkit("train", "sklearn:iris", "--na", "?", "--epochs", 1)
    assert done.code == 2
    assert done.error == "--na applies to CSV files, not to sklearn:iris"


def test_categories_of_validation_rows_alone_are_told_and_count_as_none(regkit, workplace):
    rows = "".join(f"c{i % 3},{i % 5},{'ab'[i % 2]}\n" for i in range(57)) + "RARE,1,a\n" * 3
    (workplace / "v.csv").write_text("k,z,y\n" + rows)
    (workplace / "new.csv").write_text("k,z\nRARE,1\n")
    flags = ["v.csv", "--target", "y", "--val-last", "--epochs", 20, "--out", "run", "-q"]
    done = regkit("train", *flags)
    assert done.code == 0
    assert "categories that only validation rows have count as none there" in done.err
    assert "'k' ('RARE')" in done.err
    refused = regkit("predict", "run", "new.csv")
    assert refused.code == 2
    assert "'k' holds 'RARE', unknown from training" in refused.error
    assert regkit("train", *flags, "--unknown", "ignore", "--force").code == 0
    assert regkit("predict", "run", "new.csv").code == 0
    assert regkit("evaluate", "run").code == 0


def test_new_rows_are_written_as_the_table_was_seen_to_be(regkit, workplace):
    rows = "".join(f"{i % 7},{i % 10}5;{'ab'[i % 2]}\n" for i in range(40))
    (workplace / "g.csv").write_text("size;kind\n" + rows)
    (workplace / "new.csv").write_text("size;more\n1,250;x\n2,125;y\n")
    flags = ["g.csv", "--target", "kind", "--epochs", 5, "--out", "run", "-q", "--json"]
    assert regkit("train", *flags).code == 0
    assert 'decimal = ","' in (workplace / "run" / "config.toml").read_text()
    assert len(regkit("predict", "run", "new.csv").out.splitlines()) == 2
    assert regkit("resume", "run", "--epochs", 9).code == 0
    assert regkit("verify", "run").code == 0


def test_a_table_is_trained_until_validation_no_longer_improves_unless_told_how_long(regkit):
    table = ["train", "sklearn:diabetes"]

    def epochs(*flags):
        done = regkit(*table, "--json", *flags)
        assert done.code == 0
        return json.loads(done.out.splitlines()[-1])["epochs"], done.err

    stopped, told = epochs()
    assert 100 < stopped < 1000
    said = "training stops when validation has not improved for 100 epochs (--patience 0 "
    assert said in regkit(*table).err
    assert f"Note: stopped at epoch {stopped - 1}: " in told
    assert epochs("--patience", 100)[0] == stopped
    assert epochs("--patience", 30)[0] < stopped
    for flags in (["--epochs", 300], ["--epochs", 300, "--patience", 0]):
        trained, told = epochs(*flags)
        assert trained == 300
        assert "stop" not in told


def test_the_penalized_loss_is_compared_by_the_same_records(regkit):
    flags = ["--samples", 50, "--epochs", 3000, "--patience", 60, "--json"]
    without = regkit("train", *flags, "--reg", "none", "--log-every", 1)
    assert "stopped at epoch" in without.err
    assert "penalized" not in without.err
    strong = regkit("train", *flags, "--reg", "l2=0.05", "--log-every", 1)
    assert "by the records, the penalized loss would have stopped the run" in strong.err
