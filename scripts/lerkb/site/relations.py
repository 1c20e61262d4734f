"""What a record stands on and what stands on it, as a list and as a drawing.

The chain is that of the evidence: text → finding → document. A record that cites a finding stands on the record of that finding, and by
way of it on the document that says it. Records of one kind do not stand on one another: a tension between principles, a successor and
“see also” are named elsewhere on a page.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from lerkb.site.views import Link, Viewer
from lerkb.text.prose import first_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from lerkb.knowledge_base import KnowledgeBase, Reference
    from lerkb.records import Record

#: Order of the groups: along the chain of evidence, then what tells of it.
_ORDER: Final = ("pilot", "source", "principle", "use-case", "overview", "term")
#: Lines of a group up to which it stands open.
_IN_SIGHT: Final = 6
#: Characters of a finding in the list; the whole of it is a link away.
_SENTENCE: Final = 90

#: Boxes on each side of the drawing.
BOXES: Final = 8
# Measures of the drawing, in its own units.
_WIDE: Final = 220  #: a box
_GAP: Final = 40  #: between two columns, where the lines run
_PITCH: Final = 60  #: from one box to the next
_TOP: Final = 26  #: room for the heads of the columns
_LETTERS: Final = 28  #: of a line of a title, so that a wide typeface has room too
_LINES: Final = 2
_CENTER_LINES: Final = 4


@dataclass(frozen=True)
class Related:
    """A record on one side of another, and what ties the two."""

    kind_word: str
    link: Link  #: its note says what ties them: how many findings, or how a principle was kept
    claims: tuple[Link, ...]  #: claims on the same page that tell findings of it, by their numbers
    findings: tuple[Link, ...]  #: those of it that are cited elsewhere than in a claim
    through: bool  #: only by way of findings of a third record


@dataclass(frozen=True)
class RelatedGroup:
    """The records of one kind on one side."""

    title: str
    entries: tuple[Related, ...]
    told_at: str = ""  #: the section of the page that lists some of them already
    told: AbstractSet[str] = frozenset()  #: addresses of those

    @property
    def untold(self) -> tuple[Related, ...]:
        """The records that nothing else on the page lists."""
        return tuple(entry for entry in self.entries if entry.link.href not in self.told)

    @property
    def is_short(self) -> bool:
        """Whether it stands open."""
        return sum(1 + len(entry.findings) for entry in self.untold) <= _IN_SIGHT


@dataclass(frozen=True)
class Side:
    """One side in the list."""

    title: str
    groups: tuple[RelatedGroup, ...]
    nothing: str  #: what is said where there is no record

    @property
    def entries(self) -> tuple[Related, ...]:
        """Every record of this side."""
        return tuple(entry for group in self.groups for entry in group.entries)


@dataclass(frozen=True)
class Box:
    """A record in the drawing; without an address it leads nowhere."""

    x: int
    y: int
    width: int
    height: int
    note: str
    lines: tuple[str, ...]
    href: str = ""
    label: str = ""  #: what is read out in place of the cut title


@dataclass(frozen=True)
class Column:
    """One side in the drawing."""

    title: str
    x: int
    boxes: tuple[Box, ...]
    nothing: Box | None
    more: str  #: that the list has others
    more_y: int


@dataclass(frozen=True)
class Drawing:
    """Three columns and the lines between them."""

    label: str
    size: tuple[int, int]
    columns: tuple[Column, ...]
    title: str  #: over the middle
    center: Box
    lines: str  #: a path
    lines_through: str  #: a path of what is tied only by way of findings


@dataclass(frozen=True)
class RelationsView:
    """The section of a record’s page, ready to print."""

    sides: tuple[Side, ...]
    drawing: Drawing


@dataclass(frozen=True)
class _Tie:
    """One reason why two records stand together: a finding or a gap that is cited, or neither where the record itself is named."""

    record: Record
    finding: str = ""
    gap: str = ""
    through: bool = False


def relations_view(viewer: Viewer, record: Record) -> RelationsView:
    """Prepare the section of a record’s page, once the rest of the page is: what the page lists already is not listed twice."""
    t = viewer.t
    nothing = t("relations.on_none_source" if record.kind == "source" else "relations.on_none")
    below = _groups(viewer, record, _stands_on(viewer.base, record), of_others=True)
    sides = (Side(t("relations.on"), below, nothing), stands_on_it(viewer, record))
    return RelationsView(sides, _drawing(viewer, record, sides))


def stands_on_it(viewer: Viewer, record: Record) -> Side:
    """What stands on a record, alone: for the page of a record that is gone."""
    above = _groups(viewer, record, _stands_on_it(viewer.base, record), of_others=False)
    return Side(viewer.t("relations.by"), above, viewer.t("relations.by_none"))


# What ties two records


def _stands_on(base: KnowledgeBase, record: Record) -> Iterator[_Tie]:
    cited: dict[str, None] = {}  # findings of others, once each
    for reference in base.references_of(record):
        target = base.get(reference.kind, reference.id)
        if target is None or target.kind == record.kind:
            continue
        yield _tie(target, reference)
        if reference.part == "findings":
            cited.setdefault(reference.written)
    for citation in cited:
        found = base.finding(citation)
        for item in found[1]["sources"] if found else ():
            source = base.get("source", item["source"])
            if source is not None:
                yield _Tie(source, citation, through=True)


def _stands_on_it(base: KnowledgeBase, record: Record) -> Iterator[_Tie]:
    carried: dict[str, Record] = {}  # findings that a document carries
    for reference in base.backlinks(record):
        if reference.origin.kind not in (record.kind, "vocabulary"):
            tie = _tie(reference.origin, reference)
            yield tie
            if record.kind == "source" and tie.finding:
                carried.setdefault(tie.finding, reference.origin)
    for citation, pilot in carried.items():
        for reference in base.cited_by(pilot, citation.partition("#")[2]):
            if reference.part == "findings" and reference.origin.kind != pilot.kind:
                yield _Tie(reference.origin, citation, through=True)


def _tie(other: Record, reference: Reference) -> _Tie:
    """What a reference cites: a finding, a gap, or the whole record. A pilot’s own finding may be what names a document."""
    origin, (first, *rest) = reference.origin, reference.field
    if origin.kind == "pilot" and first == "findings":
        return _Tie(other, f"{origin.id}#{origin.data['findings'][rest[0]]['id']}")
    written = {reference.part: reference.written}
    return _Tie(other, written.get("findings", ""), written.get("gaps", ""))


# The list


def _groups(viewer: Viewer, record: Record, ties: Iterable[_Tie], *, of_others: bool) -> tuple[RelatedGroup, ...]:
    """The records of one side by kind, those with most ties first. ``of_others``: what is cited are parts of these."""
    tied: dict[str, dict[str, list[_Tie]]] = {}
    for tie in ties:
        tied.setdefault(tie.record.kind, {}).setdefault(tie.record.id, []).append(tie)
    return tuple(
        _group(viewer, record, kind, tuple(sorted(tied[kind].values(), key=_by_weight)), of_others=of_others)
        for kind in sorted(tied, key=_ORDER.index)
    )


def _group(
    viewer: Viewer, record: Record, kind: str, found: tuple[list[_Tie], ...], *, of_others: bool
) -> RelatedGroup:
    t = viewer.t
    title = t("relations.findings_by_pilot") if of_others and kind == "pilot" else t(f"kind.{kind}.other")
    entries = tuple(_related(viewer, record, ties, of_others=of_others) for ties in found)
    told_at, told = _told(viewer, record, kind) if of_others else ("", frozenset[str]())
    return RelatedGroup(
        title,
        entries,
        told_at,
        {entry.link.href for entry, ties in zip(entries, found, strict=True) if ties[0].record.id in told},
    )


def _told(viewer: Viewer, record: Record, kind: str) -> tuple[str, AbstractSet[str]]:
    """The section of the page that lists records of a kind before this one does, and which."""
    if kind == "source":
        return "#sources", viewer.named_sources
    if kind == "principle":
        return "#principles", {use["principle"] for use in record.data.get("principles", ())}
    return "", frozenset()


def _by_weight(ties: list[_Tie]) -> tuple[int, int, str, str]:
    record = ties[0].record
    return record.data.get("number", 0), -len({tie.finding for tie in ties}), record.title.casefold(), record.id


def _related(viewer: Viewer, record: Record, ties: list[_Tie], *, of_others: bool) -> Related:
    t, other = viewer.t, ties[0].record
    findings = list(dict.fromkeys(tie.finding for tie in ties if tie.finding))
    gaps = list(dict.fromkeys(tie.gap for tie in ties if tie.gap))
    through = all(tie.through for tie in ties)
    notes = [_how(viewer, record, other)]
    if findings:
        notes.append(t("relations.through" if through else "relations.findings", n=len(findings)))
    if gaps:
        notes.append(t("relations.gaps", n=len(gaps)))
    claims = _claims(record) if of_others and other.kind == "pilot" else {}
    numbers = sorted({number for finding in findings for number in claims.get(finding, ())})
    untold = [finding for finding in findings if finding not in claims]
    return Related(
        kind_word=t("principle.number", number=other.data["number"])
        if other.kind == "principle"
        else t(f"kind.{other.kind}.one"),
        link=Link(other.title, viewer.link(other).href, ", ".join(filter(None, notes))),
        claims=tuple(Link(str(number), f"#c{number}") for number in numbers),
        findings=tuple(_sentences(viewer, untold)) if of_others and other.kind == "pilot" else (),
        through=through,
    )


def _claims(record: Record) -> dict[str, list[int]]:
    """The numbers of the claims that tell a finding, by the finding."""
    claims: dict[str, list[int]] = {}
    for number, claim in enumerate(record.data.get("claims", ()), start=1):
        for citation in (*claim.get("findings", ()), *claim.get("also", ())):
            claims.setdefault(citation, []).append(number)
    return claims


def _how(viewer: Viewer, record: Record, other: Record) -> str:
    """How a use case kept a principle, if these are the two."""
    by_kind = {record.kind: record, other.kind: other}
    case, principle = by_kind.get("use-case"), by_kind.get("principle")
    if case is None or principle is None:
        return ""
    uses = (use["how"] for use in case.data.get("principles", ()) if use["principle"] == principle.id)
    return next((viewer.t(f"how.{how}") for how in uses), "")


def _sentences(viewer: Viewer, citations: Iterable[str]) -> Iterator[Link]:
    """Findings by what they say, each leading to its place in its record."""
    for citation in citations:
        found = viewer.base.finding(citation)
        if found is not None:
            pilot, finding = found
            yield Link(first_sentence(finding["text"], _SENTENCE), f"{viewer.link(pilot).href}#{finding['id']}")


# The drawing


def _drawing(viewer: Viewer, record: Record, sides: tuple[Side, ...]) -> Drawing:
    t = viewer.t
    slots = max(2, *(len(_drawn(side)) + (len(side.entries) > BOXES) for side in sides))
    height = _TOP + slots * _PITCH
    columns = tuple(_column(viewer, side, 2 * index * (_WIDE + _GAP), height) for index, side in enumerate(sides))
    middle = _WIDE + _GAP
    tall = _height(_CENTER_LINES)
    center = Box(
        middle,
        _middle(height) - tall // 2,
        _WIDE,
        tall,
        viewer.kind_word(record),
        _wrapped(record.title, _CENTER_LINES),
    )
    paths = {True: "", False: ""}
    for side, column in zip(sides, columns, strict=True):
        ends = (_WIDE, middle) if column.x == 0 else (column.x, middle + _WIDE)
        for entry, box in zip(_drawn(side), column.boxes, strict=True):
            paths[entry.through] += _path(ends, box.y + box.height // 2, _middle(height))
    return Drawing(
        label=t("relations.drawing", on=len(sides[0].entries), by=len(sides[1].entries)),
        size=(3 * _WIDE + 2 * _GAP, height),
        columns=columns,
        title=t("relations.this"),
        center=center,
        lines=paths[False],
        lines_through=paths[True],
    )


def _drawn(side: Side) -> tuple[Related, ...]:
    """What is drawn of a side: from each kind in turn, so that many of one do not crowd out another; in the order of the list."""
    in_turn = chain.from_iterable(zip_longest(*(group.entries for group in side.groups)))
    chosen = [entry for entry in in_turn if entry is not None][:BOXES]
    return tuple(entry for entry in side.entries if entry in chosen)


def _column(viewer: Viewer, side: Side, x: int, height: int) -> Column:
    drawn, rest = _drawn(side), len(side.entries) - BOXES
    slots = len(drawn) + (rest > 0)
    top = _middle(height) - slots * _PITCH // 2 + (_PITCH - _height(_LINES)) // 2
    return Column(
        title=side.title,
        x=x,
        boxes=tuple(_box(entry, x, top + row * _PITCH) for row, entry in enumerate(drawn)),
        nothing=None
        if drawn
        else Box(x, top - _PITCH // 2, _WIDE, _height(_LINES), "", _wrapped(side.nothing, _LINES)),
        more=viewer.t("relations.more", n=rest) if rest > 0 else "",
        more_y=top + len(drawn) * _PITCH + 20,
    )


def _box(entry: Related, x: int, y: int) -> Box:
    return Box(
        x,
        y,
        _WIDE,
        _height(_LINES),
        " · ".join(filter(None, (entry.kind_word, entry.link.note))),
        _wrapped(entry.link.text, _LINES),
        entry.link.href,
        f"{entry.kind_word}: {entry.link.text}",
    )


def _middle(height: int) -> int:
    return _TOP + (height - _TOP) // 2


def _height(lines: int) -> int:
    return 22 + 15 * lines


def _wrapped(title: str, lines: int) -> tuple[str, ...]:
    """A title in a fixed number of lines, cut where it is longer."""
    made = textwrap.wrap(title, _LETTERS, max_lines=lines, placeholder="…")
    return (*made, *[""] * (lines - len(made)))


def _path(ends: tuple[int, int], y: int, middle: int) -> str:
    """A line from a box to the middle."""
    start, end = ends
    half = (start + end) // 2
    return f"M{start} {y}C{half} {y} {half} {middle} {end} {middle}"
