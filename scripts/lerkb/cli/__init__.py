"""The command line: one file a command. A command takes plain values and returns an exit code.

Exit codes: 0 all is well; 1 something in the records is wrong; 2 the command was used wrongly or cannot go on; 3 a bug of ours.
"""

from __future__ import annotations

import errno
import importlib
import pkgutil
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lerkb import __version__
from lerkb.errors import RunError
from lerkb.project import Project
from lerkb.terminal import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterable

OK: Final = 0
WRONG: Final = 1
USAGE: Final = 2
BUG: Final = 3
#: What shells give a command that was stopped from the keyboard.
STOPPED: Final = 130
#: What a system answers when it is not our doing: no permission, no room, a name that is too long, a disk that cannot be written.
_NOT_OURS: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENAMETOOLONG, errno.EIO, errno.ELOOP}
)


class Commands(click.Group):
    """Finds a command in the module of its name and imports no other, so that ``--help`` and ``validate`` start fast."""

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names of the modules of this package."""
        return sorted(self._modules())

    def _modules(self) -> dict[str, str]:
        """Module of each command. A line below at a module’s end only keeps its name apart from a word of Python’s."""
        return {info.name.rstrip("_").replace("_", "-"): info.name for info in pkgutil.iter_modules(__path__)}

    def get_command(self, context: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """The command of a module."""
        module_name = self._modules().get(name)
        if module_name is None:
            return None
        module = importlib.import_module(f"{__name__}.{module_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name for one that is mistyped."""
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(context), n=1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", context) from error
            raise


class NearChoice(click.Choice[str]):
    """A choice that names the nearest value for one that is mistyped."""

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        """As click does."""
        try:
            return super().convert(value, param, context)
        except click.BadParameter as error:
            near = nearest_name(value, [str(choice) for choice in self.choices])
            raise click.BadParameter(f"{error.message}{near}", ctx=context, param=param) from error


def nearest_name(word: str, names: Iterable[str]) -> str:
    """“ Did you mean …?” with the name that a slip would explain, to put behind a message; or nothing."""
    import difflib

    plain = {re.sub(r"[-_ .]", "", name.casefold()): name for name in names}
    near = difflib.get_close_matches(re.sub(r"[-_ .]", "", word.casefold()), list(plain), n=1, cutoff=0.7)
    return f" Did you mean {plain[near[0]]!r}?" if near else ""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lerkb")
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Folder of the knowledge base (default: the one above that has mkdocs.yml).",
)
@click.pass_context
def cli(context: click.Context, root: Path | None) -> None:
    """Check and publish a knowledge base on equitable Learning and Employment Records."""
    context.obj = root


def project(context: click.Context) -> Project:
    """The knowledge base that a command works on."""
    root: Path | None = context.obj
    return Project.at(root) if root is not None else Project.find()


def next_command(context: click.Context, *words: str) -> str:
    """A command on the same knowledge base, as it can be typed."""
    root: Path | None = context.obj
    return as_typed(*(("--root", str(root)) if root is not None else ()), *words)


def main(args: list[str] | None = None) -> int:  # noqa: PLR0911 - one way out for each kind of ending
    """Run the command line and return its exit code. A traceback appears only for a bug of ours."""
    try:
        result = cli.main(args=args, prog_name="lerkb", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        click.echo("\nlerkb: stopped", err=True)
        return STOPPED
    except click.ClickException as error:
        error.show()
        return USAGE
    except RunError as error:
        click.echo(f"lerkb: {error}", err=True)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as `| head` does
        return OK
    except OSError as error:
        if error.errno in _NOT_OURS:
            click.echo(f"lerkb: {error.filename or 'a file'} cannot be used: {error.strerror}", err=True)
            return USAGE
        return _bug()
    except Exception:  # noqa: BLE001 - the one place where a bug is told apart from all else
        return _bug()
    return result if isinstance(result, int) else OK


def _bug() -> int:
    traceback.print_exc()
    click.echo("lerkb: this is a bug of lerkb, not of your records. Please report the lines above.", err=True)
    return BUG
