"""Tables as a network takes them, held against scikit-learn.

Covers: regkit/data/input_column.py
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from regkit.data import Preparation, read_table
from regkit.errors import DataError

FRAME = pd.DataFrame(
    {
        "age": [30, 41, 25, 41, 60, 33],
        "height": [1.8, 1.6, 1.7, 1.75, 1.5, 1.9],
        "town": ["Ulm", "Bonn", "Ulm", "Köln", "Bonn", "Ulm"],
        "kind": ["b", "a", "b", "b", "a", "c"],
    }
)
GAPS = FRAME.assign(
    age=[30, None, 25, 41, None, 41], town=["Ulm", None, "Ulm", "Köln", "Bonn", None]
)
NUMBERS, TEXTS = ["age", "height"], ["town"]


def fitted(frame=FRAME, **options):
    return Preparation.fit(read_table(frame, target="kind"), task="classification", **options)


def test_numbers_are_standardized_and_text_is_one_hot_as_scikit_learn_does_it():
    oracle = ColumnTransformer(
        [("n", StandardScaler(), NUMBERS), ("t", OneHotEncoder(sparse_output=False), TEXTS)]
    )
    preparation = fitted(standardize=True)
    expected = oracle.fit_transform(FRAME)
    np.testing.assert_allclose(preparation.transform(FRAME), expected, rtol=1e-12, atol=1e-12)
    assert preparation.features == ["age", "height", "town=Bonn", "town=Köln", "town=Ulm"]


@pytest.mark.parametrize("impute", ["mean", "median", "most_frequent"])
@pytest.mark.parametrize("standardize", [False, True])
def test_missing_values_are_filled_in_as_scikit_learn_does_it(impute, standardize):
    numbers = make_pipeline(
        SimpleImputer(strategy=impute), StandardScaler(with_mean=standardize, with_std=standardize)
    )
    texts = make_pipeline(
        SimpleImputer(strategy="most_frequent", missing_values=None),
        OneHotEncoder(sparse_output=False),
    )
    oracle = ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)])
    frame = GAPS.astype({"town": object}).where(GAPS.notna(), None).astype({"age": float})
    expected = oracle.fit_transform(frame)
    found = fitted(GAPS, impute=impute, standardize=standardize).transform(GAPS)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_other_rows_are_prepared_by_what_the_training_rows_taught():
    preparation = fitted(standardize=True)
    oracle = StandardScaler().fit(FRAME[NUMBERS])
    others = pd.DataFrame({"age": [18.0, 99], "height": [1.0, 2.0], "town": ["Ulm", "Köln"]})
    expected = oracle.transform(others[NUMBERS])
    np.testing.assert_allclose(preparation.transform(others)[:, :2], expected, rtol=1e-12)


def test_constant_columns_become_zero():
    table = read_table(np.array([[1e8 + 0.1, 1], [1e8 + 0.1, 2]]), [0, 1])
    X = Preparation.fit(table, task="classification", standardize=True).transform(table)
    assert X.tolist() == [[0, -1], [0, 1]]


def test_columns_are_found_by_name_in_any_order_and_among_others():
    preparation = fitted(standardize=True)
    shuffled = FRAME.assign(more="x")[["more", "town", "kind", "height", "age"]]
    np.testing.assert_array_equal(preparation.transform(shuffled), preparation.transform(FRAME))
    np.testing.assert_array_equal(preparation.targets(shuffled), preparation.targets(FRAME))


def test_categories_are_those_of_the_training_rows():
    table = read_table(FRAME, target="kind")
    part = table.take(np.array([0, 1, 2]))
    preparation = Preparation.fit(part, task="classification")
    assert preparation.classes == ("a", "b")
    assert preparation.features == ["age", "height", "town=Bonn", "town=Ulm"]
    assert preparation.unseen(part) == {}
    assert preparation.unseen(table) == {"town": ["Köln"]}
    with pytest.raises(DataError, match="'Köln', unknown from training"):
        preparation.transform(table)
    encoded = preparation.lenient().transform(table)
    assert encoded[3, 2:].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"town": ["Rom"] + ["Ulm"] * 5},
            r"column 'town' holds 'Rom', unknown from training: its categories are",
        ),
        ({"age": ["x"] * 6}, r"column 'age' must hold numbers as in training, but row 1 holds 'x'"),
        ({"age": [1, None, 2, 3, 4, 5]}, r"values are missing in 'age' \(1\), first in row 2: "),
        ({"town": ["Ulm", None] * 3}, r"values are missing in 'town' \(3\), first in row 2: "),
        ({"height": [np.inf] * 6}, r"column 'height' is infinite"),
        ({"height": pd.to_datetime(["2020"] * 6)}, r"column 'height' holds Datetime"),
    ],
)
def test_what_training_had_not_is_refused_by_name(change, message):
    with pytest.raises(DataError, match=message):
        fitted().transform(FRAME.assign(**change))


def test_a_column_that_is_not_there_is_refused_by_name():
    with pytest.raises(DataError, match=r"has no column 'height', did you mean 'heigth'\?"):
        fitted().transform(FRAME.rename(columns={"height": "heigth"}))


def test_an_unknown_class_is_refused_by_name():
    with pytest.raises(
        DataError, match=r"'kind' holds 'd', unknown from training: the classes are"
    ):
        fitted().targets(FRAME.assign(kind=list("abcdab")))


def test_categories_that_look_like_numbers_are_known_again(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n,y\n1,u\n2,v\nmany,u\nfew,v\n")
    preparation = Preparation.fit(read_table(path, target="y"), task="classification")
    path.write_text("n\n2\n1\n")
    np.testing.assert_array_equal(preparation.transform(path), [[0, 1, 0, 0], [1, 0, 0, 0]])


@pytest.mark.parametrize(
    "labels",
    [
        ["yes", "no", "yes", "no"],
        [3, -1, 3, -1],
        [0.5, 1.5, 0.5, 2.5],
        [True, False, True, False],
        np.array([7, 7, 9, 9], dtype=np.uint8),
    ],
)
def test_labels_come_out_as_they_went_in(labels):
    preparation = Preparation.fit(read_table(np.eye(4), labels), task="classification")
    restored = Preparation.from_json(preparation.to_json())
    numbers = restored.targets(read_table(np.eye(4), labels))
    expected_labels, expected_numbers = np.unique(labels, return_inverse=True)
    np.testing.assert_array_equal(numbers, expected_numbers)
    out = restored.answers(numbers)
    assert out.tolist() == np.asarray(labels).tolist()
    assert [type(one) for one in out.tolist()] == [type(one) for one in np.asarray(labels).tolist()]
    assert restored.n_outputs == len(expected_labels)


def test_targets_of_regression_are_the_numbers_themselves_unless_standardized():
    table = read_table(np.eye(3), [1.5, -2, 1e6])
    preparation = Preparation.fit(table, task="regression")
    assert preparation.targets(table).tolist() == [1.5, -2, 1e6]
    assert preparation.n_outputs == 1


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9),
    st.floats(-1e9, 1e9),
    st.floats(1e-3, 1e6),
)
def test_a_standardized_target_equals_scikit_learns_and_comes_back(values, mean, scale):
    y = np.array(values) * scale + mean
    table = read_table(np.zeros((len(y), 1)), y)
    preparation = Preparation.fit(table, task="regression", standardize=True)
    peer = StandardScaler().fit(y[:, np.newaxis])
    targets = preparation.targets(table)
    # scikit-learn takes a spread at the level of rounding for none.
    if peer.var_[0] > 1e-12 * max(1.0, peer.mean_[0] ** 2):
        np.testing.assert_allclose(targets, peer.transform(y[:, np.newaxis])[:, 0], atol=1e-6)
    largest = np.abs(y).max()
    np.testing.assert_allclose(preparation.answers(targets), y, rtol=0, atol=1e-14 * largest)
    restored = Preparation.from_json(preparation.to_json())
    assert restored == preparation


def test_a_column_of_tiny_differences_is_scaled():
    column = 1e-200 * np.arange(4)
    table = read_table(column[:, np.newaxis], [0, 1, 0, 1])
    X = Preparation.fit(table, task="classification", standardize=True).transform(table)
    assert np.ptp(X) > 0.5


def test_an_unknown_category_is_an_error_or_a_row_of_zeros():
    training = read_table(pd.DataFrame({"c": list("abab"), "n": [1.0, 2, 3, 4]}), [0, 1, 0, 1])
    new = pd.DataFrame({"c": list("bzc"), "n": [1.0, 2, 3]})
    with pytest.raises(DataError, match="'c', 'z', unknown from training"):
        Preparation.fit(training, task="classification").transform(new)
    preparation = Preparation.fit(training, task="classification", unknown="ignore")
    peer = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit([["a"], ["b"]])
    np.testing.assert_array_equal(
        preparation.transform(new)[:, :2], peer.transform(new[["c"]].values)
    )
    assert Preparation.from_json(preparation.to_json()) == preparation
    with pytest.raises(DataError, match="unknown must be one of"):
        Preparation.fit(training, task="classification", unknown="guess")


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4)


@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9) | st.none(), texts | st.none(), texts),
        min_size=2,
        max_size=8,
    )
)
def test_json_keeps_every_preparation(rows):
    numbers, words, kinds = zip(*rows, strict=True)
    columns = {"n": [*numbers, 1.0], "w": [*words, "w"], "k": [*kinds, "k"]}
    table = read_table(
        pd.DataFrame({k: pd.Series(v, dtype=object) for k, v in columns.items()}), target="k"
    )
    preparation = Preparation.fit(
        table, task="classification", standardize=True, impute="most_frequent"
    )
    restored = Preparation.from_json(preparation.to_json())
    assert restored == preparation
    np.testing.assert_array_equal(restored.transform(table), preparation.transform(table))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"classification"', '"regression"'),
        ('"classification"', '"guessing"'),
        ('"age"', '"kind"'),
        ('"town"', '"age"'),
        ('"Ulm"', '"Bonn"'),
        ('"a"', "1"),
        ('"a"', '"b"'),
        ('"scale": ', '"scale": -'),
        ('"fill": null', '"fill": "x"'),
        ('"columns"', '"rows"'),
        ("}", ""),
    ],
)
def test_a_damaged_preparation_is_refused(old, new):
    text = fitted(standardize=True).to_json()
    assert old in text
    with pytest.raises(DataError, match="the preparation cannot be"):
        Preparation.from_json(text.replace(old, new, 1))
