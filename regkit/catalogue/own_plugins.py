"""The plugins that are developed beside regkit, in the folder `plugins/` of its repository."""

from __future__ import annotations

from collections.abc import Mapping

OWN_PLUGINS: Mapping[str, tuple[str, ...]] = {
    "regkit-activity": ("activity_l1", "activity_l2", "decorrelation"),
    "regkit-constraints": ("box", "max_norm", "non_negative", "simplex", "support", "unit_norm"),
    "regkit-group-lasso": ("group_lasso", "group_mcp"),
    "regkit-network": ("neuron_groups", "path_norm"),
    "regkit-nonconvex": ("capped_l1", "l_half", "log_sum", "mcp", "scad"),
    "regkit-structured": (
        "hoyer_square",
        "nuclear_norm",
        "orthogonal",
        "sorted_l1",
        "sparse_group_lasso",
        "spectral_norm",
        "total_variation",
    ),
    "regkit-transfer": ("adaptive_lasso", "ewc", "l2_sp"),
}
"""The names of the regularizers in each distribution."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "regkit-network": ("regkit-group-lasso",),
    "regkit-structured": ("regkit-group-lasso",),
}
"""The distributions that must be installed together with one."""


def distribution_with(name: str) -> str | None:
    """The distribution that has a regularizer of this name; None if none has."""
    return next((one for one, names in OWN_PLUGINS.items() if name in names), None)


def how_to_install(distribution: str) -> str:
    """The command, to be typed in a copy of regkit's repository."""
    folders = [f"./plugins/{one}" for one in (*NEEDS.get(distribution, ()), distribution)]
    return f"pip install {' '.join(folders)}"
