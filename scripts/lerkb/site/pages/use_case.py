"""Use cases: a page each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lerkb.site import page_type
from lerkb.site.pages.records import gone_page, record_page
from lerkb.site.relations import RelationsView, relations_view
from lerkb.site.views import ClaimView, GapView, Head, Link, MarkView, Prose, Row, SourceLine, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lerkb.records import Record
    from lerkb.site.page import Page
    from lerkb.site.site import Site


@dataclass(frozen=True)
class Step:
    """One step of the story."""

    stage: str
    actor: str
    action: str
    record: str
    basis: str
    basis_words: str
    because: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class Reader:
    """The text for one reader."""

    key: str
    name: str
    prose: Prose


@dataclass(frozen=True)
class Gain:
    """One gain."""

    what: str
    who: str
    basis: str
    basis_words: str
    because: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class Harm:
    """One harm."""

    id: str
    type_words: str
    what: str
    bears: str
    is_open: bool
    safeguard: str
    principle: Link | None
    in_place: str
    in_place_words: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class PrincipleUse:
    """How the case keeps a principle."""

    number: int
    link: Link
    how: str
    how_words: str
    note: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class UseCaseView:
    """A use case, ready to print."""

    head: Head
    relations: RelationsView
    lead: Prose
    reads_as: str
    reads_as_words: str
    marks: MarkView | None
    main_claim: Link
    who: Prose
    today: Prose
    with_record: Prose
    situation_rests_on: tuple[Link, ...]
    steps: tuple[Step, ...]
    readers: tuple[Reader, ...]
    workers_said: tuple[Any, ...]
    workers_said_found: str
    workers_said_note: str
    race: Prose | None
    gains: tuple[Gain, ...]
    harms: tuple[Harm, ...]
    open_harms: str
    principles: tuple[PrincipleUse, ...]
    claims: tuple[ClaimView, ...]
    ladder: tuple[Row, ...]
    gaps: tuple[GapView, ...]
    ask: tuple[str, ...]
    sources: tuple[SourceLine, ...]


@page_type
def use_case_pages(site: Site) -> Iterator[Page]:
    """A page for each use case; a notice in place of those that are gone."""
    for record in site.base:
        if record.kind == "use-case":
            if record.status == "retired":
                yield gone_page(site, record)
            else:
                yield record_page(site, record, "pages/use_case.html", partial(view, site, record))


def view(site: Site, record: Record, root: str) -> UseCaseView:
    """Prepare a use case."""
    viewer = Viewer(site, root)
    data = record.data
    readers = tuple(
        Reader(
            key,
            viewer.t(f"reader.{key}"),
            viewer.prose(data["readers"][key]["text"], record, data["readers"][key].get("rests_on", ()), terms=True),
        )
        for key in site.base.schemas.described("use-case", ("readers",))["properties"]
        if key in data["readers"]
    )
    situation = data["situation"]
    said = data.get("workers_said", {"found": "nothing"})
    harms = tuple(_harm(viewer, record, harm) for harm in data.get("harms", ()))
    race = data.get("race")
    claims = viewer.claims(record)
    main = record.parts("claims")[data["main_claim"]]
    return UseCaseView(
        head=viewer.head(record),
        lead=viewer.prose(data["summary"]),
        reads_as=data["reads_as"],
        reads_as_words=viewer.t(f"reads_as.{data['reads_as']}"),
        marks=viewer.record_marks(record),
        main_claim=Link(main["text"], f"#claim-{main['id']}"),
        who=viewer.prose(situation["who"], terms=True),
        today=viewer.prose(situation["today"], terms=True),
        with_record=viewer.prose(situation["with_record"], terms=True),
        situation_rests_on=viewer.claim_links(record, situation.get("rests_on", ())),
        steps=tuple(_step(viewer, record, step) for step in data.get("steps", ())),
        readers=readers,
        workers_said=tuple(
            viewer.finding(*found) for citation in said.get("findings", ()) if (found := site.base.finding(citation))
        ),
        workers_said_found=said["found"],
        workers_said_note=said.get("note", ""),
        race=viewer.prose(race["text"], record, race.get("rests_on", ())) if race else None,
        gains=tuple(_gain(viewer, record, gain) for gain in data.get("gains", ())),
        harms=tuple(sorted(harms, key=lambda harm: not harm.is_open)),
        open_harms=_open_harms(viewer, harms),
        principles=tuple(
            sorted(
                (
                    _principle(viewer, record, use)
                    for use in data.get("principles", ())
                    if use["principle"] in viewer.principles
                ),
                key=lambda use: use.number,
            )
        ),
        claims=claims,
        ladder=ladder(viewer, record),
        gaps=viewer.gaps(record),
        ask=tuple(data.get("ask_before_copying", ())),
        sources=viewer.sources(),
        relations=relations_view(viewer, record),
    )


def ladder(viewer: Viewer, record: Record) -> tuple[Row, ...]:
    """How many claims stand at each rung, strongest first."""
    rungs = viewer.base.rungs(record)
    return tuple(Row(viewer.t(f"strength.{rung.name}"), str(rungs[rung])) for rung in sorted(rungs, reverse=True))


def _step(viewer: Viewer, record: Record, step: Mapping[str, Any]) -> Step:
    return Step(
        stage=viewer.value_link("stages", step["stage"]).text,
        actor=step["actor"][:1].upper() + step["actor"][1:],
        action=step["action"],
        record=step.get("record", ""),
        basis=step["basis"],
        basis_words=viewer.choice("use-case", ("steps", 0, "basis"), step["basis"]),
        because=step.get("because", ""),
        rests_on=viewer.claim_links(record, step.get("rests_on", ())),
    )


def _open_harms(viewer: Viewer, harms: Sequence[Harm]) -> str:
    still_open = sum(harm.is_open for harm in harms)
    if not still_open:
        return viewer.t("sure.open_harms_none", n=len(harms)) if harms else ""
    return viewer.t("sure.open_harms_of", n=still_open, all=len(harms))


def _gain(viewer: Viewer, record: Record, gain: Mapping[str, Any]) -> Gain:
    return Gain(
        what=gain["what"],
        who=gain["who"],
        basis=gain["basis"],
        basis_words=viewer.choice("use-case", ("gains", 0, "basis"), gain["basis"]),
        because=gain.get("because", ""),
        rests_on=viewer.claim_links(record, gain.get("rests_on", ())),
    )


def _harm(viewer: Viewer, record: Record, harm: Mapping[str, Any]) -> Harm:
    principle = viewer.principles.get(harm.get("principle", ""))
    in_place = harm.get("in_place", "")
    return Harm(
        id=harm["id"],
        type_words=viewer.choice("use-case", ("harms", 0, "type"), harm["type"]),
        what=harm["what"],
        bears=harm["bears"].rstrip("."),
        is_open="open" in harm,
        safeguard=harm.get("open") or harm["safeguard"],
        principle=viewer.principle_link(principle) if principle else None,
        in_place=in_place,
        in_place_words=viewer.t(f"in_place.{in_place}") if in_place else "",
        rests_on=viewer.claim_links(record, harm.get("rests_on", ())),
    )


def _principle(viewer: Viewer, record: Record, use: Mapping[str, Any]) -> PrincipleUse:
    principle = viewer.principles[use["principle"]]
    return PrincipleUse(
        number=principle.data["number"],
        link=viewer.link(principle),
        how=use["how"],
        how_words=viewer.t(f"how.{use['how']}"),
        note=use["note"],
        rests_on=viewer.claim_links(record, use.get("rests_on", ())),
    )
