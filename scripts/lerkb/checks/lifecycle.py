"""Time and order: what is due to be read again, what took whose place, what is there twice."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.records import Record

_SAID: Final = Catalogue("lifecycle")
_DAY: Final = len("2026-11-25")


def today() -> str:
    """The day on which a review is overdue or not: that of SOURCE_DATE_EPOCH if it is set, else the clock’s. It enters no page."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch.isdecimal() else dt.datetime.now(dt.UTC)
    return now.date().isoformat()


@check("LIF001", Severity.WARNING, Scope.RECORD)
def review_overdue(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A record is due to be read again

    Pilots end, laws change, pages vanish. A record that nobody reads again goes on saying what was so.

    Bad:
        next_review: '2020-01'
    Good:
        next_review: '2027-05'
    """
    day = str(record.data.get("next_review", ""))
    if record.status == "published" and day and day[:_DAY] < today()[: len(day)]:
        yield _SAID.problem("review-overdue", ("next_review",), day=day)


@check("LIF002", Severity.WARNING, Scope.RECORD)
def successor_chain(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A retired record leads to another retired record

    An old address should lead straight to what is there now, and never in a circle.

    Bad:
        retired:
          successor: an-old-record (retired as well)
    Good:
        retired:
          successor: the-record-that-is-there
    """
    way = [record.id]
    current: Record | None = base.get(record.kind, record.successor) if record.successor else None
    while current is not None and current.successor and current.id not in way:
        way.append(current.id)
        current = base.get(current.kind, current.successor)
    field = ("retired", "successor")
    if current is not None and current.id in way and len(way) > 1:
        yield _SAID.problem("successor-chain.circle", field, way=" → ".join(f"`{name}`" for name in (*way, current.id)))
    elif current is not None and len(way) > 1:
        yield _SAID.problem("successor-chain.retired", field, successor=way[1], end=current.id)


@check("LIF005", Severity.ERROR, Scope.RECORD)
def impossible_date(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A date that cannot be right

    A day of work on a record lies neither before the field existed nor years ahead, and a record is read again after it was written.

    Bad:
        written: '1026-11-23'
        next_review: '2026-05'
    Good:
        written: '2026-11-23'
        next_review: '2027-05'
    """
    first, last = str(_SAID.threshold("first-year")), str(int(today()[:4]) + _SAID.threshold("years-ahead"))
    for field, value, _ in base.schemas.values(record.kind, record.data, "date"):
        year = str(value)[:4]
        if not first <= year <= last:
            yield _SAID.problem("impossible-date.year", field, year=year, first=first, last=last)
    written, again = str(record.data.get("written", "")), str(record.data.get("next_review", ""))
    if written and again and again < written[: len(again)]:
        yield _SAID.problem("impossible-date.order", ("next_review",), written=written)


@check("LIF003", Severity.WARNING, Scope.BASE)
def same_address(base: KnowledgeBase, project: Project) -> Iterator[tuple[Record, Problem]]:
    """Two source records have one address

    Findings would seem to rest on two documents where there is one.

    Bad:
        url: 'http://www.example.org/report/' (in one)
        url: https://example.org/report?utm_source=x (in the other)
    Good:
        (one source record, named by both findings)
    """
    seen: dict[str, Record] = {}
    for record in sorted(base, key=lambda record: record.id):
        if record.kind == "source" and record.status != "retired":
            first = seen.setdefault(plain_address(record.data["url"]), record)
            if first is not record:
                yield record, _SAID.problem("same-address", ("url",), other=first.id)


def plain_address(url: str) -> str:
    """An address without what two spellings of it may differ in."""
    parts = urlsplit(url)
    tracking = set(_SAID.terms("tracking"))
    query = sorted((name, value) for name, value in parse_qsl(parts.query) if name.casefold() not in tracking)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("page=", "!", "/")) else ""
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(query)}{fragment}"


@check("LIF004", Severity.WARNING, Scope.BASE)
def near_duplicate(base: KnowledgeBase, project: Project) -> Iterator[tuple[Record, Problem]]:
    """A record that reads much like another

    The same thing twice splits its findings, and readers take it for two.

    Bad:
        (two pilot records of one trial)
    Good:
        (one record, with the findings of both)
    """
    by_kind: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(base, key=lambda record: record.id):
        if record.status != "retired" and record.kind != "vocabulary":
            by_kind[record.kind].append(record)
    for kind, records in by_kind.items():
        if kind != "source":  # two editions of a document have one title; LIF003 looks at addresses
            yield from _alike(records, "title")
        if kind not in ("source", "term"):
            yield from _alike(records, "summary")


def _alike(records: list[Record], name: str) -> Iterator[tuple[Record, Problem]]:
    """Pairs of records whose texts share most of their word groups; each pair is met once.

    Only records that share a rare group are compared, so the work grows with the number of records and not with its square.
    """
    size = _SAID.threshold("shingle") if name == "summary" else 1
    least = _SAID.threshold("same-shingles" if name == "summary" else "same-title-words")
    groups = [_shingles(record.data.get(name, ""), size) for record in records]
    holders: dict[Any, list[int]] = defaultdict(list)
    for number, found in enumerate(groups):
        for group in found:
            holders[group].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 1 < len(numbers) <= _SAID.threshold("common"):
            shared.update((one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 :])
    for one, other in sorted(shared):
        union = groups[one] | groups[other]
        both = len(groups[one] & groups[other])
        if union and both / len(union) >= least and both > 1:
            why = f"their {'titles' if name == 'title' else 'summaries'} share {both} of {len(union)} {'words' if size == 1 else 'groups of words'}"
            yield records[other], _SAID.problem("near-duplicate", (name,), other=records[one].id, why=why)


def _shingles(text: Any, size: int) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", str(text).casefold())
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
