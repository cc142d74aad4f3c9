import numpy as np
from table_jobs import table_job

from regkit.studies.paths.path_weights import path_weights


def rows(tmp_path, targets, **settings):
    X = np.random.default_rng(0).normal(size=(30, 3))
    made = table_job(tmp_path, X, targets(X), **settings)
    return made, path_weights(made.model, made.data.preparation)


def test_a_linear_model_with_one_output_shows_its_weights_with_their_signs(tmp_path):
    made, found = rows(tmp_path, lambda X: X[:, 0])
    made.model["dense1"].params["weights"][...] = [[1.5], [-2.0], [0.0]]
    found = path_weights(made.model, made.data.preparation)
    assert found == {"norms": False, "input_weights": [1.5, -2.0, 0.0], "neuron_weights": {}}


def test_a_network_shows_norms_by_input_and_by_neuron(tmp_path):
    made, _ = rows(tmp_path, lambda X: X[:, 0], hidden=(4,))
    w = np.random.default_rng(1).normal(size=(3, 4))
    made.model["dense1"].params["weights"][...] = w
    found = path_weights(made.model, made.data.preparation)
    assert found["norms"]
    np.testing.assert_allclose(found["input_weights"], np.linalg.norm(w, axis=1))
    np.testing.assert_allclose(found["neuron_weights"]["dense1"], np.linalg.norm(w, axis=0))
    assert list(found["neuron_weights"]) == ["dense1"]
