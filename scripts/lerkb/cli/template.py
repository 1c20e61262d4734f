"""``lerkb template``: an empty spreadsheet to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lerkb.cli import OK, NearChoice, nearest_name, next_command, project
from lerkb.errors import RunError
from lerkb.files import write_bytes

if TYPE_CHECKING:
    from lerkb.intake.columns import Sheet


@click.command("template")
@click.argument("form", type=NearChoice(["xlsx", "csv"]))
@click.argument("what")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write (default: WHAT with the form’s ending, here).",
)
@click.pass_context
def command(context: click.Context, form: str, what: str, output: Path | None) -> int:
    """Make a spreadsheet to fill in and hand back to `lerkb import`.

    WHAT: a kind of record (`use-case`, `pilot`, `source`, …), one row a record; or one of its lists (`findings`, `use-case.gains`), one row an
    entry. A workbook of a kind has a sheet for each of its lists, too. A file that is there is not overwritten.
    """
    from lerkb.intake.columns import find_sheet, sheets
    from lerkb.intake.template import csv_template, xlsx_template
    from lerkb.schemas import Schemas

    found = project(context)
    known = sheets(Schemas.load(found.schemas_folder))
    sheet = find_sheet(known, what)
    if sheet is None:
        raise RunError(no_such_table(what, known))
    if form == "csv":
        content = csv_template(sheet)
    else:
        content = xlsx_template([sheet] if sheet.part else [other for other in known if other.kind == sheet.kind])
    target = output or Path(f"{sheet.what}.{form}")
    if target.exists():
        raise RunError(f"{target} is there already; it was left as it is. Name another file with -o")
    write_bytes(target, content)
    click.echo(str(target))
    click.echo(f"Fill it in, then run `{next_command(context, 'import', str(target))}`.", err=True)
    return OK


def no_such_table(what: str, known: tuple[Sheet, ...]) -> str:
    """That no table is called so, and what they are called."""
    several = [sheet.what for sheet in known if sheet.part == what]
    if several:
        return f"several kinds have {what!r}: write {', '.join(several[:-1])} or {several[-1]}"
    listed = ", ".join(sheet.what for sheet in known)
    return f"there is no table {what!r}.{nearest_name(what, [sheet.what for sheet in known] + [sheet.part for sheet in known if sheet.part])} There are: {listed}"
