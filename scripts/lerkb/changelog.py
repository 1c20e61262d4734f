"""What changed for readers between two states of the published records, by consequence, as Markdown for the page “What’s new”."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from lerkb.impact import Consequence, How, RecordImpact, compare_followers, compare_records
from lerkb.site.messages import Messages
from lerkb.site.site import LISTED, record_url
from lerkb.text.markdown import markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.impact import MarkChange
    from lerkb.knowledge_base import KnowledgeBase

#: Above the first section of the page that the change log is written to.
MARK: Final = "<!-- lerkb changelog puts new sections below this line. -->"


def changelog(old: KnowledgeBase, new: KnowledgeBase, since: str, until: str, notes: Iterable[str] = ()) -> str:
    """One section of Markdown: what a reader of the site of ``since`` finds changed at ``until``. Drafts are in neither.

    ``notes``: sentences of those who sent the changes, told first.
    """
    t = Messages.load()
    before, after = old.without_drafts(), new.without_drafts()
    impacts = compare_records(before, after)
    lines = [f"## {t('news.section', since=since, until=until)}", ""]
    told = [item for item in impacts if item.kind in LISTED and Consequence.UPKEEP not in item.consequences]
    # A reader meets another mark on these pages, too; what only an effect did stands where it came from.
    followers = [item for item in compare_followers(before, after) if Consequence.CONTENT not in item.consequences]
    told_by_hand = [f"- {markdown_text(note)}" for note in notes]
    if told_by_hand:
        lines += [f"### {t('news.notes')}", "", *told_by_hand, ""]
    if not impacts:
        lines += [t("news.nothing"), ""]
    for consequence in Consequence:
        group = [item for item in (*told, *followers) if consequence in item.consequences]
        if group:
            lines += [f"### {t(f'news.{consequence.name.casefold()}')}", ""]
            lines += [line for item in group for line in _item(item, consequence, after, t)]
            lines.append("")
    counted = Counter(
        (item.kind, "upkeep" if Consequence.UPKEEP in item.consequences else item.how.value)
        for item in impacts
        if item not in told
    )
    if counted:
        lines += [f"### {t('news.behind')}", ""]
        lines += [
            f"- {t(f'kind.{kind}', n=2)}: {t(f'news.how.{how}', n=number)}"
            for (kind, how), number in sorted(counted.items())
        ]
        lines.append("")
    return "\n".join(lines)


def with_section(page: str, section: str) -> str:
    """The text of the page with the section as its newest, in the place of one with the same heading."""
    heading = section.partition("\n")[0]
    head, mark, rest = page.partition(MARK)
    sections = [part.strip() for part in re.split(r"^(?=## )", rest, flags=re.MULTILINE) if part.strip()]
    headings = [part.partition("\n")[0] for part in sections]
    if heading in headings:
        sections[headings.index(heading)] = section.strip()
    else:
        sections.insert(0, section.strip())
    return head + mark + "\n\n" + "\n\n".join(sections) + "\n"


def _item(item: RecordImpact, consequence: Consequence, after: KnowledgeBase, t: Messages) -> Iterator[str]:
    record = after.get(item.kind, item.id)
    title = markdown_text(item.title)
    shown = title if record is None else f"[{title}]({record_url(record)}index.md)"
    yield f"- {shown} ({t(f'kind.{item.kind}', n=1).lower()})"
    yield from (f"    - {line}" for line in _details(item, consequence, t))
    reason = record.data.get("retired", {}).get("reason") if record and item.how is How.RETIRED else None
    if reason:
        yield f"    - {markdown_text(reason)}"


def _details(item: RecordImpact, consequence: Consequence, t: Messages) -> Iterator[str]:
    """What the consequence is of."""
    if consequence in (Consequence.EVIDENCE_UP, Consequence.EVIDENCE_DOWN):
        up = consequence is Consequence.EVIDENCE_UP
        yield from (_mark(mark, t) for mark in item.marks if mark.up is up)
    elif consequence is Consequence.HARM_OPENED:
        yield from map(markdown_text, item.harms_opened)
    elif consequence is Consequence.HARM_CLOSED:
        yield from map(markdown_text, item.harms_closed)
    elif consequence is Consequence.MEANING:
        yield from (" › ".join(map(markdown_text, change.place)) for change in item.changes if change.defines)


def _mark(mark: MarkChange, t: Messages) -> str:
    words = t("news.mark", before=t(f"strength.{mark.before}"), after=t(f"strength.{mark.after}"))
    return t("news.of_claim", claim=mark.claim, words=words) if mark.claim else words
