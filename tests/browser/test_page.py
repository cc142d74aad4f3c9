"""The page of `regkit report` in real Chromium, offline."""

import re
import shutil
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.warn import collected_warnings

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
A4 = {"width": 718, "height": 1047}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A run with zeros and one without a penalty, a comparison, and a path of a network."""
    folder = tmp_path_factory.mktemp("work")
    settings = {"samples": 30, "hidden": (8,), "epochs": 60}
    with collected_warnings():
        execute(
            Config(
                **settings,
                log_every=5,
                reg=("l2=1e-3@dense1", "l1=3e-3,mode=prox@dense2.weights"),
                out=str(folder / "run"),
            )
        )
        plain = Config(**settings, log_every=5, reg=("none",), out=str(folder / "plain"))
        execute(plain)
        arms = {"none": [], "l2": ["l2=1e-2@dense1"]}
        rk.compare({"data": "spiral", **settings}, arms, seeds=3, workers=1, out=folder / "study")
        rk.path(
            {"data": "spiral", **settings},
            "l1=1e-4..1e-1@dense1.weights",
            folds=2,
            strengths=4,
            workers=1,
            out=folder / "path",
        )
    return [folder / name for name in ("run", "plain", "study", "path")]


@pytest.fixture(scope="module")
def page_file(sources, tmp_path_factory):
    return rk.report(*sources, out=tmp_path_factory.mktemp("pages") / "page.html")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, page_file, request):
    """The page, offline; every message of the console and every request is an error."""
    given = {"viewport": DESK, "color_scheme": "light", **getattr(request, "param", {})}
    context = chromium.new_context(offline=True, **given)
    page = context.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda one: faults.append(one.url[:80]))
    page.on(
        "request",
        lambda one: None if one.url.startswith(("file:", "data:")) else faults.append(one.url),
    )
    page.goto(page_file.as_uri())
    yield page
    context.close()
    assert not faults


everywhere = pytest.mark.parametrize(
    "opened",
    [{}, {"viewport": PHONE}, {"color_scheme": "dark"}, {"viewport": PHONE, "is_mobile": True}],
    indirect=True,
    ids=["desk", "narrow", "dark", "phone"],
)


@everywhere
def test_the_pictures_are_there_and_nothing_is_cut_off(opened):
    pictures = opened.locator("figure > svg")
    assert pictures.count() >= 10
    width = opened.evaluate("document.documentElement.clientWidth")
    for at in range(pictures.count()):
        box = pictures.nth(at).bounding_box()
        assert box["width"] > 250
        assert box["height"] > 50
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    rasters = opened.evaluate(
        "Promise.all([...document.querySelectorAll('svg image')].map(async (one) => {"
        " const image = new Image(); image.src = one.getAttribute('href');"
        " await image.decode(); return image.naturalWidth; }))"
    )
    assert rasters
    assert all(width > 0 for width in rasters)


@everywhere
def test_text_stands_out_from_the_page(opened):
    """Contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3), in pictures too."""
    found = opened.evaluate(
        """() => {
          const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const page = numbers(getComputedStyle(document.body).backgroundColor);
          const texts = [...document.querySelectorAll('p, h1, h2, td, th, summary, svg text')];
          const colour = (one) => { const style = getComputedStyle(one);
            return numbers(one instanceof SVGElement ? style.fill : style.color); };
          return [page, texts.map((one) => [one.textContent, colour(one)])];
        }"""
    )
    page, texts = found
    assert len(texts) > 100
    for text, colour in texts:
        assert contrast(page, colour) >= 4.5, (text, colour, page)


def contrast(a, b):
    """(L₁ + 0.05) / (L₂ + 0.05) of the relative luminances, WCAG 2.2."""

    def luminance(colour):
        parts = [one / 255 for one in colour]
        linear = [
            one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "opened", [{"viewport": PHONE}, {"viewport": PHONE, "color_scheme": "dark"}], indirect=True
)
def test_a_table_wider_than_the_phone_shows_that_it_goes_on_and_scrolls_by_keyboard(opened):
    box = opened.get_by_role("region", name="Table: Ledger").first
    assert box.evaluate("(one) => one.scrollWidth > one.clientWidth + 100")
    left, right = edges(box)
    page = background(opened)
    assert far(right, page) > 20 > 3 > far(left, page)
    box.focus()
    for _ in range(60):
        opened.keyboard.press("ArrowRight")
    opened.wait_for_function(
        "(one) => one.scrollLeft + one.clientWidth >= one.scrollWidth - 1", arg=box.element_handle()
    )
    left, right = edges(box)
    assert far(left, page) > 20 > 3 > far(right, page)


@pytest.mark.parametrize("opened", [{"viewport": PHONE}, {}], indirect=True)
def test_a_table_that_fits_has_no_shadow(opened):
    for box in opened.get_by_role("region", name="Table: Distance from stationary").all():
        assert box.evaluate("(one) => one.scrollWidth <= one.clientWidth")
        for offset in (0, 0.3, 0.5, 0.8):  # Nor a line of it, where pixels are divided.
            box.evaluate(f"(one) => one.style.marginTop = '{offset}px'")
            right = pixels_of(box)[:, -12:]
            assert far(right, background(opened)) < 3


def edges(box):
    """The colours of the outermost pixels at the left and at the right, without the text."""
    pixels = pixels_of(box)
    return np.median(pixels[:, 0], axis=0), np.median(pixels[:, -1], axis=0)


def pixels_of(box):
    with Image.open(BytesIO(box.screenshot())) as shown:
        return np.asarray(shown.convert("RGB"), dtype=float)


def background(page):
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return np.array([float(one) for one in re.findall(r"\d+", colour)])


def far(a, b):
    return float(np.abs(a - b).max())


@everywhere
def test_runs_begin_with_what_they_have_in_common_each_in_its_own_colour(opened):
    first = opened.locator("section").first
    assert first.locator("h1").inner_text() == "2 runs side by side"
    box = first.get_by_role("region", name="Table: The runs")
    assert box.locator("tbody tr").count() == 2
    picture = first.get_by_role("group", name=re.compile(r"^Weights of dense1\. "))
    assert box.bounding_box()["y"] < first.locator("svg").first.bounding_box()["y"]
    strokes = picture.evaluate(
        """(one) => [...one.querySelectorAll('path')].map((path) => getComputedStyle(path))
          .filter((style) => style.stroke !== 'none' && style.strokeWidth === '1.2px')
          .map((style) => style.stroke)"""
    )
    assert len(set(strokes)) == 2
    for stroke in strokes:
        colour = [float(one) for one in re.findall(r"[\d.]+", stroke)]
        assert contrast(background(opened), colour) >= 3  # WCAG 2.2, 1.4.11.


def test_a_bin_tells_its_share_under_the_pointer(opened):
    mark = opened.get_by_role("img", name=re.compile(r"^plain: .*% from .* to ")).first
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)  # Where histograms meet, another one's point may lie above.
    assert mark.get_attribute("aria-label") in opened.locator("#tip").inner_text().split("\n")


def test_a_point_tells_its_value_under_the_pointer(opened):
    picture = opened.get_by_role("group", name=re.compile("^Differences from none"))
    mark = picture.locator(".mark").first
    mark.hover()
    tip = opened.locator("#tip")
    assert tip.is_visible()
    assert mark.get_attribute("aria-label") in tip.inner_text().split("\n")
    opened.locator("h1").first.hover()
    assert tip.is_hidden()


def test_points_that_lie_on_each_other_all_tell_their_values(opened):
    together = opened.evaluate(
        """() => {
          for (const group of document.querySelectorAll('.marks')) {
            for (const one of group.children) for (const other of group.children) {
              const apart = (name) => one[name].baseVal.value - other[name].baseVal.value;
              if (one !== other && Math.hypot(apart('cx'), apart('cy')) < 1) {
                one.scrollIntoView();
                const box = one.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2,
                  one.getAttribute('aria-label'), other.getAttribute('aria-label')];
              }
            }
          }
        }"""
    )
    x, y, *labels = together
    opened.mouse.move(x, y)
    assert set(labels) <= set(opened.locator("#tip").inner_text().split("\n"))


def test_all_values_can_be_reached_with_the_keyboard_alone(opened):
    first = opened.locator("figure > svg").first.locator(".mark")
    opened.locator("nav a").first.focus()
    for _ in range(50):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.classList.contains('mark')"):
            break
    tip = opened.locator("#tip")
    assert tip.inner_text() == first.nth(0).get_attribute("aria-label")
    opened.keyboard.press("ArrowRight")
    assert tip.inner_text() == first.nth(1).get_attribute("aria-label")
    opened.keyboard.press("End")
    assert tip.inner_text() == first.last.get_attribute("aria-label")
    opened.keyboard.press("Escape")
    assert tip.is_hidden()
    # The tab key goes on to the numbers of the picture, and Enter opens them.
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.tagName") == "SUMMARY"
    opened.keyboard.press("Enter")
    assert opened.locator("figure details").first.get_attribute("open") is not None


def test_pictures_and_points_have_names_in_the_accessibility_tree(opened):
    for at in range(opened.locator("figure > svg").count()):
        picture = opened.locator("figure > svg").nth(at)
        assert len(picture.get_attribute("aria-label")) > 40
    assert opened.get_by_role("group", name=re.compile("^Differences from none")).count() == 1
    assert opened.get_by_role("img", name=re.compile(r"^epoch 0, data loss: ")).count() > 0


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_browsers_own_tips_tell_the_values(opened):
    mark = opened.locator(".mark").first
    assert mark.locator("title").text_content() == mark.get_attribute("aria-label")


@pytest.mark.parametrize("opened", [{"color_scheme": "dark"}], indirect=True)
def test_it_is_printed_on_white_with_whole_pictures(opened, tmp_path):
    pdf = tmp_path / "page.pdf"
    opened.emulate_media(media="print")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    breaks = opened.evaluate(
        "[...document.querySelectorAll('figure')].map((one) => getComputedStyle(one).breakInside)"
    )
    assert set(breaks) == {"avoid"}
    assert opened.locator("nav").is_hidden()
    pdf.write_bytes(opened.pdf(format="A4"))
    assert pdf.read_bytes().startswith(b"%PDF")


def test_the_command_makes_the_same_page_as_python(sources, page_file, tmp_path):
    out = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "regkit", "report", *map(str, sources), "--out", str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(out)
    assert out.read_bytes() == page_file.read_bytes()


@pytest.mark.parametrize("opened", [{"viewport": A4}], indirect=True)
def test_on_paper_tables_fit_and_the_settings_can_be_read(opened):
    opened.emulate_media(media="print")
    cut = opened.evaluate(
        "[...document.querySelectorAll('main .wide')].filter((one) => one.checkVisibility()"
        " && one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"
    )
    assert cut == []
    settings = opened.get_by_text("[train]").or_(opened.get_by_text("epochs = 60"))
    assert settings.count() >= 2
    for at in range(settings.count()):
        assert settings.nth(at).bounding_box()["height"] > 20
    for selector, rule in (("h2", "breakAfter"), (".verdict", "breakInside")):
        style = f"getComputedStyle(document.querySelector('{selector}')).{rule}"
        assert opened.evaluate(style) == "avoid"


def test_printing_opens_what_is_closed_and_closes_it_again(opened):
    closed = "document.querySelectorAll('details:not([open])').length"
    before = opened.evaluate(closed)
    assert before
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.evaluate(closed) == 0
    opened.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(closed) == before


@pytest.mark.parametrize("opened", [{}, {"viewport": PHONE}], indirect=True)
def test_the_verdict_stands_before_the_way_through_the_page(opened):
    verdict = opened.locator(".verdict").first.bounding_box()
    contents = opened.get_by_role("navigation").bounding_box()
    assert verdict["y"] + verdict["height"] <= contents["y"]
    assert contents["height"] < 120
