"""A page for each reader: the question they ask, what was written for them, what is asked of them, and what they can do first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.pages.gap_map import PAIRS, map_url
from lerkb.site.site import brief_url
from lerkb.site.views import Card, Link, MarkView, Prose, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.site import Site

#: Texts told on the page; the other cases are listed by title.
_TOLD: Final = 5
#: Pages of the site that are tools, by what their texts are called: where each stands.
_TOOLS: Final = {
    "assess": "assess/?role={audience}",
    "vendors": "assess/vendors/",
    "compare": "compare/",
    "glance": "glance/",
    "matrix": "matrix/",
    "gaps": "gaps/",
    "map": map_url(PAIRS[0]),
    "data": "data/",
    "glossary": "glossary/",
    "find": "explore/?audiences={audience}",
}
#: The tools that a reader’s questions call for, the nearest first; other readers are offered the first of the site.
_TOOLS_OF: Final = {
    "worker": ("find", "glossary"),
    "employer": ("vendors", "assess", "compare"),
    "educator": ("assess", "vendors", "compare"),
    "policy-maker": ("glance", "map", "matrix", "assess"),
    "technology-builder": ("assess", "vendors", "matrix"),
    "helper": ("vendors", "assess", "compare"),
    "funder": ("gaps", "map", "glance", "assess"),
    "researcher": ("gaps", "map", "glance", "data", "compare"),
}
_TOOLS_OF_OTHERS: Final = ("assess", "compare")
#: Gaps shown to those who could have them answered.
_GAPS: Final = 12


@dataclass(frozen=True)
class Told:
    """What a use case says to this reader."""

    case: Link
    kind_line: str
    text: Prose
    marks: MarkView | None


@dataclass(frozen=True)
class Asked:
    """A principle that asks something of this reader, with its first question to them."""

    number: int
    link: Link
    question: str
    more: str


@dataclass(frozen=True)
class Gap:
    """Something nobody knows, and who waits for it."""

    text: str
    origin: Link
    waiting: tuple[Link, ...]


@dataclass(frozen=True)
class RoleView:
    """The page, ready to print."""

    id: str
    title: str
    lead: str
    question: str
    crumbs: tuple[Link, ...]
    steps: tuple[tuple[str, Link | None], ...]
    tools: tuple[tuple[Link, str], ...]  #: each with what it does
    told: tuple[Told, ...]
    others: tuple[Link, ...]
    asked: tuple[Asked, ...]
    gaps: tuple[Gap, ...]
    overviews: tuple[Card, ...]
    everything: Link
    take: Link | None  #: the same in short, on a sheet


def role_url(audience: str) -> str:
    """The address of a reader’s page."""
    return f"for/{audience}/"


@page_type
def role_pages(site: Site) -> Iterator[Page]:
    """A page for each value of the vocabulary of audiences."""
    for audience, value in site.base.vocabulary("audiences").items():
        url = role_url(audience)
        title, lead = site.messages("role.title", name=value["title"]), value.get("question", value["description"])
        yield Page(
            url,
            title,
            lead,
            "pages/role.html",
            partial(view, site, audience),
            search=(SearchEntry(url, title, lead, weight=2.0, also=tuple(value.get("also", ()))),),
        )


def view(site: Site, audience: str) -> RoleView:
    """Prepare a reader’s page."""
    viewer = Viewer(site, "../../")
    t = viewer.t
    value = site.base.vocabulary("audiences")[audience]
    told = _told(viewer, audience)
    return RoleView(
        id=audience,
        title=t("role.title", name=value["title"]),
        lead=value["description"],
        question=value.get("question", ""),
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(value["title"])),
        steps=tuple((step["do"], _principle(viewer, step["principle"])) for step in value.get("first_steps", ())),
        tools=tuple(_tools(viewer, audience)),
        told=told[:_TOLD],
        others=tuple(item.case for item in told[_TOLD:]),
        asked=_asked(viewer, audience),
        gaps=() if told else _ranked_gaps(viewer),
        overviews=tuple(viewer.card(record) for record in _overviews(viewer, audience)),
        everything=Link(
            t("role.everything", name=value["title"].lower()), viewer.value_link("audiences", audience).href
        ),
        take=Link(t("take.brief"), viewer.href(brief_url(f"for-{audience}"))) if site.with_briefs else None,
    )


def _principle(viewer: Viewer, record_id: str) -> Link | None:
    record = viewer.principles.get(record_id)
    return viewer.principle_link(record) if record else None


def _tools(viewer: Viewer, audience: str) -> Iterator[tuple[Link, str]]:
    for name in _TOOLS_OF.get(audience, _TOOLS_OF_OTHERS):
        title = viewer.t("map.link" if name == "map" else f"{name}.title")
        yield Link(title, viewer.href(_TOOLS[name].format(audience=audience))), viewer.t(f"{name}.lead")


def _overviews(viewer: Viewer, audience: str) -> list[Record]:
    """Overviews for this reader: those written for few others first."""
    found = viewer.base.tagged("audiences", audience, "overview")
    return sorted(found, key=lambda record: len(record.data["tags"]["audiences"]))


def _told(viewer: Viewer, audience: str) -> tuple[Told, ...]:
    """What use cases say to this reader: those most about them first, then the best shown, no two of one field in a row."""
    schemas = viewer.base.schemas
    keys = [
        key
        for key in schemas.described("use-case", ("readers",)).get("properties", {})
        if schemas.described("use-case", ("readers", key, "text")).get("x-audience") == audience
    ]
    found = [
        (record, key) for record in viewer.base.of("use-case") for key in keys if key in record.data.get("readers", {})
    ]
    found.sort(key=lambda pair: _order(viewer, pair[0], audience))
    return tuple(
        Told(
            viewer.link(record),
            viewer.kind_line(record),
            viewer.prose(record.data["readers"][key]["text"], terms=True),
            viewer.record_marks(record),
        )
        for record, key in _spread(found)
    )


def _order(viewer: Viewer, record: Record, audience: str) -> tuple[bool, int, str]:
    marks = viewer.base.marks(record)
    return (
        ("audiences", audience) not in set(viewer.base.facets(record)),
        -(marks.strength.level if marks else 0),
        record.id,
    )


def _spread(found: list[tuple[Record, str]]) -> list[tuple[Record, str]]:
    """The same in an order in which the first field of work of neighbors differs, where it can."""
    rest = list(found)
    made: list[tuple[Record, str]] = []
    while rest:
        last = _field_of_work(made[-1][0]) if made else ""
        chosen = next((pair for pair in rest if _field_of_work(pair[0]) != last), rest[0])
        rest.remove(chosen)
        made.append(chosen)
    return made


def _field_of_work(record: Record) -> str:
    return next(iter(record.data.get("tags", {}).get("sectors", ())), "")


def _asked(viewer: Viewer, audience: str) -> tuple[Asked, ...]:
    made = []
    for principle in viewer.base.of("principle"):
        checks = [check for check in principle.data.get("checks", ()) if audience in check.get("audiences", ())]
        if checks:
            more = viewer.t("role.more_checks", n=len(checks) - 1) if len(checks) > 1 else ""
            made.append(Asked(principle.data["number"], viewer.principle_link(principle), checks[0]["question"], more))
    return tuple(made)


def _ranked_gaps(viewer: Viewer) -> tuple[Gap, ...]:
    """Gaps of pilot records by how many other records wait for an answer to them."""
    waiting: Counter[tuple[str, str]] = Counter()
    origins: dict[tuple[str, str], dict[str, Record]] = {}
    for pilot in viewer.base.of("pilot"):
        for gap in pilot.data.get("gaps", ()):
            named = {
                (reference.origin.kind, reference.origin.id): reference.origin
                for reference in viewer.base.cited_by(pilot, gap["id"])
                if reference.part == "gaps"
            }
            if named:
                waiting[pilot.id, gap["id"]] = len(named)
                origins[pilot.id, gap["id"]] = {record.id: record for record in named.values()}
    best = sorted(waiting, key=lambda key: (-waiting[key], key))[:_GAPS]
    return tuple(_gap(viewer, key, origins[key]) for key in best)


def _gap(viewer: Viewer, key: tuple[str, str], origins: Mapping[str, Any]) -> Gap:
    found = viewer.base.gap("#".join(key))
    if found is None:
        raise LookupError(key)  # it was just read there
    pilot, gap = found
    link = viewer.link(pilot)
    return Gap(
        gap["text"],
        Link(link.text, f"{link.href}#gap-{gap['id']}"),
        tuple(
            viewer.link(record) for record in sorted(origins.values(), key=lambda record: (record.kind, record.title))
        ),
    )
