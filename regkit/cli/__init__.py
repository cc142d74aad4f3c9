"""The command `regkit`: one file per command, imported on demand."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from importlib import import_module
from types import FrameType
from typing import NoReturn, TextIO

import click

from regkit.about import __version__
from regkit.errors import RegkitError, RegkitWarning
from regkit.startup import prepare_environment

COMMANDS = {
    "train": "Train a regularized network on DATA.",
    "resume": "Resume a run from its last checkpoint, bit for bit.",
    "evaluate": "Evaluate a run's model: data loss, and accuracy or R².",
    "predict": "Predict class labels or numbers with a run's model.",
    "plot": "Plot runs side by side: losses, penalties, scores, boundaries, weights, zeros.",
    "verify": "Replay a run and report the first difference and what has changed since.",
    "plugins": "List the installed regularizers, or show one.",
    "check": "Check regularizers against the laws that every penalty must obey.",
    "new": "Create the folder regkit-NAME: an installable plugin with one working penalty.",
}
"""The commands in the order in which a new user needs them, with the first line of their help."""

INTERRUPTED = 130
TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM arrived."""


class LazyGroup(click.Group):
    """A group whose commands live in `regkit.cli.<name>` and are imported on demand."""

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
    signal.signal(signal.SIGTERM, _on_sigterm)
    warnings.showwarning = _show_warning
    sys.exit(_run(sys.argv[1:]))


def say(text: str) -> None:
    """Print a line on stderr, above the progress bar if there is one."""
    if "tqdm" in sys.modules:
        sys.modules["tqdm"].tqdm.write(text, file=sys.stderr)
    else:
        click.echo(text, err=True)


def _run(arguments: list[str]) -> int:
    try:
        # With standalone_mode=False, click returns the code of `ctx.exit(code)`.
        ended = cli.main(arguments, prog_name="regkit", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted", INTERRUPTED)
    except Terminated:
        return _failed("terminated", TERMINATED)
    except RegkitError as error:
        return _failed(str(error), error.exit_code, error)
    except MemoryError as error:
        return _failed(f"not enough memory: {error}; make the data or the network smaller", 2)
    except BrokenPipeError:
        # The reader has closed the pipe; the interpreter's last flush needs a sink.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the last resort
        text = f"regkit itself is at fault ({type(error).__name__}: {error}); --debug shows where"
        return _failed(text, RegkitError.exit_code, error)
    return ended if isinstance(ended, int) else 0


def _failed(message: str, exit_code: int, error: BaseException | None = None) -> int:
    # Imported here: they are slow to import, and only errors need them.
    import traceback

    from regkit.cli.options import debug_wanted

    if error is not None and debug_wanted(sys.argv):
        traceback.print_exception(error)
    click.echo(f"Error: {' '.join(message.splitlines())}", err=True)
    return exit_code


def _on_sigterm(signum: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


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
