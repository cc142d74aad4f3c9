"""The parameters of the layer under test that a regularizer applies to."""

from __future__ import annotations

from fnmatch import fnmatchcase

from regkit.regularizers import Configured


def on_any_layer(regularizer: Configured) -> tuple[str, ...]:
    """The parameters of a layer that the selectors match, whatever layers they name.

    Whether `@dense7` exists depends on a network that is not known here.
    """
    selected = []
    for parameter in ("weights", "biases"):
        for selector in regularizer.selectors:
            pattern = selector.rpartition(".")[2]
            whole_layer = "." not in selector and not _names_parameter(selector)
            if whole_layer or fnmatchcase(parameter, pattern):
                selected.append(parameter)
                break
    return tuple(selected) or ("weights",)


def _names_parameter(selector: str) -> bool:
    return any(fnmatchcase(parameter, selector) for parameter in ("weights", "biases"))
