"""Tests in a real browser: collected where Playwright and Chromium are."""

import shutil
from importlib.util import find_spec

CHROMIUM = shutil.which("chromium")

FILES = ["test_draw_report.py", "test_page.py"]

collect_ignore = [] if find_spec("playwright") and CHROMIUM else FILES
