"""``lerkb init``: start a knowledge base of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from lerkb.cli import OK
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.project import CONFIG_NAME
from lerkb.terminal import as_typed


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--with-schemas", is_flag=True, help="Copy the schemas, too: to add fields, and for help in editors.")
def command(folder: Path, *, with_schemas: bool) -> int:
    """Start a knowledge base in DIR: settings, pages, vocabularies and one made-up record of each kind, which builds as it stands.

    Nothing that is there is overwritten.
    """
    from lerkb.starter import starter_files

    if (folder / CONFIG_NAME).exists():
        raise RunError(f"{folder} is a knowledge base already: it has a {CONFIG_NAME}")
    files = starter_files(with_schemas=with_schemas)
    taken = [path for path in files if (folder / path).exists()]
    if taken:
        raise RunError(
            f"{folder} has these already, so nothing was written: {', '.join(taken)}. Move them aside, or choose an empty folder"
        )
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder} is a file")
    for path, text in files.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{target.parent} cannot be made: {error.strerror}") from error
        write_text(target, text)
    click.echo(f"wrote {len(files)} files to {folder}", err=True)
    click.echo(f"Next: {as_typed('--root', str(folder), 'serve')}", err=True)
    return OK
