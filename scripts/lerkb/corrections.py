"""Which record somebody means who corrects a page: by its address, its title, its file or its id."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from lerkb.site.site import FORM_KINDS, SECTIONS, form_url, record_url

if TYPE_CHECKING:
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_ALIKE: Final = 0.6
_MOST: Final = 3
_ADDRESS: Final = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)+/\S+|(?<!\S)/?[\w-]+/[\w./#-]*")


@dataclass(frozen=True)
class Meant:
    """The record that is meant; or those that may be."""

    record: Record | None
    near: tuple[Record, ...] = ()


def find_page(base: KnowledgeBase, words: str) -> Meant:
    """The record whose page somebody names: ``https://…/use-cases/a-case/#gains``, a title, ``use_cases/a-case.yaml`` or ``a-case``."""
    for address in find_addresses(words):
        found = _by_address(base, address)
        if found:
            return Meant(found)
    wanted = _plain(words)
    whole = [record for record in base if wanted in (_plain(record.title), _plain(record.id), _plain(record.path))]
    if len(whole) == 1:
        return Meant(whole[0])
    if whole:
        return Meant(None, tuple(whole[:_MOST]))
    held = [record for record in base if len(_plain(record.title).split()) > 1 and _plain(record.title) in wanted]
    if len(held) == 1:
        return Meant(held[0])
    addresses = find_addresses(words)
    asked = [last_part(address) for address in addresses] or [wanted]
    names = {_plain(record.id if addresses else record.title): record for record in base}
    near = [
        names[name]
        for part in asked
        for name in difflib.get_close_matches(_plain(part), list(names), n=_MOST, cutoff=_ALIKE)
    ]
    return Meant(None, tuple({record.path: record for record in near}.values())[:_MOST])


def last_part(address: str) -> str:
    """The name at the end of an address: ``about`` of ``https://example.org/about/#way``."""
    return unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]


def find_addresses(words: str) -> tuple[str, ...]:
    """The addresses in a text, whole ones and those from the root of a site."""
    return tuple(found[0].rstrip(".,;)>]") for found in _ADDRESS.finditer(words))


def form_address(record: Record) -> str:
    """Where its form is, from the root of the site, with the record in it; empty if its kind has none."""
    return f"{form_url(record.kind)}?id={record.id}" if record.kind in FORM_KINDS and not record.withdrawn else ""


def _by_address(base: KnowledgeBase, address: str) -> Record | None:
    """The record that an address leads to: its page, a part of it, its data, or the form with it."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    form = re.search(r"contribute/form/([a-z-]+)/?\Z", path)
    if form:
        return base.get(form[1], parse_qs(parts.query).get("id", [""])[0])
    for kind, section in SECTIONS.items():
        below = re.search(rf"(?:\A|/){re.escape(section)}([a-z0-9-]*)", path)
        if below:
            record = base.get(kind, below[1] or unquote(parts.fragment))
            if record is not None and record_url(record).startswith(section):
                return record
    return next((record for record in base if path.lstrip("/").endswith(record.path)), None)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))
