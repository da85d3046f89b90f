"""The command line: ``usher``. Each command imports what it needs when it runs, so that help is fast."""

import errno
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot import __version__
from bot.cli import backfill, deliveries, history, inspect, report, sandbox, serve, texts
from bot.core.errors import ConfigError, SetupError, UsherError

app = typer.Typer(
    name="usher",
    help="Usher shows every issue and pull request to its place, and can always say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (serve, sandbox, texts, history, backfill, report, inspect):
    module.register(app)
app.add_typer(deliveries.app, name="deliveries")

BAD_INPUT = 2
FAILURE = 1
INTERRUPTED = 130  # what shells give for Ctrl-C
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})  # of stdout, which has no name


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"usher {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Usher shows every issue and pull request to its place, and can always say why."""
    del version


def main() -> None:
    """Run the command line: errors are one line on stderr, exit code 2 for bad input, 1 for failure."""
    sys.exit(run())


def run(arguments: list[str] | None = None) -> int:
    """Run one command. Returns its exit code."""
    try:
        result = app(args=arguments, prog_name="usher", standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone; nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except Exception as error:
        if os.environ.get("USHER_DEBUG"):
            raise
        if isinstance(error, TyperException) and "\n" in error.format_message():
            sys.stderr.write(f"{error.format_message()}\n")  # no command was given: this is the help
            return BAD_INPUT
        return _complain(*_verdict(error))
    return result if isinstance(result, int) else 0


def _verdict(error: Exception) -> tuple[str, int]:
    if isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "usher"
        said = error.format_message().replace("Value error, ", "")
        return f"{said} (see {command} --help)", BAD_INPUT
    if isinstance(error, typer.Abort):
        return "stopped", FAILURE
    if isinstance(error, ConfigError) or (isinstance(error, SetupError) and error.is_input):
        return str(error), BAD_INPUT
    if isinstance(error, UsherError):
        return str(error), FAILURE
    if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
        return f"cannot write the output: {error.strerror}", FAILURE
    return f"unexpected {type(error).__name__}: {error} (USHER_DEBUG=1 shows where)", FAILURE


def _complain(message: str, code: int) -> int:
    line = " ".join(message.split())
    sys.stderr.write(f"usher: {line}\n")
    return code
