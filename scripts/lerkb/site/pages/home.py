"""The home page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb import strength
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.pages.role import role_url
from lerkb.site.views import Card, ClaimView, Link, MarkView, Row, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Four questions, each to where it is answered: the use case most about workers, and the principles that speak to it."""
    links = []
    for key, principle in (
        ("use", ""),
        ("see", "ask-for-little"),
        ("refuse", "never-the-only-door"),
        ("lose", "work-on-the-phone-in-the-pocket"),
    ):
        record = viewer.principles.get(principle)
        links.append(
            Link(viewer.t(f"home.worker.{key}"), viewer.link(record).href if record else viewer.href("use-cases/"))
        )
    return tuple(links)


def _counted(viewer: Viewer, record: Record) -> ClaimView | None:
    """The first claim of a record that somebody counted, about an LER itself."""
    for claim in viewer.claims(record):
        if claim.marks.level >= strength.MEASURED_BY_ITSELF.level and claim.needs and claim.needs[0].sources:
            return claim
    return None


def _example(viewer: Viewer) -> tuple[Record, ClaimView] | None:
    """A real claim to pull down to its source: of the first use case, by id, whose claims rest on a count in a direct pilot."""
    for record in sorted(
        viewer.base.of("use-case"), key=lambda record: (record.data["reads_as"] != "mixed", record.id)
    ):
        claim = _counted(viewer, record)
        if claim is not None and _direct(viewer, record, claim):
            return record, claim
    return None


def _direct(viewer: Viewer, record: Record, claim: ClaimView) -> bool:
    cited = record.parts("claims")[claim.id].get("findings", ())
    return all(
        (found := viewer.base.finding(citation)) is not None and found[0].data["nearness"] == "direct"
        for citation in cited
    )


def _elsewhere(viewer: Viewer) -> tuple[Record, ClaimView] | None:
    """What portable proof has done for people in another field, named as an analogy: a counted finding that narrows a gap."""
    for record in viewer.base.of("use-case"):
        for claim in viewer.claims(record):
            if any(finding.analogy and finding.state == "measured" for finding in claim.needs):
                return record, claim
    return None


def _cases(viewer: Viewer) -> tuple[Card, ...]:
    """Three use cases: one of each tone where there is one, so that the front page is neither all hope nor all warning."""
    chosen: list[Record] = []
    cases = viewer.base.of("use-case")
    for tone in ("mixed", "warning", "hopeful"):
        chosen += [record for record in cases if record.data["reads_as"] == tone][:1]
    chosen += [record for record in cases if record not in chosen]
    return tuple(viewer.card(record) for record in chosen[:_CARDS])


def _latest(site: Site) -> list[Record]:
    records = [record for kind in ("use-case", "principle", "pilot", "overview") for record in site.base.of(kind)]
    return sorted(
        records, key=lambda record: (record.data["written"], record.kind == "use-case", record.id), reverse=True
    )[:_LATEST]
