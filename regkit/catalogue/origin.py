"""The offer that a plugin object came from."""

from __future__ import annotations

from types import ModuleType

from regkit.catalogue.offers import Offer, offer_of
from regkit.regularizers.naming import stamp


def named_by(plugin: object) -> Offer | None:
    """The offer of a plugin or of its class; specs of the class then use its name.

    A regularizer that was built from its class, not from a spec string, has not been looked up
    before.
    """
    offer = offer_of(plugin) or offer_of(type(plugin))
    if offer is not None and not isinstance(plugin, ModuleType | type):
        stamp(type(plugin), offer.spec_name)
    return offer
