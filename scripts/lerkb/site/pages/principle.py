"""Principles: a page each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lerkb.site import page_type
from lerkb.site.pages.records import gone_page, record_page
from lerkb.site.pages.use_case import ladder
from lerkb.site.relations import RelationsView, relations_view
from lerkb.site.views import ClaimView, GapView, Head, Link, MarkView, Prose, Row, SourceLine, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.page import Page
    from lerkb.site.site import Site


@dataclass(frozen=True)
class Case:
    """A use case and how it keeps the principle."""

    how: str
    how_words: str
    link: Link
    note: str


@dataclass(frozen=True)
class Practice:
    """One thing to do."""

    id: str
    text: str
    support: str
    support_words: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class ProjectCheck:
    """One yes/no question for a project."""

    id: str
    question: str
    verify: str
    partly: str
    right_answer: str
    asked_of: tuple[Link, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Tension:
    """A pull between two principles."""

    link: Link
    text: str
    our_line: str


@dataclass(frozen=True)
class Law:
    """One rule of law."""

    text: str
    limits: str
    as_of: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class PrincipleView:
    """A principle, ready to print."""

    head: Head
    relations: RelationsView
    number: int
    count: int
    statement: str
    plain: Prose
    marks: MarkView | None
    main_claim: Link
    makes_possible: Prose
    protects: tuple[Link, ...]
    protects_note: str
    harm: Prose
    rationale: Prose
    cases: tuple[Case, ...]
    practices: tuple[Practice, ...]
    pitfalls: tuple[Practice, ...]
    checks: tuple[ProjectCheck, ...]
    laws: tuple[Law, ...]
    tensions: tuple[Tension, ...]
    pulled_by: tuple[Tension, ...]
    relates_to: tuple[Row, ...]
    claims: tuple[ClaimView, ...]
    ladder: tuple[Row, ...]
    gaps: tuple[GapView, ...]
    sources: tuple[SourceLine, ...]


@page_type
def principle_pages(site: Site) -> Iterator[Page]:
    """A page for each principle; a notice in place of those that are gone."""
    for record in site.base:
        if record.kind == "principle":
            if record.status == "retired":
                yield gone_page(site, record)
            else:
                yield record_page(site, record, "pages/principle.html", partial(view, site, record))


def view(site: Site, record: Record, root: str) -> PrincipleView:
    """Prepare a principle."""
    viewer = Viewer(site, root)
    data = record.data
    main = record.parts("claims")[data["main_claim"]]
    claims = viewer.claims(record)
    return PrincipleView(
        head=viewer.head(record),
        number=data["number"],
        count=len(site.base.of("principle")),
        statement=data["statement"],
        plain=viewer.prose(data["summary"], terms=True),
        marks=viewer.record_marks(record),
        main_claim=Link(main["text"], f"#claim-{main['id']}"),
        makes_possible=viewer.prose(data["makes_possible"]["text"], record, data["makes_possible"].get("rests_on", ())),
        protects=tuple(viewer.value_link("populations", value) for value in data["protects"]["populations"]),
        protects_note=data["protects"]["note"],
        harm=viewer.prose(data["harm"]["text"], record, data["harm"].get("rests_on", ())),
        rationale=viewer.prose(data["rationale"]["text"], record, data["rationale"].get("rests_on", ()), terms=True),
        cases=_cases(viewer, record),
        practices=tuple(_practice(viewer, record, item) for item in data["practices"]),
        pitfalls=tuple(
            _practice(viewer, record, {**item, "do": item["text"], "support": ""}) for item in data.get("pitfalls", ())
        ),
        checks=tuple(_check(viewer, item) for item in data["checks"]),
        laws=tuple(
            Law(law["text"], law["limits"], law.get("as_of", ""), viewer.claim_links(record, law["rests_on"]))
            for law in data.get("law", ())
        ),
        tensions=tuple(
            Tension(viewer.principle_link(viewer.principles[item["principle"]]), item["text"], item["our_line"])
            for item in data.get("tensions", ())
            if item["principle"] in viewer.principles
        ),
        pulled_by=_pulled_by(viewer, record),
        relates_to=tuple(
            Row(item["set"], item["how"] + " " + viewer.t(f"read.{item['read']}"), _related(viewer, item))
            for item in data.get("relates_to", ())
        ),
        claims=claims,
        ladder=ladder(viewer, record),
        gaps=viewer.gaps(record),
        sources=viewer.sources(),
        relations=relations_view(viewer, record),
    )


_HOW_ORDER = ("applied", "partly", "missing", "not-known")


def _cases(viewer: Viewer, record: Record) -> tuple[Case, ...]:
    cases = [
        Case(use["how"], viewer.t(f"how.{use['how']}"), viewer.link(case), use["note"])
        for case in viewer.base.of("use-case")
        for use in case.data.get("principles", ())
        if use["principle"] == record.id
    ]
    return tuple(sorted(cases, key=lambda case: (_HOW_ORDER.index(case.how), case.link.text.casefold())))


def _practice(viewer: Viewer, record: Record, item: Mapping[str, Any]) -> Practice:
    support = item["support"]
    return Practice(
        id=item["id"],
        text=item["do"],
        support=support,
        support_words=viewer.choice("principle", ("practices", 0, "support"), support) if support else "",
        rests_on=viewer.claim_links(record, item.get("rests_on", ())),
    )


def _check(viewer: Viewer, item: Mapping[str, Any]) -> ProjectCheck:
    notes = []
    if item.get("standard_feature"):
        notes.append(viewer.t("principle.standard_feature", feature=item["standard_feature"]))
    if item.get("threshold_is_ours"):
        notes.append(viewer.t("principle.threshold_is_ours"))
    return ProjectCheck(
        id=item["id"],
        question=item["question"],
        verify=item["verify"],
        partly=item.get("partly", ""),
        right_answer=viewer.t("principle.right_answer_no") if item.get("right_answer") == "no" else "",
        asked_of=tuple(viewer.value_link("audiences", value) for value in item.get("audiences", ())),
        notes=tuple(notes),
    )


def _pulled_by(viewer: Viewer, record: Record) -> tuple[Tension, ...]:
    """Tensions that other principles name and this one does not."""
    own = {item["principle"] for item in record.data.get("tensions", ())}
    return tuple(
        Tension(viewer.principle_link(other), item["text"], item["our_line"])
        for other in viewer.base.of("principle")
        if other.id not in own and other is not record
        for item in other.data.get("tensions", ())
        if item["principle"] == record.id
    )


def _related(viewer: Viewer, item: Mapping[str, Any]) -> tuple[Link, ...]:
    source = viewer.base.get("source", item.get("source", ""))
    return (viewer.link(source),) if source else ()
