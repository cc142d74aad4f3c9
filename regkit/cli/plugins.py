"""`regkit plugins`: list the installed regularizers, or show one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import MISSING
from pathlib import Path
from typing import Any

import click

from regkit.catalogue.offers import Offer, installed
from regkit.catalogue.summaries import summary_of
from regkit.cli.groups import SuggestingGroup
from regkit.cli.options import (
    SpecType,
    classes_from,
    debug_option,
    json_option,
    plugin_file_option,
)


@click.group(cls=SuggestingGroup, epilog="Example: regkit plugins show elastic_net")
def plugins() -> None:
    """List the installed regularizers, or show one."""


@plugins.command("list", epilog="Example: regkit plugins list --json")
@json_option
@debug_option
def list_plugins(as_json: bool) -> None:
    """List the installed regularizers without importing them."""
    offers = installed()
    if as_json:
        click.echo(json.dumps([_listed(offer) for offer in offers], ensure_ascii=False, indent=2))
        return
    rows = [
        (
            offer.name,
            f"{offer.distribution} {offer.version}",
            _note(offer) or summary_of(offer) or "",
        )
        for offer in offers
    ]
    for line in _columns([("NAME", "FROM", "WHAT"), *rows]):
        click.echo(line)


@plugins.command(epilog="Example: regkit plugins show l2")
@click.argument("name", type=SpecType(), metavar="NAME")
@plugin_file_option
@json_option
@debug_option
def show(name: str, plugin_files: tuple[Path, ...], as_json: bool) -> None:
    """Show a regularizer: formula, fields, defaults and origin."""
    from regkit.catalogue.resolve import describe

    found = describe(name, classes_from(plugin_files))
    summary, _, details = found.documentation.partition("\n")
    fields = [
        {
            "name": field.name,
            "type": field.type_name,
            "default": None if field.default is MISSING else field.default,
        }
        for field in found.fields
    ]
    if as_json:
        origin = _origin(found.offer) if found.offer else {"builtin": False}
        shown = {"name": found.name, "summary": summary, "documentation": found.documentation}
        described = {**shown, "fields": fields, **origin}
        click.echo(json.dumps(described, ensure_ascii=False, indent=2, default=str))
        return
    click.echo(f"{found.name}: {summary}")
    if details.strip():
        click.echo(f"\n{details.strip()}")
    has_strength = any(field.name == "strength" for field in found.fields)
    note = " (a spec string gives strength as NAME=STRENGTH)" if has_strength else ""
    click.echo(f"\nFields{note}:")
    rows = [
        (
            f"  {field.name}",
            field.type_name,
            "required" if field.default is MISSING else f"default {field.default!r}",
        )
        for field in found.fields
    ]
    for line in _columns(rows):
        click.echo(line)
    click.echo(f"\nFrom: {_from(found.offer)}")


def _listed(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.name,
        **_origin(offer),
        "spec": offer.spec_name,
        "shadowed": offer.shadowed,
        "summary": summary_of(offer),
    }


def _origin(offer: Offer) -> dict[str, Any]:
    return {
        "distribution": offer.distribution,
        "version": offer.version,
        "builtin": offer.builtin,
    }


def _from(offer: Offer | None) -> str:
    if offer is None:
        return "a plugin file"
    kind = "built in" if offer.builtin else "plugin"
    return f"{offer.distribution} {offer.version} ({kind}, {offer.entry_point.value})"


def _note(offer: Offer) -> str | None:
    if offer.shadowed:
        return f"shadowed by the built-in; write {offer.qualified_name}"
    if offer.ambiguous:
        return f"offered twice; write {offer.qualified_name}"
    return None


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
