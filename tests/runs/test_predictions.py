"""Predictions as columns and files."""

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import polars
import pytest
from made_runs import made_run
from sklearn.datasets import load_iris

from regkit.errors import InputError, StorageError
from regkit.runs.load import load_run
from regkit.runs.predictions import PredictionFile, json_lines, predictions
from regkit.runs.saved import SavedRun

SPECIES = ("setosa", "versicolor", "virginica")


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> SavedRun:
    path = tmp_path_factory.mktemp("iris") / "run"
    made_run(path, data="sklearn:iris", samples=1000, standardize=True, epochs=80)
    return load_run(path)


@pytest.fixture(scope="module")
def sine(tmp_path_factory: pytest.TempPathFactory) -> SavedRun:
    path = tmp_path_factory.mktemp("sine") / "run"
    made_run(path, data="sine")
    return load_run(path)


def test_labels_are_as_they_came_in(iris: SavedRun) -> None:
    columns = predictions(iris, "sklearn:iris")
    assert list(columns) == ["prediction"]
    assert set(columns["prediction"]) <= set(SPECIES)
    bundled = load_iris()
    right = columns["prediction"] == bundled.target_names[bundled.target]
    assert right.mean() > 0.9


def test_probabilities_have_a_column_for_each_class(iris: SavedRun) -> None:
    columns = predictions(iris, "sklearn:iris", proba=True)
    assert list(columns) == ["prediction", *(f"probability_{one}" for one in SPECIES)]
    table = np.stack([columns[f"probability_{one}"] for one in SPECIES], axis=1)
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-6)
    assert [SPECIES[i] for i in table.argmax(axis=1)] == list(columns["prediction"])


def test_a_regression_predicts_numbers_and_no_probabilities(sine: SavedRun) -> None:
    X = np.array([[0.25], [0.5]])
    np.testing.assert_array_equal(predictions(sine, X)["prediction"], sine.model.predict(X))
    with pytest.raises(InputError, match="regression model, which has no probabilities"):
        predictions(sine, X, proba=True)


def test_numbers_beyond_the_models_range_are_refused_by_row(sine: SavedRun) -> None:
    saved = load_run(sine.path)
    saved.model.parameters[...] *= 1e30
    X = np.array([[0.0], [0.5], [1e30]])
    with pytest.raises(InputError, match="the table: the prediction for row"):
        predictions(saved, X)


COLUMNS = {
    "prediction": np.array(["größer", 'a "b", c']),
    "probability_größer": np.array([0.75, 1 / 3]),
}


def test_json_lines_hold_a_row_each() -> None:
    found = list(json_lines(COLUMNS))
    assert found[0] == '{"prediction": "größer", "probability_größer": 0.75}\n'
    assert json.loads(found[1]) == {"prediction": 'a "b", c', "probability_größer": 1 / 3}


@pytest.mark.parametrize("labels", [[3, 5], [True, False], [0.5, 2.0], ["a", "b"]])
def test_labels_keep_their_type(tmp_path: Path, labels: list[object]) -> None:
    columns = {"prediction": np.array(labels)}
    assert [json.loads(line)["prediction"] for line in json_lines(columns)] == labels
    PredictionFile(tmp_path / "out.parquet").write(columns)
    assert polars.read_parquet(tmp_path / "out.parquet")["prediction"].to_list() == labels


def test_files_of_each_kind_hold_the_columns(tmp_path: Path) -> None:
    expected = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
    for suffix in (".csv", ".parquet", ".jsonl", ".CSV"):
        PredictionFile(tmp_path / f"out{suffix}").write(COLUMNS)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    read = [
        row | {"probability_größer": float(row["probability_größer"])}
        for row in csv.DictReader(io.StringIO(text))
    ]
    assert read == expected
    assert (tmp_path / "out.CSV").read_text(encoding="utf-8") == text
    assert polars.read_parquet(tmp_path / "out.parquet").to_dicts() == expected
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in written] == expected


def test_a_file_is_not_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"out\.csv exists: .* overwrite it with --force"):
        PredictionFile(path)
    assert path.read_text() == "mine"
    PredictionFile(path, force=True).write(COLUMNS)
    assert path.read_text(encoding="utf-8").startswith("prediction,")


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz"])
def test_an_ending_that_says_nothing_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"must end in one of \.csv, \.parquet, \.jsonl"):
        PredictionFile(tmp_path / name)


def test_a_folder_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="is a folder, not a file"):
        PredictionFile(tmp_path / "out.csv", force=True)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot save"):
        PredictionFile(tmp_path / "nowhere" / "out.csv").write(COLUMNS)
    assert list(tmp_path.iterdir()) == []


def test_without_polars_only_json_lines_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(InputError, match=r"pip install 'regkit-nn\[data\]'"):
        PredictionFile(tmp_path / "out.csv")
    PredictionFile(tmp_path / "out.jsonl").write(COLUMNS)
    assert (tmp_path / "out.jsonl").exists()
