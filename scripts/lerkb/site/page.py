"""One page of the site, before it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from lerkb.records import Record


@dataclass(frozen=True)
class SearchEntry:
    """What search knows of a page, or of a part of it: light, so that the index stays small."""

    location: str  #: address from the site’s root, with ``#part`` where it is one
    title: str
    text: str
    tags: tuple[str, ...] = ()
    weight: float = 1.0  #: in the order of results, beside other pages with the same words
    kind: str = "page"  #: what it is called among results, where it is no record’s page
    later: bool = False  #: looked for only once somebody looks deeper
    also: tuple[str, ...] = ()  #: other words people use for it: looked through, and not shown


@dataclass(frozen=True)
class Page:
    """One page. Its view is prepared only when it is rendered, so that a large site need not be held in memory."""

    url: str  #: from the site’s root, ending in a slash; empty for the home page
    title: str
    description: str
    template: str
    prepare: Callable[[], Any]  #: makes the frozen view that the template prints
    record: Record | None = None
    search: tuple[SearchEntry, ...] = ()
    section: str = ""  #: address of the listing page it belongs to, for the tab that is marked
    #: Where an old address leads now; such a page has nothing else.
    redirect: str = ""

    @property
    def head(self) -> dict[str, Any]:
        """What a theme reads from the head of a page; themes print title and description as they are."""
        return {
            "title": escape(self.title),
            "description": escape(self.description),
            "hide": ["navigation", "toc"],
        }

    @property
    def root(self) -> str:
        """What leads from this page to the site’s root."""
        return "../" * self.url.count("/") or "./"
