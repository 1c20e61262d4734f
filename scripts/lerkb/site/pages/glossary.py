"""The glossary: one page, each term at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, SourceLine, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL = "glossary/"


@dataclass(frozen=True)
class TermView:
    """One term."""

    id: str
    title: str
    also: tuple[str, ...]
    text: str
    source: SourceLine | None
    see_also: tuple[Link, ...]
    status: str


@dataclass(frozen=True)
class GlossaryView:
    """Terms by their first letter."""

    crumbs: tuple[Link, ...]
    letters: tuple[tuple[str, tuple[TermView, ...]], ...]
    count: int


@page_type
def glossary_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    terms = site.base.of("term")
    yield Page(
        url=URL,
        title=t("glossary.title"),
        description=t("glossary.lead"),
        template="pages/glossary.html",
        prepare=partial(view, site, "../"),
        search=(
            SearchEntry(URL, t("glossary.title"), t("glossary.lead")),
            *(
                SearchEntry(
                    f"{URL}#{term.id}",
                    # In the title, so that a synonym finds its term before a page that merely uses the word.
                    f"{term.title} ({', '.join(term.data['also'])})" if term.data.get("also") else term.title,
                    " ".join(term.data["summary"].split()),
                    kind="term",
                )
                for term in terms
            ),
        ),
        section=URL,
    )


def view(site: Site, root: str) -> GlossaryView:
    """Prepare the glossary."""
    viewer = Viewer(site, root)
    letters: dict[str, list[TermView]] = {}
    for term in site.base.of("term"):
        source = site.base.get("source", term.data.get("source", ""))
        shown = TermView(
            id=term.id,
            title=term.title,
            also=tuple(term.data.get("also", ())),
            text=term.data["summary"],
            source=viewer.source_line(source) if source else None,
            see_also=tuple(
                Link(other.title, f"#{other.id}")
                for other_id in term.data.get("see_also", ())
                if (other := site.base.get("term", other_id))
            ),
            status=term.status,
        )
        letters.setdefault(term.title[0].upper(), []).append(shown)
    return GlossaryView(
        crumbs=(Link(viewer.t("nav.home"), viewer.href("")), Link(viewer.t("glossary.title"))),
        letters=tuple((letter, tuple(terms)) for letter, terms in sorted(letters.items())),
        count=len(site.base.of("term")),
    )
