"""What pages of records share: the page value, its search entry, the notice in place of a record that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.site.page import Page, SearchEntry
from lerkb.site.relations import Side, stands_on_it
from lerkb.site.site import SECTIONS, record_url
from lerkb.site.views import Head, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from lerkb.records import Record
    from lerkb.site.site import Site


def record_page(site: Site, record: Record, template: str, view: Callable[[str], Any]) -> Page:
    """The page of a record. ``view`` is given what leads from the page to the site’s root."""
    url = record_url(record)
    root = "../" * url.count("/")
    viewer = Viewer(site, root)
    description = viewer.description(record)
    return Page(
        url=url,
        title=record.title,
        description=description,
        template=template,
        prepare=partial(view, root),
        record=record,
        search=(
            SearchEntry(
                url,
                record.title,
                _search_text(viewer, record, description),
                _search_tags(viewer, record),
                _WEIGHTS.get(record.kind, 1.0),
            ),
        ),
        section=SECTIONS[record.kind],
    )


#: Guidance first, then what was found, then the documents it was found in.
_WEIGHTS: Final = {"use-case": 2.0, "principle": 2.0, "source": 0.4}


def _search_text(viewer: Viewer, record: Record, description: str) -> str:
    marks = viewer.record_marks(record)
    summary = " ".join(str(record.data.get("summary", description)).split())
    return " · ".join(
        part for part in (viewer.kind_line(record), marks.strength_words if marks else "", summary) if part
    )


def _search_tags(viewer: Viewer, record: Record) -> tuple[str, ...]:
    return tuple(
        viewer.value_link(vocabulary, value).text
        for vocabulary, value in viewer.base.facets(record)
        if vocabulary != "organizations"
    )


@dataclass(frozen=True)
class GoneView:
    """A retired or withdrawn record."""

    head: Head
    stands_on_it: Side


def gone_page(site: Site, record: Record) -> Page:
    """The page in place of a retired record: it leads on to the successor, or says why the record is gone."""
    url = record_url(record)
    root = "../" * url.count("/")
    successor = site.base.get(record.kind, record.successor) if record.successor else None
    viewer = Viewer(site, root)
    return Page(
        url=url,
        title=record.title,
        description=viewer.t("banner.gone"),
        template="pages/gone.html",
        prepare=lambda: GoneView(viewer.head(record), stands_on_it(viewer, record)),
        record=record,
        section=SECTIONS[record.kind],
        redirect=root + record_url(successor) if successor else "",
    )
