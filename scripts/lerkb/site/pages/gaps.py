"""What nobody knows: every gap, by what is missing, and every harm that is still open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.pages.gap_map import PAIRS, map_url
from lerkb.site.pages.role import role_url
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL = "gaps/"
#: The reader for whom gaps are ranked.
_RANKED_FOR: Final = "funder"


@dataclass(frozen=True)
class GapGroup:
    """Gaps of one type; those of use cases and principles first, then those of pilot records."""

    type: str
    title: str
    description: str
    count: str
    ours: tuple[tuple[str, Link], ...]
    pilots: tuple[tuple[str, Link], ...]


@dataclass(frozen=True)
class OpenHarm:
    """A harm without a safeguard."""

    what: str
    bears: str
    why: str
    case: Link


@dataclass(frozen=True)
class GapsView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    groups: tuple[GapGroup, ...]
    open_harms: tuple[OpenHarm, ...]
    count: int
    read_count: int  #: pilot records
    onpage: tuple[tuple[str, str], ...]  #: id and title of each section
    map: Link
    ranked: Link | None  #: the same by how many records wait for an answer


@page_type
def gaps_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    title, lead = t("gaps.title"), t("gaps.lead")
    yield Page(
        URL, title, lead, "pages/gaps.html", partial(view, site), search=(SearchEntry(URL, title, lead),), section=URL
    )


def view(site: Site) -> GapsView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    t = viewer.t
    ours: dict[str, list[tuple[str, Link]]] = {}
    pilots: dict[str, list[tuple[str, Link]]] = {}
    for kind, into in (("use-case", ours), ("principle", ours), ("overview", ours), ("pilot", pilots)):
        for record in site.base.of(kind):
            for gap in record.data.get("gaps", ()):
                link = viewer.link(record)
                into.setdefault(gap["type"], []).append((gap["text"], Link(link.text, f"{link.href}#gap-{gap['id']}")))
    types = viewer.choices("pilot", ("gaps", 0, "type"))
    groups = tuple(
        GapGroup(
            name,
            option["title"],
            option["description"],
            t("gaps.count", n=len(ours.get(name, ())) + len(pilots.get(name, ()))),
            tuple(ours.get(name, ())),
            tuple(pilots.get(name, ())),
        )
        for name, option in types.items()
        if name in ours or name in pilots
    )
    harms = tuple(
        OpenHarm(harm["what"], harm["bears"], harm["open"], viewer.link(case))
        for case in site.base.of("use-case")
        for harm in case.data.get("harms", ())
        if "open" in harm
    )
    count = sum(len(found) for into in (ours, pilots) for found in into.values())
    onpage = (
        ("open-harms", f"{t('gaps.open_harms')}: {len(harms)}"),
        *((group.type, f"{group.title}: {group.count}") for group in groups),
    )
    return GapsView(
        (Link(t("nav.home"), viewer.href("")), Link(t("gaps.title"))),
        groups,
        harms,
        count,
        len(site.base.of("pilot")),
        onpage,
        Link(t("map.link"), viewer.href(map_url(PAIRS[0]))),
        Link(t("gaps.ranked"), f"{viewer.href(role_url(_RANKED_FOR))}#gaps")
        if _RANKED_FOR in site.base.vocabulary("audiences")
        else None,
    )
