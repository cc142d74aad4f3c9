"""How Sphinx builds this site: `python -m sphinx -W --keep-going -n docs docs/_build`."""

from __future__ import annotations

import re
from typing import Any

import click
from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.inspect import TypeAliasForwardRef
from sphinx.writers.html5 import HTML5Translator

from regkit import __version__

project = "regkit"
author = "the regkit authors"
project_copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_click",
]
exclude_patterns = ["_build", "checks-table.md", "random-faults.md"]  # Both are included.
default_role = "code"
nitpicky = True

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# The site is built without them.
autodoc_mock_imports = ["jax", "keras", "torch"]
autodoc_member_order = "bysource"
autodoc_type_aliases = {name: name for name in ("Array", "Arrays", "ArrayLike", "DTypeLike")}
napoleon_numpy_docstring = False
# What is not regkit's own has no page here to link to.
nitpick_ignore_regex = [("py:.*", r"(?!regkit).*")]

html_theme = "furo"
html_title = f"regkit {version}"
html_static_path = ["_static"]
html_css_files = ["formulas.css"]
html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    """Connect what Sphinx calls."""
    # The name of an alias alone: in a property's type it stands as it prints itself.
    TypeAliasForwardRef.__repr__ = lambda alias: alias.name  # type: ignore[method-assign]
    app.connect("autodoc-process-docstring", _keep_bars)
    app.connect("autodoc-process-docstring", _shorten_types, priority=900)
    app.connect("autodoc-process-signature", _plain_signature)
    for part in ("description", "options", "epilog"):
        app.connect(f"sphinx-click-process-{part}", _mark_code)
    app.add_html_math_renderer("mathml", (_visit_formula, None), (_visit_formula, None))


def _keep_bars(
    app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]
) -> None:
    """Let |w| in a docstring be an absolute value: reStructuredText takes bars for a reference."""
    for index, line in enumerate(lines):
        parts = re.split(r"(`[^`]*`)", line)
        lines[index] = "".join(
            part if part.startswith("`") else part.replace("|", r"\|") for part in parts
        )


def _plain_signature(
    app: Sphinx,
    what: str,
    name: str,
    obj: object,
    options: Any,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Signatures as they are written: no `<factory>`, which is no Python; none for a protocol."""
    if getattr(obj, "_is_protocol", False):
        return "", None
    return signature and signature.replace("<factory>", "..."), returns


def _shorten_types(
    app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]
) -> None:
    """Write the types of attributes as signatures do, without the modules that they are from."""
    for index, line in enumerate(lines):
        if line.lstrip().startswith(":type:"):
            plain = re.sub(r"\b(?:collections\.abc|typing)\.", "", line)
            lines[index] = re.sub(r"(?<![~\w.])regkit\.", "~regkit.", plain)


def _mark_code(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Mark what is code in a command's help; as prose, --json would get a dash."""
    for index, line in enumerate(lines):
        if not line.lstrip().startswith(".."):
            lines[index] = re.sub(r"(?<=: )regkit .*|(?<![\w`-])--[a-z][\w-]*", r"``\g<0>``", line)


def _visit_formula(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as MathML, which browsers draw without any script from elsewhere."""
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    formula = re.sub(r"\\\\\[[\d.]+ex\]", r"\\\\", node.astext())  # Row gaps are unknown to it.
    translator.body.append(convert(formula, display=display))
    raise nodes.SkipNode
