"""Overviews: a quotable page each, prose that rests on claims and tables drawn from the records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.pages.records import gone_page, record_page
from lerkb.site.relations import RelationsView, relations_view
from lerkb.site.site import SECTIONS, record_url
from lerkb.site.tables import TableView, table_view
from lerkb.site.views import ClaimView, GapView, Head, Link, MarkView, Prose, SourceLine, Viewer
from lerkb.text.prose import render_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.site import Site


@dataclass(frozen=True)
class Section:
    """One section, with its table if it has one."""

    id: str
    title: str
    html: Markup
    rests_on: tuple[Link, ...]
    table: TableView | None
    sheet: Link | None  #: the section as a sheet to print


@dataclass(frozen=True)
class SheetView:
    """One section as a sheet to print and fill in."""

    crumbs: tuple[Link, ...]
    title: str
    use: str
    html: Markup
    claims: tuple[ClaimView, ...]
    sources: tuple[SourceLine, ...]
    unread: bool  #: nobody with lived experience has read the overview
    foot: str
    back: Link


@dataclass(frozen=True)
class OverviewView:
    """An overview, ready to print."""

    head: Head
    relations: RelationsView
    lead: Prose
    marks: MarkView | None
    main_claim: Link
    sections: tuple[Section, ...]
    claims: tuple[ClaimView, ...]
    gaps: tuple[GapView, ...]
    sources: tuple[SourceLine, ...]
    onpage: tuple[tuple[str, str], ...]  #: id and title of each section


@page_type
def overview_pages(site: Site) -> Iterator[Page]:
    """A page for each overview; a notice in place of those that are gone."""
    for record in site.base:
        if record.kind == "overview":
            if record.status == "retired":
                yield gone_page(site, record)
            else:
                yield record_page(site, record, "pages/overview.html", partial(view, site, record))
                yield from _sheets(site, record)


def view(site: Site, record: Record, root: str) -> OverviewView:
    """Prepare an overview."""
    viewer = Viewer(site, root)
    data = record.data
    main = record.parts("claims")[data["main_claim"]]
    claims = viewer.claims(record)
    return OverviewView(
        head=viewer.head(record),
        lead=viewer.prose(data["summary"]),
        marks=viewer.record_marks(record),
        main_claim=Link(main["text"], f"#claim-{main['id']}"),
        sections=tuple(_section(viewer, record, section) for section in data["sections"]),
        claims=claims,
        gaps=viewer.gaps(record),
        sources=viewer.sources(),
        relations=relations_view(viewer, record),
        onpage=(
            *((section["id"], section["title"]) for section in data["sections"]),
            ("claims", viewer.t("page.claims_title")),
            ("gaps", viewer.t("page.gaps_title") if data.get("gaps") else ""),
            ("sources", viewer.t("page.sources")),
            ("relations", viewer.t("relations.title")),
            ("about", viewer.t("page.about")),
        ),
    )


def _sheets(site: Site, record: Record) -> Iterator[Page]:
    """A sheet for each section that asks for one."""
    for section in record.data["sections"]:
        if "sheet" in section:
            url = sheet_url(record, section)
            yield Page(
                url,
                section["sheet"]["title"],
                site.messages("sheet.description", title=record.title),
                "pages/sheet.html",
                partial(sheet_view, site, record, section),
                search=()
                if record.is_draft
                else (SearchEntry(url, section["sheet"]["title"], record.title, later=True),),
                section=SECTIONS[record.kind],
            )


def sheet_url(record: Record, section: Mapping[str, Any]) -> str:
    """The address of the sheet of a section."""
    return f"{record_url(record)}{section['id']}/"


def sheet_view(site: Site, record: Record, section: Mapping[str, Any]) -> SheetView:
    """Prepare a sheet: the section, what it rests on and where that is said."""
    viewer = Viewer(site, "../" * sheet_url(record, section).count("/"))
    t = viewer.t
    wanted = frozenset(section.get("rests_on", ()))
    claims = tuple(
        viewer.claim(claim, number)
        for number, claim in enumerate(record.data["claims"], start=1)
        if claim["id"] in wanted
    )
    back = viewer.link(record)
    return SheetView(
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t(f"kind.{record.kind}.other"), viewer.href(SECTIONS[record.kind])),
            back,
            Link(section["sheet"]["title"]),
        ),
        title=section["sheet"]["title"],
        use=section["sheet"]["use"],
        html=Markup(render_markdown(section["text"], viewer.root)),  # noqa: S704 - sanitised there
        claims=claims,
        sources=viewer.sources(),
        unread=record.data["review"]["lived_experience"] == "none",
        foot=t("sheet.foot", site=site.settings.name, day=record.data["written"], version=record.version),
        back=back,
    )


def _section(viewer: Viewer, record: Record, section: Mapping[str, Any]) -> Section:
    return Section(
        id=section["id"],
        title=section["title"],
        html=Markup(render_markdown(section["text"], viewer.root)),  # noqa: S704 - sanitised there
        rests_on=viewer.claim_links(record, section.get("rests_on", ())),
        table=table_view(viewer, section["table"]) if "table" in section else None,
        sheet=Link(section["sheet"]["title"], viewer.href(sheet_url(record, section))) if "sheet" in section else None,
    )
