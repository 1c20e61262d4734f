"""JSON-LD: the records as linked data, with a context of its own so that nothing has to be fetched to read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from lerkb.exports import export
from lerkb.exports.json import LICENSE

if TYPE_CHECKING:
    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

#: Terms of https://schema.org/, named here one by one.
_CONTEXT: Final = {
    "schema": "https://schema.org/",
    "id": "@id",
    "type": "@type",
    **{
        name: f"schema:{name}"
        for name in (
            "name",
            "abstract",
            "text",
            "identifier",
            "version",
            "creativeWorkStatus",
            "description",
        )
    },
    **{name: {"@id": f"schema:{name}", "@type": "schema:Date"} for name in ("dateModified", "datePublished")},
    **{
        name: {"@id": f"schema:{name}", "@type": "@id"}
        for name in ("url", "license", "citation", "hasPart", "isPartOf")
    },
    "publisher": {"@id": "schema:publisher"},
    "keywords": {"@id": "schema:keywords", "@container": "@set"},
}
_TYPES: Final = {
    "use-case": "schema:Article",
    "principle": "schema:Article",
    "overview": "schema:Article",
    "pilot": "schema:Report",
    "source": "schema:CreativeWork",
    "term": "schema:DefinedTerm",
    "vocabulary": "schema:DefinedTermSet",
}


@export("jsonld")
def jsonld_file(base: KnowledgeBase, origin: Origin) -> Files:
    """JSON-LD, everything in one graph

    Records with their claims, findings and sources as nodes, in the terms of schema.org; the context stands in the file. Without a site
    address the ids are URNs.
    """
    whole = {"id": _whole(origin), "type": "schema:Dataset", "name": origin.name, "license": LICENSE}
    nodes = [
        node
        for record in sorted(base, key=lambda record: (record.kind, record.id))
        for node in _nodes(base, record, origin)
    ]
    return {
        "records.jsonld": json.dumps({"@context": _CONTEXT, "@graph": [whole, *nodes]}, ensure_ascii=False, indent=1)
        + "\n"
    }


def _whole(origin: Origin) -> str:
    """What all records are part of."""
    return f"{origin.address}data/" if origin.address else "urn:lerkb:dataset"


def _iri(origin: Origin, kind: str, record_id: str, part: str = "") -> str:
    """The address of a page, where the site has one for the record; else a name of its own."""
    page = origin.url(kind, record_id).removeprefix(origin.address)
    url = origin.address + page if origin.address and page else f"urn:lerkb:{kind}:{record_id}"
    return f"{url}#{part}" if part else url


def _nodes(base: KnowledgeBase, record: Record, origin: Origin) -> list[dict[str, Any]]:
    data = record.data
    own = _iri(origin, record.kind, record.id)
    node: dict[str, Any] = {
        "id": own,
        "type": _TYPES[record.kind],
        "identifier": record.id,
        "name": record.title,
        "version": record.version,
        "creativeWorkStatus": record.status,
    }
    if record.kind == "source":
        node |= {"url": data["url"], "publisher": {"type": "schema:Organization", "name": data["publisher"]}}
        return [node | ({"datePublished": data["published"]} if data.get("published") else {})]
    node |= {"license": LICENSE, "isPartOf": _whole(origin)}
    node["abstract" if record.kind != "term" else "description"] = " ".join(str(data.get("summary", "")).split())
    if data.get("written"):
        node["dateModified"] = data["written"]
    keywords = [value for vocabulary, value in base.facets(record) if vocabulary != "organizations"]
    if keywords:
        node["keywords"] = keywords
    parts = []
    for name in ("claims", "findings"):
        for entry in data.get(name, ()):
            part = {
                "id": _iri(origin, record.kind, record.id, entry["id"]),
                "type": "schema:Claim",
                "text": " ".join(entry["text"].split()),
            }
            part["isPartOf"] = own
            cited = [_iri(origin, "pilot", *citation.split("#", 1)) for citation in entry.get("findings", ())] + [
                _iri(origin, "source", item["source"]) for item in entry.get("sources", ())
            ]
            parts.append(part | ({"citation": cited} if cited else {}))
    if parts:
        node["hasPart"] = [part["id"] for part in parts]
    return [node, *parts]
