"""The data page: everything that can be taken away and built upon, with its schema and its license."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.exports import archive
from lerkb.site import page_type
from lerkb.site.briefs.takeaways import case_briefs, principle_cards, role_briefs
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.site.briefs.takeaways import Takeaway
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
    cards: tuple[Link, ...]  #: files to take away, where the site is built with them
    readers: tuple[Link, ...]
    cases: tuple[Link, ...]
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
    return DataView(
        crumbs,
        exports,
        schemas,
        _links(viewer, principle_cards(site)),
        _links(viewer, role_briefs(site)),
        _links(viewer, case_briefs(site)),
        offline,
    )


def _links(viewer: Viewer, items: Iterable[Takeaway]) -> tuple[Link, ...]:
    return tuple(Link(item.title, viewer.href(item.url)) for item in items)


def _size(viewer: Viewer, content: str | bytes) -> str:
    size = len(content.encode() if isinstance(content, str) else content)
    if size < _KILO * _KILO:
        return viewer.t("data.kilobytes", n=max(1, round(size / _KILO)))
    return viewer.t("data.megabytes", n=f"{size / _KILO / _KILO:.1f}")
