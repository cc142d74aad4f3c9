"""Photographs a page of `regkit report`: `python docs/draw_report.py PAGE.html [PICTURE.png]`.

`docs/img/report.png` is the top of the page that the commands of `report.md` make. It needs
Chromium and the extra `browser`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "img" / "report.png"
WIDTH, HEIGHT = 1100, 1000
COLOURS = 64


def main(page_file: Path, picture: Path) -> None:
    """Write the picture, with fewer colours, which makes the file a third of its size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(page_file.absolute().as_uri())
        page.screenshot(path=picture)
        browser.close()
    Image.open(picture).convert("RGB").quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    given = [Path(one) for one in sys.argv[1:]]
    main(given[0], given[1] if len(given) > 1 else PICTURE)
