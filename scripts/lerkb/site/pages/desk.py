"""The reviewer's desk: everything that waits for somebody to look, with the reason and the way to begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.desk import desk, newest_day
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.desk import Waiting
    from lerkb.site.site import Site

URL: Final = "desk/"
#: So many of a list are shown; the others are folded.
_FIRST: Final = 10


@dataclass(frozen=True)
class WaitingView:
    """One thing that waits, ready to print."""

    link: Link
    kind: str
    text: str
    why: str


@dataclass(frozen=True)
class DeskList:
    """One list."""

    id: str
    title: str
    lead: str
    count: int
    first: tuple[WaitingView, ...]
    rest: tuple[WaitingView, ...]


@dataclass(frozen=True)
class DeskView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    as_of: str
    lists: tuple[DeskList, ...]
    onpage: tuple[tuple[str, str], ...]


@page_type
def desk_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    title, lead = t("desk.title"), t("desk.lead")
    yield Page(
        URL,
        title,
        lead,
        "pages/desk.html",
        partial(view, site),
        search=(SearchEntry(URL, title, lead, later=True),),
        section="contribute/",
    )


def view(site: Site) -> DeskView:
    """Prepare the page. Drafts are not on the site, and so not on its desk."""
    viewer = Viewer(site, "../")
    t = viewer.t
    day = newest_day(site.base)
    lists = tuple(
        DeskList(
            name,
            t(f"desk.list.{name}"),
            t(f"desk.about.{name}"),
            len(found),
            tuple(_waiting(viewer, item) for item in found[:_FIRST]),
            tuple(_waiting(viewer, item) for item in found[_FIRST:]),
        )
        for name, found in desk(site.base, day).items()
        if found
    )
    return DeskView(
        (Link(t("nav.home"), viewer.href("")), Link(t("desk.title"))),
        t("desk.as_of", day=day),
        lists,
        tuple((item.id, f"{item.title}: {item.count:,}") for item in lists),
    )


def _waiting(viewer: Viewer, item: Waiting) -> WaitingView:
    link = viewer.link(item.record)
    part = f"#{item.part}" if item.part else ""
    return WaitingView(
        link=Link(link.text, link.href + part),
        kind=viewer.t(f"kind.{item.record.kind}", n=1).lower(),
        text=item.text,
        why=viewer.t(f"desk.why.{item.why}", **item.values),
    )
