"""The evidence gap map: two filters against each other, how many records stand where they meet, and how strong the best of them is.

Each pair of filters that is offered has a page of its own, so that choosing works without a script and can be linked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from lerkb import strength
from lerkb.site import page_type
from lerkb.site.finder import filter_title, filter_values
from lerkb.site.page import Page, SearchEntry
from lerkb.site.site import LISTED, form_url
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.site.site import Site

#: Rows and columns that are offered: the people first, since who is missing matters most.
PAIRS: Final = (
    ("populations", "stages"),
    ("populations", "sectors"),
    ("populations", "barriers"),
    ("principle", "populations"),
    ("principle", "sectors"),
    ("barriers", "stages"),
    ("sectors", "stages"),
)
#: From how many records on a cell is filled lightly, and darkly.
_SOME: Final = 3
_MANY: Final = 8
#: Up to how many columns a map has room for their names, and for blocks on a narrow screen.
_SLIM: Final = 8


@dataclass(frozen=True)
class MapCell:
    """How many records, how strong the best is, and where to see them; or the door to propose one."""

    count: int
    level: int
    strength_words: str
    href: str
    fill: str


@dataclass(frozen=True)
class MapRow:
    """A value of the first filter against all values of the second."""

    title: str
    cells: tuple[MapCell, ...]
    empty: int


@dataclass(frozen=True)
class MapView:
    """The page, ready to print."""

    title: str
    crumbs: tuple[Link, ...]
    pairs: tuple[tuple[Link, bool], ...]
    row_title: str
    columns: tuple[str, ...]
    slim: bool  #: few columns
    rows: tuple[MapRow, ...]
    empty: str
    some: str
    many: str


def map_url(pair: tuple[str, str]) -> str:
    """The address of the map of a pair of filters."""
    return f"gaps/map/{pair[0]}-{pair[1]}/"


def filled_cells(base: KnowledgeBase, pair: tuple[str, str]) -> dict[tuple[str, str], list[int]]:
    """The cells of a map that records fall into: row and column → the level of strength of each record, -1 for one without a mark."""
    found: dict[tuple[str, str], list[int]] = {}
    for kind in LISTED:
        for record in base.of(kind):
            chosen = filter_values(base, record)
            marks = base.marks(record)
            level = marks.strength.level if marks else -1
            for row in chosen.get(pair[0], ()):
                for column in chosen.get(pair[1], ()):
                    found.setdefault((row, column), []).append(level)
    return found


@page_type
def gap_map_pages(site: Site) -> Iterator[Page]:
    """A page for each pair of filters that both have values."""
    for pair in PAIRS:
        if all(_values(site, name) for name in pair):
            title = site.messages(
                "map.title", rows=filter_title(site, pair[0]), columns=filter_title(site, pair[1]).lower()
            )
            lead = site.messages("map.lead")
            yield Page(
                map_url(pair),
                title,
                lead,
                "pages/gap_map.html",
                partial(view, site, pair),
                search=(SearchEntry(map_url(pair), title, lead),),
                section="gaps/",
            )


def _values(site: Site, name: str) -> dict[str, str]:
    """Every value of a filter with its title, in the order of its vocabulary or by number; those that no record has among them."""
    if name == "principle":
        return {record.id: f"{record.data['number']}. {record.title}" for record in site.base.of("principle")}
    return {value: str(described["title"]) for value, described in site.base.vocabulary(name).items()}


def view(site: Site, pair: tuple[str, str]) -> MapView:
    """Prepare the page."""
    viewer = Viewer(site, "../../../")
    t = viewer.t
    rows, columns = (_values(site, name) for name in pair)
    found = filled_cells(site.base, pair)
    made = tuple(_row(viewer, pair, (row, title), columns, found) for row, title in rows.items())
    empty = sum(row.empty for row in made)
    return MapView(
        title=t("map.title", rows=filter_title(site, pair[0]), columns=filter_title(site, pair[1]).lower()),
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("gaps.title"), viewer.href("gaps/")),
            Link(t("map.crumb")),
        ),
        pairs=tuple(
            (
                Link(
                    t("map.pair", rows=filter_title(site, other[0]), columns=filter_title(site, other[1]).lower()),
                    viewer.href(map_url(other)),
                ),
                other == pair,
            )
            for other in PAIRS
            if all(_values(site, name) for name in other)
        ),
        row_title=filter_title(site, pair[0]),
        columns=tuple(columns.values()),
        slim=len(columns) <= _SLIM,
        rows=made,
        empty=t("map.empty", n=empty, all=len(rows) * len(columns)),
        some=t("map.some", low=_SOME, high=_MANY - 1),
        many=t("map.many", n=_MANY),
    )


def _row(
    viewer: Viewer,
    pair: tuple[str, str],
    row: tuple[str, str],
    columns: dict[str, str],
    found: dict[tuple[str, str], list[int]],
) -> MapRow:
    cells = []
    for column in columns:
        levels = found.get((row[0], column), [])
        asked = urlencode({pair[0]: row[0], pair[1]: column})
        best = max(levels, default=-1)
        rung = next((rung for rung in strength.LADDER if rung.level == best), None)
        cells.append(
            MapCell(
                len(levels),
                best,
                viewer.t(f"strength.{rung.name}") if rung else "",
                viewer.href(f"explore/?{asked}" if levels else f"{form_url('use-case')}?{asked}"),
                "many" if len(levels) >= _MANY else "some" if len(levels) >= _SOME else "few" if levels else "none",
            )
        )
    return MapRow(row[1], tuple(cells), sum(not cell.count for cell in cells))
