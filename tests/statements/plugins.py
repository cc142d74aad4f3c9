"""Specs, distributions, extras, data sets and environment variables."""

import ast
import inspect
import re
from functools import cache
from importlib.metadata import metadata
from pathlib import Path

from sklearn.neural_network import MLPClassifier, MLPRegressor

import regkit
from regkit.catalogue.offers import installed
from regkit.data.bundled import NAMES as BUNDLED
from regkit.errors import RegkitError
from regkit.regularizers.naming import snake_case
from regkit.runs.settings import settings
from regkit.sklearn import RegularizedMLPClassifier
from regkit.studies.ranges import opened
from regkit.testing import check_regularizer

from .links import source

ADAPTERS = ("keras/regularizer.py", "torch/regularize.py")
PLUGINS = {offer.name: offer for offer in installed()}
SPEC = re.compile(r"""['"]?(?:[\w-]+/)?([a-z]\w*)(?:[=,@](?! ).*)['"]?""")
CLASS = re.compile(r"^(?:>>> )?class (\w+)", re.MULTILINE)
DISTRIBUTION = re.compile(r"regkit-[a-z][a-z-]*")
EXTRAS = re.compile(r"(?:\.|regkit-nn)\[([\w,]+)\]")
OF_SKLEARN = re.compile(r"sklearn:([a-z]\w*)")
VARIABLE = re.compile(r"(?<!\w)REGKIT_\w+")


def wrong_plugins(page):
    """Names that nothing has: no plugin, no distribution, no extra, no data set, no variable.

    A page may define penalties of its own, by a class or by `regkit new`.
    """
    defined = {snake_case(name) for name in CLASS.findall(page.text)}
    defined |= set(re.findall(r"regkit new (\w+)", page.text))
    distributions = {one.distribution for one in PLUGINS.values()}
    distributions |= {f"regkit-{name}".replace("_", "-") for name in defined}
    for code in page.codes:
        yield from _wrong_spec(code, defined)
        if DISTRIBUTION.fullmatch(code) and code not in distributions:
            yield f"`{code}` is no distribution"
        for extra in (one for found in EXTRAS.findall(code) for one in found.split(",")):
            if extra not in metadata("regkit-nn").get_all("Provides-Extra"):
                yield f"`{code}`: there is no extra {extra}"
        if (named := OF_SKLEARN.fullmatch(code)) and named[1] not in BUNDLED:
            yield f"`{code}` is no data set"
        for variable in VARIABLE.findall(code):
            if not re.search(rf"\b{variable}\b", source()):
                yield f"`{variable}` is not read by regkit"


def _wrong_spec(code, defined):
    spec = SPEC.fullmatch(code)
    if spec is None:
        return
    if spec[1] not in {*PLUGINS, *defined, *_keywords()}:
        yield f"`{code}`: there is no {spec[1]}"
    elif spec[1] in PLUGINS and "=" in code and not re.search("[…λ]", code):
        try:
            # In a study a number may be a range, or the strength of a path.
            found = opened(code.strip("'\""))
            values = {name: one.at(0.5) for name, one in found.ranges.items()}
            values |= {"strength": 1.0} if found.is_auto else {}
            regkit.regularizer(found.with_values(values) if found.is_open else found.entry)
        except RegkitError as error:
            yield str(error)


@cache
def _keywords():
    """What may stand before an equals sign besides a penalty: arguments, fields and settings.

    The pages compare with scikit-learn's two estimators, so theirs are among them. What the
    adapters for other libraries take is read from their source, since these need not be installed.
    """
    public = [getattr(regkit, name) for name in regkit.__all__]
    penalties = [offer.entry_point.load() for offer in PLUGINS.values()]
    others = [MLPClassifier, MLPRegressor, RegularizedMLPClassifier, check_regularizer]
    takers = [one for one in [*public, *penalties, *others] if callable(one)]
    adapters = [Path(regkit.__file__).parent / one for one in ADAPTERS]
    in_adapters = [node for one in adapters for node in ast.walk(ast.parse(one.read_bytes()))]
    return {
        *(setting.name for setting in settings()),
        *(name for one in penalties for name in vars(one)),
        *regkit.Regularizer.__annotations__,
        *(node.arg for node in in_adapters if isinstance(node, ast.arg)),
        *(name for one in takers for name in inspect.signature(one).parameters),
    }
