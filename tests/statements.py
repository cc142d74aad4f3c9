"""Whether what a page of documentation says of commands, names, files and defaults is so.

Each check takes a page and yields what is wrong on it. Text in backticks is looked at by its form:
`--flag`, `regkit command`, `rk.name`, `regkit/path.py`, `name=value`, `key = value`.
"""

import ast
import builtins
import inspect
import re
import shlex
import tomllib
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from page_parts import code_in, parts_of
from sklearn.neural_network import MLPClassifier, MLPRegressor

import regkit
import regkit.cli
import regkit.errors
from regkit.catalogue.offers import installed
from regkit.data.bundled import NAMES as BUNDLED
from regkit.errors import RegkitError
from regkit.regularizers.naming import snake_case
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file
from regkit.runs.saved import SavedRun
from regkit.runs.settings import settings

ROOT = Path(__file__).parents[1]
PLUGINS = {offer.name: offer for offer in installed()}
KEYS = {setting.key: setting for setting in settings()}
MODULES = "|".join(
    ["rk", "regkit", *{one.entry_point.module.split(".")[0] for one in PLUGINS.values()}]
)
DOTTED = re.compile(rf"(?<![\w./-])((?:{MODULES})(?:\.[A-Za-z]\w*)+)(?:\((.*?)\))?(?![\w/-])")
SPEC = re.compile(r"""['"]?(?:[\w-]+/)?([a-z]\w*)(?:[=,@](?! ).*)['"]?""")
FILE = re.compile(r"(?:regkit|docs|tests|plugins|\.ci)/[\w./-]+")
KEPT_FILE = re.compile(r"\w+\.(?:safetensors|jsonl|json)")
STRING = re.compile(r"""(['"]).*?\1""")
EXIT = re.compile(r"\b[Ee]xit(?:s|ed)?(?: code)?(?: is)?(?: with)? (\d+)")
EXTRA = re.compile(r"(?:\.|regkit-nn)\[([\w,]+)\]")
DISTRIBUTION = re.compile(r"regkit-[a-z][a-z-]*")
EXIT_CODES = {
    0,
    *(one.exit_code for one in vars(regkit.errors).values() if hasattr(one, "exit_code")),
    *(code for name, code in vars(regkit.cli).items() if name.isupper() and type(code) is int),
}
CAUSES = {
    "done": 0,
    "regkit's own": RegkitError.exit_code,
    "bad input": regkit.errors.InputError.exit_code,
    "plugin at fault": regkit.errors.PluginError.exit_code,
    "diverged": regkit.errors.DivergenceError.exit_code,
    "Ctrl-C": regkit.cli.INTERRUPTED,
    "SIGTERM": regkit.cli.TERMINATED,
}


def wrong_commands(page):
    """Commands that are not there, flags that they do not have, and values that these refuse."""
    lines = [
        line for language, text in page.blocks if language == "text" for line in text.splitlines()
    ]
    for code in [*page.codes, *lines]:
        words = _words(code)
        if words[:1] == ["regkit"] and words[1:]:
            yield from _wrong_call(code, words[1:])
        elif code.startswith("--"):
            yield from _wrong_flags(code, words, _every_option())


def wrong_names(page):
    """Names of regkit in Python that lead nowhere, and arguments that they do not take."""
    for code in page.codes:
        for name, arguments in DOTTED.findall(code):
            if FILE.fullmatch(code) or name.endswith((".py", ".toml")):
                continue
            found = _resolved(name)
            if found is None:
                yield f"`{name}` does not exist"
            elif given := set(re.findall(r"(\w+)=", STRING.sub("", arguments))) - _parameters(
                found
            ):
                yield f"`{code}`: there is no argument {', '.join(sorted(given))}"
        if re.fullmatch(r"[A-Za-z]+(?:Error|Warning)", code) and not any(
            hasattr(one, code) for one in (regkit, regkit.errors, builtins)
        ):
            yield f"`{code}` is no error"
        for name in re.findall(r"(?<![\w./])model\.(\w+)", code):
            if name not in _of_models():
                yield f"`{code}`: a model has no {name}"


def wrong_files(page):
    """Files of the repository, and of a run's folder, that are not there."""
    for code in page.codes:
        if FILE.fullmatch(code) and not (ROOT / code).exists():
            yield f"`{code}` does not exist"
        if (
            KEPT_FILE.fullmatch(code)
            and code not in _source()
            and code not in page.text.replace(f"`{code}`", "")
        ):
            yield f"`{code}` is no file that regkit writes"


def wrong_settings(page):
    """Blocks and lines of TOML that are no settings."""
    for code in page.codes:
        if re.match(r"[a-z][a-z-]* = ", code) and _is_toml(code) and code.split(" ")[0] not in KEYS:
            yield f"`{code}` is no setting"
    for language, text in page.blocks:
        if language == "toml" and "[project]" not in text:
            with TemporaryDirectory() as folder:
                file = Path(folder, "settings.toml")
                file.write_text(text, encoding="utf-8")
                try:
                    config_from_file(file)
                except RegkitError as error:
                    yield str(error)


def wrong_plugins(page):
    """Specs, distributions, extras, data sets and variables that are not known."""
    defined = {snake_case(name) for name in re.findall(r"^(?:>>> )?class (\w+)", page.text, re.M)}
    defined |= set(re.findall(r"regkit new (\w+)", page.text))
    known = {*PLUGINS, *defined, *map(_plain, KEYS), *_keywords()}
    distributions = {one.distribution for one in PLUGINS.values()}
    distributions |= {f"regkit-{name}".replace("_", "-") for name in defined}
    for code in page.codes:
        spec = SPEC.fullmatch(code)
        if spec and spec[1] not in known:
            yield f"`{code}`: there is no {spec[1]}"
        elif spec and spec[1] in PLUGINS and "=" in code and not re.search("[…λ]", code):
            yield from _wrong_spec(code.strip("'\""))
        if DISTRIBUTION.fullmatch(code) and code not in distributions:
            yield f"`{code}` is no distribution"
        for extra in ",".join(EXTRA.findall(code)).split(","):
            if extra and extra not in metadata("regkit-nn").get_all("Provides-Extra"):
                yield f"`{code}`: there is no extra {extra}"
        if (bundled := re.fullmatch(r"sklearn:([a-z]\w*)", code)) and bundled[1] not in BUNDLED:
            yield f"`{code}` is no data set"
        for variable in re.findall(r"(?<!\w)REGKIT_\w+", code):
            if not re.search(rf"\b{variable}\b", _source()):
                yield f"`{variable}` is not read by regkit"


def wrong_exit_codes(page):
    """Exit codes that are none, or that belong to something else."""
    for number in EXIT.findall(page.prose):
        if int(number) not in EXIT_CODES:
            yield f"exit code {number} is none of {sorted(EXIT_CODES)}"
    for header, *rows in page.tables:
        if header[0] != "code":
            continue
        for code, meaning in rows:
            wanted = {number for cause, number in CAUSES.items() if cause in meaning}
            if wanted - {int(code)} or int(code) not in EXIT_CODES:
                yield f"exit code {code} is not that for: {meaning}"


def wrong_defaults(page):
    """Tables whose defaults are others than the program's."""
    for header, *rows in page.tables:
        flag = code_in(header[0])
        for row in rows:
            name, default = code_in(row[0]), None
            if "default" in header and name:
                default = code_in(row[header.index("default")])
                owner = (
                    PLUGINS[page.path.stem].entry_point.load()
                    if page.path.stem in PLUGINS
                    else None
                )
                yield from _wrong_default(name, default, owner)
            elif flag and flag.startswith("--") and name:
                yield from _wrong_flags(row[0], [flag, name], _every_option())
                if "default" in row[0]:
                    yield from _wrong_default(flag, repr(name), None)


def wrong_links(page):
    """Links and anchors that lead nowhere."""
    for link in page.links:
        path, _, anchor = link.partition("#")
        if path and not (page.path.parent / path).exists():
            yield f"{link} does not exist"
        elif anchor and anchor not in _anchors(page, path):
            yield f"{link}: there is no such heading"


CHECKS = (
    wrong_commands,
    wrong_names,
    wrong_files,
    wrong_settings,
    wrong_plugins,
    wrong_exit_codes,
    wrong_defaults,
    wrong_links,
)


def _anchors(page, path):
    return (parts_of(page.path.parent / path) if path else page).anchors


def _words(code):
    try:
        return shlex.split(code)
    except ValueError:
        return code.split()


def _wrong_call(code, words):
    command = regkit.cli.cli
    with click.Context(command) as context:
        while isinstance(command, click.Group) and words and re.match("[a-z]", words[0]):
            found = command.get_command(context, words[0])
            if found is None:
                yield f"`{code}`: there is no command {words[0]}"
                return
            command, words = found, words[1:]
    options = {flag: one for one in _options(command) for flag in (*one.opts, *one.secondary_opts)}
    yield from _wrong_flags(code, words, {"--help": None, **options})


def _wrong_flags(code, words, options):
    for word, value in zip(words, [*words[1:], ""], strict=False):
        if not re.match(r"--?[a-zA-Z]", word):
            continue
        if word not in options:
            yield f"`{code}`: there is no {word}"
        elif re.match(r"[a-z0-9]", value) and options[word] and not options[word].is_flag:
            option = options[word]
            try:
                option.type.convert(value, option, None)
            except click.ClickException as error:
                yield f"`{code}`: {error.message}"


def _options(command):
    return [one for one in command.params if isinstance(one, click.Option)]


@cache
def _every_option():
    found, waiting = {"--help": None}, [regkit.cli.cli]
    while waiting:
        command = waiting.pop()
        for option in _options(command):
            found |= dict.fromkeys((*option.opts, *option.secondary_opts), option)
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                names = command.list_commands(context)
                waiting += [command.get_command(context, name) for name in names]
    # The settings of a run belong to `train`, whatever another command calls by the same name.
    train = regkit.cli.cli.get_command(click.Context(regkit.cli.cli), "train")
    return found | {
        flag: one for one in _options(train) for flag in (*one.opts, *one.secondary_opts)
    }


def _resolved(dotted):
    """What a dotted name leads to; a field of a dataclass without a default counts as its type."""
    first, *rest = dotted.split(".")
    found, path = (
        import_module("regkit" if first == "rk" else first),
        "regkit" if first == "rk" else first,
    )
    for name in rest:
        path += f".{name}"
        if hasattr(found, name):
            found = getattr(found, name)
        elif is_dataclass(found) and name in {one.name for one in fields(found)}:
            return object
        else:
            try:
                found = import_module(path)
            except ImportError:
                return None
    return found


@cache
def _of_models():
    """What `model` has on a page: a `Model`, or what `rk.load` gives."""
    model = regkit.Model([regkit.Dense(1, 1)], regkit.MeanSquaredError())
    return {*dir(model), *dir(SavedRun), *_parameters(SavedRun)}


def _parameters(found):
    return set(inspect.signature(found).parameters) if callable(found) else set()


@cache
def _keywords():
    """The names of the arguments that public functions and classes take, and of declarations."""
    public = [getattr(regkit, name) for name in regkit.__all__]
    # The pages compare with scikit-learn.
    public += [MLPClassifier, MLPRegressor]
    kinds = [offer.entry_point.load() for offer in PLUGINS.values()]
    declared = {name for kind in kinds for name in vars(kind)} | set(
        regkit.Regularizer.__annotations__
    )
    return declared.union(*(_parameters(one) for one in [*public, *kinds] if callable(one)))


def _wrong_spec(spec):
    try:
        regkit.regularizer(spec)
    except RegkitError as error:
        yield str(error)


def _wrong_default(name, stated, owner):
    setting = KEYS.get(name.removeprefix("--"))
    if owner is None and setting is not None:
        default = getattr(Config(), setting.name)
    else:
        default = getattr(owner() if owner else regkit.L2(), name, KeyError)
    if stated is None:
        return
    alone = default[0] if isinstance(default, tuple) and len(default) == 1 else default
    if ast.literal_eval(stated) not in (default, alone):
        yield f"the default of {name} is {default!r}, not {stated}"


def _is_toml(code):
    try:
        return bool(tomllib.loads(code))
    except tomllib.TOMLDecodeError:
        return False


def _plain(key):
    return key.replace("-", "_")


@cache
def _source():
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "regkit").rglob("*.py"))
