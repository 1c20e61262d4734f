"""All records together: by id, references, backlinks, marks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength
from lerkb.project import KIND_FOLDERS
from lerkb.schemas import enumeration
from lerkb.text.letters import letters_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from lerkb.diagnostics import Field
    from lerkb.records import Record
    from lerkb.schemas import Schemas

Key = tuple[str, str]  #: kind and id


#: Kinds whose records tell what letters stand for.
_EXPLAINING: Final = ("term", "vocabulary")


def letters_explained_by(record: Record) -> frozenset[str]:
    """The letters whose meaning a term or a vocabulary tells; those of records of other kinds tell none."""
    if record.kind == "term":
        return letters_of((record.title, *record.data.get("also", ())))
    if record.kind == "vocabulary":
        return letters_of(
            name
            for value in record.data["values"]
            for name in (value["title"], value.get("code", ""), *value.get("also", ()))
        )
    return frozenset()


@dataclass(frozen=True)
class Reference:
    """One record naming another, or a part of it."""

    origin: Record
    field: Field
    kind: str
    id: str
    part: str = ""  #: the list of parts (``findings``), where a part is named
    part_id: str = ""

    @property
    def written(self) -> str:
        """The reference as it stands in the file."""
        return f"{self.id}#{self.part_id}" if self.part else self.id


class KnowledgeBase:
    """Every valid record of a knowledge base. Nothing changes it once made."""

    def __init__(self, records: Iterable[Record], schemas: Schemas, failed: Iterable[Key] = ()) -> None:
        """``failed``: kind and id of files that are there but whose shape is wrong; references to them are not errors."""
        self.schemas = schemas
        self.failed = frozenset(failed)
        self._records: dict[Key, Record] = {}
        self._references: dict[str, tuple[Reference, ...]] = {}  # by path, since two records may have one id
        self.duplicates: dict[Key, list[Record]] = defaultdict(list)
        for record in records:
            key = (record.kind, record.id)
            if key in self._records:
                self.duplicates[key].append(record)
            else:
                self._records[key] = record

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def without_drafts(self) -> KnowledgeBase:
        """The knowledge base as it is published."""
        return KnowledgeBase((record for record in self if not record.is_draft), self.schemas, self.failed)

    def get(self, kind: str, id: str) -> Record | None:  # noqa: A002 - records are asked for by what they call id
        """The record of that kind and id, if there is one."""
        return self._records.get((kind, id))

    def of(self, kind: str) -> tuple[Record, ...]:
        """The records of a kind that are not retired; principles by number, all others by title."""
        return self._of.get(kind, ())

    @cached_property
    def _of(self) -> dict[str, tuple[Record, ...]]:
        by_kind: dict[str, list[Record]] = {kind: [] for kind in KIND_FOLDERS}
        for record in self:
            if record.status != "retired":
                by_kind[record.kind].append(record)
        return {
            kind: tuple(sorted(records, key=lambda r: (r.data.get("number", 0), r.title.casefold(), r.id)))
            for kind, records in by_kind.items()
        }

    # References and backlinks

    def references_of(self, record: Record) -> tuple[Reference, ...]:
        """What a record names, in the order of its schema."""
        found = self._references.get(record.path)
        if found is None:
            found = self._references[record.path] = tuple(self._find_references(record))
        return found

    def _find_references(self, record: Record) -> Iterator[Reference]:
        for place, value, spec in self.schemas.values(record.kind, record.data, "reference"):
            kind = spec.schema["x-kind"]
            yield Reference(record, place, record.kind if kind == "same" else kind, value)
        for place, value, spec in self.schemas.values(record.kind, record.data, "citation"):
            target, _, part_id = value.partition("#")
            yield Reference(record, place, spec.schema["x-kind"], target, spec.schema["x-part"], part_id)

    @cached_property
    def _backlinks(self) -> dict[Key, list[Reference]]:
        backlinks: dict[Key, list[Reference]] = defaultdict(list)
        for record in self:
            if record.status != "retired":
                for reference in self.references_of(record):
                    backlinks[reference.kind, reference.id].append(reference)
        return backlinks

    def backlinks(self, record: Record) -> tuple[Reference, ...]:
        """Who names this record, retired records left out."""
        return tuple(self._backlinks.get((record.kind, record.id), ()))

    def cited_by(self, record: Record, part_id: str) -> tuple[Reference, ...]:
        """Who names one part (a finding, a gap) of this record."""
        return tuple(reference for reference in self.backlinks(record) if reference.part_id == part_id)

    # Vocabularies

    def vocabulary(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The values of a vocabulary, by id, in its own order."""
        record = self.get("vocabulary", name)
        if record is not None:
            return record.parts("values")
        return enumeration(self.schemas.documents["vocabularies.schema.json"]["$defs"].get(name, {}))

    @cached_property
    def explained_letters(self) -> frozenset[str]:
        """Letters that stand for words and that the glossary or a vocabulary explains."""
        return frozenset(
            letters for kind in _EXPLAINING for record in self.of(kind) for letters in letters_explained_by(record)
        )

    def facets(self, record: Record) -> Iterator[tuple[str, str]]:
        """Vocabulary and value of every tag of a record; a value once, however often it stands there."""
        seen = set()
        for _, value, spec in self.schemas.values(record.kind, record.data, "facet"):
            pair = (spec.schema["x-vocabulary"], value)
            if pair not in seen:
                seen.add(pair)
                yield pair

    @cached_property
    def _tagged(self) -> dict[tuple[str, str], list[Record]]:
        tagged: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for kind in KIND_FOLDERS:
            for record in self.of(kind):
                for pair in self.facets(record):
                    tagged[pair].append(record)
        return tagged

    def tagged(self, vocabulary: str, value: str, kind: str = "") -> tuple[Record, ...]:
        """Records that carry a value of a vocabulary, by kind and title."""
        return tuple(record for record in self._tagged.get((vocabulary, value), ()) if kind in ("", record.kind))

    def is_tagged(self, vocabulary: str, value: str, kinds: Container[str]) -> bool:
        """Whether a record of one of these kinds carries a value of a vocabulary."""
        return any(record.kind in kinds for record in self._tagged.get((vocabulary, value), ()))

    # Evidence

    def finding(self, citation: str) -> tuple[Record, Mapping[str, Any]] | None:
        """The pilot record and the finding that ``pilot-id#finding-id`` names."""
        return self._part(citation, "findings")

    def gap(self, citation: str) -> tuple[Record, Mapping[str, Any]] | None:
        """The pilot record and the gap that ``pilot-id#gap-id`` names."""
        return self._part(citation, "gaps")

    def _part(self, citation: str, name: str) -> tuple[Record, Mapping[str, Any]] | None:
        target, _, part_id = citation.partition("#")
        record = self.get("pilot", target)
        part = record and record.parts(name).get(part_id)
        return (record, part) if record and part else None

    def documents(self, finding: Mapping[str, Any]) -> tuple[Record, ...]:
        """The source records of a finding that are there."""
        found = (self.get("source", citation["source"]) for citation in finding.get("sources", ()))
        return tuple(source for source in found if source is not None)

    def is_gone(self, finding: Mapping[str, Any]) -> bool:
        """Whether every document behind a finding is gone, so that nobody can check it any more."""
        documents = self.documents(finding)
        return bool(documents) and all(source.is_out_of_reach for source in documents)

    def grade(self, pilot: Record, finding: Mapping[str, Any], bearing: str | None = None) -> strength.Graded:
        """A finding of a pilot record graded; for a claim with that ``bearing``, or in its own right."""
        return strength.grade(
            f"{pilot.id}#{finding['id']}", finding, pilot.data["nearness"], bearing, gone=self.is_gone(finding)
        )

    def graded(self, claim: Mapping[str, Any], citation: str) -> strength.Graded | None:
        """A finding graded for a claim."""
        found = self.finding(citation)
        if found is None:
            return None
        return self.grade(*found, claim.get("bearing"))

    def claim_marks(self, claim: Mapping[str, Any]) -> strength.Marks:
        """The two marks of a claim."""
        graded = (self.graded(claim, citation) for citation in claim.get("findings", ()))
        return strength.marks_of((item for item in graded if item is not None), taken_back=bool(self.taken_back(claim)))

    def taken_back(self, claim: Mapping[str, Any]) -> tuple[Record, ...]:
        """The accounts that a claim needs a finding of, and that their tellers took back."""
        ids = dict.fromkeys(citation.partition("#")[0] for citation in claim.get("findings", ()))
        found = (self.get("pilot", pilot) for pilot in ids)
        return tuple(pilot for pilot in found if pilot is not None and pilot.withdrawn)

    def marks(self, record: Record) -> strength.Marks | None:
        """The two marks of a record: its main claim’s; for a pilot record its strongest finding about results, if it has one."""
        if record.kind == "pilot":
            best = self.strongest_result(record)
            return None if best is None else strength.marks_of([best])
        claim = record.parts("claims").get(record.data.get("main_claim", ""))
        return None if claim is None else self.claim_marks(claim)

    def strongest_result(self, pilot: Record) -> strength.Graded | None:
        """The strongest finding about results of a pilot record, graded in its own right; the first of equals."""
        graded = [
            self.grade(pilot, finding)
            for finding in pilot.data.get("findings", ())
            if finding["about"] in self.result_topics
        ]
        return max(graded, key=lambda item: item.counts_as, default=None)

    @cached_property
    def result_topics(self) -> frozenset[str]:
        """The values of a finding’s ``about`` that the schema marks as results."""
        about = next(spec.schema for spec in self.schemas.specs("pilot") if spec.pattern == ("findings", "*", "about"))
        return frozenset(value for value, option in enumeration(about).items() if option.get("x-result"))

    def rungs(self, record: Record) -> Counter[strength.Rung]:
        """How many claims of a record stand at each rung."""
        return Counter(self.claim_marks(claim).strength for claim in record.data.get("claims", ()))
