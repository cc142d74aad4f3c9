from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.data import Preparation, read_table
from regkit.studies.paths.leaving import in_use, leaving


@pytest.fixture
def preparation(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("age,colour,size,y\n1,red,5,0\n2,blue,6,1\n3,green,7,0\n4,red,9,1\n")
    table = read_table(path, target="y")
    return Preparation.fit(table, task="classification")


def network(*widths):
    layers = []
    for rows, columns in pairwise(widths):
        layers += [rk.Dense(rows, columns), rk.ReLU()]
    model = rk.Model(layers[:-1], rk.SoftmaxCrossEntropy())
    model.parameters[...] = 1
    return model


def test_everything_is_in_use_where_no_weight_is_zero(preparation):
    found = in_use(network(5, 3, 2), preparation)
    assert found.inputs == ("age", "colour", "size")
    assert found.neurons == {"dense1": (0, 1, 2)}


def test_a_column_of_text_is_in_use_where_any_of_its_categories_is(preparation):
    model = network(5, 3, 2)
    weights = model.layers[0].params["weights"]
    weights[1:3] = 0
    assert "colour" in in_use(model, preparation).inputs
    weights[3] = [0, -0.0, 1e-30]
    assert "colour" in in_use(model, preparation).inputs
    weights[3] = 0
    assert in_use(model, preparation).inputs == ("age", "size")


def test_a_neuron_is_in_use_where_it_is_reached_and_reaches_further(preparation):
    model = network(5, 4, 3, 2)
    first, second, third = (layer.params["weights"] for layer in model.layers[::2])
    first[:, 0] = 0  # Its bias is not, but is a constant.
    second[1] = 0
    third[2] = 0
    assert in_use(model, preparation).neurons == {"dense1": (2, 3), "dense2": (0, 1)}


def test_a_linear_model_has_no_neurons(preparation):
    model = network(5, 2)
    model.layers[0].params["weights"][4] = 0
    found = in_use(model, preparation)
    assert found.inputs == ("age", "colour")
    assert found.neurons == {}


def test_an_input_leaves_where_it_is_out_for_good():
    used = [("a", "b", "c"), ("a", "b"), ("b",), ("a", "b")]
    found = leaving([1.0, 2.0, 3.0, 4.0], used, "abcd")
    assert found == {"a": None, "b": None, "c": 2.0, "d": 1.0}
    assert list(found) == list("abcd")


@given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=6))
def test_from_the_strength_on_it_is_out_and_just_before_it_is_in(used):
    strengths = [2.0**number for number in range(len(used))]
    for one, strength in leaving(strengths, used, range(5)).items():
        in_at = [at for at, names in zip(strengths, used, strict=True) if one in names]
        if strength is None:
            assert in_at[-1] == strengths[-1]
            continue
        assert all(at < strength for at in in_at)
        before = strengths.index(strength) - 1
        assert before < 0 or strengths[before] in in_at


def test_no_array_is_changed(preparation):
    model = network(5, 3, 2)
    before = model.parameters.copy()
    in_use(model, preparation)
    np.testing.assert_array_equal(model.parameters, before)
