"""``lerkb explain``: what a check looks for, why, and how to mend what it finds."""

from __future__ import annotations

import difflib
import textwrap

import click

from lerkb.checks import Check, all_checks, find_check
from lerkb.cli import OK
from lerkb.errors import RunError
from lerkb.terminal import as_typed


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain the check CODE (a code such as REF001, or a name such as unknown-reference). Without CODE, list all checks."""
    if code is None:
        for check in all_checks():
            click.echo(f"{check.code}  {check.severity.value:7}  {check.name:32}  {check.page.title}")
        return OK
    found = find_check(code)
    family = [check for check in all_checks() if code.casefold() in (check.family.casefold(), check.family_name)]
    if family:
        click.echo("\n".join(f"{check.code}  {check.name}: {check.page.title}" for check in family))
        return OK
    if found is None:
        names = [name for check in all_checks() for name in (check.code, check.name)]
        near = difflib.get_close_matches(code.upper(), names, n=1) or difflib.get_close_matches(code, names, n=1)
        raise RunError(
            f"no check is called {code!r}"
            + (f"; did you mean {near[0]}?" if near else f"; `{as_typed('explain')}` lists them")
        )
    click.echo(_text(found))
    return OK


def _text(check: Check) -> str:
    page = check.page
    waiver = "A record may waive it with a written reason." if check.waivable else "It cannot be waived."
    return "\n".join(
        [
            f"{check.code} {check.name} ({check.severity.value})",
            page.title,
            "",
            textwrap.fill(" ".join(page.why.split()), 88),
            "",
            "What it finds:",
            textwrap.indent(page.bad, "    "),
            "",
            "What to write instead:",
            textwrap.indent(page.good, "    "),
            "",
            waiver,
        ]
    )
