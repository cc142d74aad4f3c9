"""The labels of regularizers in a run, and the distributions they come from."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from regkit.catalogue.origin import named_by
from regkit.hooks.run_plugin import RunPlugin
from regkit.regularizers.naming import snake_case
from regkit.regularizers.selectors import DEFAULT


def labelled(plugins: Sequence[object]) -> list[RunPlugin]:
    """Label the plugins of a run: name, `@` and selectors if not the default, `#2` on repeats."""
    found: list[RunPlugin] = []
    seen: dict[str, int] = {}
    for plugin in plugins:
        offer = named_by(plugin)
        label = offer.name if offer else _own_name(plugin)
        on = getattr(plugin, "on", DEFAULT)
        if isinstance(on, tuple) and on != DEFAULT:
            label += "@" + "+".join(map(str, on))
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1:
            label += f"#{seen[label]}"
        distribution = f"{offer.distribution} {offer.version}" if offer else None
        found.append(RunPlugin(plugin, label, distribution))
    return found


def _own_name(plugin: object) -> str:
    if isinstance(plugin, ModuleType):
        return plugin.__name__.rpartition(".")[2]
    cls = plugin if isinstance(plugin, type) else type(plugin)
    return snake_case(cls.__name__)
