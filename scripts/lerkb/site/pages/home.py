"""The home page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.pages.role import role_url
from lerkb.site.views import Card, ClaimView, Link, MarkView, Row, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.site import Site

_CARDS: Final = 3
_LATEST: Final = 5
_COUNTED: Final = ("use-case", "principle", "pilot", "source")


@dataclass(frozen=True)
class Role:
    """The entry of one reader."""

    key: str
    link: Link
    text: str


@dataclass(frozen=True)
class HomeView:
    """The home page, ready to print."""

    example: ClaimView | None
    example_case: Link | None
    elsewhere: ClaimView | None
    elsewhere_record: Link | None
    worker: Role
    worker_questions: tuple[Link, ...]
    roles: tuple[Role, ...]
    cases: tuple[Card, ...]
    principles: tuple[tuple[int, Link], ...]
    latest: tuple[Card, ...]
    counts: tuple[Row, ...]
    marks: tuple[MarkView, ...]
    overviews: tuple[Link, ...]
    read_count: int


@page_type
def home_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    yield Page(
        "",
        t("home.page_title"),
        t("home.description"),
        "pages/home.html",
        partial(view, site),
        search=(SearchEntry("", site.settings.name, t("home.description")),),
    )


def view(site: Site) -> HomeView:
    """Prepare the home page."""
    viewer = Viewer(site, "./")
    t, base = viewer.t, site.base
    example = _example(viewer)
    elsewhere = _elsewhere(viewer)
    return HomeView(
        example=example[1] if example else None,
        example_case=viewer.link(example[0]) if example else None,
        elsewhere=elsewhere[1] if elsewhere else None,
        elsewhere_record=viewer.link(elsewhere[0]) if elsewhere else None,
        worker=_role(viewer, "worker"),
        worker_questions=_worker_questions(viewer),
        roles=tuple(_role(viewer, value) for value in base.vocabulary("audiences") if value != "worker"),
        cases=_cases(viewer),
        principles=tuple((record.data["number"], viewer.link(record)) for record in base.of("principle")),
        latest=tuple(viewer.card(record) for record in _latest(site)),
        counts=tuple(
            Row(t(f"kind.{kind}.other"), str(len(base.of(kind))), (Link(t(f"kind.{kind}.other"), viewer.href(url)),))
            for kind, url in zip(_COUNTED, ("use-cases/", "principles/", "pilots/", "sources/"), strict=True)
        ),
        marks=tuple(viewer.marks(strength.Marks(rung, strength.NOT_KNOWN)) for rung in strength.LADDER),
        overviews=tuple(viewer.link(record) for record in base.of("overview")),
        read_count=len(base.of("pilot")),
    )


def _role(viewer: Viewer, audience: str) -> Role:
    key = audience.replace("-", "_")
    return Role(
        key,
        Link(viewer.t(f"home.role.{key}.title"), viewer.href(role_url(audience))),
        viewer.t(f"home.role.{key}.text"),
    )


def _worker_questions(viewer: Viewer) -> tuple[Link, ...]:
    """Four questions, each to where it is answered: what the cases say to workers, and the principles that speak to it."""
    links = []
    for key, principle in (
        ("use", ""),
        ("see", "ask-for-little"),
        ("refuse", "never-the-only-door"),
        ("lose", "work-on-the-phone-in-the-pocket"),
    ):
        record = viewer.principles.get(principle)
        told = "#told" if viewer.base.of("use-case") else ""
        href = viewer.link(record).href if record else viewer.href(role_url("worker")) + told
        links.append(Link(viewer.t(f"home.worker.{key}"), href))
    return tuple(links)


def _claims(viewer: Viewer) -> Iterator[tuple[Record, ClaimView, list[tuple[Record, Mapping[str, Any]]]]]:
    """Every claim of a use case, with the findings it needs and their pilot records."""
    for record in viewer.base.of("use-case"):
        for claim in viewer.claims(record):
            cited = [viewer.base.finding(citation) for citation in record.parts("claims")[claim.id].get("findings", ())]
            yield record, claim, [found for found in cited if found is not None]


def _example(viewer: Viewer) -> tuple[Record, ClaimView] | None:
    """A real claim to pull down to its source: one that rests on a count in a direct pilot.

    Of several it is the one whose finding repeats least of its words, so that each step shows something new, and then the shortest.
    """
    found = [
        (record, claim)
        for record, claim, needed in _claims(viewer)
        if claim.marks.level >= strength.MEASURED_BY_ITSELF.level
        and needed
        and claim.needs[0].sources
        and needed[0][1]["state"] == "measured"
        and all(pilot.data["nearness"] == "direct" for pilot, _ in needed)
    ]
    return min(found, key=lambda pair: (_repeated(pair[1]), len(pair[1].text), pair[0].id), default=None)


def _repeated(claim: ClaimView) -> float:
    """Which share of the words of a claim its first finding says again."""
    said, again = (set(re.findall(r"\w{4,}", text.casefold())) for text in (claim.text, claim.needs[0].text))
    return len(said & again) / max(1, len(said))


def _elsewhere(viewer: Viewer) -> tuple[Record, ClaimView] | None:
    """What portable proof has done for people in another field, named as an analogy: a counted finding that narrows a gap."""
    for record, claim, needed in _claims(viewer):
        for pilot, finding in needed:
            counted = pilot.data["nearness"] == "analogy" and finding["state"] == "measured"
            if counted and finding.get("disparity") == "narrows":
                return record, claim
    return None


def _cases(viewer: Viewer) -> tuple[Card, ...]:
    """Three use cases: the best shown of each tone where there is one, so that the front page is neither all hope nor all warning."""
    chosen: list[Record] = []

    def shown(record: Record) -> int:
        marks = viewer.record_marks(record)
        return marks.level if marks else -1

    cases = sorted(viewer.base.of("use-case"), key=shown, reverse=True)
    for tone in ("mixed", "warning", "hopeful"):
        chosen += [record for record in cases if record.data["reads_as"] == tone][:1]
    chosen += [record for record in cases if record not in chosen]
    return tuple(viewer.card(record) for record in chosen[:_CARDS])


def _latest(site: Site) -> list[Record]:
    records = [record for kind in ("use-case", "principle", "pilot", "overview") for record in site.base.of(kind)]
    return sorted(
        records, key=lambda record: (record.data["written"], record.kind == "use-case", record.id), reverse=True
    )[:_LATEST]
