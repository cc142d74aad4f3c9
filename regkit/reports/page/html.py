"""The sections of a page as one file of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import count

from regkit.about import __version__
from regkit.extras import required
from regkit.reports.drawings.drawing import Drawing
from regkit.reports.page.inline_svg import inline_svg
from regkit.reports.page.section import Section


def html(sections: Sequence[Section]) -> bytes:
    """The page; the same bytes for the same sections, with the same matplotlib.

    Raises:
        MissingPackageError: Jinja is not installed.
    """
    jinja2 = required("jinja2", package="Jinja2", extra="report", purpose="a report")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False
    )
    numbers = count(1)

    def svg(drawing: Drawing) -> object:
        return _as_it_is(inline_svg(drawing, f"d{next(numbers)}"))

    def _as_it_is(text: str) -> object:
        return environment.filters["safe"](text)

    page = environment.from_string(_text("page.html")).render(
        title=" · ".join(section.title for section in sections),
        sections=sections,
        svg=svg,
        style=_as_it_is(_text("page.css")),
        script=_as_it_is(_text("page.js")),
        version=__version__,
    )
    return f"{page}\n".encode()


def _text(name: str) -> str:
    return files("regkit.reports.page").joinpath(name).read_text(encoding="utf-8")
