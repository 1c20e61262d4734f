"""``lerkb format``: one layout for every record."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lerkb.cli import OK, WRONG, project
from lerkb.cli.validate import named_records
from lerkb.errors import RunError
from lerkb.files import replace_text
from lerkb.formatting import format_record
from lerkb.schemas import Schemas
from lerkb.yaml_source import load_source
from lerkb.yaml_tree import NotUnderstoodError

if TYPE_CHECKING:
    from lerkb.project import RecordFile


@click.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; list the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, only_check: bool, diff: bool) -> int:
    """Lay records out in one way: the schema's order of fields, block style, one way of wrapping and quoting.

    Values and remarks stay as they are. A file that cannot be understood in full is left untouched.
    """
    found = project(context)
    named = named_records(found, paths)
    schemas = Schemas.load(found.schemas_folder)
    changed = left = 0
    for record in found.find_records():
        if named is not None and record.path not in named:
            continue
        source = load_source(record.kind, record.path, record.file)
        try:
            made = format_record(source.text, record.kind, schemas)
        except NotUnderstoodError as error:
            left += 1
            click.echo(f"{record.path}: left as it is: {error}", err=True)
            continue
        if _stands(record, made):
            continue
        if diff:
            click.echo(_diff(record, source.text, made), nl=False)
        elif not only_check:
            try:
                replace_text(record.file, source.text, made)
            except RunError as error:
                left += 1
                click.echo(f"{record.path}: left as it is: {error}", err=True)
                continue
        changed += 1
        if not diff:
            click.echo(record.path)
    verb = "would change" if only_check or diff else "changed"
    click.echo(f"{changed:,} {verb}" + (f", {left:,} left as they are" if left else ""), err=True)
    return WRONG if left or (changed and (only_check or diff)) else OK


def _stands(record: RecordFile, text: str) -> bool:
    try:
        return record.file.read_bytes() == text.encode()
    except OSError:  # gone since it was read: writing will say so
        return False


def _diff(record: RecordFile, old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), record.path, record.path)
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)
