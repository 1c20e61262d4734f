"""Source records: a page each, since several pilot records share one document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lerkb.site import page_type
from lerkb.site.pages.records import gone_page, record_page
from lerkb.site.relations import RelationsView, relations_view
from lerkb.site.views import FindingView, Head, Link, Row, SourceLine, Viewer, references_by_origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.records import Record
    from lerkb.site.page import Page
    from lerkb.site.site import Site


@dataclass(frozen=True)
class SourceView:
    """A document, ready to print."""

    head: Head
    relations: RelationsView
    line: SourceLine
    facts: tuple[Row, ...]
    carries: tuple[tuple[Link, tuple[FindingView, ...]], ...]


@page_type
def source_pages(site: Site) -> Iterator[Page]:
    """A page for each source; a notice in place of those that are gone."""
    for record in site.base:
        if record.kind == "source":
            if record.status == "retired":
                yield gone_page(site, record)
            else:
                yield record_page(site, record, "pages/source.html", partial(view, site, record))


def view(site: Site, record: Record, root: str) -> SourceView:
    """Prepare a source: what it is, and the findings that it carries, by pilot record."""
    viewer = Viewer(site, root)
    carries = []
    for references in references_by_origin(site.base.backlinks(record)).values():
        pilot = references[0].origin
        if pilot.kind == "pilot":
            indices = sorted(
                {
                    index
                    for reference in references
                    if reference.field[0] == "findings" and isinstance(index := reference.field[1], int)
                }
            )
            carries.append(
                (viewer.link(pilot), tuple(viewer.finding(pilot, pilot.data["findings"][index]) for index in indices))
            )
    return SourceView(
        head=viewer.head(record),
        relations=relations_view(viewer, record),
        line=viewer.source_line(record),
        facts=_facts(viewer, record),
        carries=tuple(sorted(carries, key=lambda pair: pair[0].text.casefold())),
    )


def _facts(viewer: Viewer, record: Record) -> tuple[Row, ...]:
    data, t = record.data, viewer.t
    organization = data.get("organization")
    rows = [
        Row(t("source.type"), viewer.choice("source", ("type",), data["type"])),
        Row(
            t("source.publisher"),
            "" if organization else data["publisher"],
            (viewer.value_link("organizations", organization),) if organization else (),
        ),
        Row(
            t("source.authors"),
            ", ".join(data.get("authors", ())) or t("source.not_named"),
            missing=not data.get("authors"),
        ),
        Row(t("source.published"), data.get("published") or t("source.no_date"), missing="published" not in data),
        Row(t("source.interest"), viewer.t(f"interest.{data['interest']}")),
        Row(t("source.read"), viewer.t(f"read.{data['read']}")),
        Row(t("source.last_checked"), data["last_checked"]),
        Row(
            t("source.address_status"),
            viewer.choice("source", ("address_status",), data.get("address_status", "not-checked")),
        ),
    ]
    if data.get("address_check", {}).get("last_reached"):
        rows.append(Row(t("source.last_reached"), data["address_check"]["last_reached"]))
    if data.get("kept_copy"):
        rows.append(Row(t("source.kept_copy"), "", (Link(urlsplit(data["kept_copy"]).netloc, data["kept_copy"]),)))
    noted = (key for key in ("published_note", "read_note", "copy_of", "supports", "does_not_support") if data.get(key))
    rows += [Row(str(viewer.base.schemas.described("source", (key,))["title"]), data[key]) for key in noted]
    return tuple(rows)
