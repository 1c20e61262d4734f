"""Listing pages: use cases, principles, pilots, sources, overviews; vocabularies and each of their values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.site import LISTED, SECTIONS, value_url
from lerkb.site.views import Card, Link, SourceLine, Viewer, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.records import Record
    from lerkb.site.site import Site

#: Vocabularies that have pages, in the order in which they are offered.
BROWSED: Final = ("audiences", "populations", "sectors", "stages", "barriers", "standards", "places", "organizations")
#: Kinds shown on the page of a value.
#: Facets offered beside a list of a kind.
_FACETS: Final = {
    "use-case": ("populations", "sectors", "stages", "barriers"),
    "pilot": ("sectors", "populations", "places"),
}
_NEARNESS: Final = ("direct", "near", "analogy")


@dataclass(frozen=True)
class Facet:
    """A vocabulary with its values that lead somewhere, and how many records each has."""

    title: str
    all: Link
    values: tuple[tuple[Link, int], ...]


@dataclass(frozen=True)
class Group:
    """Records under a heading, the first few in sight and the rest folded, so that the next heading is not out of reach."""

    title: str
    note: str
    cards: tuple[Card, ...]

    @property
    def first(self) -> tuple[Card, ...]:
        """What stands in sight."""
        return folded(self.cards)[0]

    @property
    def rest(self) -> tuple[Card, ...]:
        """What is folded."""
        return folded(self.cards)[1]


@dataclass(frozen=True)
class ListView:
    """A list of records, ready to print."""

    title: str
    lead: str
    crumbs: tuple[Link, ...]
    count: str
    groups: tuple[Group, ...]
    facets: tuple[Facet, ...]
    numbered: bool
    question: str = ""


@dataclass(frozen=True)
class SourceListView:
    """All documents."""

    title: str
    lead: str
    crumbs: tuple[Link, ...]
    count: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True)
class BrowseView:
    """The values of one vocabulary, or all vocabularies."""

    title: str
    lead: str
    crumbs: tuple[Link, ...]
    facets: tuple[Facet, ...]
    empty: tuple[str, ...]


@page_type
def kind_lists(site: Site) -> Iterator[Page]:
    """A page that lists each kind of record."""
    t = site.messages
    for kind in ("use-case", "principle", "pilot", "overview"):
        url = SECTIONS[kind]
        title = t(f"kind.{kind}.other")
        lead = t(f"list.{kind}.lead", n=len(site.base.of(kind)))
        yield Page(
            url,
            title,
            lead,
            "pages/list.html",
            partial(_kind_view, site, kind),
            search=(SearchEntry(url, title, lead),),
            section=url,
        )
    url = SECTIONS["source"]
    title, lead = t("kind.source.other"), t("list.source.lead", n=len(site.base.of("source")))
    yield Page(
        url,
        title,
        lead,
        "pages/source_list.html",
        partial(_source_view, site),
        search=(SearchEntry(url, title, lead),),
        section=url,
    )


@page_type
def browse_pages(site: Site) -> Iterator[Page]:
    """A page for all vocabularies, one for each, and one for each value that some record carries."""
    t = site.messages
    yield Page(
        "browse/",
        t("browse.title"),
        t("browse.lead"),
        "pages/browse.html",
        partial(_browse_view, site),
        search=(SearchEntry("browse/", t("browse.title"), t("browse.lead")),),
    )
    for vocabulary in BROWSED:
        record = site.base.get("vocabulary", vocabulary)
        if record is None:
            continue
        url = f"browse/{vocabulary}/"
        lead = record.data["summary"]
        yield Page(
            url,
            record.title,
            lead,
            "pages/browse.html",
            partial(_vocabulary_view, site, record),
            search=(SearchEntry(url, record.title, lead),),
        )
        for value, described in site.base.vocabulary(vocabulary).items():
            if _tagged(site, vocabulary, value):
                url = value_url(vocabulary, value)
                text = f"{record.title} · {described['description']}"
                yield Page(
                    url,
                    described["title"],
                    described["description"],
                    "pages/list.html",
                    partial(_value_view, site, record, value),
                    search=(
                        SearchEntry(
                            url,
                            described["title"],
                            text,
                            weight=0.6,
                            kind="topic",
                            later=vocabulary == "organizations",
                            also=tuple(described.get("also", ())),
                        ),
                    ),
                )


def _tagged(site: Site, vocabulary: str, value: str) -> tuple[Record, ...]:
    return tuple(record for record in site.base.tagged(vocabulary, value) if record.kind in LISTED)


def _kind_view(site: Site, kind: str) -> ListView:
    viewer = Viewer(site, "../")
    t = viewer.t
    records = site.base.of(kind)
    return ListView(
        title=t(f"kind.{kind}.other"),
        lead=t(f"list.{kind}.lead", n=len(records)),
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t(f"kind.{kind}.other"))),
        count=t(f"list.{kind}.count", n=len(records)),
        groups=_groups(viewer, kind, records),
        facets=tuple(_facet(viewer, name, kind) for name in _FACETS.get(kind, ()) if site.base.get("vocabulary", name)),
        numbered=kind == "principle",
    )


def _groups(viewer: Viewer, kind: str, records: tuple[Record, ...]) -> tuple[Group, ...]:
    """Pilot records by nearness to LERs, use cases by what they read as; everything else in one group."""
    if kind == "pilot":
        by = {name: [record for record in records if record.data["nearness"] == name] for name in _NEARNESS}
        made = [
            Group(viewer.t(f"list.pilot.{name}"), viewer.t(f"list.pilot.{name}_note"), _cards(viewer, found))
            for name, found in by.items()
            if found
        ]
        return tuple(made)
    if kind == "use-case":
        values = ("hopeful", "mixed", "warning", "proposed")
        by = {name: [record for record in records if record.data["reads_as"] == name] for name in values}
        return tuple(
            Group(viewer.t(f"list.use-case.{name}"), "", _cards(viewer, found)) for name, found in by.items() if found
        )
    return (Group("", "", _cards(viewer, records)),)


def _cards(viewer: Viewer, records: Iterable[Record]) -> tuple[Card, ...]:
    return tuple(viewer.card(record) for record in records)


def _facet(viewer: Viewer, vocabulary: str, kind: str = "") -> Facet:
    counts = Counter(
        {
            value: len(_of_kind(_tagged(viewer.site, vocabulary, value), kind))
            for value in viewer.base.vocabulary(vocabulary)
        }
    )
    values = tuple((viewer.value_link(vocabulary, value), count) for value, count in counts.items() if count)
    return Facet(
        viewer.t(f"vocabulary.{vocabulary}"), Link(viewer.t("browse.all"), viewer.href(f"browse/{vocabulary}/")), values
    )


def _of_kind(records: tuple[Record, ...], kind: str) -> tuple[Record, ...]:
    return tuple(record for record in records if kind in ("", record.kind))


def _source_view(site: Site) -> SourceListView:
    viewer = Viewer(site, "../")
    t = viewer.t
    sources = site.base.of("source")
    return SourceListView(
        title=t("kind.source.other"),
        lead=t("list.source.lead", n=len(sources)),
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t("kind.source.other"))),
        count=t("list.source.count", n=len(sources)),
        lines=tuple(viewer.source_line(source) for source in sources),
    )


def _browse_view(site: Site) -> BrowseView:
    viewer = Viewer(site, "../")
    t = viewer.t
    return BrowseView(
        title=t("browse.title"),
        lead=t("browse.lead"),
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t("browse.title"))),
        facets=tuple(
            _facet(viewer, name) for name in BROWSED if site.base.get("vocabulary", name) and name != "organizations"
        ),
        empty=(),
    )


def _vocabulary_view(site: Site, vocabulary: Record) -> BrowseView:
    viewer = Viewer(site, "../../")
    t = viewer.t
    facet = _facet(viewer, vocabulary.id)
    named = {link.text for link, _ in facet.values}
    empty = tuple(
        value["title"] for value in site.base.vocabulary(vocabulary.id).values() if value["title"] not in named
    )
    return BrowseView(
        title=vocabulary.title,
        lead=vocabulary.data["summary"],
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("browse.title"), viewer.href("browse/")),
            Link(vocabulary.title),
        ),
        facets=(facet,),
        empty=() if vocabulary.id in ("organizations", "places") else empty,
    )


def _value_view(site: Site, vocabulary: Record, value: str) -> ListView:
    viewer = Viewer(site, "../../../")
    t = viewer.t
    described = site.base.vocabulary(vocabulary.id)[value]
    records = _tagged(site, vocabulary.id, value)
    groups = tuple(
        Group(t(f"kind.{kind}.other"), "", _cards(viewer, found))
        for kind in LISTED
        if (found := _of_kind(records, kind))
    )
    return ListView(
        title=described["title"],
        lead=described["description"],
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("browse.title"), viewer.href("browse/")),
            Link(vocabulary.title, viewer.href(f"browse/{vocabulary.id}/")),
            Link(described["title"]),
        ),
        count=t("list.records", n=len(records)),
        groups=groups,
        facets=(),
        numbered=False,
        question=described.get("question", ""),
    )
