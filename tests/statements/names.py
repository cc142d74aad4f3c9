"""Names of regkit in Python, and the arguments that they take."""

import builtins
import inspect
import re
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module

import regkit
import regkit.errors
from regkit.errors import MissingPackageError
from regkit.runs.saved import SavedRun

from .links import FILE
from .plugins import PLUGINS

MODULES = "|".join(["rk", "regkit", *{one.target[0].split(".")[0] for one in PLUGINS.values()}])
DOTTED = re.compile(rf"(?<![\w./-])((?:{MODULES})(?:\.[A-Za-z]\w*)+)(?:\((.*?)\))?(?![\w/-])")
OF_MODEL = re.compile(r"(?<![\w./])model\.(\w+)")
STRING = re.compile(r"""(['"]).*?\1""")


def wrong_names(page):
    """Names that lead nowhere, arguments that they do not take, and errors that are none."""
    for code in page.codes:
        if FILE.fullmatch(code):
            continue
        for name, arguments in DOTTED.findall(code):
            yield from _wrong_name(code, name, arguments)
        for name in OF_MODEL.findall(code):
            if name not in _of_models():
                yield f"`{code}`: a model has no {name}"
        if re.fullmatch(r"[A-Za-z]+(?:Error|Warning)", code) and not any(
            hasattr(one, code) for one in (regkit, regkit.errors, builtins)
        ):
            yield f"`{code}` is no error"


def parameters(found):
    """The names of the arguments that something takes; none where it has no signature."""
    try:
        return set(inspect.signature(found).parameters) if callable(found) else set()
    except ValueError:  # A subclass of a built-in exception.
        return set()


def _wrong_name(code, name, arguments):
    if name.endswith((".py", ".toml")):
        return
    found = _resolved(name.replace("rk.", "regkit.", 1) if name.startswith("rk.") else name)
    given = set(re.findall(r"(\w+)=", STRING.sub("", arguments)))
    if found is None:
        yield f"`{name}` does not exist"
    elif unknown := given - parameters(found):
        yield f"`{code}`: there is no argument {', '.join(sorted(unknown))}"


def _resolved(dotted):
    """What a dotted name leads to.

    A field of a dataclass without a default counts as an object, as does what lies in an adapter
    whose library is not installed.
    """
    first, *rest = dotted.split(".")
    found, path = import_module(first), first
    for name in rest:
        path += f".{name}"
        if hasattr(found, name):
            found = getattr(found, name)
        elif is_dataclass(found) and name in {one.name for one in fields(found)}:
            return object
        else:
            try:
                found = import_module(path)
            except MissingPackageError:
                return object
            except ImportError:
                return None
    return found


@cache
def _of_models():
    """What `model` has on a page: a `Model`, or what `rk.load` gives."""
    model = regkit.Model([regkit.Dense(1, 1)], regkit.MeanSquaredError())
    return {*dir(model), *dir(SavedRun), *parameters(SavedRun)}
