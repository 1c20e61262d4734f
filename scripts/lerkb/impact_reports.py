"""An impact → text: for a terminal, for a comment or a step summary, for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from lerkb.changes import in_words
from lerkb.impact import How, Impact, MarkChange
from lerkb.reporters.json import json_text
from lerkb.reporters.text import count, counts
from lerkb.site.messages import Messages
from lerkb.site.pages.gap_map import PAIRS
from lerkb.text.markdown import markdown_text
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.changes import FieldChange
    from lerkb.impact import RecordImpact
    from lerkb.knowledge_base import KnowledgeBase

#: Of the form for programs; a change that breaks a reader gets a new one.
VERSION: Final = 1
#: A text longer than this is cut in the middle of a sentence that tells of it.
_LONGEST: Final = 300
#: GitHub takes a comment of 65,536 characters and a summary of a megabyte; past this a list is cut, and says so.
_MOST_RECORDS: Final = 60
_MOST_CHANGES: Final = 30


def impact_json(impact: Impact) -> str:
    """One object: ``{"version": 1, "records": […], "cells_filled": [[row, column]…], "sources": […], …}``; values as they stand in the records."""
    return json_text({"version": VERSION, **asdict(impact)})


def impact_text(impact: Impact, base: KnowledgeBase) -> str:
    """For people at a terminal."""
    return "\n".join(_lines(impact, base, _Plain())) + "\n"


def impact_markdown(impact: Impact, base: KnowledgeBase) -> str:
    """For a comment on a pull request, or the summary of a run. Nothing of a record is read as Markdown or as HTML."""
    return "\n".join(_lines(impact, base, _Markdown())) + "\n"


class _Plain:
    """How a terminal shows the parts of a report."""

    def head(self, text: str) -> list[str]:
        return ["", text]

    def record(self, title: str, about: str) -> list[str]:
        return ["", f"{about}: {title}"]

    def item(self, text: str, depth: int = 1) -> str:
        return f"{'  ' * depth}{text}"

    def code(self, text: str) -> str:
        return text

    def text(self, text: str) -> str:
        return visible(text)


class _Markdown(_Plain):
    """How GitHub, GitLab and others show them."""

    def head(self, text: str) -> list[str]:
        return ["", f"### {text}", ""]

    def record(self, title: str, about: str) -> list[str]:
        return ["", f"**{self.text(title)}** ({about})", ""]

    def item(self, text: str, depth: int = 1) -> str:
        return f"{'  ' * (depth - 1)}- {text}"

    def code(self, text: str) -> str:
        return f"`{visible(text).replace('`', '’')}`"

    def text(self, text: str) -> str:
        return markdown_text(text)


def _lines(impact: Impact, base: KnowledgeBase, form: _Plain) -> Iterator[str]:
    if impact.is_empty:
        yield "No record changes."
        return
    how = Counter(item.how for item in impact.records)
    told = [f"{number:,} {kind.value}" for kind in How if (number := how[kind])]
    yield f"{count(len(impact.records), 'record')} differ{'s' if len(impact.records) == 1 else ''}" + (
        f": {', '.join(told)}." if told else "."
    )
    if impact.unread:
        number = len(impact.unread)
        yield f"{count(number, 'file')} {'has' if number == 1 else 'have'} the wrong shape and cannot be compared until mended."
    yield from _in_short(impact, base, form)
    for item in impact.records[:_MOST_RECORDS]:
        yield from _record(item, form)
    if len(impact.records) > _MOST_RECORDS:
        yield ""
        yield f"… and {count(len(impact.records) - _MOST_RECORDS, 'more record')}."
    yield from _followers(impact, form)
    if impact.diagnostics_new or impact.diagnostics_gone:
        yield from form.head("What the checks say")
        yield from _diagnostics(impact, form)
    if impact.pages:
        yield from form.head(f"{count(len(impact.pages), 'page')} will read differently")
        for address in impact.pages[:_MOST_RECORDS]:
            yield form.item(form.code(address))
        if len(impact.pages) > _MOST_RECORDS:
            yield form.item(f"… and {len(impact.pages) - _MOST_RECORDS:,} more")


def _followers(impact: Impact, form: _Plain) -> Iterator[str]:
    """Records whose own files are the same."""
    if impact.followers:
        yield from form.head("Marks that change with what they rest on")
        for item in impact.followers[:_MOST_RECORDS]:
            yield form.item(
                f"{item.kind} {form.code(item.id)}, {'; '.join(item.consequences)}: {form.text(item.title)}"
            )
            yield from (form.item(_mark(mark, form), 2) for mark in item.marks)
        if len(impact.followers) > _MOST_RECORDS:
            yield form.item(f"… and {count(len(impact.followers) - _MOST_RECORDS, 'more record')}")


def _in_short(impact: Impact, base: KnowledgeBase, form: _Plain) -> Iterator[str]:
    """What weighs most, in a few lines."""
    lines = []
    for title, name in (
        ("findings added", "findings_added"),
        ("findings gone", "findings_gone"),
        ("harms opened", "harms_opened"),
        ("harms closed", "harms_closed"),
        ("references added", "references_added"),
        ("references gone", "references_gone"),
    ):
        total = sum(len(getattr(item, name)) for item in impact.records)
        if total:
            lines.append(f"{title}: {total:,}")
    for title, cells in (("filled", impact.cells_filled), ("emptied", impact.cells_emptied)):
        if cells:
            named = "; ".join(" × ".join(_cell(base, cell)) for cell in cells[:_MOST_CHANGES])
            more = f"; and {len(cells) - _MOST_CHANGES} more" if len(cells) > _MOST_CHANGES else ""
            lines.append(f"cells of the gap map {title}: {len(cells)} ({form.text(named)}{more})")
    for source in impact.sources:
        if source.resembles:
            others = ", ".join(form.code(other) for other in source.resembles)
            lines.append(f"new source {form.code(source.id)} has nearly the title of {others}: one document, or two?")
    if lines:
        yield from form.head("In short")
        yield from (form.item(line) for line in lines)


def _cell(base: KnowledgeBase, cell: tuple[str, str]) -> Iterator[str]:
    for vocabulary, value in zip(PAIRS[0], cell, strict=True):
        yield str(base.vocabulary(vocabulary).get(value, {}).get("title", value))


def _record(item: RecordImpact, form: _Plain) -> Iterator[str]:
    what = f"{item.kind} {form.code(item.id)}, {'; '.join(item.consequences)}"
    yield from form.record(item.title, what)
    if item.how is How.WITHDRAWN:
        yield form.item("What it told is not repeated here.")
    for mark in item.marks:
        yield form.item(_mark(mark, form))
    if item.grade:
        yield form.item(f"reading grade of the text for workers: {item.grade[0]} → {item.grade[1]}")
    for title, texts in (
        ("harm opened", item.harms_opened),
        ("harm closed", item.harms_closed),
        ("finding added", item.findings_added),
        ("finding gone", item.findings_gone),
    ):
        for text in texts[:_MOST_CHANGES]:
            yield form.item(f"{title}: {form.text(_short(text))}")
        if len(texts) > _MOST_CHANGES:
            yield form.item(f"{title}: and {len(texts) - _MOST_CHANGES} more")
    for change in item.changes[:_MOST_CHANGES]:
        yield from _change(change, form)
    if len(item.changes) > _MOST_CHANGES:
        yield form.item(f"… and {count(len(item.changes) - _MOST_CHANGES, 'more field')}")


def _mark(mark: MarkChange, form: _Plain) -> str:
    t = Messages.load()

    def said(name: str) -> str:
        return t(f"{mark.name}.{name}") if name else "none"

    whose = f"{mark.name} of claim {form.code(mark.claim)}" if mark.claim else f"{mark.name} of the record"
    return f"{whose}: {said(mark.before)} → {said(mark.after)}"


def _change(change: FieldChange, form: _Plain) -> Iterator[str]:
    place = " › ".join(form.text(part) for part in change.place)
    if change.before is None:
        yield form.item(f"{place}: added")
        yield form.item(f"now: {form.text(_short(in_words(change.after)))}", 2)
    elif change.after is None:
        yield form.item(f"{place}: taken out")
        yield form.item(f"was: {form.text(_short(in_words(change.before)))}", 2)
    else:
        yield form.item(f"{place}:")
        yield form.item(f"was: {form.text(_short(in_words(change.before)))}", 2)
        yield form.item(f"now: {form.text(_short(in_words(change.after)))}", 2)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2].rstrip() + " …"


def _diagnostics(impact: Impact, form: _Plain) -> Iterator[str]:
    for title, found in (("new", impact.diagnostics_new), ("gone", impact.diagnostics_gone)):
        if found:
            yield form.item(f"{title}: {counts(found)}")
            yield from (_told(found, form))


def _told(found: Iterable[Any], form: _Plain) -> Iterator[str]:
    listed = list(found)
    for item in listed[:_MOST_CHANGES]:
        yield form.item(f"{form.code(f'{item.path}:{item.line}')} {item.code} {form.text(_short(item.message))}", 2)
    if len(listed) > _MOST_CHANGES:
        yield form.item(f"… and {len(listed) - _MOST_CHANGES} more", 2)
