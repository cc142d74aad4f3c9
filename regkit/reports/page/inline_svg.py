"""A drawing as SVG inside a page: its colours follow the page, its points tell their values."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from regkit.reports.drawings.drawing import Drawing
from regkit.reports.pictures.content import content
from regkit.reports.pictures.style import BLACK, BLUE, COLOURS, VERMILLION

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
POINTS_PER_INCH = 72
"""matplotlib's SVG counts in points."""

RADIUS = "6"
"""Of the invisible disc around a point that a pointer or finger finds, in points."""

FONT = re.compile(r"font-family: [^;]*;? ?")

THEMED = {
    BLACK.lower(): "currentColor",
    "#ffffff": "var(--page)",
    "white": "var(--page)",
    BLUE.lower(): "var(--blue)",
    VERMILLION.lower(): "var(--vermillion)",
    "#ebebeb": "var(--grid)",
    **{
        colour.lower(): f"var(--series-{number})"
        for number, colour in enumerate(COLOURS)
        if colour not in (BLACK, BLUE, VERMILLION)
    },
}
"""What the page decides by its theme, by the colour that matplotlib writes."""


def inline_svg(drawing: Drawing, name: str) -> str:
    """The SVG element.

    Args:
        drawing: its figure is drawn as matplotlib's settings of the moment say.
        name: unique on the page; ids inside begin with it.
    """
    figure = drawing.figure
    figure.set_dpi(POINTS_PER_INCH)
    figure.patch.set_visible(False)
    for panel in figure.axes:
        panel.patch.set_visible(False)
    root = ElementTree.fromstring(content(figure, "svg"))
    _drop(root, "metadata")
    _unique_ids(root, name)
    _themed(root)
    for unwanted in ("width", "height", "version"):
        root.attrib.pop(unwanted, None)
    root.set("role", "group")
    root.set("aria-label", f"{drawing.title}. {drawing.description}")
    root.append(_marks(drawing))
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _marks(drawing: Drawing) -> ElementTree.Element:
    """Invisible discs over the points, in the order of the curves; each is named by its value."""
    group = ElementTree.Element(f"{{{SVG}}}g", {"class": "marks"})
    height = drawing.figure.get_figheight() * POINTS_PER_INCH
    for number, mark in enumerate(drawing.marks):
        x, y = mark.panel.transData.transform((mark.x, mark.y))
        disc = ElementTree.SubElement(
            group,
            f"{{{SVG}}}circle",
            {
                "class": "mark",
                "cx": f"{x:.2f}",
                "cy": f"{height - y:.2f}",
                "r": RADIUS,
                "role": "img",
                "aria-label": mark.text,
                # One stop of the Tab key for each drawing; arrow keys go on from there.
                "tabindex": "-1" if number else "0",
            },
        )
        ElementTree.SubElement(disc, f"{{{SVG}}}title").text = mark.text
    return group


def _drop(root: ElementTree.Element, tag: str) -> None:
    for child in list(root):
        if child.tag == f"{{{SVG}}}{tag}":
            root.remove(child)


def _unique_ids(root: ElementTree.Element, name: str) -> None:
    """Keep the ids that something refers to, under the name, and no others."""
    text = ElementTree.tostring(root, encoding="unicode")
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
    wanted = {one for pair in used for one in pair if one}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in wanted:
            element.set("id", f"{name}-{own}")
        for key, value in element.attrib.items():
            if key == LINK and value.startswith("#"):
                element.set(key, f"#{name}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{name}-"))
        if element.get(LINK):
            element.set("href", element.attrib.pop(LINK))


def _themed(root: ElementTree.Element) -> None:
    for element in root.iter():
        style = element.get("style")
        if style is None:
            continue
        style = FONT.sub("", style)
        for colour, themed in THEMED.items():
            style = re.sub(rf": {colour}(?=;|$)", f": {themed}", style, flags=re.I)
        element.set("style", style)
