"""Atom: what was written last, for feed readers and other sites. https://www.rfc-editor.org/rfc/rfc4287"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from lerkb.exports import export
from lerkb.exports.json import LICENSE

if TYPE_CHECKING:
    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase

_ATOM: Final = "http://www.w3.org/2005/Atom"
#: Entries of the feed; older ones stay on the site.
_NEWEST: Final = 50
_KINDS: Final = ("use-case", "principle", "overview", "pilot")


@export("atom")
def atom_feed(base: KnowledgeBase, origin: Origin) -> Files:
    """Atom feed of the newest records

    The last fifty use cases, principles, overviews and pilot records, by the day they were written.
    """
    ET.register_namespace("", _ATOM)
    records = [record for kind in _KINDS for record in base.of(kind) if record.data.get("written")]
    records.sort(key=lambda record: (record.data["written"], record.kind, record.id), reverse=True)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _urn(origin, "feed"))
    _add(feed, "title", origin.name)
    _add(feed, "updated", _time(max((record.data["written"] for record in records), default="1970-01-01")))
    _add(feed, "rights", LICENSE)
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", origin.name)
    if origin.address:
        ET.SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", href=origin.address)
        ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=f"{origin.address}data/feed.xml")
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="license", href=LICENSE)  # https://www.rfc-editor.org/rfc/rfc4946
    for record in records[:_NEWEST]:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", _urn(origin, f"{record.kind}/{record.id}"))
        _add(entry, "title", record.title)
        _add(entry, "updated", _time(record.data["written"]))
        # Without an address of the site the link goes from the feed’s own place, two folders down.
        page = origin.url(record.kind, record.id)
        ET.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=page if origin.address else f"../{page}")
        _add(entry, "summary", " ".join(str(record.data.get("summary", "")).split()))
        ET.SubElement(entry, f"{{{_ATOM}}}category", term=record.kind)
    ET.indent(feed, " ")
    return {"feed.xml": '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"}


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _time(day: str) -> str:
    return f"{day}T00:00:00Z"


def _urn(origin: Origin, name: str) -> str:
    """A name that stays the same wherever the site moves: made of the site’s name and the record’s."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"lerkb:{origin.name}/{name}").urn
