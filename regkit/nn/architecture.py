"""A network's architecture as plain data, and the network built from it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from regkit.errors import InputError
from regkit.nn import layers as builtin_layers
from regkit.nn import losses as builtin_losses
from regkit.nn.layers import Layer
from regkit.nn.losses import Loss


class Described(Protocol):
    """What has an architecture: a model."""

    @property
    def layers(self) -> Sequence[Layer]:
        """Its layers, in order."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64."""

    loss: Loss


@dataclass(frozen=True)
class Architecture:
    """Layers with their settings, loss and dtype: what a file stores besides the parameters.

    Attributes:
        layers: for each layer its class's `name` and `module`, and its `settings`.
        loss: likewise.
        dtype: float32 or float64.
    """

    layers: Sequence[Mapping[str, Any]]
    loss: Mapping[str, Any]
    dtype: str

    @classmethod
    def of(cls, model: Described) -> Architecture:
        """The architecture of a model.

        Raises:
            InputError: a layer or the loss cannot be rebuilt from its settings.
        """
        made = cls(
            [_described(one) for one in model.layers], _described(model.loss), model.dtype.name
        )
        for layer in model.layers:
            _require_complete(layer)
        _require_complete(model.loss)
        made.parts([type(one) for one in (*model.layers, model.loss)])
        return made

    def parts(self, classes: Sequence[type] = ()) -> tuple[list[Layer], Loss]:
        """New layers and a new loss of these classes, with these settings.

        Args:
            classes: layer and loss classes that are not regkit's.

        Raises:
            InputError: a class is missing, or rejects its settings.
        """
        layers = [_made(one, Layer, builtin_layers, classes) for one in self.layers]
        return layers, _made(self.loss, Loss, builtin_losses, classes)


def _made(described: Mapping[str, Any], kind: type, builtin: Any, classes: Sequence[type]) -> Any:
    cls = _class(described, kind, builtin, classes)
    try:
        return cls(**described["settings"])
    except TypeError as error:
        raise InputError(
            f"a {described['name']} {kind.__name__.lower()} cannot be rebuilt from its settings "
            f"{described['settings']}: {error}; let its settings() return the arguments of "
            "__init__"
        ) from error


def _require_complete(instance: Layer | Loss) -> None:
    """Check that no argument of the constructor is left to its default, as if it had been given.

    A class whose own `settings` leaves one out has its reasons; an inherited one cannot know it.
    """
    cls = type(instance)
    definers = [
        next(i for i, one in enumerate(cls.__mro__) if name in vars(one))
        for name in ("__init__", "settings")
    ]
    lacking = inspect.signature(cls).parameters.keys() - instance.settings().keys()
    if definers[0] < definers[1] and lacking:
        raise InputError(
            f"{cls.__name__}: __init__ takes {', '.join(sorted(lacking))}, which its settings() "
            "does not return: define settings(), or it would be loaded with other settings"
        )


def _described(instance: Layer | Loss) -> dict[str, Any]:
    settings = instance.settings()
    try:
        plain: dict[str, Any] = json.loads(json.dumps(settings))
    except (TypeError, ValueError) as error:
        name = getattr(instance, "name", type(instance).__name__)
        raise InputError(f"{name}: its settings cannot be saved as JSON: {error}") from error
    cls = type(instance)
    return {"name": cls.__name__, "module": cls.__module__, "settings": plain}


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
