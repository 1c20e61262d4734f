"""The data page: everything that can be taken away and built upon, with its schema and its license."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.exports import archive
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL: Final = "data/"
_KILO: Final = 1000


@dataclass(frozen=True)
class FileView:
    """A file with its size in words."""

    link: Link
    size: str


@dataclass(frozen=True)
class ExportView:
    """A form in which the knowledge base can be had."""

    title: str
    description: str
    files: tuple[FileView, ...]
    online: bool  #: not in the offline copy


@dataclass(frozen=True)
class DataView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    exports: tuple[ExportView, ...]
    schemas: tuple[Link, ...]
    offline: Link | None


@page_type
def data_page(site: Site) -> Iterator[Page]:
    """The one page."""
    title, lead = site.messages("data.title"), site.messages("data.lead")
    if site.exports:
        yield Page(URL, title, lead, "pages/data.html", partial(view, site), search=(SearchEntry(URL, title, lead),))


def view(site: Site) -> DataView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    exports = tuple(
        ExportView(
            doc.title,
            doc.description,
            tuple(FileView(Link(name, name), _size(viewer, content)) for name, content in doc.files().items()),
            doc.name == archive.NAME,
        )
        for doc in site.exports
    )
    schemas = tuple(Link(name, f"schemas/{name}") for name in site.base.schemas.documents)
    crumbs = (Link(viewer.t("nav.home"), viewer.href("")), Link(viewer.t("data.title")))
    offline = Link(site.offline_copy, site.offline_copy) if site.offline_copy else None
    return DataView(crumbs, exports, schemas, offline)


def _size(viewer: Viewer, content: str | bytes) -> str:
    size = len(content.encode() if isinstance(content, str) else content)
    if size < _KILO * _KILO:
        return viewer.t("data.kilobytes", n=max(1, round(size / _KILO)))
    return viewer.t("data.megabytes", n=f"{size / _KILO / _KILO:.1f}")
