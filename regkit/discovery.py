"""Which regularizers are installed, read from metadata alone: nothing is imported here.

The entry-point group is `regkit`; an entry point's name is the regularizer's name.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, distribution, distributions
from pathlib import Path

from regkit.errors import PluginError, RegkitWarning, UnknownRegularizerError

GROUP = "regkit"
OWN_DISTRIBUTION = "regkit-nn"
ALLOWED = "REGKIT_PLUGINS"


@dataclass(frozen=True)
class Offer:
    """One entry point: a regularizer that an installed distribution offers."""

    entry_point: EntryPoint
    distribution: str
    version: str
    builtin: bool
    shadowed: bool = False
    ambiguous: bool = False

    @property
    def name(self) -> str:
        """The regularizer's name, which is the entry point's."""
        return self.entry_point.name

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
        try:
            return self.entry_point.module, self.entry_point.attr or ""
        except AttributeError:  # EntryPoint asks for the parts of a pattern that did not match.
            return None

    def summary(self) -> str | None:
        """The first line of the class's docstring, read from the source without importing it.

        Falls back to the distribution's own summary; None where neither can be found.
        """
        source = _source_of(self)
        if source is not None:
            for node in _parsed(source).body:
                if isinstance(node, ast.ClassDef) and node.name == self.entry_point.attr:
                    docstring = ast.get_docstring(node)
                    if docstring:
                        return docstring.splitlines()[0]
        distribution = self.entry_point.dist
        if distribution is None or "Summary" not in distribution.metadata:
            return None
        return distribution.metadata["Summary"]


def installed() -> list[Offer]:
    """Every regularizer that may be used, built-ins first, then by name and distribution.

    Third-party names that the environment variable REGKIT_PLUGINS leaves out are absent.
    """
    offers = _all_offers()
    allowed = _allowed_names()
    if allowed is not None:
        offers = [o for o in offers if o.builtin or {o.name, o.qualified_name} & allowed]
    own = {offer.name for offer in offers if offer.builtin}
    third = [offer.name for offer in offers if not offer.builtin]
    marked = [
        Offer(
            offer.entry_point,
            offer.distribution,
            offer.version,
            offer.builtin,
            shadowed=not offer.builtin and offer.name in own,
            ambiguous=third.count(offer.name) > 1 and offer.name not in own,
        )
        for offer in offers
    ]
    return sorted(marked, key=lambda o: (not o.builtin, o.name, o.distribution))


def find(name: str, *, distribution: str | None = None) -> Offer:
    """The one offer that `name` (or `distribution/name`) means.

    Raises:
        UnknownRegularizerError: nothing of that name is installed, or REGKIT_PLUGINS forbids it.
        PluginError: two distributions offer the name, and no built-in does.
    """
    offers = installed()
    wanted = f"{distribution}/{name}" if distribution else name
    if distribution is None:
        matches = [o for o in offers if o.name == name and not o.shadowed]
    else:
        same = normalized(distribution)
        matches = [o for o in offers if o.name == name and normalized(o.distribution) == same]
    if len(matches) > 1:
        choices = " or ".join(offer.qualified_name for offer in matches)
        raise PluginError(
            f"regularizer {name!r} is offered by {len(matches)} distributions: write {choices}"
        )
    if not matches:
        raise UnknownRegularizerError(_unknown(wanted, offers))
    return matches[0]


def offer_of(loaded: object, offers: Iterable[Offer] | None = None) -> Offer | None:
    """The offer whose entry point leads to this very object, or None. Imports nothing.

    Args:
        loaded: a class or a plugin object.
        offers: what `installed` returned, where many objects are to be looked up.
    """
    for offer in installed() if offers is None else offers:
        module, path = offer.target or ("", "")
        if module not in sys.modules:
            continue
        found: object = sys.modules[module]
        for attribute in filter(None, path.split(".")):
            found = getattr(found, attribute, None)
        if found is loaded:
            return offer
    return None


def snake_case(class_name: str) -> str:
    """`HuberNorm` → `huber_norm`: the name of a class that no entry point names."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def normalized(distribution: str) -> str:
    """A distribution's name as PyPA's name normalization (PEP 503) has it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _all_offers() -> list[Offer]:
    """The offers of all distributions; one whose metadata cannot be read hides no other."""
    names: dict[str, None] = {}
    for candidate in distributions():
        try:
            if f"[{GROUP}]" in (candidate.read_text("entry_points.txt") or ""):
                names[normalized(candidate.name)] = None
        except Exception as error:  # noqa: BLE001 - whatever a damaged one brings
            _warn_of_damage(f"in {candidate.locate_file('')}", error)
    offers: list[Offer] = []
    for name in names:
        # The first of a name on the path hides the others, as it does for imports.
        chosen = distribution(name)
        try:
            offers += _offers_of(chosen)
        except Exception as error:  # noqa: BLE001 - as above
            _warn_of_damage(name, error)
    return offers


def _offers_of(chosen: Distribution) -> list[Offer]:
    builtin = normalized(chosen.name) == OWN_DISTRIBUTION
    return [
        Offer(entry_point, chosen.name, chosen.version, builtin)
        for entry_point in chosen.entry_points.select(group=GROUP)
    ]


def _warn_of_damage(which: str, error: Exception) -> None:
    warnings.warn(
        f"the metadata of a distribution cannot be read, so its regularizers are left out: {which} "
        f"({type(error).__name__}: {error})",
        RegkitWarning,
        stacklevel=2,
    )


def _allowed_names() -> set[str] | None:
    value = os.environ.get(ALLOWED)
    if value is None:
        return None
    return {part.strip() for part in value.split(",")} - {"", "none"}


def _unknown(wanted: str, offers: list[Offer]) -> str:
    bare = wanted.rpartition("/")[2]
    if any(wanted in (o.name, o.qualified_name) for o in _all_offers()):
        return f"regularizer {wanted!r} is installed, but {ALLOWED} does not allow it"
    names = sorted({offer.spec_name for offer in offers})
    close = get_close_matches(snake_case(bare), names, n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    if not names:
        return f"no regularizer is installed: reinstall {OWN_DISTRIBUTION}"
    return f"unknown regularizer {wanted!r}{hint} (installed: {', '.join(names)})"


def _source_of(offer: Offer) -> Path | None:
    if offer.target is None:
        return None
    package, *inner = offer.target[0].split(".")
    roots = [Path(__file__).parent.parent] if package == __package__ else []
    if offer.entry_point.dist is not None:
        roots.append(Path(str(offer.entry_point.dist.locate_file(""))))
    for root in roots:
        module = Path(root, package, *inner)
        for candidate in (module.with_name(f"{module.name}.py"), module / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def _parsed(source: Path) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source.read_bytes())
        except (OSError, SyntaxError, ValueError, MemoryError, RecursionError):
            return ast.Module(body=[], type_ignores=[])
