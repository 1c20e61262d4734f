"""``lerkb changelog``: what changed for readers."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import ExitStack
from typing import Final

import click

from lerkb.cli import OK, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.revisions import commit_date, commit_of_day, find_commit, revision, trailers
from lerkb.validation import validate

#: The page that ``--write`` puts the section on, in the folder of pages.
PAGE: Final = "whats-new.md"
#: The line of a commit message that is written for readers, as the template of pull requests asks for it.
TRAILER: Final = "For-readers"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@click.command("changelog")
@click.argument("since")
@click.argument("until", required=False)
@click.option("--write", is_flag=True, help=f"Put it on the page content/pages/{PAGE}, as the newest section.")
@click.pass_context
def command(context: click.Context, since: str, until: str | None, *, write: bool) -> int:
    """Tell readers what changed SINCE a day (2026-01-31), tag or commit, by what it means to them, as Markdown.

    What commit messages say behind “For-readers:” stands first. UNTIL is a tag or commit, too; without it, the newest commit. Only what is published counts; what the tool itself learned
    stands elsewhere.
    """
    from lerkb.changelog import MARK, changelog, with_section

    found = project(context)
    first = commit_of_day(found.root, _day(since)) if _DAY.match(since) else find_commit(found.root, since)
    last = find_commit(found.root, until or "HEAD")
    with ExitStack() as stack:
        old = validate(stack.enter_context(revision(found, first))).base
        new = validate(stack.enter_context(revision(found, last))).base
        days = commit_date(found.root, first), commit_date(found.root, last)
        section = changelog(old, new, *days, trailers(found.root, first, last, TRAILER))
    if not write:
        click.echo(section, nl=False)
        return OK
    page = found.pages_folder / PAGE
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if MARK not in text:
        raise RunError(
            f"content/pages/{PAGE} is missing, or lacks the line that new sections are put below. "
            f"Put this line into it, by itself: {MARK}"
        )
    write_text(page, with_section(text, section))
    click.echo(f"content/pages/{PAGE}")
    return OK


def _day(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError as error:
        raise RunError(f"{text} is no day of the calendar; write it like 2026-01-31") from error
    return text
