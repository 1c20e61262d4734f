"""``lerkb review``: what waits for a reviewer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import click

from lerkb.checks import lifecycle
from lerkb.cli import OK, NearChoice, project
from lerkb.desk import LISTS, desk, newest_day
from lerkb.reporters.json import json_text
from lerkb.text.markdown import markdown_text
from lerkb.text.visible import visible
from lerkb.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.desk import Waiting
    from lerkb.site.messages import Messages

#: Of the form for programs; a change that breaks a reader gets a new one.
VERSION: Final = 1
#: A summary on GitHub holds a megabyte: of each list so many stand in the Markdown form.
_MOST: Final = 100


@click.command("review", epilog=f"Lists: {', '.join(LISTS)}.")
@click.argument("lists", nargs=-1, type=NearChoice(LISTS), metavar="[LIST…]")
@click.option(
    "--format",
    "format_name",
    type=NearChoice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Form of the lists.",
)
@click.option("--today", is_flag=True, help="Go by today, in place of the newest date in the records.")
@click.pass_context
def command(context: click.Context, lists: tuple[str, ...], format_name: str, *, today: bool) -> int:
    """List what waits for a reviewer, each with its reason: all, or the LISTs named.

    The day is that of SOURCE_DATE_EPOCH, else the newest date in the records, so that the same records give the same lists.
    """
    from lerkb.site.messages import Messages

    base = validate(project(context)).base
    day = lifecycle.today() if today or os.environ.get("SOURCE_DATE_EPOCH") else newest_day(base)
    found = desk(base, day)
    chosen = {name: found[name] for name in (lists or LISTS)}
    if format_name == "json":
        data = {name: [_values(item) for item in items] for name, items in chosen.items()}
        click.echo(json_text({"version": VERSION, "as_of": day, "lists": data}), nl=False)
    else:
        form = _markdown if format_name == "markdown" else _text
        click.echo("\n".join(form(chosen, day, Messages.load())))
    return OK


def _values(item: Waiting) -> dict[str, Any]:
    record = item.record
    return {
        "kind": record.kind,
        "id": record.id,
        "path": record.path,
        "part": item.part,
        "text": item.text,
        "why": item.why,
        **item.values,
    }


def _text(chosen: Mapping[str, tuple[Waiting, ...]], day: str, t: Messages) -> Iterator[str]:
    yield t("desk.as_of", day=day)
    for name, items in chosen.items():
        yield ""
        yield f"{t(f'desk.list.{name}')}: {len(items):,}"
        for item in items:
            yield f"  {visible(item.record.path)}{item.part and f' ({item.part})'}"
            if item.text:
                yield f"    {visible(item.text)}"
            yield f"    {visible(_why(item, t))}"


def _markdown(chosen: Mapping[str, tuple[Waiting, ...]], day: str, t: Messages) -> Iterator[str]:
    yield f"### {t('desk.title')}"
    yield ""
    yield t("desk.as_of", day=day)
    for name, items in chosen.items():
        if not items:
            continue
        yield ""
        yield f"<details><summary>{t(f'desk.list.{name}')}: {len(items):,}</summary>"
        yield ""
        for item in items[:_MOST]:
            yield f"- `{item.record.path}`: {markdown_text(f'{item.text} {_why(item, t)}'.strip())}"
        if len(items) > _MOST:
            yield f"- {t('desk.more', n=len(items) - _MOST)}"
        yield ""
        yield "</details>"


def _why(item: Waiting, t: Messages) -> str:
    return t(f"desk.why.{item.why}", **item.values)
