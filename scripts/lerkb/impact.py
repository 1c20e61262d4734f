"""What a submission changes: two states of a knowledge base compared, as a reviewer and a reader need to know it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from lerkb.changes import FieldChange, field_changes
from lerkb.site.pages.gap_map import PAIRS, filled_cells
from lerkb.site.site import LISTED, record_url, value_url
from lerkb.text.reading import grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.diagnostics import Diagnostic
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.validation import Validation

#: Words that say nothing of a document’s title.
_SMALL: Final = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
#: Two titles with this share of words in common may be one document.
_ALIKE: Final = 0.6
#: A change of the reading grade below this is no news.
_GRADE_STEP: Final = 0.05


class How(StrEnum):
    """What became of a record."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    FOLLOWED = "followed"  #: its own file is the same, and what it rests on is not


class Consequence(StrEnum):
    """What a change means to a reader, the weightiest first."""

    MEANING = "principle changed meaning"
    WITHDRAWN = "account withdrawn"
    RETIRED = "retired"
    REMOVED = "removed"
    EVIDENCE_DOWN = "evidence weakened"
    EVIDENCE_UP = "evidence upgraded"
    HARM_OPENED = "harm opened"
    HARM_CLOSED = "harm closed"
    ADDED = "new"
    CONTENT = "content changed"
    WORDING = "wording only"
    UPKEEP = "checked again"


@dataclass(frozen=True)
class MarkChange:
    """A mark before and after, by the names of the rule; empty where there was none."""

    name: str  #: ``strength`` or ``effect``
    claim: str  #: id of the claim; empty for the record’s own mark
    before: str
    after: str
    up: bool | None  #: stronger, weaker, or neither


@dataclass(frozen=True)
class RecordImpact:
    """One record that differs."""

    kind: str
    id: str
    title: str
    path: str
    how: How
    consequences: tuple[Consequence, ...]
    changes: tuple[FieldChange, ...] = ()
    marks: tuple[MarkChange, ...] = ()
    grade: tuple[float, float] | None = None  #: reading grade of the texts for workers, before and after
    harms_opened: tuple[str, ...] = ()
    harms_closed: tuple[str, ...] = ()
    findings_added: tuple[str, ...] = ()
    findings_gone: tuple[str, ...] = ()
    references_added: tuple[str, ...] = ()
    references_gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewSource:
    """A document that was not there before, and those it may be the same as."""

    id: str
    title: str
    resembles: tuple[str, ...]


@dataclass(frozen=True)
class Impact:
    """Everything that differs."""

    records: tuple[RecordImpact, ...]
    cells_filled: tuple[tuple[str, str], ...]
    cells_emptied: tuple[tuple[str, str], ...]
    sources: tuple[NewSource, ...]
    diagnostics_new: tuple[Diagnostic, ...]
    diagnostics_gone: tuple[Diagnostic, ...]
    pages: tuple[str, ...]
    followers: tuple[RecordImpact, ...] = ()  #: records whose files are the same and whose marks are not
    unread: tuple[str, ...] = ()  #: files whose shape is wrong now, so that nothing of them could be compared

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.records or self.diagnostics_new or self.diagnostics_gone)


def compare(before: Validation, after: Validation) -> Impact:
    """What changed from one state to the other. Files that could not be read are told by their diagnostics alone."""
    old, new = before.base, after.base
    records = compare_records(old, new)
    taken_back = {item.path for item in records if item.how is How.WITHDRAWN}
    old_cells, new_cells = (filled_cells(base.without_drafts(), PAIRS[0]) for base in (old, new))
    return Impact(
        records=records,
        cells_filled=tuple(sorted(new_cells.keys() - old_cells.keys())),
        cells_emptied=tuple(sorted(old_cells.keys() - new_cells.keys())),
        sources=tuple(_new_sources(old, new)),
        diagnostics_new=_only(after.diagnostics, before.diagnostics),
        # A message can quote what it is about.
        diagnostics_gone=tuple(
            item for item in _only(before.diagnostics, after.diagnostics) if item.path not in taken_back
        ),
        pages=_pages(old, new, records),
        followers=compare_followers(old, new),
        unread=tuple(
            path for path, source in sorted(after.sources.items()) if (source.kind, source.stem) in new.failed
        ),
    )


def compare_records(old: KnowledgeBase, new: KnowledgeBase) -> tuple[RecordImpact, ...]:
    """The records that differ, by kind and id."""
    keys = sorted(_keys(old) | _keys(new), key=lambda key: (_order(new, old, key), key))
    return tuple(
        found for key in keys if (found := _record(old, new, old.get(*key), new.get(*key), failed=key in new.failed))
    )


def compare_followers(old: KnowledgeBase, new: KnowledgeBase) -> tuple[RecordImpact, ...]:
    """The records that are the same in both states and whose marks are not: a finding they cite, or its documents, changed."""
    keys = sorted(_keys(old) & _keys(new), key=lambda key: (_order(new, old, key), key))
    return tuple(found for key in keys if (found := _follower(old, new, key)))


def _follower(old: KnowledgeBase, new: KnowledgeBase, key: tuple[str, str]) -> RecordImpact | None:
    before, after = old.get(*key), new.get(*key)
    if not before or not after or before.data != after.data or after.status == "retired":
        return None
    marks = tuple(_marks(old, new, before, after))
    if not marks:
        return None
    consequences = tuple(_consequences(How.FOLLOWED, (), marks, (), ()))
    return RecordImpact(after.kind, after.id, after.title, after.path, How.FOLLOWED, consequences, marks=marks)


def _keys(base: KnowledgeBase) -> set[tuple[str, str]]:
    return {(record.kind, record.id) for record in base}


def _order(new: KnowledgeBase, old: KnowledgeBase, key: tuple[str, str]) -> int:
    kinds = [*new.schemas.kinds, *old.schemas.kinds]
    return LISTED.index(key[0]) if key[0] in LISTED else len(LISTED) + kinds.index(key[0])


def _record(
    old: KnowledgeBase, new: KnowledgeBase, before: Record | None, after: Record | None, *, failed: bool
) -> RecordImpact | None:
    """What became of one record; nothing if it is the same, or can no longer be read."""
    if failed or (before and after and before.data == after.data):
        return None
    shown = after or before
    if shown is None:
        return None
    how = _how(before, after)
    marks = tuple(_marks(old, new, before, after))
    if how is How.WITHDRAWN or (after is None and "account" in shown.data):
        # What a person took back is not told once more in a report that is public and stays.
        return RecordImpact(
            shown.kind,
            shown.id,
            shown.id,
            shown.path,
            how,
            tuple(_consequences(how, (), (), (), ())),
            marks=tuple(mark for mark in marks if not mark.claim),
        )
    changes = field_changes(new.schemas, shown.kind, before.data, after.data) if before and after else ()
    opened, closed = _went(_open_harms(after), _open_harms(before)), _went(_open_harms(before), _open_harms(after))
    found, lost = _findings(after), _findings(before)
    named, unnamed = _references(new, after), _references(old, before)
    return RecordImpact(
        kind=shown.kind,
        id=shown.id,
        title=shown.title,
        path=shown.path,
        how=how,
        consequences=tuple(_consequences(how, changes, marks, opened, closed)),
        changes=changes,
        marks=marks,
        grade=_grades(old, new, before, after),
        harms_opened=opened,
        harms_closed=closed if after else (),
        findings_added=_went(found, lost),
        findings_gone=_went(lost, found),
        references_added=tuple(item for item in named if item not in unnamed),
        references_gone=tuple(item for item in unnamed if item not in named),
    )


def _how(before: Record | None, after: Record | None) -> How:
    if before is None:
        return How.ADDED
    if after is None:
        return How.REMOVED
    if after.withdrawn and not before.withdrawn:
        return How.WITHDRAWN
    return How.RETIRED if after.status == "retired" and before.status != "retired" else How.CHANGED


def _consequences(
    how: How,
    changes: Iterable[FieldChange],
    marks: Iterable[MarkChange],
    opened: tuple[str, ...],
    closed: tuple[str, ...],
) -> Iterator[Consequence]:
    """What the change means, weightiest first. A record that came or went is that and nothing else."""
    whole = {
        How.ADDED: Consequence.ADDED,
        How.REMOVED: Consequence.REMOVED,
        How.RETIRED: Consequence.RETIRED,
        How.WITHDRAWN: Consequence.WITHDRAWN,
    }
    if how in whole:
        yield whole[how]
        return
    changes = tuple(changes)
    told = [
        (Consequence.MEANING, any(change.defines for change in changes)),
        (Consequence.EVIDENCE_DOWN, any(mark.up is False for mark in marks)),
        (Consequence.EVIDENCE_UP, any(mark.up for mark in marks)),
        (Consequence.HARM_OPENED, bool(opened)),
        (Consequence.HARM_CLOSED, bool(closed)),
    ]
    found = [consequence for consequence, holds in told if holds]
    yield from found
    if not found and how is How.FOLLOWED:
        yield Consequence.CONTENT
    elif not found:
        news = [change for change in changes if not change.upkeep]
        if not news:
            yield Consequence.UPKEEP
        else:
            yield Consequence.WORDING if all(_is_wording(change) for change in news) else Consequence.CONTENT


def _is_wording(change: FieldChange) -> bool:
    """Whether a text was put another way, with no other figures in it."""
    if "prose" not in change.roles or not isinstance(change.before, str) or not isinstance(change.after, str):
        return False
    before, after = (
        sorted(part for part in text.split() if any(c.isdigit() for c in part))
        for text in (change.before, change.after)
    )
    return before == after


def _marks(old: KnowledgeBase, new: KnowledgeBase, before: Record | None, after: Record | None) -> Iterator[MarkChange]:
    """The record’s own marks, where they differ or came, and those of claims that are in both states and differ."""
    pairs: list[tuple[str, Any, Any]] = [
        ("", before and old.marks(before), after and new.marks(after)),
    ]
    if before and after:
        earlier, later = before.parts("claims"), after.parts("claims")
        pairs += [
            (claim, old.claim_marks(earlier[claim]), new.claim_marks(later[claim]))
            for claim in later
            if claim in earlier
        ]
    for claim, was, now in pairs:
        for name, one, other in (
            ("strength", was and was.strength.name, now and now.strength.name),
            ("effect", was and was.effect, now and now.effect),
        ):
            if one != other:
                up = now.strength > was.strength if name == "strength" and was and now else None
                yield MarkChange(name, claim, one or "", other or "", up)


def _open_harms(record: Record | None) -> Mapping[str, str]:
    """The harms of a record that nothing guards against: by id, or by their sentence where they have none."""
    harms = record.data.get("harms", ()) if record else ()
    return {
        str(harm.get("id") or harm["what"]): str(harm["what"])
        for harm in harms
        if isinstance(harm, dict) and "open" in harm
    }


def _findings(record: Record | None) -> Mapping[str, str]:
    return {key: str(part["text"]) for key, part in record.parts("findings").items()} if record else {}


def _references(base: KnowledgeBase, record: Record | None) -> tuple[str, ...]:
    if record is None:
        return ()
    return tuple(dict.fromkeys(f"{item.kind} {item.written}" for item in base.references_of(record)))


def _went(these: Mapping[str, str], those: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(text for key, text in these.items() if key not in those)


def _grades(
    old: KnowledgeBase, new: KnowledgeBase, before: Record | None, after: Record | None
) -> tuple[float, float] | None:
    """The hardest text for workers before and after; nothing if there is none in one of them, or it is as hard as it was."""
    found = (_hardest(old, before), _hardest(new, after))
    return found if all(found) and abs(found[0] - found[1]) >= _GRADE_STEP else None


def _hardest(base: KnowledgeBase, record: Record | None) -> float:
    if record is None:
        return 0.0
    texts = (
        value
        for _, value, spec in base.schemas.values(record.kind, record.data, "prose")
        if spec.schema.get("x-audience") == "worker"
    )
    return round(max(map(grade, texts), default=0.0), 1)


def _new_sources(old: KnowledgeBase, new: KnowledgeBase) -> Iterator[NewSource]:
    known = {(record.kind, record.id) for record in old}
    sources = new.of("source")
    words = {record.id: _title_words(record) for record in sources}
    for record in sources:
        if (record.kind, record.id) not in known:
            mine = words[record.id]
            alike = tuple(
                other
                for other, theirs in words.items()
                if other != record.id and mine and len(mine & theirs) / len(mine | theirs) >= _ALIKE
            )
            yield NewSource(record.id, record.title, alike)


def _title_words(record: Record) -> frozenset[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in record.title.casefold())
    return frozenset(plain.split()) - _SMALL


def _only(these: Iterable[Diagnostic], those: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics that the other state does not have, wherever their lines have moved to."""
    left = Counter((item.path, item.code, item.message) for item in those)
    found = []
    for item in these:
        key = (item.path, item.code, item.message)
        if left[key]:
            left[key] -= 1
        else:
            found.append(item)
    return tuple(found)


def _pages(old: KnowledgeBase, new: KnowledgeBase, records: Iterable[RecordImpact]) -> tuple[str, ...]:
    """Addresses of the pages of these records, of records that name them or are named by them, and of the values they are listed under."""
    found: set[str] = set()
    for item in records:
        for base in (old, new):
            record = base.get(item.kind, item.id)
            if record is None or record.is_draft:
                continue
            found.add(record_url(record))
            found |= {value_url(*pair) for pair in base.facets(record)} if record.kind in LISTED else set()
            for reference in base.references_of(record):
                other = base.get(reference.kind, reference.id)
                if other is not None:
                    found.add(record_url(other))
            found |= {record_url(reference.origin) for reference in base.backlinks(record)}
    return tuple(sorted({address.partition("#")[0] for address in found}))
