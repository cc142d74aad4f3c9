"""Commands, flags and their values, and exit codes."""

import re
import shlex
from functools import cache

import click

import regkit.cli
from regkit import errors

EXIT = re.compile(r"\b[Ee]xit(?:s|ed)?(?: code)?(?: is)?(?: with)? (\d+)")
EXIT_CODES = {
    0,
    *(one.exit_code for one in vars(errors).values() if hasattr(one, "exit_code")),
    *(code for name, code in vars(regkit.cli).items() if name.isupper() and type(code) is int),
}
CAUSES = {
    "done": 0,
    "regkit's own": errors.RegkitError.exit_code,
    "bad input": errors.InputError.exit_code,
    "plugin at fault": errors.PluginError.exit_code,
    "diverged": errors.DivergenceError.exit_code,
    "Ctrl-C": regkit.cli.INTERRUPTED,
    "SIGTERM": regkit.cli.TERMINATED,
}
"""Words in the meaning of an exit code, and the code that they must stand at."""


def wrong_commands(page):
    """Commands that are not there, flags that they do not have, and values that these refuse."""
    to_read = (text for language, text in page.blocks if language == "text")
    for code in [*page.codes, *(line for text in to_read for line in text.splitlines())]:
        words = _words(code)
        if words[:1] == ["regkit"] and words[1:]:
            yield from _wrong_call(code, words[1:])
        elif code.startswith("--"):
            yield from wrong_flags(code, words)


def wrong_exit_codes(page):
    """Exit codes that are none, or that belong to something else."""
    for number in EXIT.findall(page.prose):
        if int(number) not in EXIT_CODES:
            yield f"exit code {number} is none of {sorted(EXIT_CODES)}"
    for header, *rows in page.tables:
        for code, meaning in rows if header[0] == "code" else ():
            wanted = {number for cause, number in CAUSES.items() if cause in meaning}
            if wanted - {int(code)} or int(code) not in EXIT_CODES:
                yield f"exit code {code} is not that for: {meaning}"


def wrong_flags(code, words, options=None):
    """Flags among the words that are none of the options, and values that these refuse."""
    options = _every_option() if options is None else options
    for word, value in zip(words, [*words[1:], ""], strict=False):
        if not re.match(r"--?[a-zA-Z]", word):
            continue
        option = options.get(word)
        if word not in options:
            yield f"`{code}`: there is no {word}"
        elif option and not option.is_flag and re.match(r"[a-z0-9]", value):
            try:
                option.type.convert(value, option, None)
            except click.ClickException as error:
                yield f"`{code}`: {error.message}"


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
    yield from wrong_flags(code, words, _options(command))


def _options(command):
    options = [one for one in command.params if isinstance(one, click.Option)]
    by_flag = {flag: one for one in options for flag in (*one.opts, *one.secondary_opts)}
    return {"--help": None, **by_flag}


@cache
def _every_option():
    """The options of all commands; those of `train` where another has one of the same name."""
    found, waiting = {}, [regkit.cli.cli]
    while waiting:
        command = waiting.pop(0)
        # The group's first command is `train`.
        found = _options(command) | found
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                names = command.list_commands(context)
                waiting += [command.get_command(context, name) for name in names]
    return found
