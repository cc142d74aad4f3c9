"""From a name to its offer, with an error message if there is none."""

from __future__ import annotations

from regkit.about import DISTRIBUTION
from regkit.catalogue.distributions import normalized
from regkit.catalogue.metadata import offerings
from regkit.catalogue.offers import ALLOWED, Offer, allowed, installed
from regkit.catalogue.own_plugins import distribution_with, how_to_install
from regkit.errors import PluginError, UnknownRegularizerError
from regkit.regularizers.naming import snake_case
from regkit.suggestions import did_you_mean

OTHER_NAMES = {"lasso": "l1", "ridge": "l2", "weight_decay": "l2"}
"""What the built-in penalties are called elsewhere."""


def find(name: str, *, distribution: str | None = None) -> Offer:
    """The one offer that `name` (or `distribution/name`) means.

    Raises:
        UnknownRegularizerError: nothing of that name is installed, or REGKIT_PLUGINS forbids it.
        PluginError: two distributions offer the name, and no built-in does.
    """
    if distribution is None:
        matches = [one for one in installed() if one.name == name and not one.shadowed]
    else:
        same = normalized(distribution)
        matches = [
            one for one in installed() if one.name == name and normalized(one.distribution) == same
        ]
    if len(matches) > 1:
        choices = " or ".join(offer.qualified_name for offer in matches)
        raise PluginError(
            f"regularizer {name!r} is offered by {len(matches)} distributions: write {choices}"
        )
    if not matches:
        raise UnknownRegularizerError(_unknown(name, distribution))
    return matches[0]


def _unknown(name: str, distribution: str | None) -> str:
    wanted = f"{distribution}/{name}" if distribution else name
    if not allowed(wanted):
        return f"regularizer {wanted!r} is installed, but {ALLOWED} does not allow it"
    names = sorted({offer.spec_name for offer in installed()})
    if not names:
        return f"no regularizer is installed: reinstall {DISTRIBUTION}"
    plain = snake_case(name).replace("-", "_")
    absent = _absent_plugin(plain)
    if absent is not None and normalized(distribution or absent) == absent:
        return (
            f"{plain} comes with the plugin {absent}, which is not installed: in a copy of "
            f"regkit's repository, {how_to_install(absent)}"
        )
    other = OTHER_NAMES.get(plain)
    meant = f"did you mean {other!r}?" if other else did_you_mean(plain, names, most=3)
    hint = f"; {meant}" if meant else ""
    return f"unknown regularizer {wanted!r}{hint} (installed: {', '.join(names)})"


def _absent_plugin(name: str) -> str | None:
    """The plugin of regkit's repository that has a name, if it is not installed."""
    found = distribution_with(name)
    return None if found in {normalized(one.name) for one in offerings()} else found
