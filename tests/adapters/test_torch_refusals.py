"""What cannot work is refused when `regularize` is called, in one line.

Covers: regkit/torch/regularize.py, regkit/torch/requirements.py, regkit/torch/exclusions.py
Covers: regkit/hooks/listed_layers.py
"""

import numpy as np
import pytest
import torch
from torch import nn

import regkit as rk
from regkit.errors import (
    FieldError,
    InputError,
    PluginError,
    RegkitWarning,
    RegularizerError,
    SelectorError,
)
from regkit.torch import regularize


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.ReLU())
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        return self.head(self.encoder(x))


def refused(regularizers, optimizer=torch.optim.SGD, model=None, error=InputError, **more):
    model = model or Model()
    given = optimizer(model.parameters(), lr=0.1) if isinstance(optimizer, type) else optimizer
    with pytest.raises(error) as found:
        regularize(model, given, regularizers, **more)
    assert "\n" not in str(found.value)
    return str(found.value)


def test_a_selector_that_matches_nothing_shows_close_names_and_all_paths():
    said = refused(["l2=1@encodr.0"], error=SelectorError)
    assert said == (
        "l2@encodr.0: selector 'encodr.0' matches no parameter: did you mean 'encoder.0'? "
        "(trainable: encoder.0.weight, encoder.0.bias, encoder.1.weight, encoder.1.bias, "
        "head.weight, head.bias)"
    )


def test_a_large_model_is_not_listed_whole():
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(100)))
    said = refused(["l2=1@nothing"], model=model, error=SelectorError)
    assert "… 160 more …" in said


def test_a_selector_of_what_is_frozen_or_excluded_says_so():
    model = Model()
    model.head.requires_grad_(False)
    wanted = "matches frozen, excluded or not optimized parameters only"
    assert wanted in refused(["l2=1@head"], model=model, error=SelectorError)
    assert wanted in refused(["l2=1@encoder.1"], exclude="norm", error=SelectorError)
    optimizer = torch.optim.SGD(Model().parameters(), lr=0.1)
    said = refused(["l2=1"], optimizer=optimizer)
    assert said == ("this SGD holds no parameter of the model: make it with model.parameters()")


def test_outputs_of_no_module():
    said = refused(["activity_l2=1@nothing"], error=SelectorError)
    assert said.startswith("activity_l2@nothing: selector 'nothing' matches no layer (there are: ")
    assert "encoder.2" in said


@pytest.mark.parametrize(
    ("kind", "reason"), [("LBFGS", "searches along a line"), ("SparseAdam", "sparse gradients")]
)
def test_optimizers_that_no_gradient_can_be_added_to(kind, reason):
    assert reason in refused(["l2=1"], optimizer=getattr(torch.optim, kind))


@pytest.mark.parametrize("kind", ["NAdam", "RAdam", "Adamax", "Adadelta", "Rprop", "ASGD"])
def test_optimizers_whose_metric_is_not_known_take_no_points(kind):
    said = refused(["l1=1,mode=prox"], optimizer=getattr(torch.optim, kind))
    assert said == (
        f"l1 is in mode 'prox', but what {kind} divides its steps by is not known (it is for SGD, "
        "Adam, AdamW, RMSprop, Adagrad): use one of these, or mode 'loss' or 'decoupled'"
    )


def test_a_prox_that_takes_one_step_for_all_under_adam():
    said = refused(["nuclear_norm=1,mode=prox@head.weight"], optimizer=torch.optim.Adam)
    assert "is in mode 'prox', but Adam gives each entry its own step" in said


def test_a_learning_rate_beyond_the_largest_legal_step():
    refused(["mcp=100,gamma=1,mode=prox"], error=FieldError)


def test_two_points_on_one_parameter():
    assert "do not add up" in refused(["l1=1,mode=prox", "max_norm,radius=1"])


def test_parameters_on_two_devices():
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2, device="meta"))
    said = refused(["l2=1"], model=model)
    assert said == (
        "l2 applies to parameters on several devices (0.weight on cpu, 1.weight on meta): move the "
        "model to one, or give each part a penalty of its own"
    )


def test_sparse_gradients():
    model = nn.ModuleDict({"words": nn.Embedding(5, 2, sparse=True), "head": nn.Linear(2, 2)})
    assert "words.weight, whose gradients are sparse" in refused(["l2=1"], model=model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["l2=1@head"])
    model["head"](model["words"](torch.tensor([1, 2]))).sum().backward()
    optimizer.step()


def test_a_sparse_gradient_that_comes_unannounced():
    model = nn.Linear(2, 2, bias=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["l2=1"])
    model.weight.grad = torch.zeros(2, 2).to_sparse()
    with pytest.raises(InputError, match="l2 applies to weight, whose gradient is sparse"):
        optimizer.step()


@pytest.mark.parametrize(
    ("model", "optimizer", "regularizers", "said"),
    [
        (Model(), "adam", ["l2=1"], "optimizer must be one of torch.optim, got str"),
        ("model", None, ["l2=1"], "model must be a torch.nn.Module, got str"),
        (Model(), None, "l2=1", "regularizers must be a list"),
        (Model(), None, [rk.L2], "regularizers must be instances"),
        (Model(), None, ["nothing=1"], "nothing"),
        (Model(), None, [["l2=1"]], "regularizers must hold specs such as 'l2=0.001'"),
        (Model(), None, [None], "regularizers must hold specs such as 'l2=0.001'"),
    ],
)
def test_arguments_of_another_kind(model, optimizer, regularizers, said):
    given = optimizer or torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1)
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        regularize(model, given, regularizers)


def test_exclusions_leave_out_norms_biases_and_what_selectors_name():
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, [rk.L2(1.0, on="*")], exclude=("norm", "bias"))
    [found] = handle.penalties().values()
    weights = {"encoder.0": model.encoder[0].weight, "head": model.head.weight}
    assert found == {
        path: pytest.approx(float(w.detach().square().sum())) for path, w in weights.items()
    }
    handle = regularize(model, optimizer, [rk.L2(1.0, on="*")], exclude="encoder.*")
    assert list(handle.penalties()["l2@*"]) == ["head"]


def test_an_exclusion_that_matches_nothing():
    said = refused(["l2=1"], exclude=("norm", "heat"), error=SelectorError)
    assert said.startswith("exclude: selector 'heat' matches no parameter: did you mean 'head'?")
    assert refused(["l2=1"], exclude=("a@b",)).startswith("exclude: ")
    assert refused(["l2=1"], exclude=5).startswith("exclude must be a selector or several")


def test_a_penalty_of_the_whole_model_lists_layers_whose_shapes_chain():
    said = refused(["path_norm=1"])
    assert "a PyTorch model does not say which follows which" in said
    assert "@encoder.0+encoder.1" in said
    said = refused(["path_norm=1@head+encoder.0"])
    assert said == (
        "path_norm=1.0@head+encoder.0: head has 3 neurons, but encoder.0 takes 4 inputs: list "
        "layers that follow each other, and whose shapes say so"
    )


def test_layers_are_taken_in_the_order_in_which_they_are_listed():
    """Not in that in which the model defines them."""
    model = nn.ModuleDict({"last": nn.Linear(6, 3), "first": nn.Linear(4, 6)}).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["path_norm=1@first+last"])
    paths = (model["first"].weight ** 2).T @ (model["last"].weight ** 2).T
    assert float(handle.penalty()) == pytest.approx(float(paths.detach().sum()))
    said = refused(["path_norm=1@first+last", "neuron_groups=1@last+first"], model=model)
    assert "neuron_groups" in said


def test_a_plugin_of_numpy_is_told_once_that_it_goes_over_the_cpu():
    class Cubic(rk.Regularizer):
        def value(self, w):
            return float(np.sum(np.abs(w) ** 3))

        def grad(self, w):
            return 3 * w * np.abs(w)

    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.warns(
        RegkitWarning, match=r"cubic@head\.weight computes with NumPy's arrays"
    ) as told:
        handle = regularize(model, optimizer, [Cubic(0.1, on="head.weight")])
    assert len(told) == 1
    before = model.head.weight.detach().clone()
    model(torch.randn(3, 4)).sum().mul(0).backward()
    optimizer.step()
    torch.testing.assert_close(model.head.weight.detach(), before - 0.03 * before * before.abs())
    assert float(handle.penalty()) > 0


class Broken(rk.Regularizer):
    """Fails in the way that it is told to."""

    how: str = "raise"
    array_api = True

    def value(self, w):
        return rk.float64_sum(w)

    def grad(self, w):
        if self.how == "raise":
            raise ValueError("boom")
        if self.how == "dtype":
            return w.double()
        if self.how == "shape":
            return w[0]
        return w.detach().numpy()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("raise", "raised ValueError: boom at layer head, parameter weights"),
        ("dtype", "returned torch.float64 for weights, which is torch.float32"),
        ("shape", r"returned an array of shape \(3,\) for weights of shape \(6, 3\)"),
        ("numpy", "returned ndarray .* for weights instead of an array"),
    ],
)
def test_a_hook_that_fails_is_blamed_on_its_plugin(how, said):
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    regularize(model, optimizer, ["l2=1", Broken(how=how, on="head.weight")])
    model(torch.randn(3, 4)).sum().backward()
    with pytest.raises(
        RegularizerError, match=f"^regularizer 'broken@head.weight': penalty_grad {said}"
    ):
        optimizer.step()


def test_states_of_other_penalties():
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, ["l2=1"])
    with pytest.raises(InputError, match="this is the state of l1, but the penalties are l2"):
        handle.load_state_dict({"epoch": 3, "labels": ["l1"]})
    with pytest.raises(InputError, match=r"save handle\.state_dict"):
        handle.load_state_dict({"epoch": 3})
    with pytest.raises(InputError, match="epoch"):
        handle.advance(-1)


def test_a_raw_plugin_needs_both_hooks():
    class Half:
        @rk.hookimpl
        def penalty(self, layer):
            return 0.0

    refused([Half()], error=PluginError)


class Writing(rk.Regularizer):
    """Doubles what it is given."""

    array_api = True

    def value(self, w):
        w *= 2
        return rk.float64_sum(w)

    def grad(self, w):
        w *= 2
        return w


def test_a_penalty_that_writes_to_its_parameter_is_caught():
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = regularize(model, optimizer, [Writing(on="head.weight")])
    with pytest.raises(PluginError, match=r"a penalty changed head\.weight in place"):
        handle.penalties()
    with pytest.raises(PluginError, match=r"a penalty changed head\.weight in place"):
        optimizer.step()
