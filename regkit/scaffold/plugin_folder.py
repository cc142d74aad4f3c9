"""The folder of a new plugin: an installable distribution with one working penalty."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from regkit.catalogue.offers import installed
from regkit.errors import InputError
from regkit.regularizers.naming import snake_case
from regkit.regularizers.spec import RESERVED

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
LONGEST = 40

FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "$module.py": "module.py.txt",
    "tests/test_$name.py": "test.py.txt",
}
"""Path in the new folder → template next to this file."""


def write_plugin(name: str, parent: Path) -> Path:
    """Create the folder `regkit-NAME` under `parent` and return its path.

    Args:
        name: the regularizer's name, in snake case: `huber`, `soft_clip`.
        parent: an existing folder.

    Raises:
        InputError: the name cannot be used, or the folder already exists.
    """
    _require_usable(name)
    distribution = f"regkit-{name.replace('_', '-')}"
    folder = parent / distribution
    words = {
        "name": name,
        "class_name": "".join(word.capitalize() for word in name.split("_")),
        "module": f"regkit_{name}",
        "distribution": distribution,
    }
    try:
        folder.mkdir()
    except FileExistsError:
        raise InputError(f"{folder} already exists, and nothing is overwritten") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be created: {error.strerror}") from None
    templates = files(__package__) / "templates"
    for path, template in FILES.items():
        target = folder / Template(path).substitute(words)
        target.parent.mkdir(exist_ok=True)
        text = (templates / template).read_text(encoding="utf-8")
        target.write_text(Template(text).substitute(words), encoding="utf-8")
    return folder


def _require_usable(name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST or keyword.iskeyword(name):
        suggestion = re.sub(r"[^a-z0-9]+", "_", snake_case(name)).strip("_")
        hint = f"; try {suggestion!r}" if NAME.fullmatch(suggestion) and suggestion != name else ""
        raise InputError(
            f"{name!r} cannot be a regularizer's name: it takes lower-case letters and digits in "
            "words joined by '_', begins with a letter, is no word of Python's own, and has at "
            f"most {LONGEST} characters{hint}"
        )
    if name == RESERVED:
        raise InputError(f"{name!r} is reserved: it stands for no regularizer")
    for offer in installed():
        if offer.name == name:
            raise InputError(
                f"{name!r} is already offered by {offer.distribution}: choose another name"
            )
