"""What the form in the browser goes by: the schemas, the words of the checks, and which records there are.

All of it is handed over as it is, so that the form has no list of fields, no message and no limit of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lerkb.anchors import ANCHORED, names_written
from lerkb.catalogue import FOLDER, Catalogue
from lerkb.knowledge_base import letters_explained_by
from lerkb.project import KIND_FOLDERS, modeline
from lerkb.schemas import DIALECT, enumeration
from lerkb.site.finder import script
from lerkb.site.form_numbers import number_tables
from lerkb.strength import ARGUED, LADDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.schemas import Schemas
    from lerkb.site.site import Site

#: Where the files stand. They are scripts and no JSON, since a page opened from a disk may load scripts but not data.
RULES_FILE: Final = "assets/form-rules.js"
RECORDS_FILE: Final = "assets/form-records.js"
#: The texts of what can be cited, and the addresses of documents; each is loaded once it is needed.
PARTS_FILE: Final = "assets/form-parts.js"
ADDRESSES_FILE: Final = "assets/form-addresses.js"
#: What tells a telephone or account number from another; loaded once a text holds what may be one.
NUMBERS_FILE: Final = "assets/form-numbers.js"
FORM_FILES: Final = (RULES_FILE, RECORDS_FILE, PARTS_FILE, ADDRESSES_FILE, NUMBERS_FILE)
#: What checks ask of the documents and principles that a record names, and the usual answer, which is left out.
_ASKED: Final[dict[str, dict[str, object]]] = {
    "source": {"type": "", "read": "whole", "organization": "", "address_status": "found"},
    "principle": {"number": None},
}


def form_files(site: Site) -> dict[str, str]:
    """The files of the form, by where they stand."""
    return {
        RULES_FILE: script("kbFormRules", rules(site)),
        RECORDS_FILE: script("kbFormRecords", known_records(site.base)),
        PARTS_FILE: script("kbFormParts", citable_texts(site.base)),
        ADDRESSES_FILE: script("kbFormAddresses", addresses(site.base)),
        NUMBERS_FILE: script("kbFormNumbers", number_tables()),
    }


def rules(site: Site) -> dict[str, Any]:
    """Fields, words and limits, and what each check is called."""
    return {
        "schemas": {
            name: {key: value for key, value in schema.items() if (key, value) != ("$schema", DIALECT)}
            for name, schema in site.base.schemas.documents.items()
        },
        "catalogue": catalogues(),
        "folders": KIND_FOLDERS,
        "modelines": {kind: modeline(kind) for kind in KIND_FOLDERS} if site.own_schemas else {},
        "checks": {check.code: [check.severity, check.title, check.waivable, check.name] for check in site.checks},
        "anchors": {kind: _anchors(kind, part) for kind, part in ANCHORED.items()},
        "strength": {
            "ladder": [rung.name for rung in sorted(LADDER)],
            "analogy": ARGUED.level,
        },
    }


def _anchors(kind: str, part: str) -> dict[str, Any]:
    """The part of a record whose ids must not be names that its page has, and these names."""
    names = names_written(kind)
    return {"part": part, "fixed": sorted(names.fixed), "filled": sorted(names.filled)}


def catalogues() -> dict[str, Mapping[str, Any]]:
    """What the checks say and go by, by family."""
    return {file.stem: Catalogue(file.stem).data for file in sorted(FOLDER.glob("*.yaml"))}


def known_records(base: KnowledgeBase) -> dict[str, list[dict[str, Any]]]:
    """Which records there are, by kind: what a reference to one is held against. What is as usual is left out."""
    cited = _cited_parts(base.schemas)
    known: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KIND_FOLDERS}
    for record in base:
        row = _row(record, cited.get(record.kind, ())) | _said_of(record, base)
        if record.kind == "source" and not base.backlinks(record):
            row["unnamed"] = True
        known[record.kind].append(row)
    return known


def _row(record: Record, parts: tuple[str, ...]) -> dict[str, Any]:
    asked = {
        name: record.data.get(name)
        for name, usual in _ASKED.get(record.kind, {}).items()
        if record.data.get(name) != usual
    }
    path = f"{KIND_FOLDERS[record.kind]}/{record.id}.yaml"
    row: dict[str, Any] = {
        "id": record.id,
        "title": record.title,
        "status": "" if record.status == "published" else record.status,
        "path": "" if record.path == path else record.path,
        "successor": record.successor,
        "withdrawn": record.withdrawn,
        "tensions": [tension["principle"] for tension in record.data.get("tensions", ())],
        **asked,
        **{part: list(record.parts(part)) for part in parts},
    }
    return {key: value for key, value in row.items() if value}


def _said_of(record: Record, base: KnowledgeBase) -> dict[str, Any]:
    """What follows from a record for those that name it, or use its words; nothing where it is as usual."""
    said: dict[str, Any] = {}
    # How strong each finding is and of what state, one digit each, and whether it is an analogy for everybody.
    if record.kind == "pilot":
        graded = [base.grade(record, finding) for finding in record.parts("findings").values()]
        said["strength"] = "".join(str(item.counts_as.level) for item in graded)
        states = _finding_states(base.schemas)
        said["states"] = "".join(str(states.index(item["state"])) for item in record.parts("findings").values())
        said["analogy"] = any(item.analogy for item in graded)
    if record.status != "retired":
        known = Catalogue("language").terms("known-letters")
        said["letters"] = " ".join(sorted(letters_explained_by(record).difference(known)))
    return {key: value for key, value in said.items() if value}


def _finding_states(schemas: Schemas) -> list[str]:
    """What kinds of finding there are, in the order of the schema."""
    return list(enumeration(schemas.described("pilot", ("findings", 0, "state"))))


def _cited_parts(schemas: Schemas) -> dict[str, tuple[str, ...]]:
    """The lists whose entries others may cite, by kind, as the schemas say."""
    found: dict[str, dict[str, None]] = {}
    for kind in schemas.kinds:
        for spec in schemas.specs(kind):
            if "citation" in spec.roles:
                found.setdefault(spec.schema["x-kind"], {})[spec.schema["x-part"]] = None
    return {kind: tuple(parts) for kind, parts in found.items()}


def addresses(base: KnowledgeBase) -> dict[str, str]:
    """The address of every document, by its id: two records of one document are found by it."""
    return {record.id: record.data["url"] for record in base.of("source")}


def citable_texts(base: KnowledgeBase) -> dict[str, dict[str, dict[str, list[str]]]]:
    """The text of every part that can be cited: kind, list, record → texts in the order of the record."""
    return {
        kind: {
            part: {
                record.id: [entry["text"] for entry in record.parts(part).values()]
                for record in base.of(kind)
                if record.parts(part)
            }
            for part in parts
        }
        for kind, parts in _cited_parts(base.schemas).items()
    }
