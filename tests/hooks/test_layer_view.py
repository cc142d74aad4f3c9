"""What a hook is given of a layer: parameters to read, and the epoch.

Covers: regkit/kernels/accumulation.py
"""

import numpy as np
import pytest

from regkit.hooks import LayerView
from regkit.kernels.accumulation import Accumulation
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


def test_outside_training_there_are_no_sums_and_no_epoch(params):
    view = LayerView("dense1", params)
    assert view.accumulation is None
    assert view.epoch is None


@pytest.mark.parametrize("name", ["grads", "kernels", "output_axis", "dweights"])
def test_what_the_first_edition_showed_besides_is_gone(params, name):
    accumulation = Accumulation({"weights": np.zeros((2, 3))}, Kernels())
    assert not hasattr(LayerView("dense1", params, accumulation), name)


def test_other_sums_are_offered_by_a_view_of_the_same_parameters(params):
    sums, kernels = {"weights": np.full((2, 3), 5.0)}, Kernels()
    view = LayerView("dense1", params, epoch=4)
    other = view.adding_to(sums, kernels)
    other.accumulation.sums["weights"][...] += 2.0
    assert (sums["weights"] == 7.0).all()
    assert (other.name, other.epoch, other.accumulation.kernels) == ("dense1", 4, kernels)
    assert np.shares_memory(other.weights, params["weights"])
    assert view.accumulation is None


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
    view = LayerView("dense1", params, Accumulation(sums, kernels), epoch=3)
    apart = view.apart()
    for name, array in params.items():
        own = apart.accumulation.sums[name]
        assert np.array_equal(apart.params[name], array)
        assert (own.dtype, own.shape) == (array.dtype, array.shape)
        assert not own.any()
        own[...] += 1.0
        assert (sums[name] == 5.0).all()
    assert (apart.name, apart.epoch, apart.accumulation.kernels) == ("dense1", 3, kernels)


def test_apart_shows_other_parameters_if_they_are_given(params):
    view = LayerView("dense1", params)
    other = {"weights": np.full((4, 1), 3.0)}
    apart = view.apart(other)
    assert list(apart.params) == list(apart.accumulation.sums) == ["weights"]
    assert np.array_equal(apart.weights, other["weights"])
    assert apart.accumulation.sums["weights"].shape == (4, 1)
    with pytest.raises(ValueError, match="read-only"):
        apart.weights[0, 0] = 0.0


def test_its_repr_names_the_layer_and_its_parameters(params):
    assert repr(LayerView("dense1", params)) == "<LayerView dense1: weights, gain>"
