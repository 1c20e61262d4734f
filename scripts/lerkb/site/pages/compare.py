"""Use cases and pilots side by side. The script lays out what is chosen; what it lays out is prepared here, row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.site import COMPARE_URL, COMPARED, SECTIONS, record_url
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.records import Record
    from lerkb.site.site import Site


@dataclass(frozen=True)
class CompareView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  #: kind in words; address and title of each record
    lists: tuple[Link, ...]
    words: str  #: JSON: what the script says


@page_type
def compare_page(site: Site) -> Iterator[Page]:
    """The one page."""
    title, lead = site.messages("compare.title"), site.messages("compare.lead")
    search = (SearchEntry(COMPARE_URL, title, lead),)
    yield Page(COMPARE_URL, title, lead, "pages/compare.html", partial(view, site), search=search)


def view(site: Site) -> CompareView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    t = viewer.t
    return CompareView(
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t("compare.title"))),
        groups=tuple(
            (
                t(f"kind.{kind}.other"),
                tuple(
                    (record_url(record), record.title)
                    for record in sorted(site.base.of(kind), key=lambda record: record.title.casefold())
                ),
            )
            for kind in COMPARED
        ),
        lists=tuple(Link(t(f"kind.{kind}.other"), viewer.href(SECTIONS[kind])) for kind in COMPARED),
        words=json.dumps(t.under("compare.script."), ensure_ascii=False),
    )


def compared(site: Site) -> dict[str, Any]:
    """What the script lays out: by address, the title and the rows of each record. A row is its label and its lines."""
    viewer = Viewer(site, "")
    return {
        record_url(record): [record.title, [[label, list(lines)] for label, lines in _rows(viewer, record) if lines]]
        for kind in COMPARED
        for record in site.base.of(kind)
    }


def _rows(viewer: Viewer, record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    t, data = viewer.t, record.data
    yield t("compare.row.kind"), (viewer.kind_line(record),)
    yield t("compare.row.summary"), (viewer.description(record),)
    marks = viewer.record_marks(record)
    if marks:
        yield t("sure.strength"), (marks.strength_words,)
        yield t("sure.effect"), (marks.effect_words,)
    if record.kind == "pilot":
        for name in ("pilot_status", "nearness"):
            title = str(viewer.base.schemas.described("pilot", (name,))["title"])
            yield title, (viewer.choice("pilot", (name,), data[name]),)
        yield t("compare.row.period"), (period,) if (period := viewer.period(record)) else ()
        states = viewer.choices("pilot", ("findings", 0, "state"))
        counted = {value: sum(finding["state"] == value for finding in data["findings"]) for value in states}
        yield (
            t("compare.row.findings"),
            tuple(f"{states[value]['title']}: {number}" for value, number in counted.items() if number),
        )
    else:
        yield t("compare.row.gains"), tuple(f"{gain['what']} ({gain['who']})" for gain in data.get("gains", ()))
        yield t("compare.row.harms"), tuple(f"{harm['what']} ({harm['bears']})" for harm in data.get("harms", ()))
        for how in ("applied", "partly", "missing"):
            uses = [viewer.principles[use["principle"]] for use in data.get("principles", ()) if use["how"] == how]
            yield t("compare.row.principles", how=t(f"how.{how}")), tuple(principle.title for principle in uses)
    for row in viewer.tags(record):
        yield row.label, tuple(link.text for link in row.links)
    yield t("compare.row.gaps"), tuple(gap["text"] for gap in data.get("gaps", ()))
