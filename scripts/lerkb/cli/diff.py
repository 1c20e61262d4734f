"""``lerkb diff``: what a submission changes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lerkb.cli import OK, NearChoice, project
from lerkb.project import CONFIG_NAME, Project
from lerkb.revisions import find_commit, merge_base, revision
from lerkb.validation import validate

if TYPE_CHECKING:
    from lerkb.impact import Impact
    from lerkb.knowledge_base import KnowledgeBase


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "format_name",
    type=NearChoice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.pass_context
def command(context: click.Context, base: str, head: str | None, format_name: str) -> int:
    """Tell what changes from BASE to HEAD: records field by field, marks, harms, cells of the gap map, checks, pages.

    Each is a branch, tag or commit, or the folder of a knowledge base. Without HEAD the files as they are now are compared.
    Of two revisions, what HEAD changed since it left BASE is told, as a pull request shows it.
    """
    from lerkb.impact_reports import impact_json, impact_markdown, impact_text

    impact, shown = compared(context, base, head)
    if format_name == "json":
        click.echo(impact_json(impact), nl=False)
    else:
        click.echo((impact_markdown if format_name == "markdown" else impact_text)(impact, shown), nl=False)
    return OK


def compared(context: click.Context, base: str, head: str | None) -> tuple[Impact, KnowledgeBase]:
    """The impact from one state to the other, and the knowledge base of the later one.

    Raises:
        RunError: one of them is no folder of a knowledge base and no revision.
    """
    from lerkb.impact import compare

    with ExitStack() as stack:
        if head is None:
            after = project(context)
        elif _is_base(head):
            after = Project.at(Path(head))
        else:
            found = project(context)
            after = stack.enter_context(revision(found, find_commit(found.root, head)))
        if _is_base(base):
            before = Project.at(Path(base))
        else:
            found = project(context)
            commit = find_commit(found.root, base)
            if head is None or not _is_base(head):
                commit = merge_base(found.root, commit, find_commit(found.root, head or "HEAD"))
            before = stack.enter_context(revision(found, commit))
        new = validate(after)
        return compare(validate(before), new), new.base


def _is_base(name: str) -> bool:
    return (Path(name) / CONFIG_NAME).is_file()
