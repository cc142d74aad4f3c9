"""The command `regkit`: one file per command, imported on demand."""

from __future__ import annotations

import codecs
import contextlib
import errno
import gc
import io
import os
import stat
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NoReturn, TextIO

import click

from regkit.about import __version__
from regkit.cli.groups import TopGroup
from regkit.cli.termination import Terminated, end_by_signals, ended
from regkit.errors import InputError, RegkitError, RegkitWarning
from regkit.startup import prepare_environment

COMMANDS = {
    "train": "Train a regularized network on DATA.",
    "compare": "Say whether regularizers help, by more than seed noise.",
    "path": "Find how strong a regularizer should be, along a path of strengths.",
    "sweep": "Search several numbers at once, given as ranges LOW..HIGH.",
    "resume": "Resume a run from its last checkpoint, bit for bit.",
    "evaluate": "Evaluate a run's model: data loss, accuracy or R², and the classes in detail.",
    "predict": "Predict class labels or numbers with a run's model.",
    "plot": "Plot runs side by side: losses, scores, boundaries, fits, weights, zeros.",
    "report": "Write one page about runs and studies: verdict, pictures, ledger, how to reproduce.",
    "verify": "Replay a run and report the first difference and what has changed since.",
    "plugins": "List the installed regularizers, or show one.",
    "check": "Check regularizers against the laws that every penalty must obey.",
    "new": "Create the folder regkit-NAME: an installable plugin with one working penalty.",
}
"""The commands in the order in which a new user needs them, with the first line of their help."""

HUNG_UP = 129
INTERRUPTED = 130
CLOSED_PIPE = 141
TERMINATED = 143
"""Exit codes after a signal, as shells count them: 128 and its number."""

ESCAPED = "regkit-escaped"


class RefusedError(Exception):
    """The system refused something to a command; click would answer a closed pipe by itself."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class LazyGroup(TopGroup):
    """A group whose commands live in `regkit.cli.<name>` and are imported on demand."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """As click does, which prints `--help` here."""
        with _refused():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does."""
        with _refused():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a new user needs them."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and their summaries without importing them, which would be slow."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"regkit.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, epilog="Start with: regkit train")
@click.version_option(__version__, prog_name="regkit")
def cli() -> None:
    """A lab bench for regularizers of neural networks."""


def main() -> NoReturn:
    """Run the command line and exit: errors become one line and an exit code."""
    prepare_environment()
    end_by_signals()
    warnings.showwarning = _show_warning
    _escape_what_stdout_lacks()
    if sys.stdout is None:
        sys.exit(_failed("the standard output is closed: send it to a file", InputError.exit_code))
    exit_code = _run(sys.argv[1:])
    _give_up_output()
    gc.freeze()  # What is left ends with the process; to search it for garbage takes long.
    sys.exit(exit_code)


def say(text: str) -> None:
    """Print a line on stderr, above the progress bar if there is one."""
    if "tqdm" in sys.modules:
        sys.modules["tqdm"].tqdm.write(text, file=sys.stderr)
    else:
        click.echo(text, err=True)


def _run(arguments: list[str]) -> int:
    try:
        # With standalone_mode=False, click returns the code of `ctx.exit(code)`.
        returned = cli.main(arguments, prog_name="regkit", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return _failed(error.show, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        ended()
        return _failed("interrupted", INTERRUPTED)
    except Terminated as error:
        ended()
        return _failed("terminated", error.exit_code)
    except RegkitError as error:
        return _failed(str(error), error.exit_code, error)
    except MemoryError as error:
        return _failed(f"not enough memory: {error}; make the data or the network smaller", 2)
    except RefusedError as error:
        return _ended_from_outside(error.error)
    except OSError as error:
        return _ended_from_outside(error)
    except Exception as error:  # noqa: BLE001 - the last resort
        text = f"regkit itself is at fault ({type(error).__name__}: {error}); --debug shows where"
        return _failed(text, RegkitError.exit_code, error)
    return returned if isinstance(returned, int) else 0


def _failed(
    message: str | Callable[[], object], exit_code: int, error: BaseException | None = None
) -> int:
    # Imported here: they are slow to import, and only errors need them.
    import traceback

    from regkit.cli.options import debug_wanted

    with contextlib.suppress(OSError):  # Nobody can read it; the exit code still tells.
        if error is not None and debug_wanted(sys.argv):
            traceback.print_exception(error)
        if callable(message):
            message()
        else:
            click.echo(f"Error: {' '.join(message.splitlines())}", err=True)
    return exit_code


def _ended_from_outside(error: OSError) -> int:
    """The system refuses something: a closed pipe ends a command silently, as with other tools."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    if error.errno == errno.EIO and error.filename is None and _prints_to_a_device():
        return HUNG_UP  # The terminal went away, and its signal has not arrived yet.
    return _failed(_in_words(error), InputError.exit_code, error)


def _in_words(error: OSError) -> str:
    why = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {why}"
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is slow to import, and only errors need it.
    except OSError:
        return "the working directory no longer exists: change to another folder"
    return f"cannot write the output: {why}"


def _prints_to_a_device() -> bool:
    try:
        return stat.S_ISCHR(os.fstat(1).st_mode)
    except OSError:
        return False


def _give_up_output() -> None:
    """What was printed and cannot be written goes to a sink, or the interpreter tries again."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _escape_what_stdout_lacks() -> None:
    """Print characters that the encoding of stdout lacks as JSON would escape them."""

    def escaped(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        import json  # As for errors.

        return json.dumps(error.object[error.start : error.end])[1:-1], error.end

    codecs.register_error(ESCAPED, escaped)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors=ESCAPED)


@contextlib.contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RefusedError(error) from error


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, RegkitWarning):
        say(f"Warning: {message}")
    else:
        say(warnings.formatwarning(message, category, filename, lineno).rstrip())
