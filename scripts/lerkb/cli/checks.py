"""``lerkb checks``: everything that is looked for."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import click

from lerkb.checks import Check, all_checks
from lerkb.cli import OK, NearChoice
from lerkb.reporters.json import json_text

#: Of the form for programs; a change that breaks a reader gets a new one.
VERSION: Final = 1


@click.command("checks")
@click.option(
    "--format",
    "format_name",
    type=NearChoice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the list.",
)
def command(format_name: str) -> int:
    """List every check, by family: code, severity, name, what it finds. An asterisk marks those that a record may waive.

    Codes, names and families are what `validate --select` and `explain` take.
    """
    if format_name == "json":
        click.echo(json_text({"version": VERSION, "checks": [_values(check) for check in all_checks()]}), nl=False)
        return OK
    for family, checks in groupby(all_checks(), key=lambda check: (check.family_name, check.family)):
        click.echo(f"{family[0]} ({family[1]})")
        for check in checks:
            waivable = "*" if check.waivable else " "
            click.echo(f"  {check.code} {waivable} {check.severity.value:7}  {check.name:36}  {check.page.title}")
    return OK


def _values(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "name": check.name,
        "family": check.family_name,
        "severity": check.severity.value,
        "waivable": check.waivable,
        "title": check.page.title,
        "url": check.url,
    }
