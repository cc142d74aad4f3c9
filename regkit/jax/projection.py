"""Parameters that meet their constraints, before the first step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax

from regkit.hooks.given import as_regularizers, configured
from regkit.hooks.modes import CONSTRAINT
from regkit.jax.network import Network


def project(params: Any, regularizers: Iterable[object]) -> Any:
    """The parameters, projected by the constraints among the regularizers.

    The steps of `regularize` keep to constraints from the first one on; this lets the parameters
    that it starts from meet them, too.

    Args:
        params: a tree of parameters, as for `regkit.jax.penalty`.
        regularizers: as there.

    Returns:
        a tree of the same form.

    Raises:
        InputError: a selector matches nothing, or a penalty is one of outputs.
        PluginError: a plugin cannot be found, imported or used.
        RegularizerError: a hook failed.
    """
    network = Network(params, configured(as_regularizers(regularizers)))
    leaves, form = jax.tree.flatten(params)
    arrays = {number: leaves[number] for number in network.numbers}
    points = network.points(CONSTRAINT, arrays, 1.0, None, lambda plugin: None)
    for number, point in points.items():
        leaves[number] = point.astype(leaves[number].dtype)
    return jax.tree.unflatten(form, leaves)
