"""The explorer: full text and filters together. The script fills the list; without it the page leads to the listing pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.site import page_type
from lerkb.site.finder import counted_filters
from lerkb.site.page import Page, SearchEntry
from lerkb.site.site import SECTIONS
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL: Final = "explore/"
#: Filters that stand open on a wide screen; the others are folded until asked for.
_OPEN: Final = 2


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with the number of pages that have it."""

    value: str
    title: str
    count: int


@dataclass(frozen=True)
class FilterView:
    """A filter with its values."""

    id: str
    title: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True)
class ExplorerView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    filters: tuple[FilterView, ...]
    lists: tuple[tuple[Link, int], ...]


@page_type
def explorer_page(site: Site) -> Iterator[Page]:
    """The one page."""
    title, lead = site.messages("find.title"), site.messages("find.lead")
    yield Page(URL, title, lead, "pages/explorer.html", partial(view, site), search=(SearchEntry(URL, title, lead),))


def view(site: Site) -> ExplorerView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    t = viewer.t
    made = tuple(
        FilterView(
            item.id,
            item.title,
            tuple(Choice(value, item.values[value][0], count) for value, count in counts.items()),
            number < _OPEN,
        )
        for number, (item, counts) in enumerate(counted_filters(site))
    )
    lists = tuple(
        (Link(t(f"kind.{kind}.other"), viewer.href(url)), len(site.base.of(kind)))
        for kind, url in SECTIONS.items()
        if kind != "vocabulary"
    )
    return ExplorerView((Link(t("nav.home"), viewer.href("")), Link(t("find.title"))), made, lists)
