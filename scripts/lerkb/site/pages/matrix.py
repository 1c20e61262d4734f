"""The matrix of principles and use cases: how each case keeps each principle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL = "matrix/"


@dataclass(frozen=True)
class Cell:
    """How one case keeps one principle; ``how`` is empty where the case does not speak of it."""

    principle: str
    how: str
    words: str
    note: str


@dataclass(frozen=True)
class MatrixView:
    """The matrix, ready to print."""

    crumbs: tuple[Link, ...]
    principles: tuple[tuple[int, Link], ...]
    rows: tuple[tuple[Link, tuple[Cell, ...]], ...]
    totals: tuple[tuple[str, str, int], ...]


@page_type
def matrix_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    title, lead = t("matrix.title"), t("matrix.lead")
    yield Page(
        URL,
        title,
        lead,
        "pages/matrix.html",
        partial(view, site),
        search=(SearchEntry(URL, title, lead),),
        section="principles/",
    )


def view(site: Site) -> MatrixView:
    """Prepare the matrix."""
    viewer = Viewer(site, "../")
    t = viewer.t
    principles = site.base.of("principle")
    rows = []
    totals = dict.fromkeys(("applied", "partly", "missing", "not-known"), 0)
    for case in site.base.of("use-case"):
        uses = {use["principle"]: use for use in case.data.get("principles", ())}
        cells = []
        for principle in principles:
            use = uses.get(principle.id)
            how = use["how"] if use else ""
            if how:
                totals[how] += 1
            cells.append(
                Cell(
                    viewer.principle_link(principle).text,
                    how,
                    t(f"how.{how}") if how else t("matrix.silent"),
                    use["note"] if use else "",
                )
            )
        rows.append((viewer.link(case), tuple(cells)))
    return MatrixView(
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("kind.principle.other"), viewer.href("principles/")),
            Link(t("matrix.title")),
        ),
        principles=tuple((record.data["number"], viewer.link(record)) for record in principles),
        rows=tuple(rows),
        totals=tuple((how, t(f"how.{how}"), count) for how, count in totals.items()),
    )
