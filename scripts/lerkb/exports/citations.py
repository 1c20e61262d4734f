"""Citations: every record and every document, for reference managers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from lerkb.exports import export

if TYPE_CHECKING:
    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_KINDS: Final = ("use-case", "principle", "overview", "pilot", "source")
#: What BibTeX reads as its own signs.
_BIBTEX: Final = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\^{}", "\\": r"\textbackslash{}"}
)


@export("citations")
def citation_files(base: KnowledgeBase, origin: Origin) -> Files:
    """Citations, as CSL-JSON and BibTeX

    Our records and the documents they rest on, for Zotero and other reference managers.
    """
    items = [csl_item(record, origin) for kind in _KINDS for record in base.of(kind)]
    return {
        "citations.csl.json": json.dumps(items, ensure_ascii=False, indent=1) + "\n",
        "citations.bib": "\n".join(bibtex(item) for item in items),
    }


def csl_item(record: Record, origin: Origin) -> dict[str, Any]:
    """A record as CSL-JSON has it. https://docs.citationstyles.org/

    The knowledge base is the author of its records, as a group is: named as the page’s container as well, it would stand in most
    styles twice.
    """
    data = record.data
    # Records of two kinds may share an id; what cites them needs one for each.
    item: dict[str, Any] = {"id": f"{record.kind}-{record.id}", "type": "webpage", "title": record.title}
    if record.kind == "source":
        item |= {"publisher": data["publisher"], "URL": data["url"]}
        if data.get("authors"):
            item["author"] = [{"literal": author} for author in data["authors"]]
        day = data.get("published", "")
    else:
        item |= {"author": [{"literal": origin.name}], "version": record.version}
        if origin.address:
            item["URL"] = origin.url(record.kind, record.id)
        day = data.get("written", "")
    numbers = [int(part) for part in re.findall(r"\d+", day)][:3]
    return item | ({"issued": {"date-parts": [numbers]}} if numbers else {})


def bibtex(item: dict[str, Any]) -> str:
    """A citation as BibTeX has it."""
    publisher = _plain(item.get("publisher", ""))
    fields = {
        "title": _plain(item["title"]),
        "author": " and ".join(f"{{{_plain(author['literal'])}}}" for author in item.get("author", ())),
        "publisher": publisher,  # what reference managers read
        "howpublished": publisher,  # what the styles of BibTeX print of a @misc
        "year": str(item["issued"]["date-parts"][0][0]) if "issued" in item else "",
        "url": item.get("URL", ""),
        "note": f"version {item['version']}" if "version" in item else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{item['id']},", *lines, "}", ""])


def _plain(text: str) -> str:
    """Text in which BibTeX finds no sign of its own."""
    return text.translate(_BIBTEX)


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def apa(item: dict[str, Any]) -> str:
    """A citation in the manner of the American Psychological Association, as plain text. https://apastyle.apa.org/"""
    authors = "; ".join(author["literal"] for author in item.get("author", ()))
    who = _ended(authors or item.get("publisher", ""))
    year, *rest = item["issued"]["date-parts"][0] if "issued" in item else ("n.d.",)
    day = " ".join([_MONTHS[number - 1] if place == 0 else str(number) for place, number in enumerate(rest)])
    version = f" (Version {item['version']})" if "version" in item else ""
    address = f" {item['URL']}" if "URL" in item else ""
    return f"{who} ({year}{', ' + day if day else ''}). {_ended(item['title'] + version)}{address}"


def _ended(text: str) -> str:
    """A text with a full stop behind it, unless it ends with a sign that stands for one."""
    return text if re.search(r"[.?!][”’\"']?$", text) else f"{text}."
