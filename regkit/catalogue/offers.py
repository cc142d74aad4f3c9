"""The regularizers that installed distributions offer, found without importing them.

The entry-point group is `regkit`; an entry point's name is the regularizer's name.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from regkit.about import DISTRIBUTION
from regkit.catalogue.distributions import normalized
from regkit.catalogue.entry_point import EntryPoint
from regkit.catalogue.metadata import Offering, offerings

ALLOWED = "REGKIT_PLUGINS"


@dataclass(frozen=True)
class Offer:
    """One entry point: a regularizer that an installed distribution offers.

    Attributes:
        entry_point: as in the metadata.
        offering: the distribution.
        builtin: whether the distribution is regkit's own.
        shadowed: whether a built-in has the same name.
        ambiguous: whether another distribution offers the same name.
    """

    entry_point: EntryPoint
    offering: Offering
    builtin: bool
    shadowed: bool
    ambiguous: bool

    @property
    def name(self) -> str:
        """The regularizer's name, which is the entry point's."""
        return self.entry_point.name

    @property
    def distribution(self) -> str:
        """The distribution's name."""
        return self.offering.name

    @property
    def version(self) -> str:
        """The distribution's version."""
        return self.offering.version

    @property
    def qualified_name(self) -> str:
        """`distribution/name`, which is never ambiguous."""
        return f"{self.distribution}/{self.name}"

    @property
    def spec_name(self) -> str:
        """The shortest name by which a spec string reaches this offer."""
        return self.qualified_name if self.shadowed or self.ambiguous else self.name

    @property
    def target(self) -> tuple[str, str] | None:
        """Module and object that the entry point names; None if it is not `module[:object]`."""
        return self.entry_point.target


def installed() -> tuple[Offer, ...]:
    """Every regularizer that may be used, built-ins first, then by name and distribution.

    Third-party names that the environment variable REGKIT_PLUGINS does not allow are absent.
    """
    return _offers(offerings(), os.environ.get(ALLOWED))


def allowed(name: str) -> bool:
    """Whether REGKIT_PLUGINS allows an installed name or qualified name."""
    everything = _offers(offerings(), None)
    is_installed = any(name in (one.name, one.qualified_name) for one in everything)
    return not is_installed or any(name in (o.name, o.qualified_name) for o in installed())


def offer_of(loaded: object) -> Offer | None:
    """The first offer whose entry point is this very class or plugin object, or None."""
    for offer in installed():
        module, path = offer.target or ("", "")
        if module not in sys.modules:
            continue
        found: object = sys.modules[module]
        for attribute in filter(None, path.split(".")):
            found = getattr(found, attribute, None)
        if found is loaded:
            return offer
    return None


# Called for every spec and every label; the arguments change only when the result does.
@lru_cache(maxsize=8)
def _offers(found: tuple[Offering, ...], allowed_names: str | None) -> tuple[Offer, ...]:
    own = {
        entry_point.name
        for offering in found
        if _is_own(offering)
        for entry_point in offering.entry_points
    }
    offered = [
        (offering, entry_point)
        for offering in found
        for entry_point in offering.entry_points
        if _is_own(offering) or _is_allowed(allowed_names, offering, entry_point)
    ]
    times = Counter(one.name for offering, one in offered if not _is_own(offering))
    offers = [
        Offer(
            entry_point,
            offering,
            builtin=_is_own(offering),
            shadowed=not _is_own(offering) and entry_point.name in own,
            ambiguous=times[entry_point.name] > 1 and entry_point.name not in own,
        )
        for offering, entry_point in offered
    ]
    return tuple(sorted(offers, key=lambda one: (not one.builtin, one.name, one.distribution)))


def _is_own(offering: Offering) -> bool:
    return normalized(offering.name) == DISTRIBUTION


def _is_allowed(names: str | None, offering: Offering, entry_point: EntryPoint) -> bool:
    if names is None:
        return True
    listed = {part.strip() for part in names.split(",")} - {"", "none"}
    return bool({entry_point.name, f"{offering.name}/{entry_point.name}"} & listed)
