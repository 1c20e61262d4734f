"""``lerkb vocabularies``: make the schema part that lists the values of the vocabularies."""

from __future__ import annotations

import click
import yaml

from lerkb.cli import OK, WRONG, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.schemas import VOCABULARIES_FILE, Schemas, schema_text
from lerkb.validation import validate


@click.command("vocabularies")
@click.pass_context
def command(context: click.Context) -> int:
    """Write schemas/vocabularies.schema.json from content/vocabularies, so that editors explain each value.

    The choices in the issue forms of .github/ISSUE_TEMPLATE are taken over, too, where a form is there.
    """
    from lerkb.intake.columns import sheets
    from lerkb.intake.forms import find_forms, with_choices

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
    known = sheets(Schemas.load(found.schemas_folder))
    for form in find_forms(found.root):
        before = form.read_text(encoding="utf-8")
        try:
            after = with_choices(before, known)
        except yaml.YAMLError as error:
            raise RunError(f"{form.relative_to(found.root).as_posix()} is no YAML: {error}") from error
        if after != before:
            write_text(form, after)
            click.echo(f"wrote {form.relative_to(found.root).as_posix()}", err=True)
    return OK
