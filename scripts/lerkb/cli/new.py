"""``lerkb new``: start a record."""

from __future__ import annotations

import re
from typing import Final

import click

from lerkb.cli import OK, NearChoice, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.project import KIND_FOLDERS, RECORD_SUFFIXES
from lerkb.scaffold import scaffold, unfit_id
from lerkb.schemas import Schemas

#: Vocabularies are few and grow by a value, not by a file.
KINDS: Final = tuple(kind for kind in KIND_FOLDERS if kind != "vocabulary")


@click.command("new")
@click.argument("kind", type=NearChoice(KINDS))
@click.argument("words", metavar="[ID]", nargs=-1)
@click.pass_context
def command(context: click.Context, kind: str, words: tuple[str, ...]) -> int:
    """Start a record of KIND, as a draft with each field explained. ID becomes its file name and address; without it, you are asked.

    An existing record is never overwritten.
    """
    found = project(context)
    asked = " ".join(words) or click.prompt("A short name (small letters, digits and single hyphens)", err=True)
    record_id = re.sub(r"\.ya?ml\Z", "", asked.strip(" "), flags=re.IGNORECASE)
    wrong = unfit_id(record_id)
    if wrong:
        raise RunError(wrong)
    for suffix in sorted(RECORD_SUFFIXES):
        taken = found.folder(kind) / f"{record_id}{suffix}"
        if taken.exists():
            raise RunError(f"{taken.relative_to(found.root).as_posix()} is there already; it was left as it is")
    target = found.folder(kind) / f"{record_id}.yaml"
    write_text(target, scaffold(Schemas.load(found.schemas_folder), kind, record_id))
    path = target.relative_to(found.root).as_posix()
    click.echo(path)
    click.echo(f"Change the examples in it, then run `lerkb validate {path}`.", err=True)
    return OK
