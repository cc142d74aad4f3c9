"""The script that photographs the page for the documentation."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

SCRIPT = Path(__file__).parents[2] / "docs" / "draw_report.py"


def test_the_picture_shows_the_top_of_the_page(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<body style="margin: 0; background: #0000ff; height: 5000px">')
    picture = tmp_path / "picture.png"
    subprocess.run([sys.executable, SCRIPT, page, picture], check=True)
    with Image.open(picture) as shown:
        assert shown.size == (1100, 1000)
        assert shown.convert("RGB").getpixel((500, 900)) == (0, 0, 255)
