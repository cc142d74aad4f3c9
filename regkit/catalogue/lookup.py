"""From a name to its offer, with an error message if there is none."""

from __future__ import annotations

from regkit.about import DISTRIBUTION
from regkit.catalogue.metadata import normalized
from regkit.catalogue.offers import ALLOWED, Offer, allowed, installed
from regkit.errors import PluginError, UnknownRegularizerError
from regkit.regularizers.naming import snake_case
from regkit.suggestions import did_you_mean


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
        raise UnknownRegularizerError(_unknown(f"{distribution}/{name}" if distribution else name))
    return matches[0]


def _unknown(wanted: str) -> str:
    if not allowed(wanted):
        return f"regularizer {wanted!r} is installed, but {ALLOWED} does not allow it"
    names = sorted({offer.spec_name for offer in installed()})
    if not names:
        return f"no regularizer is installed: reinstall {DISTRIBUTION}"
    meant = did_you_mean(snake_case(wanted.rpartition("/")[2]), names, most=3)
    hint = f"; {meant}" if meant else ""
    return f"unknown regularizer {wanted!r}{hint} (installed: {', '.join(names)})"
