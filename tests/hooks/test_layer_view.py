"""What a hook is given of a layer: parameters to read, running sums to add to."""

import numpy as np
import pytest

from regkit.hooks import LayerView
from regkit.kernels.kernels import Kernels


@pytest.fixture
def params():
    return {"weights": np.arange(6.0).reshape(2, 3), "gain": np.ones((1, 3), np.float32)}


def test_parameters_are_views_that_refuse_to_be_written_to(params):
    view = LayerView("dense1", params)
    params["weights"][0, 0] = 7.0
    assert np.array_equal(view.params["weights"], params["weights"])
    with pytest.raises(ValueError, match="read-only"):
        view.params["weights"][0, 0] = 1.0
    with pytest.raises(TypeError, match="item assignment"):
        view.params["weights"] = np.zeros((2, 3))


def test_sums_can_be_added_to_in_place_but_not_replaced(params):
    sums = {"weights": np.zeros((2, 3))}
    view = LayerView("dense1", params, sums)
    view.grads["weights"][...] += 2.0
    assert (sums["weights"] == 2.0).all()
    with pytest.raises(TypeError, match="item assignment"):
        view.grads["weights"] = np.zeros((2, 3))


def test_without_sums_none_are_offered(params):
    view = LayerView("dense1", params)
    assert dict(view.grads) == {}
    assert view.kernels is None


def test_a_parameter_is_an_attribute_whatever_it_is_called(params):
    view = LayerView("norm1", params)
    assert view.weights is view.params["weights"]
    assert view.gain is view.params["gain"]


def test_any_other_attribute_is_refused_with_the_layers_name(params):
    view = LayerView("norm1", params)
    with pytest.raises(AttributeError, match="layer norm1 has no parameter 'biases'"):
        view.biases  # noqa: B018 - looking is the test
    assert not hasattr(view, "biases")


def test_a_parameter_named_like_an_attribute_is_reached_through_params():
    view = LayerView("odd1", {"name": np.zeros(2)})
    assert view.name == "odd1"
    assert view.params["name"].shape == (2,)


def test_an_unfinished_view_looks_for_no_parameter_in_itself():
    with pytest.raises(AttributeError, match="layer None has no parameter 'weights'"):
        LayerView.__new__(LayerView).weights  # noqa: B018 - looking is the test


def test_apart_has_zero_sums_of_its_own_and_leaves_the_running_ones_alone(params):
    kernels = Kernels()
    sums = {name: np.full_like(array, 5.0) for name, array in params.items()}
    view = LayerView("dense1", params, sums, kernels)
    apart = view.apart()
    for name, array in params.items():
        assert np.array_equal(apart.params[name], array)
        assert (apart.grads[name].dtype, apart.grads[name].shape) == (array.dtype, array.shape)
        assert not apart.grads[name].any()
        apart.grads[name][...] += 1.0
        assert (sums[name] == 5.0).all()
    assert (apart.name, apart.kernels) == ("dense1", kernels)


def test_apart_shows_other_parameters_if_they_are_given(params):
    view = LayerView("dense1", params)
    other = {"weights": np.full((4, 1), 3.0)}
    apart = view.apart(other)
    assert list(apart.params) == list(apart.grads) == ["weights"]
    assert np.array_equal(apart.weights, other["weights"])
    assert apart.grads["weights"].shape == (4, 1)
    with pytest.raises(ValueError, match="read-only"):
        apart.weights[0, 0] = 0.0


def test_its_repr_names_the_layer_and_its_parameters(params):
    assert repr(LayerView("dense1", params)) == "<LayerView dense1: weights, gain>"
