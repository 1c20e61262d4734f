"""``lerkb new``: start a record."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

import click

from lerkb.cli import OK, NearChoice, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.project import KIND_FOLDERS, RECORD_SUFFIXES
from lerkb.scaffold import id_from, scaffold, unfit_id
from lerkb.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Vocabularies are few and grow by a value, not by a file.
KINDS: Final = tuple(kind for kind in KIND_FOLDERS if kind != "vocabulary")


@click.command("new")
@click.argument("kind", type=NearChoice(KINDS))
@click.argument("words", metavar="[ID]", nargs=-1)
@click.option("--title", default="", help="The title; without ID, the file’s name is made of it.")
@click.option("--summary", default="", help="The summary.")
@click.pass_context
def command(context: click.Context, kind: str, words: tuple[str, ...], title: str, summary: str) -> int:
    """Start a record of KIND, as a draft with each field explained. ID becomes its file name and address.

    On a terminal you are asked for what you left out; an empty answer keeps the example. An existing record is never overwritten.
    """
    found = project(context)
    schemas = Schemas.load(found.schemas_folder)
    given = _given(schemas, kind, {"title": title, "summary": summary})
    record_id = _record_id(" ".join(words), given.get("title", ""))
    for suffix in sorted(RECORD_SUFFIXES):
        taken = found.folder(kind) / f"{record_id}{suffix}"
        if taken.exists():
            raise RunError(f"{taken.relative_to(found.root).as_posix()} is there already; it was left as it is")
    target = found.folder(kind) / f"{record_id}.yaml"
    write_text(target, scaffold(schemas, kind, record_id, given))
    path = target.relative_to(found.root).as_posix()
    click.echo(path)
    click.echo(f"Change the examples in it, then run `lerkb validate {path}`.", err=True)
    return OK


def _given(schemas: Schemas, kind: str, options: Mapping[str, str]) -> dict[str, str]:
    """The texts that were given as options, or are given now to whoever sits at a terminal.

    Raises:
        RunError: the kind has no such field, or the text is too long for it.
    """
    fields = schemas.described(kind, ())["properties"]
    given = {}
    for name, text in options.items():
        value = " ".join(text.split())
        if name not in fields:
            if value:
                raise RunError(f"a {kind} has no {name}; leave out --{name}")
            continue
        if not value and sys.stdin.isatty():
            question = fields[name].get("x-question", fields[name]["title"])
            value = " ".join(click.prompt(question, default="", show_default=False, err=True).split())
        longest = fields[name]["maxLength"]
        if len(value) > longest:
            raise RunError(f"the {name} has {len(value):,} characters; at most {longest:,} fit")
        if value:
            given[name] = value
    return given


def _record_id(words: str, title: str) -> str:
    """The id that was given, is asked for, or follows from the title.

    Raises:
        RunError: it will not do.
    """
    made = id_from(title)
    asked = words or ("" if sys.stdin.isatty() else made)
    asked = asked or click.prompt(
        "A short name (small letters, digits and single hyphens)", default=made or None, err=True
    )
    record_id = re.sub(r"\.ya?ml\Z", "", asked.strip(" "), flags=re.IGNORECASE)
    wrong = unfit_id(record_id)
    if wrong:
        raise RunError(wrong)
    return record_id
