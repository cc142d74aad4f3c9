"""Penalties that answer for no layer, and so do nothing."""

from __future__ import annotations

from collections.abc import Mapping

from regkit.warn import warn


class IdlePenalties:
    """Looks at the penalties of the first record, and warns of those that apply nowhere.

    Selectors that match nothing are refused before; hooks of one's own may still return None for
    every layer.
    """

    def __init__(self) -> None:
        self._has_looked = False

    def look(self, penalties: Mapping[str, Mapping[str, float]]) -> None:
        """Look at {label: {layer or `model`: penalty}}, once."""
        for label, where in penalties.items():
            if not where and not self._has_looked:
                warn(
                    f"{label} answers for no layer, so that it does nothing: select what its hooks "
                    "need, or see when they return None"
                )
        self._has_looked = True
