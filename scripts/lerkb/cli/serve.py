"""``lerkb serve``: a live preview on this machine."""

from __future__ import annotations

import logging
import socket

import click

from lerkb.cli import OK, project
from lerkb.errors import RunError
from lerkb.project import CONFIG_NAME

HOST = "127.0.0.1"


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.pass_context
def command(context: click.Context, port: int) -> int:
    """Show the site on this machine, drafts included. A saved record shows at once; a broken one shows what is wrong with it."""
    found = project(context)
    _refuse_taken(port)
    from mkdocs.commands.serve import serve
    from mkdocs.exceptions import MkDocsException

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(_is_worth_saying)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logging.getLogger("mkdocs.livereload").setLevel(logging.INFO)
    click.echo(f"Reading the records; the site will be at http://{HOST}:{port}/ (stop with Ctrl-C)", err=True)
    try:
        serve(config_file=str(found.root / CONFIG_NAME), dev_addr=f"{HOST}:{port}", open_in_browser=False)
    except MkDocsException as error:
        raise RunError(f"MkDocs could not serve the site: {error}") from error
    return OK


def _is_worth_saying(record: logging.LogRecord) -> bool:
    """Warnings, errors, and that the site can be looked at now."""
    return record.levelno >= logging.WARNING or "Serving on" in record.getMessage()  # MkDocs puts the time before it


def _refuse_taken(port: int) -> None:
    """Say in a sentence that a port is taken, before anything is built.

    Raises:
        RunError: something else listens there.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RunError(f"port {port} is taken by another program; choose another with --port") from error
