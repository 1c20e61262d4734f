"""The library at a glance: how sure it is, where its pilots are, and when they began. Every picture is drawn from the records and has its table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb import strength
from lerkb.site import page_type
from lerkb.site.counts import mark_counts
from lerkb.site.page import Page, SearchEntry
from lerkb.site.tables import BAR, Bar, TableView
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.messages import Messages
    from lerkb.site.site import Site

URL: Final = "glance/"

#: The United States as tiles of one size, each about where the state lies; a row a line, a point where there is none.
#: Only the order on the page is kept here. Names, and which places exist, are the vocabulary’s.
TILES: Final = """
ak .  .  .  .  .  .  .  .  .  me
.  .  .  .  .  .  .  .  .  vt nh
wa id mt nd mn il wi mi ny ri ma
or nv wy sd ia in oh pa nj ct .
ca ut co ne mo ky wv va md de .
.  az nm ks ar tn nc sc dc .  .
.  .  .  ok la ms al ga .  .  .
hi .  .  tx .  .  .  .  fl .  .
"""
_TILE: Final = 40  #: side of a tile, in the units of the drawing
_COLUMN: Final = 30  #: width of a year
_TALL: Final = 160  #: height of the tallest year
#: Years before this share one column: few pilots, far apart.
_FIRST_YEAR: Final = 2010
#: From how many pilots on a tile gets the next darker ground.
_GROUNDS: Final = (1, 3, 5)


@dataclass(frozen=True)
class Tile:
    """One state on the map."""

    x: int
    y: int
    code: str
    link: Link
    count: int
    ground: int  #: 0 for none, then by ``_GROUNDS``


@dataclass(frozen=True)
class Segment:
    """The pilots of one status that began in a year."""

    y: float
    height: float
    status: str


@dataclass(frozen=True)
class Year:
    """One column of the timeline."""

    x: int
    label: str
    count: int
    top: float  #: where the number above it stands
    segments: tuple[Segment, ...]
    counts: tuple[int, ...]  #: one a status, for the table


@dataclass(frozen=True)
class Began:
    """The pilots of one status, with their years."""

    status: str
    title: str
    description: str
    pilots: tuple[tuple[str, Link], ...]


@dataclass(frozen=True)
class GlanceView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    onpage: tuple[tuple[str, str], ...]
    sure: tuple[TableView, ...]
    tiles: tuple[Tile, ...]
    map_size: tuple[int, int]
    map_text: str
    states: tuple[tuple[Link, int], ...]
    elsewhere: tuple[tuple[Link, int], ...]
    years: tuple[Year, ...]
    years_size: tuple[int, int]
    years_text: str
    began: tuple[Began, ...]
    undated: str


@page_type
def glance_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    title, lead = t("glance.title"), t("glance.lead")
    yield Page(
        URL,
        title,
        lead,
        "pages/glance.html",
        partial(view, site),
        search=(SearchEntry(URL, title, lead),),
        section="evidence/",
    )


def view(site: Site) -> GlanceView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    t = viewer.t
    pilots = site.base.of("pilot")
    states, elsewhere = _places(viewer, pilots)
    tiles = tuple(_tiles(viewer, states))
    began = _began(viewer, pilots)
    years = tuple(_years(t, pilots, tuple(group.status for group in began)))
    undated = sum(1 for pilot in pilots if _year(pilot) is None)
    shown = sum(1 for tile in tiles if tile.count)
    return GlanceView(
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t("glance.title"))),
        onpage=tuple((name, t(f"glance.{name}")) for name in ("sure", "where", "when")),
        sure=tuple(_sure(viewer)),
        tiles=tiles,
        map_size=(
            max((tile.x for tile in tiles), default=0) + _TILE,
            max((tile.y for tile in tiles), default=0) + _TILE,
        ),
        map_text=t("glance.map_text", n=shown, all=len(tiles)),
        states=tuple((tile.link, tile.count) for tile in sorted(tiles, key=lambda tile: tile.link.text) if tile.count),
        elsewhere=elsewhere,
        years=years,
        years_size=(_COLUMN * len(years), _TALL + 40),
        years_text=t("glance.years_text", n=len(pilots) - undated),
        began=began,
        undated=t("glance.undated", n=undated) if undated else "",
    )


def _sure(viewer: Viewer) -> Iterator[TableView]:
    """Charts of the marks: of findings, of claims, of who gets what, and of what was looked up again."""
    t, counts = viewer.t, mark_counts(viewer.base)

    def rung(at: strength.Rung) -> str:
        return viewer.marks(strength.Marks(at, strength.NOT_KNOWN)).strength_words

    def effect(of: str) -> str:
        return viewer.marks(strength.Marks(strength.REASONED, of)).effect_words

    outcome = viewer.choices("pilot", ("findings", 0, "checked", "outcome"))
    for name, rows in (
        ("findings", [(rung(at), counts.findings[at]) for at in strength.LADDER]),
        ("claims", [(rung(at), counts.claims[at]) for at in strength.LADDER]),
        ("effects", [(effect(of), counts.effects[of]) for of in strength.EFFECTS]),
        (
            "checked",
            [(str(option["title"]), counts.checked[value]) for value, option in outcome.items()]
            + [(t("glance.unchecked"), counts.checked[""])],
        ),
    ):
        yield TableView(
            t(f"glance.{name}_caption", n=sum(count for _, count in rows)),
            heads=(t(f"glance.{name}_column"), t("table.count")),
            bars=_bars(rows),
        )


def _bars(rows: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    rows = tuple(rows)
    most = max((count for _, count in rows), default=0) or 1
    return tuple(Bar(label, count, round(BAR * count / most)) for label, count in rows)


def _places(viewer: Viewer, pilots: Iterable[Record]) -> tuple[Mapping[str, int], tuple[tuple[Link, int], ...]]:
    """How many pilots each state has, a city counting for its state, and each place outside the states."""
    states: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for pilot in pilots:
        places = set(pilot.data.get("tags", {}).get("places", ()))
        states.update({place[:5] for place in places if place.startswith("us-")})
        others.update(place for place in places if not place.startswith("us-"))
    links = ((viewer.value_link("places", place), count) for place, count in others.items())
    return states, tuple(sorted(links, key=lambda row: (-row[1], row[0].text)))


def _tiles(viewer: Viewer, states: Mapping[str, int]) -> Iterator[Tile]:
    for row, line in enumerate(TILES.strip("\n").splitlines()):
        for column, code in enumerate(line.split()):
            if code == ".":
                continue
            count = states.get(f"us-{code}", 0)
            ground = sum(count >= least for least in _GROUNDS)
            yield Tile(
                column * (_TILE + 4),
                row * (_TILE + 4),
                code.upper(),
                viewer.value_link("places", f"us-{code}"),
                count,
                ground,
            )


def _year(pilot: Record) -> int | None:
    start = str(pilot.data["period"]["from"])[:4]
    return int(start) if start.isdigit() else None


def _began(viewer: Viewer, pilots: Iterable[Record]) -> tuple[Began, ...]:
    """The pilots of each status, in the order of the schema, those that began last first."""
    by_status: dict[str, list[Record]] = {}
    for pilot in pilots:
        by_status.setdefault(pilot.data["pilot_status"], []).append(pilot)
    return tuple(
        Began(
            value,
            str(option["title"]),
            str(option["description"]),
            tuple(
                (viewer.period(pilot) or viewer.t("glance.no_year"), viewer.link(pilot))
                for pilot in sorted(by_status[value], key=lambda pilot: (-(_year(pilot) or 0), pilot.id))
            ),
        )
        for value, option in viewer.choices("pilot", ("pilot_status",)).items()
        if value in by_status
    )


def _years(t: Messages, pilots: Iterable[Record], statuses: tuple[str, ...]) -> Iterator[Year]:
    """A column a year from the first to the last, what lies before ``_FIRST_YEAR`` in one."""
    begun: dict[int, Counter[str]] = {}
    for pilot in pilots:
        year = _year(pilot)
        if year is not None:
            begun.setdefault(max(year, _FIRST_YEAR - 1), Counter())[pilot.data["pilot_status"]] += 1
    if not begun:
        return
    unit = _TALL / max(sum(counted.values()) for counted in begun.values())
    for column, year in enumerate(range(min(begun), max(begun) + 1)):
        counted = begun.get(year, Counter())
        segments, y = [], 20.0 + _TALL
        for status in statuses:
            height = counted[status] * unit
            if height:
                y -= height
                segments.append(Segment(round(y, 1), round(height, 1), status))
        label = t("glance.before", year=str(_FIRST_YEAR)) if year < _FIRST_YEAR else str(year)
        yield Year(
            column * _COLUMN,
            label,
            counted.total(),
            round(y - 5, 1),
            tuple(segments),
            tuple(counted[status] for status in statuses),
        )
