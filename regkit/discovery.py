"""Which regularizers are installed, read from metadata alone: nothing is imported here.

The entry-point group is `regkit`; an entry point's name is the regularizer's name.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path

from regkit.errors import PluginError, UnknownRegularizerError

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

    def summary(self) -> str | None:
        """The first line of the class's docstring, read from the source without importing it.

        Falls back to the distribution's own summary; None where neither can be found.
        """
        source = _source_of(self.entry_point)
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


def offer_of(loaded: object) -> Offer | None:
    """The offer whose entry point leads to this very object, or None. Imports nothing."""
    for offer in installed():
        module = sys.modules.get(offer.entry_point.module)
        if module is None:
            continue
        target: object = module
        for attribute in filter(None, (offer.entry_point.attr or "").split(".")):
            target = getattr(target, attribute, None)
        if target is loaded:
            return offer
    return None


def snake_case(class_name: str) -> str:
    """`HuberNorm` → `huber_norm`: the name of a class that no entry point names."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def normalized(distribution: str) -> str:
    """A distribution's name as PyPA's name normalization (PEP 503) has it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _all_offers() -> list[Offer]:
    found = []
    for entry_point in entry_points(group=GROUP):
        dist = entry_point.dist
        name = dist.name if dist is not None else "?"
        version = dist.version if dist is not None else "?"
        builtin = normalized(name) == OWN_DISTRIBUTION
        found.append(Offer(entry_point, name, version, builtin))
    return found


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
    close = get_close_matches(bare, names, n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    if not names:
        return f"no regularizer is installed: reinstall {OWN_DISTRIBUTION}"
    return f"unknown regularizer {wanted!r}{hint} (installed: {', '.join(names)})"


def _source_of(entry_point: EntryPoint) -> Path | None:
    relative = Path(*entry_point.module.split("."))
    roots: list[Path] = []
    if entry_point.module.split(".")[0] == __package__:
        roots.append(Path(__file__).parent.parent)
    if isinstance(entry_point.dist, Distribution):
        roots.append(Path(str(entry_point.dist.locate_file(""))))
    for root in roots:
        for candidate in (root / relative.with_suffix(".py"), root / relative / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def _parsed(source: Path) -> ast.Module:
    try:
        return ast.parse(source.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])
