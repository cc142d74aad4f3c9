"""What a regularizer is called in a run, and who brought it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from regkit.discovery import installed, offer_of, snake_case
from regkit.regularizers.selectors import DEFAULT


@dataclass(frozen=True, eq=False)
class Identity:
    """A plugin of a run with its label in records, and its distribution where it has one."""

    plugin: Any
    label: str
    distribution: str | None

    @property
    def mode(self) -> str:
        """`loss` or `prox`."""
        return getattr(self.plugin, "mode", "loss")


def identify(plugins: Sequence[object]) -> list[Identity]:
    """Label the plugins of a run: name, `@` and selectors if not the default, `#2` on repeats."""
    identities: list[Identity] = []
    seen: dict[str, int] = {}
    offers = installed()
    for plugin in plugins:
        offer = offer_of(plugin, offers) or offer_of(type(plugin), offers)
        label = offer.name if offer else _own_name(plugin)
        on = getattr(plugin, "on", DEFAULT)
        if isinstance(on, tuple) and on != DEFAULT:
            label += "@" + "+".join(map(str, on))
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1:
            label += f"#{seen[label]}"
        distribution = f"{offer.distribution} {offer.version}" if offer else None
        identities.append(Identity(plugin, label, distribution))
    return identities


def _own_name(plugin: object) -> str:
    if isinstance(plugin, ModuleType):
        return plugin.__name__.rpartition(".")[2]
    cls = plugin if isinstance(plugin, type) else type(plugin)
    return snake_case(cls.__name__)
