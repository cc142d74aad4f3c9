"""Each parameter of PyTorch's modules, as regkit sees it.

Covers: regkit/torch/layouts.py, regkit/torch/places.py, regkit/torch/modules.py
Covers: regkit/torch/hidden.py, regkit/torch/network.py
Covers: regkit/torch/sums.py, regkit/hooks/stacked.py
"""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune

import regkit as rk
from regkit.errors import InputError
from regkit.torch import regularize
from regkit.torch.places import places_of


def sgd(model, lr=0.1, **settings):
    return torch.optim.SGD(model.parameters(), lr=lr, **settings)


def seen_in(model):
    return {f"{place.layer}.{place.name}": place.seen() for place in places_of(model)}


@pytest.mark.parametrize(
    ("module", "inputs"),
    [
        (nn.Linear(5, 3), (7, 5)),
        (nn.Conv1d(4, 6, 3), (2, 4, 9)),
        (nn.Conv1d(4, 6, 3, groups=2), (2, 4, 9)),
        (nn.Conv2d(4, 6, (3, 2)), (2, 4, 7, 8)),
        (nn.Conv3d(2, 3, 2), (2, 2, 4, 4, 4)),
        (nn.ConvTranspose1d(4, 6, 3), (2, 4, 9)),
        (nn.ConvTranspose1d(4, 6, 3, groups=2), (2, 4, 9)),
        (nn.ConvTranspose2d(4, 6, (3, 2), groups=2), (2, 4, 5, 6)),
        (nn.ConvTranspose3d(2, 3, 2), (2, 2, 4, 4, 4)),
    ],
    ids=str,
)
@torch.no_grad()
def test_a_column_holds_the_weights_into_one_neuron(module, inputs):
    """A neuron's outputs depend on its own column, and on no other."""
    x = torch.randn(*inputs)
    before = module(x)
    [place] = [one for one in places_of(module) if one.name == "weights"]
    assert torch.equal(place.layout.put(place.seen(), module.weight), module.weight)
    kept = module.weight.clone()
    for neuron in range(before.shape[1]):
        seen = place.seen().clone()
        seen[:, neuron] += 1
        module.weight.copy_(place.layout.put(seen, module.weight))
        changed = (module(x) - before).abs().movedim(1, 0).flatten(1).amax(1).tolist()
        module.weight.copy_(kept)
        assert [one for one, size in enumerate(changed) if size > 1e-6] == [neuron]


def test_an_embedding_is_taken_as_it_is_and_vectors_are_rows():
    seen = seen_in(nn.ModuleDict({"words": nn.Embedding(10, 4), "norm": nn.LayerNorm(4)}))
    assert {name: tuple(w.shape) for name, w in seen.items()} == {
        "words.weights": (10, 4),
        "norm.weights": (1, 4),
        "norm.biases": (1, 4),
    }


def test_projections_of_attention_and_gates_are_layers_of_their_own():
    model = nn.ModuleDict(
        {"attn": nn.MultiheadAttention(4, 2), "lstm": nn.LSTM(3, 5), "cell": nn.GRUCell(3, 5)}
    )
    assert {name: tuple(w.shape) for name, w in seen_in(model).items()} == {
        "attn.in_proj.weights": (4, 12),
        "attn.in_proj.biases": (1, 12),
        "attn.out_proj.weights": (4, 4),
        "attn.out_proj.biases": (1, 4),
        "lstm.ih_l0.weights": (3, 20),
        "lstm.hh_l0.weights": (5, 20),
        "lstm.ih_l0.biases": (1, 20),
        "lstm.hh_l0.biases": (1, 20),
        "cell.ih.weights": (3, 15),
        "cell.hh.weights": (5, 15),
        "cell.ih.biases": (1, 15),
        "cell.hh.biases": (1, 15),
    }


def test_separate_projections_of_attention_stack_nothing():
    attention = nn.MultiheadAttention(4, 2, kdim=6, vdim=8, add_bias_kv=True)
    by_name = {f"{one.layer}.{one.name}": one for one in places_of(attention)}
    assert tuple(by_name["k_proj.weights"].seen().shape) == (6, 4)
    assert {name: one.blocks for name, one in by_name.items()}["v_proj.weights"] == 1
    assert by_name["in_proj.biases"].blocks == 3
    assert tuple(by_name[".bias_k"].seen().shape) == (1, 4)


@pytest.mark.parametrize(
    "selector",
    ["lstm.ih_l0", "lstm.ih_l0.weights", "lstm.ih_l0.weight", "lstm.weight_ih_l0", "weight_ih_*"],
)
def test_a_projection_is_selected_by_any_of_its_names(selector):
    model = nn.ModuleDict({"lstm": nn.LSTM(3, 5)})
    on = selector if "weight" in selector else f"{selector}.weights"
    handle = regularize(model, sgd(model), [rk.L2(1.0, on=on)])
    [by_layer] = handle.penalties().values()
    assert by_layer == {
        "lstm.ih_l0": pytest.approx(float((model["lstm"].weight_ih_l0.detach() ** 2).sum()))
    }


def test_the_module_of_several_projections_selects_them_all():
    model = nn.ModuleDict({"attn": nn.MultiheadAttention(4, 2)})
    handle = regularize(model, sgd(model), [rk.L2(1.0, on="attn")])
    total = sum(
        float((one.detach() ** 2).sum())
        for name, one in model.named_parameters()
        if "out" not in name
    )
    assert sum(handle.penalties()["l2@attn"].values()) == pytest.approx(total)


@pytest.mark.parametrize("spec", ["l1=1", "group_lasso=1", "l2=1,scale=size", "max_norm,radius=1"])
def test_penalties_of_single_columns_take_stacked_projections(spec):
    model = nn.LSTM(3, 5)
    assert regularize(model, sgd(model), [spec]).penalties()


@pytest.mark.parametrize(
    "spec", ["nuclear_norm=1", "group_lasso=1,groups=outgoing", "orthogonal=1", "sorted_l1=1,q=0.3"]
)
def test_penalties_that_couple_columns_refuse_stacked_projections(spec):
    model = nn.ModuleDict({"lstm": nn.LSTM(3, 5)})
    with pytest.raises(InputError, match=r"couples columns, and lstm\.weight_ih_l0 stacks 4"):
        regularize(model, sgd(model), [f"{spec}@lstm.ih_l0.weights"])


def test_a_stacked_projection_trains_as_its_parts_would():
    """Group lasso on four gates is group lasso on each: by autograd of the parts."""
    lstm = nn.LSTM(3, 5).double()
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    optimizer = sgd(lstm, lr=0.1)
    regularize(lstm, optimizer, ["group_lasso=0.1"])
    wanted = {}
    lstm(x)[0].square().mean().backward()
    for name in ("weight_ih_l0", "weight_hh_l0"):
        w = getattr(lstm, name).detach().clone().requires_grad_()
        parts = sum(part.norm(dim=1).sum() for part in w.chunk(4)) * w.shape[1] ** 0.5
        (0.1 * parts).backward()
        wanted[name] = w.detach() - 0.1 * (getattr(lstm, name).grad + w.grad)
    optimizer.step()
    for name, w in wanted.items():
        torch.testing.assert_close(getattr(lstm, name).detach(), w)


@pytest.mark.parametrize("mode", ["loss", "prox"])
def test_channels_last_memory_is_written_back(mode):
    torch.manual_seed(0)
    plain = nn.Conv2d(3, 4, 3)
    last = nn.Conv2d(3, 4, 3)
    last.load_state_dict(plain.state_dict())
    last.to(memory_format=torch.channels_last)
    x = torch.randn(2, 3, 6, 6)
    for model in (plain, last):
        optimizer = sgd(model)
        regularize(model, optimizer, [rk.L1(0.3, mode=mode)])
        for _ in range(3):
            optimizer.zero_grad()
            model(x).square().mean().backward()
            optimizer.step()
    torch.testing.assert_close(plain.weight, last.weight)
    assert last.weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("wrap", [parametrizations.weight_norm, parametrizations.spectral_norm])
def test_a_parametrized_weight_is_penalized_by_the_chain_rule(wrap):
    torch.manual_seed(0)
    model = wrap(nn.Linear(4, 3)).double()
    model.eval()  # spectral_norm's own vectors then stay.
    twin = wrap(nn.Linear(4, 3)).double()
    twin.load_state_dict(model.state_dict())
    twin.eval()
    x = torch.randn(5, 4, dtype=torch.float64)
    ours, theirs = sgd(model), sgd(twin)
    handle = regularize(model, ours, [rk.L2(0.1)])
    assert handle.penalties()["l2"][""] == pytest.approx(
        0.1 * float((model.weight.detach() ** 2).sum())
    )
    for _ in range(5):
        ours.zero_grad(), theirs.zero_grad()
        model(x).square().mean().backward()
        (twin(x).square().mean() + 0.1 * twin.weight.square().sum()).backward()
        ours.step(), theirs.step()
    for mine, other in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, other)


def test_looking_at_a_spectral_norm_in_training_does_not_advance_it():
    model = parametrizations.spectral_norm(nn.Linear(4, 3))
    before = {name: one.clone() for name, one in model.named_buffers()}
    handle = regularize(model, sgd(model), [rk.L2(0.1)])
    handle.penalties()
    assert all(torch.equal(one, before[name]) for name, one in model.named_buffers())
    assert model.training
    assert model.parametrizations.weight.training


@pytest.mark.parametrize("spec", ["l1=0.1,mode=prox", "l2=0.1,mode=decoupled", "non_negative"])
def test_a_parametrized_weight_cannot_be_set(spec):
    model = parametrizations.weight_norm(nn.Linear(4, 3))
    with pytest.raises(InputError, match="weight is computed by a parametrization"):
        regularize(model, sgd(model), [spec])


@pytest.mark.parametrize(
    "wrap",
    [
        lambda layer: prune.l1_unstructured(layer, "weight", 0.5),
        pytest.param(
            nn.utils.spectral_norm, marks=pytest.mark.filterwarnings("ignore::FutureWarning")
        ),
        pytest.param(
            nn.utils.weight_norm, marks=pytest.mark.filterwarnings("ignore::FutureWarning")
        ),
    ],
)
def test_weights_that_old_functions_hide_are_refused(wrap):
    model = wrap(nn.Linear(4, 3))
    with pytest.raises(InputError, match="hides behind weight"):
        regularize(model, sgd(model), ["l2=1"])


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(10, 4)
        self.decoder = nn.Linear(4, 10)
        self.decoder.weight = self.encoder.weight


@pytest.mark.parametrize("selector", ["weights", "encoder", "decoder.weight", "*.weight"])
def test_tied_weights_are_penalized_once_under_either_name(selector):
    model = Tied()
    handle = regularize(model, sgd(model), [rk.L2(1.0, on=selector)])
    total = sum(handle.penalties()[handle.state_dict()["labels"][0]].values())
    assert total == pytest.approx(float((model.encoder.weight.detach() ** 2).sum()))


def test_tied_weights_are_seen_where_they_are_selected():
    """As the decoder's, a group is what enters one of its neurons."""
    model = Tied()
    handle = regularize(model, sgd(model), ["group_lasso=1@decoder.weight"])
    [found] = handle.penalties().values()
    rows = float(model.decoder.weight.detach().norm(dim=1).sum()) * np.sqrt(4)
    assert found == {"decoder": pytest.approx(rows)}


def test_what_else_is_listed_does_not_turn_the_groups_of_a_tied_weight():
    model = Tied()
    alone = regularize(model, sgd(model), ["group_lasso=1@decoder"]).penalties()
    for others in (["l2=1@encoder", "group_lasso=1@decoder"], ["group_lasso=1@decoder", "l2=1"]):
        together = regularize(model, sgd(model), others).penalties()
        assert together["group_lasso@decoder"]["decoder"] == alone["group_lasso@decoder"]["decoder"]


def test_two_orientations_of_a_tied_weight_are_refused():
    model = Tied()
    with pytest.raises(InputError, match=r"as encoder\.weight and as decoder\.weight"):
        regularize(model, sgd(model), ["group_lasso=1@encoder", "nuclear_norm=1@decoder.weight"])


def test_a_norm_of_several_dimensions_is_a_row():
    seen = seen_in(nn.LayerNorm((2, 3)))
    assert {name: tuple(w.shape) for name, w in seen.items()} == {
        ".weights": (1, 6),
        ".biases": (1, 6),
    }


def test_wrappers_leave_no_trace_in_names():
    model = torch.compile(nn.Sequential(nn.Linear(4, 3)), backend="eager")
    assert [place.path for place in places_of(model)] == ["0.weight", "0.bias"]


def test_the_parameters_of_a_root_module_have_their_own_names():
    model = nn.Linear(4, 3)
    handle = regularize(model, sgd(model), [rk.L2(1.0, on="weight")])
    assert handle.penalties() == {
        "l2@weight": {"": pytest.approx(float((model.weight.detach() ** 2).sum()))}
    }


def test_lazy_modules_must_have_run_once():
    model = nn.LazyLinear(3)
    with pytest.raises(InputError, match="run the model once"):
        regularize(model, torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1), ["l2=1"])


def test_a_parametrization_of_ones_own_is_found_by_its_name():
    class Double(nn.Module):
        def forward(self, w):
            return 2 * w

    model = nn.Sequential(nn.Linear(2, 2))
    parametrize.register_parametrization(model[0], "weight", Double())
    handle = regularize(model, sgd(model), [rk.L2(1.0, on="0.weight")])
    assert handle.penalties()["l2@0.weight"] == {
        "0": pytest.approx(float((model[0].weight.detach() ** 2).sum()))
    }
