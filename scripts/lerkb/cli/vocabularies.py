"""``lerkb vocabularies``: make the schema part that lists the values of the vocabularies."""

from __future__ import annotations

import click

from lerkb.cli import OK, WRONG, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.schemas import VOCABULARIES_FILE, schema_text
from lerkb.validation import validate


@click.command("vocabularies")
@click.pass_context
def command(context: click.Context) -> int:
    """Write schemas/vocabularies.schema.json from content/vocabularies, so that editors explain each value."""
    found = project(context)
    if not found.has_own_schemas:
        raise RunError(f"{found.root} has no schemas folder of its own")
    validation = validate(found)
    broken = [item for item in validation.diagnostics if item.path.startswith("content/vocabularies/")]
    if broken:
        for item in broken:
            click.echo(f"{item.path}:{item.line}:{item.column}: {item.code} {item.message}", err=True)
        return WRONG
    path = found.root / "schemas" / VOCABULARIES_FILE
    write_text(path, schema_text(validation.base.schemas.documents[VOCABULARIES_FILE]))
    click.echo(f"wrote schemas/{VOCABULARIES_FILE}", err=True)
    return OK
