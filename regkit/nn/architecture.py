"""A network's architecture as plain data, and the network built from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regkit.errors import InputError
from regkit.nn import layers as builtin_layers
from regkit.nn import losses as builtin_losses
from regkit.nn.layers import Layer
from regkit.nn.losses import Loss
from regkit.nn.model import Model


@dataclass(frozen=True)
class Architecture:
    """Layers with their settings, loss and dtype: what a file stores besides the parameters.

    Attributes:
        layers: for each layer its class's `name` and `module`, and its `settings`.
        loss: its class's name and module.
        dtype: float32 or float64.
    """

    layers: Sequence[Mapping[str, Any]]
    loss: Mapping[str, str]
    dtype: str

    @classmethod
    def of(cls, model: Model) -> Architecture:
        """The architecture of a model.

        Raises:
            InputError: a layer cannot be rebuilt from its settings.
        """
        made = cls(
            [{**_named(one), "settings": _settings(one)} for one in model.layers],
            _named(model.loss),
            model.dtype.name,
        )
        made.build([type(one) for one in (*model.layers, model.loss)])
        return made

    def build(self, classes: Sequence[type] = ()) -> Model:
        """A new model of this architecture, with arbitrary parameters.

        Args:
            classes: layer and loss classes that are not regkit's.

        Raises:
            InputError: a class is missing, or rejects its settings.
        """
        made: list[Layer] = []
        for one in self.layers:
            layer = _class(one, Layer, builtin_layers, classes)
            try:
                made.append(layer(**one["settings"]))
            except TypeError as error:
                raise InputError(
                    f"a {one['name']} layer cannot be rebuilt from its settings "
                    f"{one['settings']}: {error}; let its settings() return the arguments of "
                    "__init__"
                ) from error
        loss = _class(self.loss, Loss, builtin_losses, classes)
        return Model(made, loss(), dtype=self.dtype)


def _named(instance: Layer | Loss) -> dict[str, str]:
    return {"name": type(instance).__name__, "module": type(instance).__module__}


def _settings(layer: Layer) -> dict[str, Any]:
    settings = layer.settings()
    try:
        found: dict[str, Any] = json.loads(json.dumps(settings))
    except (TypeError, ValueError) as error:
        raise InputError(f"{layer.name}: its settings cannot be saved as JSON: {error}") from error
    return found


def _class(named: Mapping[str, Any], kind: type, builtin: Any, classes: Sequence[type]) -> Any:
    """The class of that name: a given one, or regkit's own."""
    name, module = named["name"], named["module"]
    for cls in classes:
        if cls.__name__ == name and issubclass(cls, kind):
            return cls
    own = getattr(builtin, name, None)
    if module.startswith(f"{builtin.__name__}.") and isinstance(own, type):
        return own
    raise InputError(
        f"the network has a {kind.__name__.lower()} {name} (of {module}), which is not regkit's: "
        f"load it from Python and give classes=[{name}]"
    )
