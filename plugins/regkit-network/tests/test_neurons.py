"""Neurons as rows, and back."""

import numpy as np
from regkit_network.neurons import hidden_layers


def test_rows_are_parted_into_what_they_were_made_of():
    params = {
        "a": {"biases": np.array([[5.0, 6.0]]), "weights": np.array([[1.0, 2.0], [3.0, 4.0]])},
        "b": {"weights": np.array([[7.0, 8.0, 9.0], [10.0, 11.0, 12.0]])},
    }
    (neurons,) = hidden_layers(params, "P")
    rows = neurons.rows(params)
    np.testing.assert_array_equal(rows, [[5, 1, 3, 7, 8, 9], [6, 2, 4, 10, 11, 12]])
    parts = list(neurons.parted(rows, params))
    assert [(layer, name) for layer, name, _ in parts] == [
        ("a", "biases"),
        ("a", "weights"),
        ("b", "weights"),
    ]
    for layer, name, part in parts:
        np.testing.assert_array_equal(part, params[layer][name])
