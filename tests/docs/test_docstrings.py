"""The sections of docstrings name what is there, and no prose in them is read as a type.

The site's generator reads `Args:`, `Attributes:` and `Raises:` as lists of `name: text`, and the
first line of a property's docstring as `type: text`. A sentence with a colon in such a place comes
out as a type, without a warning.
"""

import ast
import builtins
import importlib
import inspect
import os
import pkgutil
import re
import textwrap
from importlib.util import find_spec
from itertools import pairwise
from types import SimpleNamespace

import pytest

import regkit
import regkit.errors
from regkit.catalogue.offers import installed

# Keras asks for it when it is imported, and takes TensorFlow without it.
os.environ.setdefault("KERAS_BACKEND", "torch")

SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields|Note|Example):[ ]*(.*)$")
CODE = re.compile(r"`[^`]*`")
ADAPTERS = {
    "regkit.jax": "jax",
    "regkit.keras": "keras",
    "regkit.keras.on_jax": "jax",
    "regkit.keras.on_torch": "torch",
    "regkit.torch": "torch",
}
"""What an adapter needs; `.ci/run` reads their docstrings, too."""

ABSENT = {"regkit.__main__"} | {name for name, needed in ADAPTERS.items() if not find_spec(needed)}
MODULES = sorted(
    {one.target[0] for one in installed()}
    | {one.name for one in pkgutil.walk_packages(regkit.__path__, "regkit.")} - ABSENT
)


@pytest.mark.parametrize("name", MODULES)
def test_the_docstrings_of_a_module_are_read_as_they_are_meant(name):
    assert faults_of(importlib.import_module(name)) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('def f(a, b):\n    """F.\n\n    Args:\n        a, b: both.\n    """', "Args: a, b"),
        ('def f(a):\n    """F.\n\n    Args:\n        b: none.\n    """', "Args: b"),
        ('def f(a):\n    """F.\n\n    Args:\n        the first one.\n    """', "Args: the first"),
        ('def f():\n    """F.\n\n    Raises:\n        an error: bad.\n    """', "Raises: an error"),
        ('class C:\n    """C.\n\n    Attributes: `a` and `b`.\n    """', "Attributes: `a`"),
        ('class C:\n    """C.\n\n    Attributes:\n        a: none.\n    """', "Attributes: a"),
        ('class C:\n    @property\n    def p(self):\n        """Sum: of all."""', "type: Sum"),
        ('class C:\n    p: int = 0\n    """Sum: of all."""', "type: Sum"),
    ],
)
def test_a_section_that_would_be_misread_is_found(source, fault):
    (found,) = faults_of(module(source))
    assert fault in found


@pytest.mark.parametrize(
    "source",
    [
        'def f(a, *b):\n    """F: g.\n\n    Args:\n        a: one: two.\n            c: d\n'
        '        *b: more.\n\n    Raises:\n        ValueError: always.\n\n    See: f.\n    """',
        'class C:\n    """C.\n\n    Attributes:\n        a: one.\n        b: two.\n    """\n'
        "    b: int\n    def __init__(self):\n        self.a = 1",
        'class C:\n    """C.\n\n    Args:\n        a: one.\n    """\n'
        "    def __init__(self, a):\n        pass",
        'class C:\n    @property\n    def p(self):\n        """The sum `a: b`, of all."""',
    ],
)
def test_sections_as_they_should_be_pass(source):
    assert faults_of(module(source)) == []


def module(source):
    """A module of this source, as far as it is looked at here."""
    names = {"__name__": "here"}
    exec(source, names)
    return SimpleNamespace(**names, source=source)


def faults_of(module):
    """Each entry that would be misread, after the name of what it documents."""
    source = getattr(module, "source", None) or inspect.getsource(module)
    return [
        f"{node.name}, {fault}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        for fault in faults(node, ast.get_docstring(node) or "", module)
    ]


def faults(node, text, module):
    for told in [text] if is_property(node) else told_after_attributes(node):
        first = told.partition("\n")[0]
        if ":" in CODE.sub("", first):
            yield f"read as a type: {first}"
    for section, entry in entries(text):
        name, colon, _ = entry.partition(":")
        if not colon or name.strip().lstrip("*") not in known(section, node, module):
            yield f"{section}: {entry}"


def is_property(node):
    marks = {ast.unparse(one) for one in getattr(node, "decorator_list", ())}
    return bool(marks & {"property", "cached_property"})


def told_after_attributes(node):
    """The texts that stand below the attributes of a class."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    for before, after in pairwise(body):
        if isinstance(before, ast.Assign | ast.AnnAssign) and isinstance(after, ast.Expr):
            yield ast.literal_eval(after.value).strip()


def entries(text):
    """The section and first line of each entry; of prose beside a section's name, that."""
    section = None
    for line in text.splitlines():
        if found := SECTION.match(line):
            section = found[1] if found[1] in ("Args", "Attributes", "Raises") else None
            if section and found[2]:
                yield section, found[2]
        elif line and not line.startswith(" "):
            section = None
        elif section and re.match(r" {4}\S", line):
            yield section, line.strip()


def known(section, node, module):
    """The names that a section may hold."""
    if section == "Raises":
        return {*dir(builtins), *dir(regkit.errors), *vars(module)}
    if isinstance(node, ast.FunctionDef):
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        return {one.arg for one in [*every, arguments.vararg, arguments.kwarg] if one}
    kind = getattr(module, node.name)
    if section == "Args":
        return set(inspect.signature(kind).parameters)
    bases = [one for one in kind.__mro__[1:] if one.__module__.startswith("regkit")]
    sources = [node, *(ast.parse(textwrap.dedent(inspect.getsource(one))) for one in bases)]
    return set(dir(kind)) | {name for source in sources for name in attributes(source)}


def attributes(source):
    """The names that a class annotates, and that its methods set on `self`."""
    for one in ast.walk(source):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            yield one.target.id
        elif isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self":
            yield one.attr
