"""The parameters of a PyTorch model: each with its layer, its names and its layout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from regkit.errors import InputError
from regkit.hooks.layouts import Layout
from regkit.torch.hidden import require_plain
from regkit.torch.layouts import layout_of
from regkit.torch.modules import joined, modules_of

Pair = tuple[str, str]

CANONICAL = {"weight": "weights", "bias": "biases"}
"""What plugins call them."""

BLOCKS = {
    nn.LSTM: 4,
    nn.LSTMCell: 4,
    nn.GRU: 3,
    nn.GRUCell: 3,
    nn.RNN: 1,
    nn.RNNCell: 1,
    nn.MultiheadAttention: 3,
}
"""The modules that hold several projections, and how many one of their parameters may stack."""

UNSTACKED = ("weight_hr", "q_proj", "k_proj", "v_proj", "bias_k", "bias_v")
"""The parameters of these modules that stack none."""


@dataclass(frozen=True)
class Place:
    """One parameter of a module, where regkit sees it.

    Attributes:
        module: that holds it.
        attribute: its name there.
        layer: the layer's name: the module's path, and a projection's name where it holds several.
        name: what plugins call it: `weights`, `biases`, or its own name.
        also: its other names, as (layer, parameter), PyTorch's own last.
        layout: its orientation.
        leaves: the parameters that it depends on: itself, or those of a parametrization.
        blocks: how many projections it stacks.
    """

    module: nn.Module
    attribute: str
    layer: str
    name: str
    also: tuple[Pair, ...]
    layout: Layout
    leaves: tuple[nn.Parameter, ...]
    blocks: int = 1

    @property
    def computed(self) -> bool:
        """Whether it is computed from other parameters."""
        return bool(parametrize.is_parametrized(self.module, self.attribute))

    @property
    def names(self) -> tuple[Pair, ...]:
        """All its names."""
        return ((self.layer, self.name), *self.also)

    @property
    def path(self) -> str:
        """Its name in PyTorch."""
        layer, name = self.names[-1]
        return f"{layer}.{name}" if layer else name

    def tensor(self) -> Tensor:
        """It, in PyTorch's layout; if it is computed, with the graph of that where grad is on."""
        with _without_side_effects(self.module, self.attribute):
            found: Tensor = getattr(self.module, self.attribute)
        return found

    def seen(self) -> Tensor:
        """It, as (inputs, neurons), without a graph."""
        with torch.no_grad():
            return self.layout.see(self.tensor().detach())


def places_of(model: nn.Module) -> list[Place]:
    """The parameters in the model's order; one that several modules share stands once for each.

    Raises:
        InputError: a parameter is hidden behind an attribute by an old function of
            `torch.nn.utils`, or has no data yet.
    """
    return [
        place
        for path, module in modules_of(model, repeated=True)
        for place in _places_in(path, module)
    ]


def _places_in(path: str, module: nn.Module) -> Iterator[Place]:
    own = dict(module.named_parameters(recurse=False))
    for name, parameter in own.items():
        require_plain(path, name, module)
        if isinstance(parameter, nn.parameter.UninitializedParameter):
            raise InputError(
                f"{joined(path, name)} has no shape yet: run the model once before regularize"
            )
        yield _place(path, module, name, (parameter,))
    if parametrize.is_parametrized(module):
        assert isinstance(module.parametrizations, nn.ModuleDict)
        for name, steps in module.parametrizations.items():
            yield _place(path, module, name, tuple(steps.parameters()))


def _place(path: str, module: nn.Module, attribute: str, leaves: tuple[nn.Parameter, ...]) -> Place:
    with torch.no_grad(), _without_side_effects(module, attribute):
        tensor = getattr(module, attribute)
    stacked = next((n for cls, n in BLOCKS.items() if isinstance(module, cls)), None)
    layout = layout_of(module, attribute, tensor)
    projection, kind = _projection(attribute) if stacked is not None else ("", attribute)
    layer = joined(path, projection)
    name = CANONICAL.get(kind, kind)
    others = [(layer, kind), (path, attribute)]
    also = tuple(dict.fromkeys(pair for pair in others if pair != (layer, name)))
    blocks = 1 if stacked is None or attribute.startswith(UNSTACKED) else stacked
    return Place(module, attribute, layer, name, also, layout, leaves, blocks)


def _projection(attribute: str) -> tuple[str, str]:
    """`in_proj_weight` is the weight of in_proj, `bias_ih_l0` the bias of ih_l0."""
    for kind in CANONICAL:
        if attribute.endswith(f"_{kind}"):
            return attribute.removesuffix(f"_{kind}"), kind
        if attribute.startswith(f"{kind}_") and attribute not in UNSTACKED:
            return attribute.removeprefix(f"{kind}_"), kind
    return "", attribute


@contextmanager
def _without_side_effects(module: nn.Module, attribute: str) -> Iterator[None]:
    """In training, spectral_norm improves its vectors at each access: not at ours."""
    if not parametrize.is_parametrized(module, attribute):
        yield
        return
    assert isinstance(module.parametrizations, nn.ModuleDict)
    steps = module.parametrizations[attribute]
    training = [one for one in steps.modules() if one.training]
    for one in training:
        one.training = False
    try:
        yield
    finally:
        for one in training:
            one.training = True


def with_names_of(place: Place, others: list[Place]) -> Place:
    """The place, found by the names of other places of the same parameter, too."""
    known = place.names
    more = [pair for other in others for pair in other.names if pair not in known]
    return replace(place, also=(*dict.fromkeys(more), *place.also))
