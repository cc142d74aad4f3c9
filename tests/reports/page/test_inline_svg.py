import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure
from regkit.reports.page.inline_svg import SVG, inline_svg
from regkit.reports.pictures.style import BLUE, matplotlib_settings


@pytest.fixture
def drawing():
    with matplotlib_settings():
        figure, panel = new_figure()
        panel.plot([0, 1, 2], [1.0, 3.0, 2.0], "o", color=BLUE)
        panel.imshow(np.eye(2), extent=(0, 1, 1, 2), aspect="auto")
        panel.set(xlim=(-1, 3), ylim=(0, 4))
        marks = [Mark(panel, x, y, f"{x}: {y}") for x, y in ((0, 1.0), (1, 3.0), (2, 2.0))]
        yield Drawing('A <title> & "more"', figure, "What is seen.", Numbers((), ()), marks)


def test_a_mark_lies_where_matplotlib_has_drawn_its_point(drawing):
    root = ElementTree.fromstring(inline_svg(drawing, "d1"))
    circles = [
        (float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{{{SVG}}}circle")
    ]
    # matplotlib draws each point of a line without strokes as a `use` of its marker.
    points = [
        (float(one.get("x")), float(one.get("y")))
        for one in root.iter(f"{{{SVG}}}use")
        if "fill: var(--blue)" in one.get("style", "")
    ]
    assert len(circles) == len(points) == 3
    np.testing.assert_allclose(circles, points, atol=0.02)


def test_a_mark_says_its_value_and_one_of_them_is_a_stop_of_the_tab_key(drawing):
    marks = list(ElementTree.fromstring(inline_svg(drawing, "d1")).iter(f"{{{SVG}}}circle"))
    assert [one.get("aria-label") for one in marks] == ["0: 1.0", "1: 3.0", "2: 2.0"]
    assert [one.find(f"{{{SVG}}}title").text for one in marks] == ["0: 1.0", "1: 3.0", "2: 2.0"]
    assert [one.get("tabindex") for one in marks] == ["0", "-1", "-1"]


def test_the_picture_has_a_text_for_screen_readers(drawing):
    root = ElementTree.fromstring(inline_svg(drawing, "d1"))
    assert root.get("aria-label") == 'A <title> & "more". What is seen.'


def test_ids_of_two_pictures_differ_and_all_references_are_met(drawing):
    texts = [inline_svg(drawing, name) for name in ("d1", "d2")]
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in texts]
    assert ids[0]
    assert not ids[0] & ids[1]
    for text, own in zip(texts, ids, strict=True):
        references = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
        assert {one for pair in references for one in pair if one} == own
    assert 'href="data:image/png;base64,' in texts[0]


def test_colours_and_fonts_are_the_pages(drawing):
    text = inline_svg(drawing, "d1")
    assert "var(--blue)" in text
    assert "currentColor" in text
    assert not re.search(r": #(000000|0072b2|ffffff)", text, re.I)
    assert "DejaVu" not in text
