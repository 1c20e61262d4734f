"""JSON: each record as it stands in its file, with what is computed beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength
from lerkb.exports import export
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

#: Grows when a reader of the files would have to change.
FORMAT_VERSION: Final = 1
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


@export("json")
def json_files(base: KnowledgeBase, origin: Origin) -> Files:
    """JSON, a file for each kind of record

    Every field as the schema lists it, with the version of each record, its address and its two computed marks. Retired records are in it,
    so that references stay valid.
    """
    return {f"{plural(kind)}.json": _text(base, origin, kind) for kind in KIND_FOLDERS}


def plural(kind: str) -> str:
    """The name of a kind’s files."""
    return {"vocabulary": "vocabularies"}.get(kind, f"{kind}s")


def _text(base: KnowledgeBase, origin: Origin, kind: str) -> str:
    records = sorted((record for record in base if record.kind == kind), key=lambda record: record.id)
    whole = {
        "format": FORMAT_VERSION,
        "kind": kind,
        "from": origin.name,
        "license": LICENSE,
        "schema": f"schemas/{kind}.schema.json",
        "strength_rule": strength.RULE_VERSION,
        "records": [
            {
                "version": record.version,
                **({"url": address} if (address := origin.url(kind, record.id)) else {}),
                **computed(base, record),
                "data": record.data,
            }
            for record in records
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def computed(base: KnowledgeBase, record: Record) -> dict[str, Any]:
    """The two marks of a record and of its claims, where it has any."""
    marks = base.marks(record)
    found: dict[str, Any] = {"marks": _marks(marks)} if marks else {}
    if record.data.get("claims"):
        found["claim_marks"] = {claim["id"]: _marks(base.claim_marks(claim)) for claim in record.data["claims"]}
    return found


def _marks(marks: strength.Marks) -> dict[str, Any]:
    return {"strength": marks.strength.name, "effect": marks.effect, "decided_by": list(marks.decided_by)}
