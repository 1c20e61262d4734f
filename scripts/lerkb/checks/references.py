"""Whether what a record names is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lerkb import tables
from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.checks.schema import certain, nearest
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Problem
    from lerkb.knowledge_base import KnowledgeBase, Reference
    from lerkb.records import Record


_SAID: Final = Catalogue("references")


def _words(kind: str) -> str:
    return kind.replace("-", " ")


@check("REF001", Severity.ERROR, Scope.RECORD)
def unknown_reference(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A record is named that does not exist

    A reader who follows the reference would find nothing.

    Bad:
        - source: tln-my-skils-pocket
    Good:
        - source: tln-my-skills-pocket
    """
    for reference in base.references_of(record):
        key = (reference.kind, reference.id)
        if base.get(*key) is None and key not in base.failed and not _other_kind(base, reference.id, reference.kind):
            known = [other.id for other in base if other.kind == reference.kind]
            numbered = _by_number(base, reference)
            yield _SAID.problem(
                "unknown-reference",
                reference.field,
                hint=f"did you mean `{numbered}`?" if numbered else nearest(reference.id, known) or None,
                replacement=_whole(reference, numbered or certain(reference.id, known)),
                kind=_words(reference.kind),
                id=reference.id,
                path=f"{KIND_FOLDERS[reference.kind]}/{reference.id}.yaml",
            )


@check("REF002", Severity.ERROR, Scope.RECORD)
def reference_to_another_kind(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A record of the wrong kind is named

    A finding names source records, a claim names findings of pilot records, a safeguard names a principle.

    Bad:
        - source: my-skills-pocket-ace-hardware
    Good:
        - source: tln-my-skills-pocket-findings
    """
    for reference in base.references_of(record):
        if base.get(reference.kind, reference.id) is None and (reference.kind, reference.id) not in base.failed:
            other = _other_kind(base, reference.id, reference.kind)
            if other:
                kind = _words(reference.kind)
                yield _SAID.problem(
                    "reference-to-another-kind", reference.field, id=reference.id, other=_words(other), kind=kind
                )


@check("REF003", Severity.ERROR, Scope.RECORD)
def unknown_part(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A finding or gap is cited that its pilot record does not have

    The claim would hang in the air.

    Bad:
        findings:
          - my-skills-pocket-ace-hardware#volunters
    Good:
        findings:
          - my-skills-pocket-ace-hardware#volunteers
    """
    for reference in base.references_of(record):
        target = base.get(reference.kind, reference.id)
        parts = target.parts(reference.part) if target is not None else {}
        if reference.part and target is not None and not target.withdrawn and reference.part_id not in parts:
            near = nearest(reference.part_id, parts).replace("did you mean `", f"did you mean `{reference.id}#")
            part = certain(reference.part_id, parts)
            yield _SAID.problem(
                "unknown-part",
                reference.field,
                hint=near or None,
                replacement=f"{reference.id}#{part}" if part else "",
                id=reference.id,
                part=reference.part.rstrip("s"),
                part_id=reference.part_id,
                path=target.path,
            )


@check("REF004", Severity.ERROR, Scope.RECORD)
def reference_to_retired(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A retired record is named

    What a retired record said is no longer held to be right. Its successor, if there is one, may say it.

    Bad:
        principle: an-old-principle
    Good:
        principle: the-one-that-took-its-place
    """
    if record.status == "retired":
        return
    for reference in base.references_of(record):
        target = base.get(reference.kind, reference.id)
        if target is not None and target.status == "retired" and not target.withdrawn:
            if target.successor:
                yield _SAID.problem(
                    "reference-to-retired.successor", reference.field, id=reference.id, successor=target.successor
                )
            else:
                yield _SAID.problem("reference-to-retired", reference.field, id=reference.id)


@check("REF005", Severity.ERROR, Scope.RECORD)
def reference_to_itself(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A record names itself

    A tension of a principle with itself, or a record that is its own successor, leads nowhere.

    Bad:
        (principles/ask-for-little.yaml)
        tensions:
          - principle: ask-for-little
    Good:
        tensions:
          - principle: see-it-fix-it-fight-it
    """
    for reference in base.references_of(record):
        if (reference.kind, reference.id) == (record.kind, record.id):
            yield _SAID.problem("reference-to-itself", reference.field)


@check("REF006", Severity.ERROR, Scope.RECORD)
def unknown_claim(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Prose rests on a claim, or names a part, that this record does not have

    `rests_on` and `main_claim` name claims of the same record; `disagreements` name its findings.

    Bad:
        rests_on:
          - smal-trial
    Good:
        rests_on:
          - small-trial
    """
    for field, value, spec in base.schemas.values(record.kind, record.data, "local-reference"):
        part = spec.schema["x-part"]
        if value not in record.parts(part) and part not in record.unread:
            yield _SAID.problem(
                "unknown-claim",
                field,
                hint=nearest(value, record.parts(part)) or None,
                replacement=certain(value, record.parts(part)),
                part=part.rstrip("s"),
                id=value,
                list=part,
            )


@check("REF007", Severity.ERROR, Scope.RECORD)
def reference_to_draft(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A published record names a draft

    Drafts are left out of the published site, so the reference would lead nowhere there.

    Bad:
        (a published use case that cites a finding of a draft pilot record)
    Good:
        (the pilot record published first, or the use case a draft too)
    """
    if record.status != "published":
        return
    for reference in base.references_of(record):
        target = base.get(reference.kind, reference.id)
        if target is not None and target.is_draft:
            yield _SAID.problem("reference-to-draft", reference.field, id=reference.id)


@check("REF008", Severity.ERROR, Scope.RECORD)
def unknown_table_field(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A table asks for a field that its records do not have

    The table would come out empty, and nobody would know why.

    Bad:
        table:
          kind: pilot
          columns:
            - state
          caption: Where pilots stand
    Good:
        table:
          kind: pilot
          columns:
            - pilot_status
          caption: Where pilots stand
    """
    for place, table, _ in base.schemas.values(record.kind, record.data, "table"):
        for inner, name, known in tables.unknown_names(base.schemas, table):
            yield _SAID.problem(
                "unknown-table-field",
                (*place, *inner),
                hint=nearest(name, known) or None,
                on_key=inner[0] in ("where", "part_where"),
                kind=_words(table["kind"]),
                name=name,
                known=", ".join(f"`{item}`" for item in known),
            )


def _by_number(base: KnowledgeBase, reference: Reference) -> str:
    """The record that is meant by its number (``6``, ``p6``, ``principle-6``), for kinds whose records have one."""
    number = re.fullmatch(rf"(?:{reference.kind}|{reference.kind[0]})?[- ]?0?(\d+)", reference.id, re.IGNORECASE)
    of_kind = (record for record in base if record.kind == reference.kind)
    return next((record.id for record in of_kind if number and record.data.get("number") == int(number[1])), "")


def _whole(reference: Reference, record_id: str) -> str:
    """The reference with another record’s id in it, as it would stand in the file."""
    return f"{record_id}#{reference.part_id}" if record_id and reference.part else record_id


def _other_kind(base: KnowledgeBase, record_id: str, kind: str) -> str:
    return next((other for other in KIND_FOLDERS if other != kind and base.get(other, record_id) is not None), "")
